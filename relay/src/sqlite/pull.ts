import type { GroupRef, Page, Pending, PullRequest, Refused } from '../storage.ts';
import { sha256 } from './push.ts';
import { removeUnwanted, weight } from './removal.ts';
import { type Group, type Store, sameBytes, storable } from './store.ts';

// Live: neither expired, cleaned up or not, nor known to be damaged. The index is named because the planner, which has
// no statistics, might take the one by expiry and then read the whole group.
const LIVE = 'blobs INDEXED BY blobs_by_cursor WHERE group_no = ? AND cursor > ? AND expires_at > ? AND damaged = 0';

/** One page of live blobs above a cursor, ascending. */
export function pull(store: Store, request: PullRequest): Page | Refused {
  const group = store.group(request.group);
  if (!group) return { blobs: [], hasMore: false, maxCursor: request.after, damaged: [], deleted: [] };
  if (store.isRevoked(group, request.device)) return { refused: 'DEVICE_REVOKED' };
  if (request.epoch && sameBytes(request.epoch, group.epoch)) store.acknowledge(group, request.device, request.after);
  const deleted = removeUnwanted(store, group);
  let page = readPage(store, group, request);
  // A blob found damaged is no longer live, so the page is another one.
  while (!page) page = readPage(store, group, request);
  return { ...page, deleted };
}

interface BlobRow {
  blob_no: bigint;
  blob_id: Uint8Array;
  cursor: bigint;
  sender: Uint8Array;
  stored_at: bigint;
  digest: Uint8Array;
  payload: Uint8Array;
}

/** Returns nothing if a blob turned out to be damaged: it is marked, and the page has to be read again. */
function readPage(store: Store, group: Group, request: PullRequest): Omit<Page, 'deleted'> | undefined {
  const after = storable(request.after);
  const { last, hasMore } = extent(store, group, request, after);
  if (last === undefined) {
    return { blobs: [], hasMore: false, maxCursor: request.after, damaged: damagedAbove(store, group, after) };
  }
  const rows = store.db.all<BlobRow & { [column: string]: bigint | Uint8Array }>(
    `SELECT blob_no, blob_id, cursor, sender, stored_at, digest, payload FROM ${LIVE} AND cursor <= ? ORDER BY cursor`,
    group.no,
    after,
    store.now,
    last,
  );
  const damaged = rows.filter((row) => !sameBytes(sha256(row.payload), row.digest));
  if (damaged.length > 0) {
    store.write();
    for (const row of damaged) markDamaged(store, group, row.blob_no);
    return undefined;
  }
  return {
    blobs: rows.map((row) => ({
      blobId: row.blob_id,
      cursor: row.cursor,
      payload: row.payload,
      timestamp: Number(row.stored_at),
      sender: row.sender,
    })),
    hasMore,
    maxCursor: last,
    damaged: damagedAbove(store, group, after, hasMore ? last : undefined),
  };
}

/** How far the page reaches, found without reading payloads. */
function extent(store: Store, group: Group, request: PullRequest, after: bigint) {
  let last: bigint | undefined;
  let room = request.maxBytes;
  let count = 0;
  const rows = store.db.each<{ cursor: bigint; size: bigint }>(
    `SELECT cursor, size FROM ${LIVE} ORDER BY cursor`,
    group.no,
    after,
    store.now,
  );
  for (const { cursor, size } of rows) {
    room -= Number(size) + request.overhead;
    if (count === request.limit || (room < 0 && count > 0)) return { last, hasMore: true };
    last = cursor;
    count++;
  }
  return { last, hasMore: false };
}

function markDamaged(store: Store, group: Group, blobNo: bigint): void {
  const { size } = store.db.one<{ size: bigint }>('SELECT size FROM blobs WHERE blob_no = ?', blobNo)!;
  store.db.run('UPDATE blobs SET damaged = 1 WHERE blob_no = ?', blobNo);
  store.account(group.no, -1, -weight(Number(size)));
}

// So many that a frame with the largest blob still holds their list.
const MOST_DAMAGED = 4096;

function damagedAbove(store: Store, group: Group, after: bigint, through?: bigint): bigint[] {
  const rows = store.db.all<{ cursor: bigint }>(
    `SELECT cursor FROM blobs INDEXED BY blobs_damaged
     WHERE group_no = ? AND cursor > ? AND cursor <= ? AND damaged = 1 AND expires_at > ? ORDER BY cursor LIMIT ?`,
    group.no,
    after,
    through ?? storable(2n ** 64n),
    store.now,
    MOST_DAMAGED,
  );
  return rows.map((row) => row.cursor);
}

export function pending(store: Store, ref: GroupRef, device: Uint8Array, after: bigint): Pending {
  const group = store.group(ref);
  return group ? pendingIn(store, group, device, after) : { count: 0, newest: 0n };
}

export function pendingIn(store: Store, group: Group, device: Uint8Array, after: bigint): Pending {
  const row = store.db.one<{ count: bigint; newest: bigint | null }>(
    `SELECT count(*) AS count, max(cursor) AS newest FROM ${LIVE} AND sender <> ?`,
    group.no,
    storable(after),
    store.now,
    device,
  )!;
  return { count: Number(row.count), newest: row.newest ?? 0n };
}

/** The live blobs of a group by cursor, ascending, without their payloads. */
export function liveSenders(store: Store, group: Group): Iterable<{ cursor: bigint; sender: Uint8Array }> {
  return store.db.each<{ cursor: bigint; sender: Uint8Array }>(
    `SELECT cursor, sender FROM ${LIVE} ORDER BY cursor`,
    group.no,
    0n,
    store.now,
  );
}
