import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { decodeEnvelope, type Envelope1, type Envelope2, encodeEnvelope } from './envelope.ts';

interface OracleEnvelope {
  note: string;
  body_hex: string;
  fields: Record<string, string | number>;
}

const oracle = JSON.parse(
  readFileSync(new URL(import.meta.resolve('@0k-sync/vectors/sources/envelope.json')), 'utf8'),
) as OracleEnvelope[];
const hex = (text: string) => new Uint8Array(Buffer.from(text.replaceAll(' ', ''), 'hex'));
const toHex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const join = (...parts: Uint8Array[]) => new Uint8Array(Buffer.concat(parts));

describe('envelope 1', () => {
  const fieldsOf = (envelope: Envelope1) =>
    Object.fromEntries(
      Object.entries(envelope).map(([name, value]) => [
        name,
        value instanceof Uint8Array ? toHex(value) : typeof value === 'bigint' ? String(value) : value,
      ]),
    );

  test.each(oracle)('as the deployed implementation writes it: $note', ({ body_hex, fields }) => {
    const body = hex(body_hex);
    if (fields['version'] === 1) {
      expect(fieldsOf(decodeEnvelope(body) as Envelope1)).toEqual(fields);
      return;
    }
    // The case of largest values has version 255, which no reader knows: it is refused, and read when it says 1.
    expect(fields['version']).toBe(255);
    expect(() => decodeEnvelope(body)).toThrow(refusal('out-of-range'));
    const version1 = join(hex('98 01'), body.subarray(3));
    expect(fieldsOf(decodeEnvelope(version1) as Envelope1)).toEqual({ ...fields, version: 1 });
  });

  it('has one of seven message types', () => {
    const body = hex(oracle[0]!.body_hex);
    for (let type = 0; type < 256; type++) {
      const changed = join(
        hex('98 01'),
        type < 0x80 ? Uint8Array.of(type) : Uint8Array.of(0xcc, type),
        body.subarray(3),
      );
      if (type >= 1 && type <= 7) expect(decodeEnvelope(changed)).toMatchObject({ msg_type: type });
      else expect(() => decodeEnvelope(changed)).toThrow(refusal('out-of-range'));
    }
  });

  it('is never written', () => {
    const envelope = decodeEnvelope(hex(oracle[0]!.body_hex));
    expect(() => encodeEnvelope(envelope as unknown as Envelope2)).toThrow(RangeError);
  });
});

describe('envelope 2', () => {
  const envelope: Envelope2 = {
    version: 2,
    blob_id: new Uint8Array(16).fill(0x0b),
    sender_id: new Uint8Array(32).fill(0x5e),
    group_id: new Uint8Array(32).fill(0x60),
    cursor: 300n,
    timestamp: 1_790_000_000n,
    expires: 2n ** 64n - 1n,
    payload: Uint8Array.of(1, 2, 3),
  };
  const parts = [
    '98',
    '02',
    `c410${'0b'.repeat(16)}`,
    `c420${'5e'.repeat(32)}`,
    `c420${'60'.repeat(32)}`,
    'cd012c',
    'ce6ab13b80',
    'cfffffffffffffffff',
    'c403010203',
  ];
  const changed = (index: number, part: string) => hex(parts.with(index, part).join(''));

  it('byte for byte', () => {
    expect(toHex(encodeEnvelope(envelope))).toBe(parts.join(''));
    expect(decodeEnvelope(hex(parts.join('')))).toEqual(envelope);
  });

  it('reads what it wrote', () => {
    const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
    const u64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
    const envelopes: fc.Arbitrary<Envelope2> = fc.record({
      version: fc.constant(2 as const),
      blob_id: bytes(16),
      sender_id: bytes(32),
      group_id: bytes(32),
      cursor: u64,
      timestamp: u64,
      expires: u64,
      payload: fc.uint8Array({ maxLength: 300 }),
    });
    fc.assert(
      fc.property(envelopes, (any) => {
        expect(decodeEnvelope(encodeEnvelope(any))).toEqual(any);
      }),
    );
  });

  it('refuses every beginning of it, and anything behind it', () => {
    const whole = encodeEnvelope(envelope);
    for (let length = 0; length < whole.length; length++) {
      expect(() => decodeEnvelope(whole.subarray(0, length))).toThrow(refusal('truncated'));
    }
    expect(() => decodeEnvelope(join(whole, Uint8Array.of(0xc0)))).toThrow(refusal('trailing-bytes'));
  });

  it('refuses other versions, however they are written', () => {
    for (const version of ['00', '03', 'ccff', 'cf0000000100000002', 'cfffffffffffffffff', 'ff']) {
      expect(() => decodeEnvelope(changed(1, version)), version).toThrow(refusal('out-of-range'));
    }
  });

  it('refuses anything else', () => {
    const wrong: [Uint8Array, string][] = [
      [changed(0, '97'), 'wrong-arity'],
      [changed(0, '99'), 'wrong-arity'],
      [changed(0, '88'), 'wrong-type'],
      [changed(1, 'c0'), 'wrong-type'],
      [changed(2, `c40f${'0b'.repeat(15)}`), 'wrong-length'],
      [changed(2, `b0${'61'.repeat(16)}`), 'wrong-type'],
      [changed(3, `dc0020${'5e'.repeat(32)}`), 'wrong-type'],
      [changed(4, 'c0'), 'wrong-type'],
      [changed(5, 'ff'), 'out-of-range'],
      [changed(6, 'cb41d0000000000000'), 'wrong-type'],
      [changed(7, 'c1'), 'reserved-byte'],
      [changed(8, 'c0'), 'wrong-type'],
      [changed(8, 'c6ffffffff'), 'truncated'],
    ];
    for (const [bytes, errorClass] of wrong)
      expect(() => decodeEnvelope(bytes), toHex(bytes)).toThrow(refusal(errorClass));
  });

  it('does not write ids of another length or numbers outside of 64 bits', () => {
    const wrong: Partial<Envelope2>[] = [
      { blob_id: new Uint8Array(15) },
      { sender_id: new Uint8Array(33) },
      { group_id: new Uint8Array(0) },
      { cursor: -1n },
      { timestamp: 2n ** 64n },
      { expires: 2n ** 64n },
    ];
    for (const change of wrong) expect(() => encodeEnvelope({ ...envelope, ...change })).toThrow(RangeError);
  });
});

function refusal(errorClass: string) {
  return expect.objectContaining({ name: 'CodecError', errorClass });
}
