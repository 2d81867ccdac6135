import { FIXED_LIMITS } from '@0k-sync/spec';
import type { DeleteRequest, Refused, Removal, Removals } from '../storage.ts';
import { type Group, type Store, sameBytes } from './store.ts';

// A removed blob leaves its id, cursor and digest behind for max_ttl, so that a repeated Push stays idempotent.
const REMEMBER = `INSERT OR REPLACE INTO gone (group_no, blob_id, cursor, digest, stored_at, deleted, forget_at)
  SELECT group_no, blob_id, cursor, digest, stored_at, ?, ? FROM blobs WHERE blob_no = ?`;

interface BlobRow {
  blob_no: bigint;
  group_no: bigint;
  cursor: bigint;
  size: bigint;
  damaged: bigint;
  expires_at: bigint;
}

const COLUMNS = 'blob_no, group_no, cursor, size, damaged, expires_at';

/** What a blob counts for in the quotas. */
export const weight = (size: number): number => size + FIXED_LIMITS.blob_overhead;

/** Takes one blob out of the buffer; `goneAt` in Unix seconds. */
function remove(store: Store, blob: BlobRow, deleted: boolean, goneAt: number): void {
  store.db.run(REMEMBER, Number(deleted), goneAt + store.options.maxTtl, blob.blob_no);
  forget(store, blob);
}

/** Takes one blob out of the buffer and keeps no record of it. */
export function forget(store: Store, blob: Pick<BlobRow, 'blob_no' | 'group_no' | 'size' | 'damaged'>): void {
  store.db.run('DELETE FROM blobs WHERE blob_no = ?', blob.blob_no);
  if (blob.damaged === 0n) store.account(blob.group_no, -1, -weight(Number(blob.size)));
}

/** Removes up to `most` expired blobs of a group; returns how many. */
export function expire(store: Store, group: bigint, most: number): number {
  const due = store.db.all<BlobRow & { [column: string]: bigint }>(
    `SELECT ${COLUMNS} FROM blobs WHERE group_no = ? AND expires_at <= ? LIMIT ?`,
    group,
    store.now,
    most,
  );
  if (due.length === 0) return 0;
  store.write();
  let through = 0n;
  for (const blob of due) {
    remove(store, blob, false, Number(blob.expires_at));
    if (blob.cursor > through) through = blob.cursor;
  }
  store.db.run('UPDATE groups SET expired_through = max(expired_through, ?) WHERE group_no = ?', through, group);
  return due.length;
}

const CHUNK = 500;

/** Removes what is expired in all groups, at most one chunk in each call; `after` is where the next call goes on. */
export function cleanUp(store: Store, after: bigint): { done: boolean; after: bigint } {
  let room = forgetIds(store);
  const groups = store.db.all<{ group_no: bigint }>(
    'SELECT group_no FROM groups WHERE group_no > ? ORDER BY group_no LIMIT ?',
    after,
    CHUNK,
  );
  for (const { group_no } of groups) {
    room -= expire(store, group_no, room) + dropAcknowledged(store, group_no, room);
    if (room <= 0) return { done: false, after };
    after = group_no;
  }
  return { done: groups.length < CHUNK, after: groups.length < CHUNK ? 0n : after };
}

function forgetIds(store: Store): number {
  const due = store.db.all<{ gone_no: bigint }>(
    'SELECT gone_no FROM gone WHERE forget_at <= ? LIMIT ?',
    store.now,
    CHUNK,
  );
  if (due.length > 0) store.write();
  for (const { gone_no } of due) store.db.run('DELETE FROM gone WHERE gone_no = ?', gone_no);
  return Math.max(1, CHUNK - due.length);
}

// The sender counts as having its own blobs.
const ACKNOWLEDGED_BY_ALL = `NOT EXISTS (
  SELECT 1 FROM devices WHERE devices.group_no = blobs.group_no AND revoked = 0
    AND device_id <> blobs.sender AND acknowledged < blobs.cursor)`;

