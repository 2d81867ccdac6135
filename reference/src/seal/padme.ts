import { SEAL } from '@0k-sync/spec';

/**
 * The length that L is padded to by PADMÉ (Nikitin et al., "Reducing Metadata Leakage from Encrypted Files and Communication with
 * PURBs", 2019, 4.3): only as many leading bits of a length may vary as its exponent has, so at most about log₂ log₂ L bits of it
 * show, for at most 12 % more bytes.
 * @param length 0 to 2^31, in bytes
 */
export function padme(length: number): number {
  if (!Number.isInteger(length) || length < 0 || length > 2 ** 31) {
    throw new RangeError(`PADMÉ is used for lengths of 0 to 2^31 here, not ${length}`);
  }
  if (length < 2) return length; // log₂ log₂ L begins at 2
  const exponent = log2(length);
  const significant = log2(exponent) + 1;
  // (L + m) & ~m, with m one less than this step; written so that no bit of weight 2^31 turns into a sign.
  const step = 2 ** (exponent - significant);
  return Math.ceil(length / step) * step;
}

/** The length of what seal 2 encrypts, for an array of `length` bytes: max(256, PADMÉ(length)) (SEAL-14). */
export function paddedLength(length: number): number {
  return Math.max(SEAL.seal_2.padded_least, padme(length));
}

/** ⌊log₂ value⌋ for 1 to 2^32 − 1. */
function log2(value: number): number {
  return 31 - Math.clz32(value);
}
