import { isDeepStrictEqual } from 'node:util';
import {
  CipherState,
  CodecError,
  createIdentity,
  decodeMessage,
  type Encoding,
  encodeMessage,
  FrameReader,
  HandshakeState,
  NoiseError,
} from '@0k-sync/reference';
import { nodeCrypto } from '@0k-sync/reference/node';
import { FRAME, HANDSHAKE, MAX_BODY } from '@0k-sync/spec';
import type { Random } from '../../conformance/src/random.ts';
import { corpus, mutate } from './mutate.ts';

/** Feeds one input to a part; returns whether it was accepted, and throws where the part misbehaves. */
export type Part = (random: Random) => boolean;

/** A refusal is an error of the layer's own, with a class; all else is a crash. */
function refused<E extends Error>(kind: new (...args: never[]) => E, run: () => void): boolean {
  try {
    run();
    return false;
  } catch (error) {
    if (error instanceof kind) return true;
    throw error;
  }
}

/** A body. What is accepted is written again, and read as the same message. */
function codec(encoding: Encoding): Part {
  const inputs = corpus(`codec-${encoding}`);
  return (random) => {
    const body = mutate(random, inputs);
    return !refused(CodecError, () => {
      const message = decodeMessage(body, encoding);
      const again = decodeMessage(encodeMessage(message, encoding), encoding);
      if (!isDeepStrictEqual(again, message)) throw new Error('a message that is written and read is another one');
    });
  };
}

/** A stream of frames in chunks of any size. Never more is kept than has come in. */
function frames(): Part {
  const inputs = corpus('codec-bin');
  return (random) => {
    const reader = new FrameReader({ maxBody: random.pick([FRAME.max_body_before_welcome, MAX_BODY.bin]) });
    const bodies = Array.from({ length: random.integer(1, 4) }, () => mutate(random, inputs));
    const stream = mutate(
      random,
      bodies.map((body) => {
        const header = Buffer.alloc(FRAME.header_bytes);
        header.writeUInt32BE(random.integer(0, 19) === 0 ? random.uint32() : body.length);
        return Buffer.concat([header, body]);
      }),
    );
    let given = 0;
    return !refused(CodecError, () => {
      for (let at = 0; at < stream.length; ) {
        const chunk = stream.subarray(at, (at += random.integer(1, 64)));
        reader.push(chunk);
        for (let body = reader.next(); body !== undefined; body = reader.next())
          given += FRAME.header_bytes + body.length;
        if (given + reader.buffered !== Math.min(at, stream.length)) throw new Error('bytes were lost or made up');
      }
    });
  };
}

const prologue = new TextEncoder().encode(HANDSHAKE.prologue);
const identities = [createIdentity(nodeCrypto), createIdentity(nodeCrypto)] as const;

function handshakes(): { initiator: HandshakeState; responder: HandshakeState } {
  const [initiator, responder] = identities;
  return {
    initiator: new HandshakeState({ role: 'initiator', prologue, identity: initiator, crypto: nodeCrypto }),
    responder: new HandshakeState({ role: 'responder', prologue, identity: responder, crypto: nodeCrypto }),
  };
}

/** One message of a handshake. A responder knows no key yet, so that it accepts many first messages; later ones must all fail. */
function noiseHandshake(): Part {
  const { initiator, responder } = handshakes();
  const first = initiator.writeMessage();
  responder.readMessage(first);
  const second = responder.writeMessage();
  return (random) => {
    const { initiator: reader, responder: answerer } = handshakes();
    if (random.integer(0, 1) === 0) return !refused(NoiseError, () => answerer.readMessage(mutate(random, [first])));
    reader.writeMessage();
    if (!refused(NoiseError, () => reader.readMessage(mutate(random, [second])))) {
      throw new Error('the answer to another handshake was accepted');
    }
    return false;
  };
}

/** Transport messages: whatever is changed must not open, and nothing opens afterwards. */
function noiseTransport(): Part {
  const key = nodeCrypto.randomBytes(32);
  return (random) => {
    const [sender, receiver] = [new CipherState(nodeCrypto, key.slice()), new CipherState(nodeCrypto, key.slice())];
    const sealed = sender.encrypt(random.bytes(random.integer(0, 64)));
    const changed = mutate(random, [sealed]);
    const opens = !refused(NoiseError, () => receiver.decrypt(changed));
    if (opens !== (Buffer.compare(changed, sealed) === 0))
      throw new Error(`a changed message ${opens ? 'opened' : 'spoilt'}`);
    if (!opens && !refused(NoiseError, () => receiver.decrypt(sealed)))
      throw new Error('a failed state opened a message');
    return opens;
  };
}

/** Each part with the share of the inputs that it gets. */
export const PARTS: readonly { name: string; share: number; make: () => Part }[] = [
  { name: 'codec bin', share: 0.4, make: () => codec('bin') },
  { name: 'codec rmp', share: 0.3, make: () => codec('rmp') },
  { name: 'frame reader', share: 0.2, make: frames },
  { name: 'Noise handshake', share: 0.02, make: noiseHandshake },
  { name: 'Noise transport', share: 0.08, make: noiseTransport },
];
