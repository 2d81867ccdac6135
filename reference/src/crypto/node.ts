import crypto, { KeyObject, type webcrypto } from 'node:crypto';
import { isSmallOrder, isStrictlyEncoded } from './ed25519-strict.ts';
import { NoiseError } from './errors.ts';
import { nobleCrypto } from './noble.ts';
import { type CryptoProvider, type KeyPair, requireLength, type SecretKey } from './provider.ts';
import { checkMlKem768PublicKey, checkX25519Agreement, ML_KEM_768_CIPHERTEXT_LENGTH } from './public-key-checks.ts';

// Keys go in by the quickest way that all supported releases of Node have: a private one as PKCS #8, which is one of these
// prefixes and the secret (RFC 8410, RFC 9935), a public one as JWK.
const X25519_PKCS8 = Buffer.from('302e020100300506032b656e04220420', 'hex');
const ED25519_PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');
const ML_KEM_768_PKCS8 = Buffer.from('3054020100300b060960864801650304040204428040', 'hex');

const AEAD = 'chacha20-poly1305';
const AEAD_OPTIONS = { authTagLength: 16 };
const NOTHING = new Uint8Array(0);

/** The JWK form of a post-quantum key, which the typings of Node do not know yet. */
type AkpKey = webcrypto.JsonWebKey & { alg?: string; pub?: string };

type MlKem = Pick<CryptoProvider, 'mlKem768Keygen' | 'mlKem768Encapsulate' | 'mlKem768Decapsulate'>;

const openSslMlKem: MlKem = {
  mlKem768Keygen(seed) {
    requireLength(seed, 64, 'an ML-KEM-768 seed');
    return keyPair(importPrivateKey(ML_KEM_768_PKCS8, seed));
  },

  mlKem768Encapsulate(publicKey, m) {
    refuseRandomness(m);
    checkMlKem768PublicKey(publicKey);
    const jwk: AkpKey = { kty: 'AKP', alg: 'ML-KEM-768', pub: base64url(publicKey) };
    const { ciphertext, sharedKey } = crypto.encapsulate(crypto.createPublicKey({ key: jwk, format: 'jwk' }));
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
    return keyPair(importPrivateKey(X25519_PKCS8, secret));
  },

  x25519(secretKey, publicKey) {
    checkX25519Agreement(publicKey);
    const privateKey =
      secretKey instanceof Uint8Array ? importPrivateKey(X25519_PKCS8, secretKey) : keyObject(secretKey);
    return plain(crypto.diffieHellman({ privateKey, publicKey: importCurvePoint('X25519', publicKey) }));
  },

  ...(hasNativeMlKem ? openSslMlKem : portableMlKem),

  chacha20Poly1305Seal(key, nonce, aad, plaintext) {
    requireLength(nonce, 12, 'a nonce');
    const cipher = crypto.createCipheriv(AEAD, key, nonce, AEAD_OPTIONS);
    if (aad.length > 0) cipher.setAAD(aad, { plaintextLength: plaintext.length });
    const sealed = new Uint8Array(plaintext.length + 16);
    sealed.set(cipher.update(plaintext));
    cipher.final();
    sealed.set(cipher.getAuthTag(), plaintext.length);
    return sealed;
  },

  chacha20Poly1305Open(key, nonce, aad, ciphertext) {
    requireLength(nonce, 12, 'a nonce');
    const decipher = crypto.createDecipheriv(AEAD, key, nonce, AEAD_OPTIONS);
    const length = ciphertext.length - 16;
    try {
      decipher.setAuthTag(ciphertext.subarray(Math.max(length, 0)));
      if (aad.length > 0) decipher.setAAD(aad, { plaintextLength: length });
      const plaintext = decipher.update(ciphertext.subarray(0, length));
      decipher.final();
      return plain(plaintext);
    } catch {
      throw new NoiseError(
        'decrypt',
        'the message does not open: it was changed, or sealed under another key or nonce',
      );
    }
  },

  ed25519PublicKey(seed) {
    requireLength(seed, 32, 'an Ed25519 seed');
    return keyPair(importPrivateKey(ED25519_PKCS8, seed)).publicKey;
  },

  ed25519Sign(message, seed) {
    requireLength(seed, 32, 'an Ed25519 seed');
    return plain(crypto.sign(null, message, importPrivateKey(ED25519_PKCS8, seed)));
  },

  ed25519Verify(signature, message, publicKey) {
    if (!isStrictlyEncoded(signature, publicKey)) return false;
    // Some releases of Node refuse every R of small order (nodejs/node#64026), others go by RFC 8032 alone. The rule here is the
    // latter, so noble decides what no honest signer makes.
    if (isSmallOrder(signature.subarray(0, 32))) return nobleCrypto.ed25519Verify(signature, message, publicKey);
    return crypto.verify(null, message, importCurvePoint('Ed25519', publicKey), signature);
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

function refuseRandomness(m: Uint8Array | undefined): void {
  if (m) throw new TypeError('node:crypto draws the randomness of an encapsulation itself: use the noble provider');
}

function hash(algorithm: 'sha256' | 'blake2s256', parts: Uint8Array[]): Uint8Array {
  if (parts.length === 1) return plain(crypto.hash(algorithm, parts[0]!, 'buffer'));
  const state = crypto.createHash(algorithm);
  for (const part of parts) state.update(part);
  return plain(state.digest());
}

function importPrivateKey(prefix: Buffer, secret: Uint8Array): KeyObject {
  const der = Buffer.concat([prefix, secret]);
  try {
    return crypto.createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  } finally {
    der.fill(0);
  }
}

function importCurvePoint(curve: 'X25519' | 'Ed25519', publicKey: Uint8Array): KeyObject {
  return crypto.createPublicKey({ key: { kty: 'OKP', crv: curve, x: base64url(publicKey) }, format: 'jwk' });
}

/** The public half is exported from a public KeyObject: a private one would put the secret into a string as well. */
function keyPair(privateKey: KeyObject): KeyPair {
  const { x, pub }: AkpKey = crypto.createPublicKey(privateKey).export({ format: 'jwk' });
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
