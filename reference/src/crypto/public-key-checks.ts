/**
 * What a public key from the other side must satisfy before either provider sees it. The checks stand here, once, so that the
 * providers cannot differ. All of it is public data: nothing here needs constant time.
 */
import { NoiseError } from './errors.ts';

export const X25519_KEY_LENGTH = 32;
export const ML_KEM_768_PUBLIC_KEY_LENGTH = 1184;
export const ML_KEM_768_CIPHERTEXT_LENGTH = 1088;

/** 2^255 − 19, little-endian. */
const P = littleEndian(2n ** 255n - 19n);

/**
 * The u-coordinates that every clamped scalar sends to zero: the points of order 1, 2, 4 and 8 on the curve and on its twist
 * (https://cr.yp.to/ecdh.html#validate). Comparing them first keeps the secret out of a computation whose result is thrown away.
 */
const LOW_ORDER = [
  0n,
  1n,
  325606250916557431795983626356110631294008115727848805560023387167927233504n,
  39382357235489614581723060781553021112529911719440698176882885853963445705823n,
  2n ** 255n - 20n,
].map(littleEndian);

/** @throws NoiseError `bad-public-key`: bit 255 is set, or the value is ≥ p */
export function checkX25519PublicKey(publicKey: Uint8Array): void {
  if (publicKey.length !== X25519_KEY_LENGTH) {
    throw new NoiseError('bad-public-key', `an X25519 public key has 32 bytes, this one ${publicKey.length}`);
  }
  // p has bit 255 clear, so one comparison finds both.
  if (!isLess(publicKey, P)) {
    throw new NoiseError('bad-public-key', 'the X25519 public key is not canonical (bit 255 set, or not below p)');
  }
}

/** @throws NoiseError `bad-public-key` or `low-order`: X25519 with it would give 32 zero bytes */
export function checkX25519Agreement(publicKey: Uint8Array): void {
  checkX25519PublicKey(publicKey);
  if (LOW_ORDER.some((point) => equals(point, publicKey))) {
    throw new NoiseError('low-order', 'the X25519 public key is of low order: the shared secret would be zero');
  }
}

const Q = 3329;

/**
 * The modulus check of FIPS 203, 7.2: each of the 768 coefficients, 12 bits in the first 1152 bytes, is below q.
 * @throws NoiseError `bad-public-key`
 */
export function checkMlKem768PublicKey(publicKey: Uint8Array): void {
  if (publicKey.length !== ML_KEM_768_PUBLIC_KEY_LENGTH) {
    throw new NoiseError('bad-public-key', `an ML-KEM-768 public key has 1184 bytes, this one ${publicKey.length}`);
  }
  for (let i = 0; i < 1152; i += 3) {
    const middle = publicKey[i + 1]!;
    const even = publicKey[i]! | ((middle & 0x0f) << 8);
    const odd = (middle >> 4) | (publicKey[i + 2]! << 4);
    if (even >= Q || odd >= Q) {
      throw new NoiseError('bad-public-key', 'the ML-KEM-768 public key has a coefficient that is not below q');
    }
  }
}

/** A 256-bit number as 32 bytes, the least first. */
export function littleEndian(value: bigint): Uint8Array {
  return Uint8Array.from({ length: 32 }, (_, i) => Number((value >> BigInt(8 * i)) & 0xffn));
}

/** a < b, both little-endian and of one length. Public data only. */
export function isLess(a: Uint8Array, b: Uint8Array): boolean {
  for (let i = a.length - 1; i >= 0; i--) {
    if (a[i] !== b[i]) return a[i]! < b[i]!;
  }
  return false;
}

/** Byte equality of public data. */
export function equals(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
