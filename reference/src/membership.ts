/**
 * Membership: a relay serves a group only to those who hold its auth key, not to everyone who learned its id. The group's id is a
 * hash of the public key, so that a relay can check a proof without having seen the group before.
 */
import { LABELS, type Proof, SEAL } from '@0k-sync/spec';
import { type CryptoProvider, requireLength } from './crypto/provider.ts';
import { equals } from './crypto/public-key-checks.ts';
import { groupIdOf } from './ids.ts';

/** What a member derives from the group secret to be let in. */
export interface Group {
  /** 32 bytes: SHA-256 over the auth key. */
  readonly groupId: Uint8Array;
  /** Ed25519 public key, 32 bytes; public. */
  readonly authKey: Uint8Array;
  /** Ed25519 seed, 32 bytes; secret. */
  readonly authSeed: Uint8Array;
}

const encoder = new TextEncoder();
const SALT = encoder.encode(SEAL.keys.authentication.salt);
const INFO = encoder.encode(SEAL.keys.authentication.info);
const MEMBER = encoder.encode(LABELS.member);

/** The v2 group of a secret of 32 bytes: the auth seed is HKDF-SHA256(salt "0k-sync-group-key-v1", secret, "authentication"). */
export function createGroup(groupSecret: Uint8Array, crypto: CryptoProvider): Group {
  requireLength(groupSecret, 32, 'a group secret');
  const authSeed = crypto.hkdfSha256(groupSecret, SALT, INFO, 32);
  const authKey = crypto.ed25519PublicKey(authSeed);
  return { groupId: groupIdOf(authKey, crypto), authKey, authSeed };
}

/** The proof for Hello: the auth key's signature over "0k-sync-member-v1" ‖ group_id 32 ‖ device_id 32. */
export function proveMembership(
  authSeed: Uint8Array,
  groupId: Uint8Array,
  deviceId: Uint8Array,
  crypto: CryptoProvider,
): Proof {
  return {
    key: crypto.ed25519PublicKey(authSeed),
    signature: crypto.ed25519Sign(signedBytes(groupId, deviceId), authSeed),
  };
}

/**
 * Whether the proof shows that this device belongs to this group: the group's id is made of the key, and the key signed both ids.
 * `deviceId` is the one that the transport authenticated.
 */
export function verifyMembership(
  proof: Proof,
  groupId: Uint8Array,
  deviceId: Uint8Array,
  crypto: CryptoProvider,
): boolean {
  if (proof.key.length !== 32 || proof.signature.length !== 64) return false;
  if (!equals(groupIdOf(proof.key, crypto), groupId)) return false;
  return crypto.ed25519Verify(proof.signature, signedBytes(groupId, deviceId), proof.key);
}

function signedBytes(groupId: Uint8Array, deviceId: Uint8Array): Uint8Array {
  requireLength(groupId, 32, 'a group id');
  requireLength(deviceId, 32, 'a device id');
  const bytes = new Uint8Array(MEMBER.length + 64);
  bytes.set(MEMBER);
  bytes.set(groupId, MEMBER.length);
  bytes.set(deviceId, MEMBER.length + 32);
  return bytes;
}
