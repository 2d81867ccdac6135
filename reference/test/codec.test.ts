import { MESSAGES, type Message } from '@0k-sync/spec';
import fc from 'fast-check';
import { Packr, Unpackr } from 'msgpackr';
import { describe, expect, test } from 'vitest';
import { messageArbitrary } from '../../conformance/src/codec/random/message-arbitrary.ts';
import {
  CodecError,
  decodeMessage,
  type Encoding,
  encodedSize,
  encodeFrame,
  encodeMessage,
  FrameReader,
} from '../src/index.ts';

const encodings: Encoding[] = ['bin', 'rmp'];
const unpackr = new Unpackr({ useRecords: false, mapsAsObjects: false, int64AsType: 'bigint' } as never);
const packr = new Packr({
  useRecords: false,
  mapsAsObjects: false,
  variableMapSize: true,
  useBigIntExtension: false,
} as never);

/** A value as msgpackr sees it: integers of any width as bigint, byte strings as hex, maps as sorted entries. */
function plain(value: unknown): unknown {
  if (typeof value === 'number') return BigInt(value);
  if (value instanceof Uint8Array) return `hex:${Buffer.from(value).toString('hex')}`;
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, inner]) => [key, plain(inner)]));
  return value;
}

/** The same without the extension maps of blobs, which may have lost unknown keys. */
function plainTuples(values: unknown[]): unknown {
  return plain(
    values.map((value) =>
      Array.isArray(value) ? value.map((item) => (Array.isArray(item) ? item.slice(0, 4) : item)) : value,
    ),
  );
}

/** The array that a message is on the wire, as plain values, straight from the tables of spec/. */
function wireArray(message: Message): unknown[] {
  const values = message as unknown as Record<string, unknown>;
  const table = MESSAGES.find((entry) => entry.name === message.type)!;
  const array: unknown[] = [table.name, ...table.fields.map((field) => wireValue(values[field.name]))];
  if (values['ext']) array.push(new Map(Object.entries(values['ext']).map(([key, value]) => [key, wireValue(value)])));
  return array;
}

function wireValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(wireValue);
  if (value === null || typeof value !== 'object' || value instanceof Uint8Array) return value;
  const entries = Object.entries(value);
  const names = entries.map(([name]) => name).join();
  const isTuple = /^(key,signature|bytes,quota|url,token|blob_id,cursor,payload,timestamp(,ext)?|device_id,.*)$/.test(
    names,
  );
  if (isTuple) return entries.map(([, inner]) => wireValue(inner));
  return new Map(entries.map(([key, inner]) => [key, wireValue(inner)]));
}

describe.each(encodings)('codec, %s', (encoding) => {
  test('every message comes back as it was written, in exactly the announced size', () => {
    fc.assert(
      fc.property(messageArbitrary(encoding), (message) => {
        const body = encodeMessage(message, encoding);
        expect(body.length).toBe(encodedSize(message, encoding));
        expect(decodeMessage(body, encoding)).toEqual(message);
      }),
      { numRuns: 1000 },
    );
  });

  test('arbitrary bytes give a message or a CodecError, nothing else', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (body) => {
        try {
          decodeMessage(body, encoding);
        } catch (error) {
          expect(error).toBeInstanceOf(CodecError);
        }
      }),
      { numRuns: 5000 },
    );
  });

  test('mutated messages give a message or a CodecError, and what is accepted is stable', () => {
    const mutation = fc.record({
      at: fc.nat(),
      byte: fc.integer({ min: 0, max: 255 }),
      kind: fc.constantFrom('set', 'insert', 'cut'),
    });
    fc.assert(
      fc.property(
        messageArbitrary(encoding),
        fc.array(mutation, { minLength: 1, maxLength: 3 }),
        (message, mutations) => {
          let body = [...encodeMessage(message, encoding).subarray(0, 3000)];
          for (const { at, byte, kind } of mutations) {
            const index = at % (body.length + 1);
            if (kind === 'set') body[index] = byte;
            else if (kind === 'insert') body.splice(index, 0, byte);
            else body = body.slice(0, index);
          }
          let decoded: Message;
          try {
            decoded = decodeMessage(Uint8Array.from(body), encoding);
          } catch (error) {
            expect(error).toBeInstanceOf(CodecError);
            return;
          }
          expect(decodeMessage(encodeMessage(decoded, encoding), encoding)).toEqual(decoded);
        },
      ),
      { numRuns: 3000 },
    );
  });

  test('every truncation of a message is refused', () => {
    fc.assert(
      fc.property(messageArbitrary(encoding), fc.nat(), (message, at) => {
        const body = encodeMessage(message, encoding);
        const cut = body.subarray(0, at % body.length);
        expect(() => decodeMessage(cut, encoding)).toThrow(expect.objectContaining({ errorClass: 'truncated' }));
      }),
    );
  });

  test('a length that lies costs no memory', () => {
    const lies = ['dd', 'df', 'c6', 'db', 'c9'].map((marker) => `${marker}ffffffff`);
    const before = process.memoryUsage().arrayBuffers;
    for (const lie of lies) {
      for (const start of [
        '',
        '94a450757368',
        '94a450757368c410000102030405060708090a0b0c0d0e0f',
        '94ac50756c6c526573706f6e7365',
      ]) {
        expect(() => decodeMessage(Buffer.from(start + lie, 'hex'), encoding)).toThrow(CodecError);
      }
    }
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1_000_000);
  });
});

