import { chacha20poly1305, xchacha20poly1305 } from '@noble/ciphers/chacha.js';
import { ed25519, x25519 } from '@noble/curves/ed25519.js';
import { argon2id } from '@noble/hashes/argon2.js';
import { blake2s } from '@noble/hashes/blake2.js';
import { blake3 } from '@noble/hashes/blake3.js';
import { hkdf } from '@noble/hashes/hkdf.js';
import { sha256, sha512 } from '@noble/hashes/sha2.js';
import { randomBytes } from '@noble/hashes/utils.js';
import { ml_kem768 } from '@noble/post-quantum/ml-kem.js';
import { isStrictlyEncoded } from './ed25519-strict.ts';
import { NoiseError, SEAL_DOES_NOT_OPEN, SealError } from './errors.ts';
import { type CryptoProvider, requireArgon2Arguments, requireLength, type SecretKey } from './provider.ts';
import {
  checkMlKem768PublicKey,
  checkX25519Agreement,
  equals,
  ML_KEM_768_CIPHERTEXT_LENGTH,
} from './public-key-checks.ts';

/** The portable provider: JavaScript all the way, in browsers too. BigInt arithmetic gives no promise of constant time. */
export const nobleCrypto: CryptoProvider = {
  name: 'noble',

  randomBytes: (length) => randomBytes(length),

  sha256(...parts) {
    const hash = sha256.create();
    for (const part of parts) hash.update(part);
    return hash.digest();
  },

  hkdfSha256: (ikm, salt, info, length = 32) => hkdf(sha256, ikm, salt, info, length),

  blake2s(...parts) {
    const hash = blake2s.create();
    for (const part of parts) hash.update(part);
    return hash.digest();
  },

  hkdfBlake2s: (ikm, salt, length) => hkdf(blake2s, ikm, salt, undefined, length),

  x25519Keygen(secret) {
    requireLength(secret, 32, 'an X25519 secret key');
    return { publicKey: x25519.getPublicKey(secret), secretKey: Uint8Array.from(secret) };
  },

  x25519(secretKey, publicKey) {
    checkX25519Agreement(publicKey);
    return x25519.getSharedSecret(bytesOf(secretKey, 32), publicKey);
  },

  mlKem768Keygen(seed) {
    requireLength(seed, 64, 'an ML-KEM-768 seed');
    return ml_kem768.keygen(seed);
  },

  mlKem768Encapsulate(publicKey, m) {
    checkMlKem768PublicKey(publicKey);
    const { cipherText, sharedSecret } = ml_kem768.encapsulate(publicKey, m);
    return { ciphertext: cipherText, sharedSecret };
  },

  mlKem768Decapsulate(ciphertext, secretKey) {
    requireLength(ciphertext, ML_KEM_768_CIPHERTEXT_LENGTH, 'an ML-KEM-768 ciphertext');
    return ml_kem768.decapsulate(ciphertext, bytesOf(secretKey, 2400));
  },

  chacha20Poly1305Seal: (key, nonce, aad, plaintext) => chacha20poly1305(key, nonce, aad).encrypt(plaintext),

  chacha20Poly1305Open(key, nonce, aad, ciphertext) {
    const cipher = chacha20poly1305(key, nonce, aad);
    try {
      return cipher.decrypt(ciphertext);
    } catch {
      throw new NoiseError(
        'decrypt',
        'the message does not open: it was changed, or sealed under another key or nonce',
      );
    }
  },

  xchacha20Poly1305Seal(key, nonce, aad, plaintext, output) {
    requireLength(key, 32, 'a key');
    requireLength(nonce, 24, 'a nonce');
    if (output) requireLength(output, plaintext.length + 16, 'the place for the ciphertext');
    return xchacha20poly1305(key, nonce, aad).encrypt(plaintext, output);
  },

  xchacha20Poly1305Open(key, nonce, aad, ciphertext) {
    requireLength(key, 32, 'a key');
    requireLength(nonce, 24, 'a nonce');
    const cipher = xchacha20poly1305(key, nonce, aad);
    try {
      return cipher.decrypt(ciphertext);
    } catch {
      throw new SealError('decrypt', SEAL_DOES_NOT_OPEN);
    }
  },

  blake3(...parts) {
    const hash = blake3.create();
    for (const part of parts) hash.update(part);
    return hash.digest();
  },

  argon2id(password, salt, parameters, length) {
    requireArgon2Arguments(salt, parameters, length);
    const { m, t, p } = parameters;
    return argon2id(password, salt, { m, t, p, dkLen: length, version: 0x13, maxmem: 2 ** 32 - 1 });
  },

  ed25519PublicKey(seed) {
    requireLength(seed, 32, 'an Ed25519 seed');
    return ed25519.getPublicKey(seed);
  },

  ed25519Sign(message, seed) {
    requireLength(seed, 32, 'an Ed25519 seed');
    return ed25519.sign(message, seed);
  },

  ed25519Verify: (signature, message, publicKey) =>
    isStrictlyEncoded(signature, publicKey) && verifyCofactorless(signature, message, publicKey),
};

/** noble's own `verify` multiplies by the cofactor; the protocol, like OpenSSL, asks whether R is exactly [S]B − [k]A. */
function verifyCofactorless(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean {
  const { Point } = ed25519;
  const r = signature.subarray(0, 32);
  const s = Point.Fn.fromBytes(signature.subarray(32));
  // RFC 8032, 5.1.7: the 512-bit digest as a little-endian number, modulo L.
  const digest = sha512.create().update(r).update(publicKey).update(message).digest();
  const k = Point.Fn.create(digest.reduceRight((number, byte) => (number << 8n) | BigInt(byte), 0n));
  let a: InstanceType<typeof Point>;
  try {
    a = Point.fromBytes(publicKey);
  } catch {
    return false; // not a point of the curve
  }
  const expected = Point.BASE.multiplyUnsafe(s).subtract(a.multiplyUnsafe(k));
  return equals(expected.toBytes(), r);
}

function bytesOf(secretKey: SecretKey, length: number): Uint8Array {
  if (!(secretKey instanceof Uint8Array)) throw new TypeError('this secret key was made by another crypto provider');
  requireLength(secretKey, length, 'a secret key');
  return secretKey;
}
