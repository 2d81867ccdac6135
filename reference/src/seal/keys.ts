/**
 * What a group's members derive from the group secret: one key for each purpose, so that none can be used for another.
 */
import { SEAL } from '@0k-sync/spec';
import { type CryptoProvider, requireLength } from '../crypto/provider.ts';

/** "encryption" is for seal 1, "encryption-2" for seal 2; the key "authentication" is membership's: `createGroup` makes it. */
export type GroupKeyPurpose = (typeof SEAL.keys)['encryption' | 'encryption_2' | 'device_name']['info'];

const encoder = new TextEncoder();
const { sizes, keys } = SEAL;
/** One salt for all purposes of a group; the info tells them apart. */
const SALT = encoder.encode(keys.encryption.salt);
const CONTENT_SALT = encoder.encode(keys.content.salt);
const CONTENT_INFO = encoder.encode(keys.content.info);

/** A key of 32 bytes: HKDF-SHA256(salt "0k-sync-group-key-v1", group_secret 32, info `purpose`) (KEY-16, KEY-18, KEY-19). */
export function groupKey(groupSecret: Uint8Array, purpose: GroupKeyPurpose, crypto: CryptoProvider): Uint8Array {
  requireLength(groupSecret, sizes.group_secret, 'a group secret');
  return crypto.hkdfSha256(groupSecret, SALT, encoder.encode(purpose), sizes.key);
}

/**
 * The key of one piece of content, 32 bytes: HKDF-SHA256(salt "0k-sync-content-v1", group_secret 32, info blob_id 16 ‖
 * "content-encryption") (KEY-20).
 * @param blobId that of the Push which carries the ContentRef
 */
export function contentKey(groupSecret: Uint8Array, blobId: Uint8Array, crypto: CryptoProvider): Uint8Array {
  requireLength(groupSecret, sizes.group_secret, 'a group secret');
  requireLength(blobId, 16, 'a blob id');
  const info = new Uint8Array(16 + CONTENT_INFO.length);
  info.set(blobId);
  info.set(CONTENT_INFO, 16);
  return crypto.hkdfSha256(groupSecret, CONTENT_SALT, info, sizes.key);
}