test('bin: msgpackr reads what we write as the same values', () => {
  fc.assert(
    fc.property(messageArbitrary('bin'), (message) => {
      const read = unpackr.unpack(encodeMessage(message, 'bin'));
      expect(plain(read)).toEqual(plain(wireArray(message)));
    }),
    { numRuns: 500 },
  );
});

test('bin: what msgpackr writes, other than floats for large integers, is read as the same message', () => {
  fc.assert(
    fc.property(messageArbitrary('bin'), (message) => {
      expect(decodeMessage(packr.pack(wireArray(message)), 'bin')).toEqual(message);
    }),
    { numRuns: 500 },
  );
});

test('bin: of mutated bodies, what we accept msgpackr reads as the same fields', () => {
  const mutation = fc.record({ at: fc.nat(), byte: fc.integer({ min: 0, max: 255 }) });
  let accepted = 0;
  fc.assert(
    fc.property(messageArbitrary('bin'), fc.array(mutation, { minLength: 1, maxLength: 2 }), (message, mutations) => {
      const body = encodeMessage(message, 'bin').slice(0, 3000);
      for (const { at, byte } of mutations) body[at % body.length] = byte;
      let decoded: Message;
      try {
        decoded = decodeMessage(body, 'bin');
      } catch {
        return;
      }
      accepted++;
      // Unknown keys are dropped by us, so the extension map is left to the vectors.
      const fields = MESSAGES.find((entry) => entry.name === decoded.type)!.fields.length + 1;
      const read = unpackr.unpack(body) as unknown[];
      expect(plainTuples(read.slice(0, fields))).toEqual(plainTuples(wireArray(decoded).slice(0, fields)));
    }),
    { numRuns: 3000 },
  );
  expect(accepted).toBeGreaterThan(100);
});

test('payloads are views of the input, in bin', () => {
  const payload = new Uint8Array(1000).fill(7);
  const body = encodeMessage({ type: 'Push', blob_id: new Uint8Array(16), payload, ttl: 0 }, 'bin');
  const decoded = decodeMessage(body, 'bin');
  expect(decoded.type === 'Push' && decoded.payload.buffer === body.buffer).toBe(true);
});

test('unknown x- keys are written sorted among the known ones, and skipped when read', () => {
  const message: Message = {
    type: 'Hello',
    version: 1,
    device_name: 'd',
    group_id: new Uint8Array(32),
    last_cursor: 0n,
    ext: { 'x-1': new Uint8Array([1]), caps: [] },
  };
  const body = encodeMessage(message, 'bin');
  expect(Buffer.from(body).toString('hex')).toMatch(/82a46361707390a3782d31c40101$/);
  expect(decodeMessage(body, 'bin')).toEqual({ ...message, ext: { caps: [] } });
});

test('keys are sorted by code point, not by UTF-16 unit', () => {
  const limits = { '\uffff': 1n, '\u{10000}': 2n, a: 3n, '\ud7ff': 4n };
  const body = encodeMessage({ type: 'Welcome', version: 1, max_cursor: 0n, pending_count: 0, ext: { limits } }, 'bin');
  const read = unpackr.unpack(body) as [string, number, bigint, number, Map<string, Map<string, unknown>>];
  expect([...read[4].get('limits')!.keys()]).toEqual(['a', '\ud7ff', '\uffff', '\u{10000}']);
});

