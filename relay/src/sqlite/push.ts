import { hash } from 'node:crypto';
import type { PushRequest, Refused, Stored } from '../storage.ts';
import { expire, expireSome, expireSomeOf, forget, weight } from './removal.ts';
import { type Group, type Store, sameBytes } from './store.ts';

export const sha256 = (payload: Uint8Array): Uint8Array => new Uint8Array(hash('sha256', payload, 'buffer'));

interface KnownRow {
  cursor: bigint;
  digest: Uint8Array;
  stored_at: bigint;
}

interface LiveRow extends KnownRow {
  blob_no: bigint;
  group_no: bigint;
  size: bigint;
  damaged: bigint;
  expires_at: bigint;
}

/** Stores a blob under the next cursor of its group, unless its id is known. */
export function push(store: Store, request: PushRequest): Stored | Refused {
  const { blobId, payload, sender } = request;
  const digest = sha256(payload);
  let group = store.group(request.group);
  let damaged: LiveRow | undefined;

  if (group) {
    if (store.isRevoked(group, sender)) return { refused: 'DEVICE_REVOKED' };
    const known = find(store, group, blobId);
    if (known && 'damaged' in known && known.damaged !== 0n && Number(known.expires_at) > store.now) damaged = known;
    const same =
      !known || sameBytes(known.digest, digest) || (damaged && sameBytes(storedPayload(store, damaged), payload));
    if (!same) return { refused: 'BLOB_CONFLICT' };
    if (known && !damaged) return { cursor: known.cursor, timestamp: Number(known.stored_at), digest, fresh: false };
  }
  if (!hasRoom(store, group, weight(payload.byteLength))) return { refused: 'QUOTA_EXCEEDED' };

  store.write();
  group ??= store.beginGroup(request.group, request.connected);
  if (damaged) forget(store, damaged);
  const cursor = group.maxCursor + 1n;
  const ttl = Math.min(request.ttl || store.options.defaultTtl, store.options.maxTtl);
  store.db.run(
    `INSERT INTO blobs (group_no, blob_id, cursor, sender, stored_at, expires_at, digest, size, payload)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    group.no,
    blobId,
    cursor,
    sender,
    store.now,
    store.now + ttl,
    digest,
    payload.byteLength,
    payload,
  );
  store.account(group.no, 1, weight(payload.byteLength), cursor);
  return { cursor, timestamp: store.now, digest, fresh: true };
}

/** What lies there of a damaged blob: if these are the bytes that are pushed, it is the record of their digest that is wrong. */
function storedPayload(store: Store, { blob_no }: LiveRow): Uint8Array {
  return store.db.one<{ payload: Uint8Array }>('SELECT payload FROM blobs WHERE blob_no = ?', blob_no)!.payload;
}

function find(store: Store, group: Group, blobId: Uint8Array): LiveRow | KnownRow | undefined {
  const live = store.db.one<LiveRow & { [column: string]: bigint | Uint8Array }>(
    `SELECT blob_no, group_no, cursor, digest, stored_at, size, damaged, expires_at FROM blobs
     WHERE group_no = ? AND blob_id = ?`,
    group.no,
    blobId,
  );
  if (live && Number(live.expires_at) + store.options.maxTtl > store.now) return live;
  // Expired so long ago that even its id is to be forgotten: clean-up only has not come by.
  if (live) expire(store, [live]);
  return store.db.one<KnownRow & { [column: string]: bigint | Uint8Array }>(
    'SELECT cursor, digest, stored_at FROM gone WHERE group_no = ? AND blob_id = ? AND forget_at > ?',
    group.no,
    blobId,
    store.now,
  );
}

/** Exactly full is allowed. Expired blobs do not count: before refusing, as many are removed as it takes. */
function hasRoom(store: Store, group: Group | undefined, bytes: number): boolean {
  const { maxGroupStorage, maxTotalStorage } = store.options;
  if (bytes > maxGroupStorage || bytes > maxTotalStorage) return false;
  while (store.bytes + bytes > maxTotalStorage) if (expireSome(store) === 0) return false;
  // What is due is mostly little, whichever groups it is in. Only where there is more, this group is searched for it.
  let expireMore: (store: Store, group: Group) => number = expireSome;
  for (let used = group?.bytes ?? 0; group && used + bytes > maxGroupStorage; expireMore = expireSomeOf) {
    if (expireMore(store, group) === 0) return false;
    const row = store.db.one<{ bytes: bigint }>('SELECT bytes FROM groups WHERE group_no = ?', group.no)!;
    used = Number(row.bytes);
  }
  return true;
}
