import { decodeMessage, type Encoding, encodeMessage } from '@0k-sync/reference';
import type { Message } from '@0k-sync/spec';
import fc from 'fast-check';
import { Packr, Unpackr } from 'msgpackr';
import { messageArbitrary } from '../conformance/src/codec/random/message-arbitrary.ts';
import { atLeast, type Figure } from './figure.ts';
import type { Pace } from './pace.ts';
import { inTurns, perSecond } from './turns.ts';

const ENCODINGS: Encoding[] = ['bin', 'rmp'];
/** So many in a row are one sample; `rmp` takes twenty times as long. */
const IN_A_ROW = { bin: 1000, rmp: 50 };

/**
 * A Push of 1 KB, both encodings, both directions, beside msgpackr as it comes: a reused Packr and Unpackr without options, which
 * check nothing, give arrays and know no names. Both get the same bytes, each body as a new view, as bodies come from the
 * network (msgpackr keeps a DataView on each that it has seen), and both give payloads as views of it.
 */
export async function measureCodec({ rounds, ms }: Pace): Promise<Figure[]> {
  warmUp();
  const figures: Figure[] = [];
  for (const encoding of ENCODINGS) {
    const push = somePush();
    const length = IN_A_ROW[encoding];
    const body = encodeMessage(push, encoding);
    const views = () => Array.from({ length }, () => new Uint8Array(body.buffer, body.byteOffset, body.length));
    const bytes = (value: Uint8Array) => (encoding === 'bin' ? value : [...value]);
    const messages = Array<Message>(length).fill(push);
    const arrays = Array<unknown[]>(length).fill(['Push', push.blob_id, bytes(push.payload), push.ttl]);
    const values = await inTurns(rounds, {
      decode: perSecond(ms, views, (view) => decodeMessage(view, encoding)),
      unpack: perSecond(ms, views, (view) => unpackr.unpack(view)),
      encode: perSecond(ms, always(messages), (message) => encodeMessage(message, encoding)),
      pack: perSecond(ms, always(arrays), (array) => packr.pack(array)),
    });
    figures.push(
      {
        subject: 'codec',
        name: `decode a Push of 1 KB, ${encoding}`,
        unit: '/s',
        values: values.decode,
        limit: { name: 'msgpackr unpack', values: values.unpack },
        ...(encoding === 'bin' ? { asked: atLeast(0.7) } : {}),
      },
      {
        subject: 'codec',
        name: `encode a Push of 1 KB, ${encoding}`,
        unit: '/s',
        values: values.encode,
        limit: { name: 'msgpackr pack', values: values.pack },
      },
    );
  }
  return figures;
}

const always =
  <T>(value: T) =>
  () =>
    value;

const packr = new Packr();
const unpackr = new Unpackr();

function somePush() {
  const random = (length: number) => crypto.getRandomValues(new Uint8Array(length));
  return { type: 'Push', blob_id: random(16), payload: random(1024), ttl: 3600 } as const;
}

/** Shows both every message there is: a codec that has met only one is compiled for that one. */
function warmUp(): void {
  for (const encoding of ENCODINGS) {
    for (const message of fc.sample(messageArbitrary(encoding), { numRuns: 300, seed: 1 })) {
      const body = encodeMessage(message, encoding);
      decodeMessage(body, encoding);
      packr.pack(unpackr.unpack(body));
    }
  }
}
