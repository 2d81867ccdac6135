import crypto, { KeyObject, type webcrypto } from 'node:crypto';
import { hchacha } from '@noble/ciphers/chacha.js';
import { isSmallOrder, isStrictlyEncoded } from './ed25519-strict.ts';
import { NoiseError, SEAL_DOES_NOT_OPEN, SealError } from './errors.ts';
import { nobleCrypto } from './noble.ts';
import {
  type CryptoProvider,
  type KeyPair,
  requireArgon2Arguments,
  requireLength,
  type SecretKey,
} from './provider.ts';
import { checkMlKem768PublicKey, checkX25519Agreement, ML_KEM_768_CIPHERTEXT_LENGTH } from './public-key-checks.ts';

type KeyKind = 'x25519' | 'ed25519' | 'ml-kem-768';

/** The JWK form of a post-quantum key, which the typings of Node do not know yet. */
type AkpKey = webcrypto.JsonWebKey & { alg?: string; pub?: string };

/** By kind of key: what stands before the secret in PKCS #8 (RFC 8410, RFC 9935), and the public key as a JWK but for its bytes. */
const KEYS: Record<KeyKind, { pkcs8: Buffer; jwk: AkpKey; bytes: 'x' | 'pub' }> = {
  x25519: {
    pkcs8: Buffer.from('302e020100300506032b656e04220420', 'hex'),
    jwk: { kty: 'OKP', crv: 'X25519' },
    bytes: 'x',
  },
  ed25519: {
    pkcs8: Buffer.from('302e020100300506032b657004220420', 'hex'),
    jwk: { kty: 'OKP', crv: 'Ed25519' },
    bytes: 'x',
  },
  'ml-kem-768': {
    pkcs8: Buffer.from('3054020100300b060960864801650304040204428040', 'hex'),
    jwk: { kty: 'AKP', alg: 'ML-KEM-768' },
    bytes: 'pub',
  },
};

/** Whether keys can go in and out as the bytes that they are: quicker than PKCS #8 and JWK, which all supported releases have. */
const hasRawKeys = rawKeysWorkHere();

const AEAD = 'chacha20-poly1305';
const AEAD_OPTIONS = { authTagLength: 16 };
const NOTHING = new Uint8Array(0);
/** The constants of ChaCha20, as words in memory order. */
const SIGMA = new Uint32Array(new TextEncoder().encode('expand 32-byte k').slice().buffer);

type MlKem = Pick<CryptoProvider, 'mlKem768Keygen' | 'mlKem768Encapsulate' | 'mlKem768Decapsulate'>;

const openSslMlKem: MlKem = {
  mlKem768Keygen(seed) {
    requireLength(seed, 64, 'an ML-KEM-768 seed');
    return keyPair(importPrivateKey('ml-kem-768', seed));
  },

  mlKem768Encapsulate(publicKey, m) {
    refuseRandomness(m);
    checkMlKem768PublicKey(publicKey);
    const { ciphertext, sharedKey } = crypto.encapsulate(importPublicKey('ml-kem-768', publicKey));
    return { ciphertext: plain(ciphertext), sharedSecret: plain(sharedKey) };
  },

  mlKem768Decapsulate(ciphertext, secretKey) {
    requireLength(ciphertext, ML_KEM_768_CIPHERTEXT_LENGTH, 'an ML-KEM-768 ciphertext');
    return plain(crypto.decapsulate(keyObject(secretKey), ciphertext));
  },
};

const portableMlKem: MlKem = {
  mlKem768Keygen: nobleCrypto.mlKem768Keygen,
  mlKem768Encapsulate(publicKey, m) {
    refuseRandomness(m);
    return nobleCrypto.mlKem768Encapsulate(publicKey);
  },
  mlKem768Decapsulate: nobleCrypto.mlKem768Decapsulate,
};

/** Whether ML-KEM comes from OpenSSL here. Node has it from 24.7 on, if it was built with OpenSSL 3.5; else noble's is used. */
export const hasNativeMlKem = worksHere(openSslMlKem);

type Argon2 = Pick<CryptoProvider, 'argon2id'>;

const openSslArgon2: Argon2 = {
  argon2id(password, salt, parameters, length) {
    requireArgon2Arguments(salt, parameters, length);
    const { m, t, p } = parameters;
    return plain(
      crypto.argon2Sync('argon2id', {
        message: password,
        nonce: salt,
        memory: m,
        passes: t,
        parallelism: p,
        tagLength: length,
      }),
    );
  },
};

/** Whether Argon2 comes from OpenSSL here. Node has it from 24.7 on, if it was built with OpenSSL 3.2; else noble's is used. */
export const hasNativeArgon2 = argon2WorksHere();

