/** Ids of devices, groups and blobs, their texts, and proofs of membership. */
import { isCanonical, type Subject, subject } from './subject.ts';

interface Text {
  text: string;
  length: number;
  bytes?: string;
}

interface Proof {
  group_id: string;
  device_id: string;
  key: string;
  signature: string;
  group_secret?: string;
}

export const ID_SUBJECTS: readonly Subject[] = [
  subject<Text>({ op: 'read-id', file: 'ids', group: 'Base64url' }, ({ text, length, bytes }) => ({
    input: { text, length },
    ok: { bytes },
  })),
  subject<Text>(
    { op: 'write-id', file: 'ids', group: 'Base64url' },
    ({ text, bytes }) => ({ input: { bytes }, ok: { text } }),
    isCanonical,
  ),
  subject<Text>({ op: 'read-blob-id', file: 'ids', group: 'BlobId' }, ({ text, bytes }) => ({
    input: { text },
    ok: { bytes },
  })),
  subject<Text>(
    { op: 'write-blob-id', file: 'ids', group: 'BlobId' },
    ({ text, bytes }) => ({ input: { bytes }, ok: { text } }),
    isCanonical,
  ),
  subject<{ dhPublic: string; kemPublic: string; id: string }>(
    { op: 'device-id', file: 'ids', group: 'DeviceId' },
    ({ dhPublic, kemPublic, id }) => ({ input: { dh_public: dhPublic, kem_public: kemPublic }, ok: { id } }),
  ),
  subject<{ dhSecret: string; dhPublic: string; kemSeed: string; kemPublic: string; deviceId: string }>(
    { op: 'identity', file: 'noise', group: 'Identity' },
    ({ dhSecret, kemSeed, dhPublic, kemPublic, deviceId }) => ({
      input: { dh_secret: dhSecret, kem_seed: kemSeed },
      ok: { dh_public: dhPublic, kem_public: kemPublic, device_id: deviceId },
    }),
  ),
  subject<{ groupKey: string; id: string }>(
    { op: 'group-id', file: 'ids', group: 'GroupIdV2' },
    ({ groupKey, id }) => ({ input: { group_key: groupKey }, ok: { id } }),
  ),
  subject<{ groupSecret: string; id: string }>(
    { op: 'group-id-v1', file: 'ids', group: 'GroupIdV1' },
    ({ groupSecret, id }) => ({ input: { group_secret: groupSecret }, ok: { id } }),
  ),
  subject<Proof>(
    { op: 'prove', file: 'membership', group: 'Proof' },
    ({ group_secret, group_id, device_id, key, signature }) => ({
      input: { group_secret, device_id },
      ok: { group_id, key, signature },
    }),
    ({ group_secret }) => group_secret !== undefined,
  ),
  subject<Proof>(
    { op: 'verify-proof', file: 'membership', group: 'Proof' },
    ({ group_id, device_id, key, signature }) => ({ input: { group_id, device_id, key, signature } }),
  ),
];
