import { FIXED_LIMITS } from '@0k-sync/spec';
import type { DeleteRequest, GroupRef, Refused, Removal, Removals } from '../storage.ts';
import { idleGroups } from './idle-groups.ts';
import type { Group, Store, Walk } from './store.ts';

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

/** Removes blobs that are expired. */
export function expire(store: Store, due: readonly BlobRow[]): void {
  if (due.length === 0) return;
  store.write();
  const through = new Map<bigint, bigint>();
  for (const blob of due) {
    remove(store, blob, false, Number(blob.expires_at));
    if (blob.cursor > (through.get(blob.group_no) ?? 0n)) through.set(blob.group_no, blob.cursor);
  }
  for (const [group, cursor] of through) {
    store.db.run('UPDATE groups SET expired_through = max(expired_through, ?) WHERE group_no = ?', cursor, group);
  }
}

/** Removals in one turn: what is asked meanwhile waits for them. */
const CHUNK = 500;

/** Removes some of the expired blobs, if there are any; returns how many. */
export function expireSome(store: Store): number {
  const due = store.db.all<BlobRow & { [column: string]: bigint }>(
    `SELECT ${COLUMNS} FROM blobs INDEXED BY blobs_by_expiry WHERE expires_at <= ? LIMIT ?`,
    store.now,
    CHUNK,
  );
  expire(store, due);
  return due.length;
}

/** The same for one group. It may read the whole index of the group: for where `expireSome` leaves something over. */
export function expireSomeOf(store: Store, group: Group): number {
  const due = store.db.all<BlobRow & { [column: string]: bigint }>(
    `SELECT ${COLUMNS} FROM blobs INDEXED BY blobs_by_cursor WHERE group_no = ? AND expires_at <= ? LIMIT ?`,
    group.no,
    store.now,
    CHUNK,
  );
  expire(store, due);
  return due.length;
}

/** Whether expired blobs, of any group, have not been removed. */
export const isAnythingDue = (store: Store): boolean =>
  store.db.one('SELECT 1 FROM blobs INDEXED BY blobs_by_expiry WHERE expires_at <= ? LIMIT 1', store.now) !== undefined;

/**
 * Removes what is expired, forgets ids, and does what is to be done in each group: at most a chunk of each in a call, and the
 * next call goes on.
 * @returns groups that may be forgotten
 */
export function cleanUp(store: Store, walk: Walk): GroupRef[] {
  const removed = Math.max(forgetIds(store), expireSome(store));
  if (walk.done) Object.assign(walk, { after: 0n, done: false });
  const from = walk.after;
  const groups = store.db.all<{ group_no: bigint }>(
    'SELECT group_no FROM groups WHERE group_no > ? ORDER BY group_no LIMIT ?',
    from,
    CHUNK,
  );
  let room = CHUNK;
  for (const { group_no } of groups) {
    if (store.options.retention === 'acked') room -= dropAcknowledged(store, group_no, room);
    if (room === 0) break;
    walk.after = group_no;
  }
  walk.done = removed < CHUNK && room > 0 && groups.length < CHUNK;
  return idleGroups(store, from, walk.after);
}

function forgetIds(store: Store): number {
  const due = store.db.all<{ gone_no: bigint }>(
    'SELECT gone_no FROM gone WHERE forget_at <= ? LIMIT ?',
    store.now,
    CHUNK,
  );
  if (due.length > 0) store.write();
  for (const { gone_no } of due) store.db.run('DELETE FROM gone WHERE gone_no = ?', gone_no);
  return due.length;
}

// The sender counts as having its own blobs, so the device furthest behind decides for those of others, and the next one
// for its own.
const ACKNOWLEDGED_BY_ALL = 'cursor <= ? AND (cursor <= ? OR sender = ?)';

/** The values of ACKNOWLEDGED_BY_ALL for a group. */
function acknowledgedByAll(store: Store, group: bigint, most: bigint): [bigint, bigint, Uint8Array] {
  store.writeTold(group);
  const [last, next] = store.db.all<{ device_id: Uint8Array; acknowledged: bigint }>(
    'SELECT device_id, acknowledged FROM devices WHERE group_no = ? AND revoked = 0 ORDER BY acknowledged LIMIT 2',
    group,
  );
  return [next?.acknowledged ?? most, last?.acknowledged ?? most, last?.device_id ?? new Uint8Array()];
}

/** With `retention = "acked"`: drops blobs of a proven group that all of its devices, at least two, have acknowledged. */
function dropAcknowledged(store: Store, group: bigint, most: number): number {
  const { max_cursor, several } = store.db.one<{ max_cursor: bigint; several: bigint }>(
    `SELECT max_cursor, proven = 1 AND
       (SELECT count(*) FROM devices WHERE devices.group_no = groups.group_no AND revoked = 0) >= 2 AS several
     FROM groups WHERE group_no = ?`,
    group,
  )!;
  if (several === 0n) return 0;
  const dropped = store.db.all<BlobRow & { [column: string]: bigint }>(
    `SELECT ${COLUMNS} FROM blobs INDEXED BY blobs_by_cursor
     WHERE group_no = ? AND ${ACKNOWLEDGED_BY_ALL} AND damaged = 0 AND expires_at > ? ORDER BY cursor LIMIT ?`,
    group,
    ...acknowledgedByAll(store, group, max_cursor),
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

/** Removes the blobs whose deletion was waiting for an acknowledgement that has come; the next call goes on if they are many. */
export function removeUnwanted(store: Store, group: Group): Removal[] {
  if (store.failing) return [];
  const waiting = store.db.one('SELECT 1 FROM blobs WHERE group_no = ? AND unwanted = 1 LIMIT 1', group.no);
  if (!waiting) return [];
  const ready = store.db.all<BlobRow & { blob_id: Uint8Array; sender: Uint8Array }>(
    `SELECT ${COLUMNS}, blob_id, sender FROM blobs INDEXED BY blobs_unwanted
     WHERE group_no = ? AND unwanted = 1 AND ${ACKNOWLEDGED_BY_ALL} AND expires_at > ? LIMIT ?`,
    group.no,
    ...acknowledgedByAll(store, group.no, group.maxCursor),
    store.now,
    CHUNK,
  );
  if (ready.length > 0) store.write();
  return ready.map((blob) => {
    remove(store, blob, true, store.now);
    return { blobId: blob.blob_id, cursor: blob.cursor, by: blob.sender };
  });
}
