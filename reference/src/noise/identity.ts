import { LABELS } from '@0k-sync/spec';
import { type CryptoProvider, type KeyPair, requireLength } from '../crypto/provider.ts';

/** The static keys of a device or a relay. Whoever has the 96 secret bytes is that device. */
export interface Identity {
  /** X25519 secret, 32 bytes. */
  readonly dhSecret: Uint8Array;
  /** X25519 public key, 32 bytes. */
  readonly dhPublic: Uint8Array;
  /** ML-KEM-768 seed d ‖ z, 64 bytes. */
  readonly kemSeed: Uint8Array;
  /** ML-KEM-768 public key, 1184 bytes. */
  readonly kemPublic: Uint8Array;
  /** 32 bytes, made of both public keys: breaking one of the two impersonates nobody. */
  readonly deviceId: Uint8Array;
}

/** The other side as its handshake messages show it. */
export type RemoteIdentity = Pick<Identity, 'dhPublic' | 'kemPublic' | 'deviceId'>;

export const IDENTITY_SEED_LENGTH = 96;

const DEVICE_ID_LABEL = new TextEncoder().encode(LABELS.identity);

/** A new identity from the provider's randomness. Keep `identitySeed` of it. */
export function createIdentity(crypto: CryptoProvider): Identity {
  return identityFromSeed(crypto.randomBytes(IDENTITY_SEED_LENGTH), crypto);
}

/** The identity of 96 bytes: X25519 secret 32 ‖ ML-KEM-768 seed 64. They are copied. @throws RangeError on another length */
export function identityFromSeed(seed: Uint8Array, crypto: CryptoProvider): Identity {
  requireLength(seed, IDENTITY_SEED_LENGTH, 'an identity');
  // `slice` would not copy a Buffer, which files are read into.
  const dhSecret = Uint8Array.from(seed.subarray(0, 32));
  const kemSeed = Uint8Array.from(seed.subarray(32));
  const keys = { dh: crypto.x25519Keygen(dhSecret), kem: crypto.mlKem768Keygen(kemSeed) };
  const dhPublic = keys.dh.publicKey;
  const kemPublic = keys.kem.publicKey;
  const identity = { dhSecret, dhPublic, kemSeed, kemPublic, deviceId: deviceIdOf(dhPublic, kemPublic, crypto) };
  keysOf(crypto).set(identity, keys);
  return identity;
}

/** The 96 secret bytes that `identityFromSeed` takes: the form for a file that only its owner may read. */
export function identitySeed(identity: Identity): Uint8Array {
  const seed = new Uint8Array(IDENTITY_SEED_LENGTH);
  seed.set(identity.dhSecret);
  seed.set(identity.kemSeed, 32);
  return seed;
}

/** DeviceId, 32 bytes: SHA-256("0k-sync-identity-v1" ‖ X25519 key 32 ‖ ML-KEM-768 key 1184). A relay's identity is made alike. */
export function deviceIdOf(dhPublic: Uint8Array, kemPublic: Uint8Array, crypto: CryptoProvider): Uint8Array {
  requireLength(dhPublic, 32, 'an X25519 public key');
  requireLength(kemPublic, 1184, 'an ML-KEM-768 public key');
  return crypto.sha256(DEVICE_ID_LABEL, dhPublic, kemPublic);
}

export interface StaticKeys {
  readonly dh: KeyPair;
  readonly kem: KeyPair;
}

const providers = new WeakMap<CryptoProvider, WeakMap<Identity, StaticKeys>>();

/** The identity's keys as `crypto` likes them, made once: a relay would otherwise import its own keys for every handshake. */
export function staticKeys(identity: Identity, crypto: CryptoProvider): StaticKeys {
  const known = keysOf(crypto).get(identity);
  if (known) return known;
  const keys = { dh: crypto.x25519Keygen(identity.dhSecret), kem: crypto.mlKem768Keygen(identity.kemSeed) };
  keysOf(crypto).set(identity, keys);
  return keys;
}

function keysOf(crypto: CryptoProvider): WeakMap<Identity, StaticKeys> {
  let keys = providers.get(crypto);
  if (!keys) providers.set(crypto, (keys = new WeakMap()));
  return keys;
}
