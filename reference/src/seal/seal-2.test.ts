import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { nobleCrypto } from '../crypto/noble.ts';
import { nodeCrypto } from '../crypto/node.ts';
import type { CryptoProvider } from '../crypto/provider.ts';
import { groupKey } from './keys.ts';
import { paddedLength } from './padme.ts';
import { openSeal2, SEAL_2_MAX_DATA, type Seal2Context, type SealedRecord, seal2 } from './seal-2.ts';

const fill = (length: number, byte: number) => new Uint8Array(length).fill(byte);
const hex = (text: string) => new Uint8Array(Buffer.from(text.replaceAll(' ', ''), 'hex'));
const join = (...parts: Uint8Array[]) => new Uint8Array(Buffer.concat(parts));

const record: SealedRecord = {
  author: fill(16, 0xaa),
  seq: 1n,
  seen_epoch: null,
  seen_cursor: 0n,
  seen_blob: null,
  data: Uint8Array.of(1, 2, 3),
};
/** The array of `record`, written by hand. */
const array = hex(`96 c410${'aa'.repeat(16)} 01 c0 00 c0 c403010203`);

const id = fc.uint8Array({ minLength: 16, maxLength: 16 });
const records: fc.Arbitrary<SealedRecord> = fc.record({
  author: id,
  seq: fc.bigInt({ min: 1n, max: 2n ** 64n - 1n }),
  seen_epoch: fc.option(id),
  seen_cursor: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  seen_blob: fc.option(id),
  data: fc.uint8Array({ maxLength: 700 }),
});