/** The quick provider, on OpenSSL. Secret keys that it makes are KeyObjects, so importing them is paid for once. */
export const nodeCrypto: CryptoProvider = {
  name: 'node',

  randomBytes: (length) => crypto.randomFillSync(new Uint8Array(length)),

  sha256: (...parts) => hash('sha256', parts),

  hkdfSha256: (ikm, salt, info, length = 32) => new Uint8Array(crypto.hkdfSync('sha256', ikm, salt, info, length)),

  blake2s: (...parts) => hash('blake2s256', parts),

  hkdfBlake2s: (ikm, salt, length) => new Uint8Array(crypto.hkdfSync('blake2s256', ikm, salt, NOTHING, length)),

  x25519Keygen(secret) {
    requireLength(secret, 32, 'an X25519 secret key');
    return keyPair(importPrivateKey('x25519', secret));
  },

  x25519(secretKey, publicKey) {
    checkX25519Agreement(publicKey);
    const privateKey = secretKey instanceof Uint8Array ? importPrivateKey('x25519', secretKey) : keyObject(secretKey);
    return plain(crypto.diffieHellman({ privateKey, publicKey: importPublicKey('x25519', publicKey) }));
  },

  ...(hasNativeMlKem ? openSslMlKem : portableMlKem),

  chacha20Poly1305Seal(key, nonce, aad, plaintext) {
    requireLength(nonce, 12, 'a nonce');
    return encrypt(key, nonce, aad, plaintext, plain(Buffer.allocUnsafeSlow(plaintext.length + 16)));
  },

  chacha20Poly1305Open(key, nonce, aad, ciphertext) {
    requireLength(nonce, 12, 'a nonce');
    const plaintext = decrypt(key, nonce, aad, ciphertext);
    if (plaintext) return plaintext;
    throw new NoiseError('decrypt', 'the message does not open: it was changed, or sealed under another key or nonce');
  },

  xchacha20Poly1305Seal(key, nonce, aad, plaintext, output = new Uint8Array(plaintext.length + 16)) {
    requireLength(output, plaintext.length + 16, 'the place for the ciphertext');
    const [subkey, shortNonce] = shortened(key, nonce);
    encrypt(subkey, shortNonce, aad, plaintext, output);
    subkey.fill(0);
    return output;
  },

  xchacha20Poly1305Open(key, nonce, aad, ciphertext) {
    const [subkey, shortNonce] = shortened(key, nonce);
    const plaintext = decrypt(subkey, shortNonce, aad, ciphertext);
    subkey.fill(0);
    if (plaintext) return plaintext;
    throw new SealError('decrypt', SEAL_DOES_NOT_OPEN);
  },

  blake3: nobleCrypto.blake3, // OpenSSL has none

  ...(hasNativeArgon2 ? openSslArgon2 : { argon2id: nobleCrypto.argon2id }),

  ed25519PublicKey(seed) {
    requireLength(seed, 32, 'an Ed25519 seed');
    return keyPair(importPrivateKey('ed25519', seed)).publicKey;
  },

  ed25519Sign(message, seed) {
    requireLength(seed, 32, 'an Ed25519 seed');
    return plain(crypto.sign(null, message, importPrivateKey('ed25519', seed)));
  },

  ed25519Verify(signature, message, publicKey) {
    if (!isStrictlyEncoded(signature, publicKey)) return false;
    // Some releases of Node refuse every R of small order (nodejs/node#64026), others go by RFC 8032 alone. The rule here is the
    // latter, so noble decides what no honest signer makes.
    if (isSmallOrder(signature.subarray(0, 32))) return nobleCrypto.ed25519Verify(signature, message, publicKey);
    return crypto.verify(null, message, importPublicKey('ed25519', publicKey), signature);
  },
};

/** Tried rather than read from a version: Node can be built with an OpenSSL that lacks it. */
function worksHere(mlKem: MlKem): boolean {
  try {
    const { publicKey, secretKey } = mlKem.mlKem768Keygen(new Uint8Array(64));
    const { ciphertext, sharedSecret } = mlKem.mlKem768Encapsulate(publicKey);
    return Buffer.compare(mlKem.mlKem768Decapsulate(ciphertext, secretKey), sharedSecret) === 0;
  } catch {
    return false;
  }
}

function rawKeysWorkHere(): boolean {
  try {
    const kind = { asymmetricKeyType: 'x25519' } as const;
    const secretKey = crypto.createPrivateKey({ key: new Uint8Array(32), format: 'raw-private', ...kind });
    const key = crypto.createPublicKey(secretKey).export({ format: 'raw-public' });
    return crypto.createPublicKey({ key, format: 'raw-public', ...kind }).asymmetricKeyType === 'x25519';
  } catch {
    return false;
  }
}

function argon2WorksHere(): boolean {
  try {
    return openSslArgon2.argon2id(NOTHING, new Uint8Array(8), { m: 8, t: 1, p: 1 }, 4).length === 4;
  } catch {
    return false;
  }
}