/** With `retention = "acked"`: drops blobs of a proven group that all of its devices, at least two, have acknowledged. */
function dropAcknowledged(store: Store, group: bigint, most: number): number {
  if (store.options.retention !== 'acked' || most <= 0) return 0;
  if (store.hasAcknowledgements) {
    store.write();
    store.writeAcknowledgements();
  }
  const dropped = store.db.all<BlobRow & { [column: string]: bigint }>(
    `SELECT ${COLUMNS} FROM blobs WHERE group_no = ? AND damaged = 0 AND expires_at > ? AND ${ACKNOWLEDGED_BY_ALL}
       AND (SELECT proven FROM groups WHERE groups.group_no = blobs.group_no) = 1
       AND (SELECT count(*) FROM devices WHERE devices.group_no = blobs.group_no AND revoked = 0) >= 2
     ORDER BY cursor LIMIT ?`,
    group,
    store.now,
    most,
  );
  if (dropped.length > 0) store.write();
  for (const blob of dropped) remove(store, blob, false, store.now);
  return dropped.length;
}

/** Delete: at once with `force`, else when every other device has acknowledged the blob. */
export function deleteBlob(store: Store, request: DeleteRequest): Removals | Refused {
  const group = store.group(request.group);
  const blob =
    group &&
    store.db.one<BlobRow & { sender: Uint8Array }>(
      `SELECT ${COLUMNS}, sender FROM blobs WHERE group_no = ? AND blob_id = ? AND expires_at > ?`,
      group.no,
      request.blobId,
      store.now,
    );
  if (!blob) {
    const gone =
      group &&
      store.db.one<{ deleted: bigint }>(
        'SELECT deleted FROM gone WHERE group_no = ? AND blob_id = ? AND forget_at > ?',
        group.no,
        request.blobId,
        store.now,
      );
    return gone?.deleted === 1n ? { deleted: [] } : { refused: 'BLOB_NOT_FOUND' };
  }
  if (Buffer.compare(blob.sender, request.device) !== 0) return { refused: 'NOT_BLOB_OWNER' };
  store.write();
  if (request.force) {
    remove(store, blob, true, store.now);
    return { deleted: [{ blobId: request.blobId, cursor: blob.cursor, by: request.device }] };
  }
  store.db.run('UPDATE blobs SET unwanted = 1 WHERE blob_no = ?', blob.blob_no);
  return { deleted: removeUnwanted(store, group!) };
}

/** Removes the blobs whose deletion was waiting for an acknowledgement that has come. */
export function removeUnwanted(store: Store, group: Group): Removal[] {
  const waiting = store.db.one('SELECT 1 FROM blobs WHERE group_no = ? AND unwanted = 1 LIMIT 1', group.no);
  if (!waiting) return [];
  if (store.hasAcknowledgements) {
    store.write();
    store.writeAcknowledgements();
  }
  // The sender counts as having its own blobs, so for each blob the lowest acknowledgement of the others decides: that of
  // the device furthest behind, or of the second where the first is the sender.
  const behind = store.db.all<{ device_id: Uint8Array; acknowledged: bigint }>(
    'SELECT device_id, acknowledged FROM devices WHERE group_no = ? AND revoked = 0 ORDER BY acknowledged LIMIT 2',
    group.no,
  );
  const ready = store.db
    .all<BlobRow & { blob_id: Uint8Array; sender: Uint8Array }>(
      `SELECT ${COLUMNS}, blob_id, sender FROM blobs INDEXED BY blobs_unwanted
       WHERE group_no = ? AND unwanted = 1 AND cursor <= ? AND expires_at > ?`,
      group.no,
      behind.at(-1)?.acknowledged ?? group.maxCursor,
      store.now,
    )
    .filter(({ sender, cursor }) =>
      behind.every(({ device_id, acknowledged }) => acknowledged >= cursor || sameBytes(device_id, sender)),
    );
  if (ready.length > 0) store.write();
  return ready.map((blob) => {
    remove(store, blob, true, store.now);
    return { blobId: blob.blob_id, cursor: blob.cursor, by: blob.sender };
  });
}