describe.each([nobleCrypto, nodeCrypto])('seal 2 with $name', (crypto) => {
  const context: Seal2Context = {
    key: groupKey(fill(32, 7), 'encryption-2', crypto),
    groupId: fill(32, 0x11),
    blobId: fill(16, 0x22),
  };
  const aad = join(new TextEncoder().encode('0k-sync-seal-2'), context.groupId, context.blobId);

  /** A sealed blob with that plaintext, whatever it is. */
  function sealedOf(plaintext: Uint8Array, version = 2): Uint8Array {
    const nonce = crypto.randomBytes(24);
    return join(Uint8Array.of(version), nonce, crypto.xchacha20Poly1305Seal(context.key, nonce, aad, plaintext));
  }

  function padded(bytes: Uint8Array, length = paddedLength(bytes.length)): Uint8Array {
    const out = new Uint8Array(length);
    out.set(bytes.subarray(0, length));
    return out;
  }

  const opened = (sealed: Uint8Array, changed: Partial<Seal2Context> = {}) => {
    return () => openSeal2(sealed, { ...context, ...changed }, crypto);
  };

  it('has the form that the protocol states', () => {
    const sealed = seal2(record, context, crypto);
    expect(sealed.length).toBe(1 + 24 + 256 + 16);
    expect(sealed[0]).toBe(2);
    const plaintext = crypto.xchacha20Poly1305Open(context.key, sealed.subarray(1, 25), aad, sealed.subarray(25));
    expect(plaintext).toEqual(padded(array));
    expect(opened(sealedOf(padded(array)))()).toEqual(record);
  });

  it('opens to what was sealed, whatever it is, under a new nonce each time', () => {
    fc.assert(
      fc.property(records, (any) => {
        const sealed = seal2(any, context, crypto);
        expect(opened(sealed)()).toEqual(any);
        expect(seal2(any, context, crypto).subarray(1, 25)).not.toEqual(sealed.subarray(1, 25));
      }),
      { numRuns: 100 },
    );
  });

  it('carries 1,032,064 bytes with every other field at its largest, within 1 MiB, and no byte more', () => {
    const most: SealedRecord = {
      author: fill(16, 1),
      seq: 2n ** 64n - 1n,
      seen_epoch: fill(16, 2),
      seen_cursor: 2n ** 64n - 1n,
      seen_blob: fill(16, 3),
      data: fill(SEAL_2_MAX_DATA, 4),
    };
    const sealed = seal2(most, context, crypto);
    expect(sealed.length).toBe(1 + 24 + 1_032_192 + 16);
    expect(opened(sealed)().data.length).toBe(SEAL_2_MAX_DATA);
    const tooMuch = { ...most, data: new Uint8Array(SEAL_2_MAX_DATA + 1) };
    expect(() => seal2(tooMuch, context, crypto)).toThrow(refusal('too-large'));
    const header = hex(`96 c410${'aa'.repeat(16)} 01 c0 00 c0 c6`);
    const size = Uint8Array.of(0, 0x0f, 0xbf, 0x81); // 1,032,065
    expect(opened(sealedOf(padded(join(header, size, tooMuch.data))))).toThrow(refusal('too-large'));
  });

  it('shows the same length for all data of one bucket', () => {
    const length = (data: number) => seal2({ ...record, data: fill(data, 1) }, context, crypto).length;
    expect(new Set([0, 1, 100, 230].map(length))).toEqual(new Set([297]));
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 3000 }), fc.integer({ min: 0, max: 3000 }), (a, b) => {
        // 23 bytes of this record stand before the header of its data.
        const array = (data: number) => 23 + data + (data < 0x100 ? 2 : 3);
        expect(length(a) === length(b)).toBe(paddedLength(array(a)) === paddedLength(array(b)));
      }),
      { numRuns: 50 },
    );
  });

  it('does not open when any bit is flipped, or anything is cut off or added', () => {
    const sealed = seal2(record, context, crypto);
    for (let bit = 0; bit < sealed.length * 8; bit++) {
      const changed = sealed.slice();
      changed[bit >> 3]! ^= 1 << (bit & 7);
      expect(opened(changed)).toThrow(refusal(bit < 8 ? 'wrong-version' : 'decrypt'));
    }
    for (let length = 0; length < sealed.length; length++) {
      expect(opened(sealed.subarray(0, length))).toThrow(refusal(length < 41 ? 'too-short' : 'decrypt'));
    }
    expect(opened(join(sealed, new Uint8Array(1)))).toThrow(refusal('decrypt'));
  });

  it('does not open as another blob, in another group, or under another key', () => {
    const sealed = seal2(record, context, crypto);
    expect(opened(sealed, { blobId: fill(16, 0x23) })).toThrow(refusal('decrypt'));
    expect(opened(sealed, { groupId: fill(32, 0x12) })).toThrow(refusal('decrypt'));
    expect(opened(sealed, { key: groupKey(fill(32, 7), 'encryption', crypto) })).toThrow(refusal('decrypt'));
  });

  test('any other padding is refused', () => {
    for (const length of [array.length, 255, 257, 272, 512, 1024]) {
      expect(opened(sealedOf(padded(array, length)))).toThrow(refusal('wrong-padding'));
    }
    for (let index = array.length; index < 256; index++) {
      const bytes = padded(array);
      bytes[index] = 0x80;
      expect(opened(sealedOf(bytes))).toThrow(refusal('wrong-padding'));
    }
    const long = join(hex(`96 c410${'aa'.repeat(16)} 01 c0 00 c0 c50100`), fill(256, 5)); // 282 bytes: to 288
    expect(opened(sealedOf(padded(long)))().data.length).toBe(256);
    for (const length of [282, 287, 289, 304, 512]) {
      expect(opened(sealedOf(padded(long, length)))).toThrow(refusal('wrong-padding'));
    }
  });

  test('any other content is refused', () => {
    const author = `c410${'aa'.repeat(16)}`;
    const wrong = {
      nothing: '',
      'no array': 'c0',
      'a map': `86 ${author} 01 c0 00 c0 c403010203`,
      'five elements': `95 ${author} 01 c0 00 c0`,
      'seven elements': `97 ${author} 01 c0 00 c0 c403010203 c0`,
      'author of 15 bytes': `96 c40f${'aa'.repeat(15)} 01 c0 00 c0 c403010203`,
      'author nil': '96 c0 01 c0 00 c0 c403010203',
      'author as str': `96 b0${'61'.repeat(16)} 01 c0 00 c0 c403010203`,
      'seq nil': `96 ${author} c0 c0 00 c0 c403010203`,
      'seq negative': `96 ${author} ff c0 00 c0 c403010203`,
      'seq a float': `96 ${author} cb3ff0000000000000 c0 00 c0 c403010203`,
      'epoch of 32 bytes': `96 ${author} 01 c420${'bb'.repeat(32)} 00 c0 c403010203`,
      'cursor nil': `96 ${author} 01 c0 c0 c0 c403010203`,
      'blob of no bytes': `96 ${author} 01 c0 00 c400 c403010203`,
      'blob false': `96 ${author} 01 c0 00 c2 c403010203`,
      'data nil': `96 ${author} 01 c0 00 c0 c0`,
      'data as str': `96 ${author} 01 c0 00 c0 a3616263`,
      'data past the end': `96 ${author} 01 c0 00 c0 c6ffffffff`,
      'the byte that is not MessagePack': `96 ${author} c1 c0 00 c0 c403010203`,
    };
    for (const [what, bytes] of Object.entries(wrong)) {
      expect(opened(sealedOf(padded(hex(bytes), 256))), what).toThrow(refusal('malformed'));
    }
    expect(opened(sealedOf(new Uint8Array(0)))).toThrow(refusal('malformed'));
  });

  it('reads integers and headers of any width, and then pads by the length that is there', () => {
    const wide = hex(`dc0006 c50010${'aa'.repeat(16)} cf0000000000000001 c0 d200000000 c0 c600000003010203`);
    expect(opened(sealedOf(padded(wide)))()).toEqual(record);
  });

  it('has another mark than seal 1 or a later seal', () => {
    for (const version of [0, 1, 3, 0x82]) {
      expect(opened(sealedOf(padded(array), version))).toThrow(refusal('wrong-version'));
    }
  });

  it('does not write what it would not be allowed to', () => {
    const wrong: Partial<SealedRecord>[] = [
      { author: fill(15, 1) },
      { seq: 0n },
      { seq: 2n ** 64n },
      { seen_epoch: fill(17, 1) },
      { seen_cursor: -1n },
      { seen_cursor: 2n ** 64n },
      { seen_blob: new Uint8Array(0) },
    ];
    for (const change of wrong) expect(() => seal2({ ...record, ...change }, context, crypto)).toThrow(RangeError);
    expect(() => seal2(record, { ...context, groupId: fill(16, 1) }, crypto)).toThrow(RangeError);
    expect(() => seal2(record, { ...context, blobId: fill(32, 1) }, crypto)).toThrow(RangeError);
  });
});

test('both providers seal to the same bytes', () => {
  fc.assert(
    fc.property(records, id, fc.uint8Array({ minLength: 24, maxLength: 24 }), (any, blobId, nonce) => {
      const sealed = [nobleCrypto, nodeCrypto].map((crypto: CryptoProvider) => {
        const context = { key: fill(32, 9), groupId: fill(32, 1), blobId };
        return seal2(any, context, { ...crypto, randomBytes: () => nonce });
      });
      expect(sealed[0]).toEqual(sealed[1]);
    }),
    { numRuns: 100 },
  );
});

function refusal(errorClass: string) {
  return expect.objectContaining({ name: 'SealError', errorClass });
}
