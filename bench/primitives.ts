import crypto, { type KeyObject } from 'node:crypto';
import type { CryptoProvider } from '@0k-sync/reference';
import { chacha20poly1305 } from '@noble/ciphers/chacha.js';
import { x25519 } from '@noble/curves/ed25519.js';
import { blake2s } from '@noble/hashes/blake2.js';
import { hkdf } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { ml_kem768 } from '@noble/post-quantum/ml-kem.js';

export type PrimitiveName = Exclude<keyof CryptoProvider, 'name' | 'randomBytes'>;

type Bytes = Uint8Array;

/** The functions of a provider that a handshake calls, as the library underneath does them: its quickest way, and no checks. */
interface Library {
  x25519Keygen(secret: Bytes): unknown;
  x25519(secret: unknown, publicKey: Bytes): unknown;
  mlKem768Keygen(seed: Bytes): unknown;
  mlKem768Encapsulate(publicKey: Bytes): unknown;
  mlKem768Decapsulate(ciphertext: Bytes, secret: unknown): unknown;
  blake2s(...parts: Bytes[]): unknown;
  sha256(...parts: Bytes[]): unknown;
  hkdfBlake2s(ikm: Bytes, salt: Bytes, length: number): unknown;
  chacha20Poly1305Seal(key: Bytes, nonce: Bytes, aad: Bytes, plaintext: Bytes): unknown;
  chacha20Poly1305Open(key: Bytes, nonce: Bytes, aad: Bytes, ciphertext: Bytes): unknown;
}

const AEAD = 'chacha20-poly1305';

const node: Library = {
  x25519Keygen: () => crypto.generateKeyPairSync('x25519').publicKey.export({ format: 'raw-public' }),
  x25519: (privateKey, key) =>
    crypto.diffieHellman({ privateKey: privateKey as KeyObject, publicKey: importPublicKey(key, 'x25519') }),
  mlKem768Keygen: () => crypto.generateKeyPairSync('ml-kem-768').publicKey.export({ format: 'raw-public' }),
  mlKem768Encapsulate: (key) => crypto.encapsulate(importPublicKey(key, 'ml-kem-768')),
  mlKem768Decapsulate: (ciphertext, secret) => crypto.decapsulate(secret as KeyObject, ciphertext),
  blake2s: (...parts) => crypto.hash('blake2s256', Buffer.concat(parts), 'buffer'),
  sha256: (...parts) => crypto.hash('sha256', Buffer.concat(parts), 'buffer'),
  hkdfBlake2s: (ikm, salt, length) => crypto.hkdfSync('blake2s256', ikm, salt, '', length),
  chacha20Poly1305Seal(key, nonce, aad, plaintext) {
    const cipher = crypto.createCipheriv(AEAD, key, nonce, { authTagLength: 16 });
    cipher.setAAD(aad, { plaintextLength: plaintext.length });
    return [cipher.update(plaintext), cipher.final(), cipher.getAuthTag()];
  },
  chacha20Poly1305Open(key, nonce, aad, ciphertext) {
    const length = ciphertext.length - 16;
    const decipher = crypto.createDecipheriv(AEAD, key, nonce, { authTagLength: 16 });
    decipher.setAAD(aad, { plaintextLength: length });
    decipher.setAuthTag(ciphertext.subarray(length));
    return [decipher.update(ciphertext.subarray(0, length)), decipher.final()];
  },
};

function importPublicKey(key: Bytes, asymmetricKeyType: 'x25519' | 'ml-kem-768'): KeyObject {
  return crypto.createPublicKey({ key, format: 'raw-public', asymmetricKeyType });
}

const noble: Library = {
  x25519Keygen: (secret) => x25519.getPublicKey(secret),
  x25519: (secret, publicKey) => x25519.getSharedSecret(secret as Bytes, publicKey),
  mlKem768Keygen: (seed) => ml_kem768.keygen(seed),
  mlKem768Encapsulate: (publicKey) => ml_kem768.encapsulate(publicKey),
  mlKem768Decapsulate: (ciphertext, secret) => ml_kem768.decapsulate(ciphertext, secret as Bytes),
  blake2s: (...parts) => blake2s(Buffer.concat(parts)),
  sha256: (...parts) => sha256(Buffer.concat(parts)),
  hkdfBlake2s: (ikm, salt, length) => hkdf(blake2s, ikm, salt, undefined, length),
  chacha20Poly1305Seal: (key, nonce, aad, plaintext) => chacha20poly1305(key, nonce, aad).encrypt(plaintext),
  chacha20Poly1305Open: (key, nonce, aad, ciphertext) => chacha20poly1305(key, nonce, aad).decrypt(ciphertext),
};

/** By the provider that rests on it. Another function of a provider is undefined here, and no part of a handshake. */
export const LIBRARIES = { node, noble } as Record<
  CryptoProvider['name'],
  Record<PrimitiveName, (...args: never[]) => unknown>
>;
