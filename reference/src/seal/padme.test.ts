import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { paddedLength, padme } from './padme.ts';

/** The formula as the protocol prints it, over integers of any size. */
function asPrinted(length: bigint): bigint {
  const log2 = (value: bigint) => BigInt(value.toString(2).length - 1);
  const exponent = log2(length);
  const significant = log2(exponent) + 1n;
  const mask = 2n ** (exponent - significant) - 1n;
  return (length + mask) & ~mask;
}

describe('PADMÉ', () => {
  test('values worked out by hand', () => {
    // 9 = 0b1001: E 3, S 2, so one bit is cleared: 10. 1000: E 9, S 4, five bits: 1024. 1025: E 10, S 4, six bits: 1088.
    const expected = [
      [0, 0],
      [1, 1],
      [2, 2],
      [7, 7],
      [8, 8],
      [9, 10],
      [255, 256],
      [256, 256],
      [257, 272],
      [1000, 1024],
      [1024, 1024],
      [1025, 1088],
      [1_000_000, 1_015_808],
      [1_032_142, 1_032_192],
      [2 ** 31, 2 ** 31],
      [2 ** 31 - 1, 2 ** 31],
    ];
    for (const [length, padded] of expected) expect([length, padme(length!)]).toEqual([length, padded]);
  });

  it('is the printed formula at every length to 20,000, and at lengths at random', () => {
    for (let length = 2; length <= 20_000; length++) expect(padme(length)).toBe(Number(asPrinted(BigInt(length))));
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 2 ** 31 }), (length) => {
        expect(padme(length)).toBe(Number(asPrinted(BigInt(length))));
      }),
    );
  });

  it('never shrinks, never falls, costs at most 12 %, and leaves its own results alone', () => {
    let previous = 0;
    for (let length = 0; length <= 20_000; length++) {
      const padded = padme(length);
      expect(padded).toBeGreaterThanOrEqual(length);
      expect(padded).toBeGreaterThanOrEqual(previous);
      expect(padded - length).toBeLessThanOrEqual(length * 0.12);
      expect(padme(padded)).toBe(padded);
      previous = padded;
    }
  });

  it('leaves few lengths to tell apart', () => {
    const upTo1MiB = new Set(Array.from({ length: 2 ** 20 + 1 }, (_, length) => paddedLength(length)));
    expect(Math.min(...upTo1MiB)).toBe(256);
    // 16 steps for each of the 8 doublings from 2^8 to 2^16, where S is 4, then 32 for each of the 4 to 2^20; and 256 itself.
    expect(upTo1MiB.size).toBe(8 * 16 + 4 * 32 + 1);
  });

  it('is for whole lengths within its bounds', () => {
    for (const length of [-1, 0.5, Number.NaN, 2 ** 31 + 1]) expect(() => padme(length)).toThrow(RangeError);
  });
});