test.each([
  ['a number for a cursor', { type: 'Pull', after_cursor: 1, limit: 0 }, 'wrong-type'],
  ['a fraction', { type: 'Pull', after_cursor: 1n, limit: 0.5 }, 'wrong-type'],
  ['a limit over 2^32 − 1', { type: 'Pull', after_cursor: 1n, limit: 2 ** 32 }, 'out-of-range'],
  ['a negative cursor', { type: 'Pull', after_cursor: -1n, limit: 0 }, 'out-of-range'],
  [
    'a blob id of 15 bytes',
    { type: 'Push', blob_id: new Uint8Array(15), payload: new Uint8Array(), ttl: 0 },
    'wrong-length',
  ],
  ['a lone surrogate', { type: 'Bye', reason: '\ud800' }, 'invalid-utf8'],
  [
    'a relay name of 65 bytes',
    { type: 'Welcome', version: 1, max_cursor: 0n, pending_count: 0, ext: { relay: 'r'.repeat(65) } },
    'wrong-length',
  ],
  [
    'seventeen keys',
    { type: 'Ok', ext: Object.fromEntries(Array.from({ length: 17 }, (_, i) => [`x-${i}`, new Uint8Array()])) },
    'too-many-keys',
  ],
  ['a message that does not exist', { type: 'Hallo' }, 'unknown-message'],
])('writing refuses %s', (_what, message, errorClass) => {
  expect(() => encodeMessage(message as unknown as Message, 'bin')).toThrow(expect.objectContaining({ errorClass }));
});

test('errors name the field and the place, and no value', () => {
  const body = encodeMessage({ type: 'Push', blob_id: new Uint8Array(16), payload: new Uint8Array(3), ttl: 7 }, 'bin');
  body[body.length - 1] = 0xc0;
  expect(() => decodeMessage(body, 'bin')).toThrow('Push.ttl: value is not an integer at byte 29 (wrong-type)');
});

describe('frames', () => {
  const frame = fc.uint8Array({ minLength: 1, maxLength: 300 });

  test('any cut of the stream gives the same bodies', () => {
    fc.assert(
      fc.property(
        fc.array(frame, { maxLength: 8 }),
        fc.array(fc.nat({ max: 40 }), { minLength: 1 }),
        (bodies, cuts) => {
          const stream = Buffer.concat(
            bodies.map((body) => {
              const header = Buffer.alloc(4);
              header.writeUInt32BE(body.length);
              return Buffer.concat([header, body]);
            }),
          );
          const reader = new FrameReader({ maxBody: 300 });
          const read: Uint8Array[] = [];
          for (let at = 0, index = 0; at < stream.length; index++) {
            const size = cuts[index % cuts.length]! + 1;
            reader.push(stream.subarray(at, at + size));
            at += size;
            for (let body = reader.next(); body !== undefined; body = reader.next()) read.push(body);
          }
          expect(read.map((body) => Buffer.from(body).toString('hex'))).toEqual(
            bodies.map((body) => Buffer.from(body).toString('hex')),
          );
          expect(reader.buffered).toBe(0);
        },
      ),
    );
  });

  test('a body sent byte by byte costs no object for each byte', () => {
    const reader = new FrameReader({ maxBody: 100_000 });
    const body = new Uint8Array(100_000).map((_, index) => index);
    const stream = Buffer.concat([Buffer.from('000186a0', 'hex'), body]);
    for (const byte of stream) {
      expect(reader.next()).toBeUndefined();
      reader.push(Uint8Array.of(byte));
    }
    expect(Buffer.compare(reader.next()!, body)).toBe(0);
  });

  test('a limit raised between two frames holds from the next on', () => {
    const reader = new FrameReader({ maxBody: 2 });
    reader.push(Buffer.from('0000000201020000000401020304', 'hex'));
    expect(reader.next()).toHaveLength(2);
    expect(() => reader.next()).toThrow(expect.objectContaining({ errorClass: 'frame-too-large' }));
    reader.maxBody = 4;
    expect(reader.next()).toHaveLength(4);
  });

  test('encodeFrame puts the length first and refuses a body over the limit', () => {
    const message: Message = { type: 'Pull', after_cursor: 5n, limit: 10 };
    const body = encodeMessage(message, 'bin');
    expect(Buffer.from(encodeFrame(message, 'bin')).toString('hex')).toBe(
      `00000008${Buffer.from(body).toString('hex')}`,
    );
    const push: Message = { type: 'Push', blob_id: new Uint8Array(16), payload: new Uint8Array(1_114_112), ttl: 0 };
    expect(() => encodeFrame(push, 'bin')).toThrow(expect.objectContaining({ errorClass: 'frame-too-large' }));
  });
});