/** ChaCha20-Poly1305 into `output`, which has room for the tag too. */
function encrypt(key: Uint8Array, nonce: Uint8Array, aad: Uint8Array, plaintext: Uint8Array, output: Uint8Array) {
  const cipher = crypto.createCipheriv(AEAD, key, nonce, AEAD_OPTIONS);
  if (aad.length > 0) cipher.setAAD(aad, { plaintextLength: plaintext.length });
  output.set(cipher.update(plaintext));
  cipher.final();
  output.set(cipher.getAuthTag(), plaintext.length);
  return output;
}

/** The inverse, or undefined where the tag does not fit. */
function decrypt(key: Uint8Array, nonce: Uint8Array, aad: Uint8Array, ciphertext: Uint8Array): Uint8Array | undefined {
  const decipher = crypto.createDecipheriv(AEAD, key, nonce, AEAD_OPTIONS);
  const length = ciphertext.length - 16;
  try {
    decipher.setAuthTag(ciphertext.subarray(Math.max(length, 0)));
    if (aad.length > 0) decipher.setAAD(aad, { plaintextLength: length });
    const plaintext = decipher.update(ciphertext.subarray(0, length));
    decipher.final();
    return plain(plaintext);
  } catch {
    return undefined;
  }
}

/**
 * XChaCha20-Poly1305 is ChaCha20-Poly1305 under the key that HChaCha20 makes of the first 16 bytes of the nonce, with four zero
 * bytes and the other 8 as its nonce (draft-irtf-cfrg-xchacha-03, 2.3). OpenSSL has the latter; the one block before is noble's.
 */
function shortened(key: Uint8Array, nonce: Uint8Array): [subkey: Uint8Array, nonce: Uint8Array] {
  requireLength(key, 32, 'a key');
  requireLength(nonce, 24, 'a nonce');
  const keyWords = new Uint32Array(8);
  new Uint8Array(keyWords.buffer).set(key);
  const nonceWords = new Uint32Array(4);
  new Uint8Array(nonceWords.buffer).set(nonce.subarray(0, 16));
  const subkey = new Uint32Array(8);
  hchacha(SIGMA, keyWords, nonceWords, subkey);
  keyWords.fill(0);
  const shortNonce = new Uint8Array(12);
  shortNonce.set(nonce.subarray(16), 4);
  return [new Uint8Array(subkey.buffer), shortNonce];
}

function refuseRandomness(m: Uint8Array | undefined): void {
  if (m) throw new TypeError('node:crypto draws the randomness of an encapsulation itself: use the noble provider');
}

/** Hashing in one call is quicker than an object that takes the parts, even where they have to be put together for it. */
function hash(algorithm: 'sha256' | 'blake2s256', parts: Uint8Array[]): Uint8Array {
  if (parts.length === 1) return plain(crypto.hash(algorithm, parts[0]!, 'buffer'));
  const whole = Buffer.concat(parts);
  const digest = crypto.hash(algorithm, whole, 'buffer');
  whole.fill(0); // a part may be a secret
  return plain(digest);
}

/** OpenSSL takes longer for the bare seed of ML-KEM than for one in PKCS #8. */
function importPrivateKey(kind: KeyKind, secret: Uint8Array): KeyObject {
  if (hasRawKeys && kind !== 'ml-kem-768') {
    return crypto.createPrivateKey({ key: secret, format: 'raw-private', asymmetricKeyType: kind });
  }
  const der = Buffer.concat([KEYS[kind].pkcs8, secret]);
  try {
    return crypto.createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  } finally {
    der.fill(0);
  }
}

function importPublicKey(kind: KeyKind, publicKey: Uint8Array): KeyObject {
  if (hasRawKeys) return crypto.createPublicKey({ key: publicKey, format: 'raw-public', asymmetricKeyType: kind });
  const { jwk, bytes } = KEYS[kind];
  return crypto.createPublicKey({ key: { ...jwk, [bytes]: base64url(publicKey) }, format: 'jwk' });
}

/** The public half is exported from a public KeyObject: a private one would put the secret into a string as well. */
function keyPair(privateKey: KeyObject): KeyPair {
  const publicKey = crypto.createPublicKey(privateKey);
  if (hasRawKeys) return { publicKey: plain(publicKey.export({ format: 'raw-public' })), secretKey: privateKey };
  const { x, pub }: AkpKey = publicKey.export({ format: 'jwk' });
  return { publicKey: new Uint8Array(Buffer.from((x ?? pub)!, 'base64url')), secretKey: privateKey };
}

function keyObject(secretKey: SecretKey): KeyObject {
  if (!(secretKey instanceof KeyObject)) throw new TypeError('this secret key was made by another crypto provider');
  return secretKey;
}

function base64url(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64url');
}

/** The same memory without Buffer's own methods, of which `slice` would share where Uint8Array's copies. */
function plain(buffer: Buffer): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.length);
}
