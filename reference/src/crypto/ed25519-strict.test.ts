import { ed25519 } from '@noble/curves/ed25519.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { describe, expect, test } from 'vitest';
import { isStrictlyEncoded } from './ed25519-strict.ts';
import { nobleCrypto } from './noble.ts';
import { nodeCrypto } from './node.ts';
import { littleEndian } from './public-key-checks.ts';

const { Point } = ed25519;

const P = 2n ** 255n - 19n;
const L = Point.Fn.ORDER;
const message = new TextEncoder().encode('a message');
const seed = new Uint8Array(32).fill(3);
const publicKey = nobleCrypto.ed25519PublicKey(seed);
const signature = nobleCrypto.ed25519Sign(message, seed);

/** The points whose order divides 8, in their canonical encodings. */
const SMALL_ORDER = [
  '0100000000000000000000000000000000000000000000000000000000000000',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0000000000000000000000000000000000000000000000000000000000000080',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa',
];

/** Encodings that RFC 8032 does not decode and ZIP 215 does: y ≥ p, or a sign on x = 0. */
const NOT_CANONICAL = [
  '0100000000000000000000000000000000000000000000000000000000000080',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
  'f0ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f', // y = 3 + p, a point of large order
  'ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
];

const hex = (text: string) => new Uint8Array(Buffer.from(text, 'hex'));

function join(r: Uint8Array, s: bigint): Uint8Array {
  const joined = new Uint8Array(64);
  joined.set(r);
  joined.set(littleEndian(s), 32);
  return joined;
}

/** H(R ‖ A ‖ M) modulo L. */
function challenge(r: Uint8Array, a: Uint8Array): bigint {
  const digest = sha512.create().update(r).update(a).update(message).digest();
  return BigInt(`0x${Buffer.from(digest.reverse()).toString('hex')}`) % L;
}

/** The secret scalar of the seed (RFC 8032, 5.1.5). */
const scalar = ed25519.utils.getExtendedPublicKey(seed).scalar;
const torsion = Point.fromBytes(hex(SMALL_ORDER[4]!));

describe.each([nobleCrypto, nodeCrypto])('signatures with $name', (crypto) => {
  const verify = (candidate: Uint8Array, key: Uint8Array) => crypto.ed25519Verify(candidate, message, key);

  test('the right one is valid', () => expect(verify(signature, publicKey)).toBe(true));

  test('is judged without touching the arguments, Buffers too', () => {
    const given = [Buffer.from(signature), Buffer.from(publicKey)] as const;
    expect(publicKey[31]).toBeGreaterThanOrEqual(0x80); // a negative x, whose sign bit is looked at apart
    expect(verify(...given)).toBe(true);
    expect(given.map((bytes) => new Uint8Array(bytes))).toEqual([signature, publicKey]);
  });

  test('S + L, the same signature in another encoding, is not', () => {
    const s = BigInt(`0x${Buffer.from(signature.slice(32).reverse()).toString('hex')}`);
    expect(verify(join(signature.subarray(0, 32), s), publicKey)).toBe(true);
    for (let more = s + L; more < 2n ** 256n; more += L) {
      expect(verify(join(signature.subarray(0, 32), more), publicKey)).toBe(false);
    }
  });

  test('a key of small order is not, though the equation holds for it', () => {
    for (const text of SMALL_ORDER) {
      const a = hex(text);
      // R = [S]B − [k]A holds when k is a multiple of 8: then [k]A vanishes.
      const forged = findForgery(a);
      expect(verify(forged, a)).toBe(false);
    }
  });

  test('a key that is not canonical is not', () => {
    for (const text of NOT_CANONICAL) expect(verify(signature, hex(text))).toBe(false);
  });

  test('an R that is not canonical is not', () => {
    for (const text of NOT_CANONICAL) {
      const r = hex(text);
      expect(verify(join(r, (challenge(r, publicKey) * scalar) % L), publicKey)).toBe(false);
    }
  });

  test('an R of small order is, if the equation holds', () => {
    const r = hex(SMALL_ORDER[0]!);
    expect(verify(join(r, (challenge(r, publicKey) * scalar) % L), publicKey)).toBe(true);
  });

  test('S = 0 is, if the equation holds, and 0 < L', () => {
    expect(isStrictlyEncoded(join(signature.subarray(0, 32), 0n), publicKey)).toBe(true);
    expect(verify(join(signature.subarray(0, 32), 0n), publicKey)).toBe(false);
  });

  test('an equation that holds only times the cofactor does not count', () => {
    const nonce = 12345n;
    const r = Point.BASE.multiply(nonce).add(torsion).toBytes();
    const s = (nonce + challenge(r, publicKey) * scalar) % L;
    expect(ed25519.verify(join(r, s), message, publicKey)).toBe(true); // noble's own is cofactored
    expect(verify(join(r, s), publicKey)).toBe(false);
  });

  test('a key of mixed order is judged by the cofactorless equation alone', () => {
    const a = Point.BASE.multiply(scalar).add(torsion).toBytes();
    const seen = new Set<boolean>();
    for (let nonce = 1n; nonce <= 32n; nonce++) {
      const r = Point.BASE.multiply(nonce).toBytes();
      const k = challenge(r, a);
      const valid = verify(join(r, (nonce + k * scalar) % L), a);
      expect(valid).toBe(k % 8n === 0n);
      seen.add(valid);
    }
    expect(seen).toEqual(new Set([true, false]));
  });

  test('bytes that are no point, and other lengths, are not', () => {
    expect(verify(signature, littleEndian(2n))).toBe(false);
    expect(verify(signature, publicKey.subarray(1))).toBe(false);
    expect(verify(signature.subarray(1), publicKey)).toBe(false);
    expect(verify(new Uint8Array(0), new Uint8Array(0))).toBe(false);
  });
});

test('the lists cover the encodings they claim to', () => {
  for (const text of SMALL_ORDER) expect(Point.fromBytes(hex(text)).isSmallOrder()).toBe(true);
  for (const text of NOT_CANONICAL) {
    expect(() => Point.fromBytes(hex(text))).toThrow();
    expect(isStrictlyEncoded(signature, hex(text))).toBe(false);
    expect(isStrictlyEncoded(join(hex(text), 1n), publicKey)).toBe(false);
  }
  expect(isStrictlyEncoded(signature, littleEndian(P - 2n))).toBe(true);
});

function findForgery(a: Uint8Array): Uint8Array {
  for (let s = 1n; ; s++) {
    const r = Point.BASE.multiply(s).toBytes();
    if (challenge(r, a) % 8n === 0n) return join(r, s);
  }
}
