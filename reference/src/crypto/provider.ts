/**
 * The primitives that the protocol rests on. Two providers exist, `noble` (runs everywhere) and `node` (node:crypto, several
 * times faster); they give the same bytes for the same inputs and refuse the same inputs with the same error class.
 *
 * Every result is a plain Uint8Array of its own. Byte counts stand in each line; an argument of another length is a
 * RangeError, for it is the caller's mistake: lengths that come from the network are checked before they reach a provider.
 */
export interface CryptoProvider {
  readonly name: 'noble' | 'node';

  /** `length` bytes from the system's random source. */
  randomBytes(length: number): Uint8Array;

  /** SHA-256 of the parts put together: 32 bytes. */
  sha256(...parts: Uint8Array[]): Uint8Array;

  /** HKDF-SHA256 (RFC 5869): `length` bytes, 32 unless said. */
  hkdfSha256(ikm: Uint8Array, salt: Uint8Array, info: Uint8Array, length?: number): Uint8Array;

  /** BLAKE2s-256 of the parts put together: 32 bytes. */
  blake2s(...parts: Uint8Array[]): Uint8Array;

  /** HKDF with HMAC-BLAKE2s and an empty info, which is the HKDF of the Noise specification, 4.3: `length` is 32 for each output. */
  hkdfBlake2s(ikm: Uint8Array, salt: Uint8Array, length: number): Uint8Array;

  /** The X25519 key pair of 32 secret bytes, which are clamped in use (RFC 7748) and copied. */
  x25519Keygen(secret: Uint8Array): KeyPair;

  /**
   * X25519: 32 bytes. `secretKey` is one of this provider's, or 32 bytes.
   * @throws NoiseError `bad-public-key` (bit 255 set, or ≥ p) or `low-order` (the result would be all zero)
   */
  x25519(secretKey: SecretKey, publicKey: Uint8Array): Uint8Array;

  /** The ML-KEM-768 key pair of the 64 bytes d ‖ z (FIPS 203, 7.1); its public key has 1184 bytes. */
  mlKem768Keygen(seed: Uint8Array): KeyPair;

  /**
   * ML-KEM-768 encapsulation to a public key of 1184 bytes: a ciphertext of 1088 and a shared secret of 32.
   * `m`, 32 bytes, replaces the randomness, so that vectors can be reproduced; `node` cannot do that and throws a TypeError.
   * @throws NoiseError `bad-public-key`: the key fails the modulus check of FIPS 203, 7.2
   */
  mlKem768Encapsulate(publicKey: Uint8Array, m?: Uint8Array): { ciphertext: Uint8Array; sharedSecret: Uint8Array };

  /** The shared secret, 32 bytes. A wrong ciphertext gives another secret, never an error (implicit rejection). */
  mlKem768Decapsulate(ciphertext: Uint8Array, secretKey: SecretKey): Uint8Array;

  /** ChaCha20-Poly1305 (RFC 8439): the ciphertext and its tag of 16 bytes, in one array. Key 32, nonce 12. */
  chacha20Poly1305Seal(key: Uint8Array, nonce: Uint8Array, aad: Uint8Array, plaintext: Uint8Array): Uint8Array;

  /** @throws NoiseError `decrypt`: the tag does not fit, or there are less than 16 bytes */
  chacha20Poly1305Open(key: Uint8Array, nonce: Uint8Array, aad: Uint8Array, ciphertext: Uint8Array): Uint8Array;

  /**
   * XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03): the ciphertext and its tag of 16 bytes. Key 32, nonce 24, which may be random.
   * @param output where to write, of plaintext.length + 16 bytes; the result is a new array without it
   */
  xchacha20Poly1305Seal(
    key: Uint8Array,
    nonce: Uint8Array,
    aad: Uint8Array,
    plaintext: Uint8Array,
    output?: Uint8Array,
  ): Uint8Array;

  /** @throws SealError `decrypt`: the tag does not fit, or there are less than 16 bytes */
  xchacha20Poly1305Open(key: Uint8Array, nonce: Uint8Array, aad: Uint8Array, ciphertext: Uint8Array): Uint8Array;

  /** BLAKE3 of the parts put together: 32 bytes. */
  blake3(...parts: Uint8Array[]): Uint8Array;

  /**
   * Argon2id, version 0x13 (RFC 9106): `length` bytes, at least 4. The salt has at least 8 bytes.
   *
   * Synchronous: with the parameters of a group it holds the thread for tenths of a second in `node` and up to some seconds in
   * `noble`. It runs when a device creates or joins a group, not later; a program that must not stand still meanwhile calls it
   * in a worker.
   * @throws RangeError: a salt or a length too short, or parameters that RFC 9106, 3.1 does not define
   */
  argon2id(password: Uint8Array, salt: Uint8Array, parameters: Argon2Parameters, length: number): Uint8Array;

  /** The Ed25519 public key, 32 bytes, of a seed of 32. */
  ed25519PublicKey(seed: Uint8Array): Uint8Array;

  /** An Ed25519 signature, 64 bytes, by the key of a seed of 32. */
  ed25519Sign(message: Uint8Array, seed: Uint8Array): Uint8Array;

  /** Whether the signature is valid under the rules of `ed25519-strict.ts`: cofactorless, S < L, canonical A and R, A not of small order. */
  ed25519Verify(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean;
}

/** What Argon2id costs, by the letters of RFC 9106. */
export interface Argon2Parameters {
  /** Memory in KiB. */
  readonly m: number;
  /** Passes over it. */
  readonly t: number;
  /** Lanes, whose number changes the result. */
  readonly p: number;
}

/** A secret key in the form its provider works with quickest. Only the provider that made it can use it. */
export type SecretKey = Uint8Array | KeyHandle;

/** A secret key kept outside of JavaScript (a KeyObject of node:crypto). */
export interface KeyHandle {
  readonly asymmetricKeyType?: string | undefined;
}

export interface KeyPair {
  readonly publicKey: Uint8Array;
  readonly secretKey: SecretKey;
}

/** Overwrites a secret key as far as JavaScript reaches: a handle is freed with its object, and copies made by engines stay. */
export function wipeSecretKey(secretKey: SecretKey): void {
  if (secretKey instanceof Uint8Array) secretKey.fill(0);
}

/** Guards an argument that our own code passes. @throws RangeError */
export function requireLength(bytes: Uint8Array, length: number, title: string): void {
  if (bytes.length !== length) throw new RangeError(`${title} must be ${length} bytes, not ${bytes.length}`);
}

/** Guards the arguments of Argon2id by the bounds of RFC 9106, 3.1, which the two providers test each in its own way. @throws RangeError */
export function requireArgon2Arguments(salt: Uint8Array, { m, t, p }: Argon2Parameters, length: number): void {
  if (salt.length < 8) throw new RangeError(`a salt for Argon2id must be at least 8 bytes, not ${salt.length}`);
  const within = (value: number, least: number, most: number) =>
    Number.isInteger(value) && value >= least && value <= most;
  if (!within(p, 1, 2 ** 24 - 1) || !within(t, 1, 2 ** 32 - 1) || !within(m, 8 * p, 2 ** 32 - 1)) {
    throw new RangeError(`Argon2id is not defined for m ${m}, t ${t}, p ${p}: t and p begin at 1, m at 8 p`);
  }
  if (!within(length, 4, 2 ** 32 - 1)) throw new RangeError(`Argon2id gives at least 4 bytes, not ${length}`);
}
