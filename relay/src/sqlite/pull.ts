import type { GroupRef, Page, Pending, PullRequest, Refused } from '../storage.ts';
import { sha256 } from './push.ts';
import { removeUnwanted, weight } from './removal.ts';
import { type Group, type Store, sameBytes, storable } from './store.ts';

// The index is named because the planner, which has no statistics, might take the one by expiry and then read the whole
// group. It has all columns but those of a page.
const UNEXPIRED = 'blobs INDEXED BY blobs_by_cursor WHERE group_no = ? AND cursor > ? AND expires_at > ?';
// Live: neither expired, cleaned up or not, nor known to be damaged.
const LIVE = `${UNEXPIRED} AND damaged = 0`;

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

type BlobTuple = [
  cursor: bigint,
  blobId: Uint8Array,
  sender: Uint8Array,
  storedAt: bigint,
  digest: Uint8Array,
  payload: Uint8Array,
];

/** Returns nothing if a blob turned out to be damaged: it is marked, and the page has to be read again. */
function readPage(store: Store, group: Group, request: PullRequest): Omit<Page, 'deleted'> | undefined {
  const after = storable(request.after);
  const { last, hasMore, damaged } = extent(store, group, request, after);
  if (last === undefined) return { blobs: [], hasMore, maxCursor: request.after, damaged };
  const rows = store.db.tuples<BlobTuple>(
    `SELECT cursor, blob_id, sender, stored_at, digest, payload FROM ${LIVE} AND cursor <= ? ORDER BY cursor`,
    group.no,
    after,
    store.now,
    last,
  );
  const blobs: Page['blobs'] = [];
  for (const [cursor, blobId, sender, storedAt, digest, payload] of rows) {
    if (sameBytes(sha256(payload), digest)) {
      blobs.push({ blobId, cursor, payload, timestamp: Number(storedAt), sender });
    } else markDamaged(store, group, cursor);
  }
  return blobs.length === rows.length ? { blobs, hasMore, maxCursor: last, damaged } : undefined;
}

/** The caller keeps room for so many damaged cursors in a page beside `maxBytes`; further ones take from it. */
const RESERVED_CURSORS = 4096;
const BYTES_OF_CURSOR = 9;

/** How far the page reaches, and which damaged blobs it lists, found in the index alone. */
function extent(store: Store, group: Group, request: PullRequest, after: bigint) {
  const rows = store.db.eachTuple<[cursor: bigint, size: bigint, damaged: bigint]>(
    `SELECT cursor, size, damaged FROM ${UNEXPIRED} ORDER BY cursor`,
    group.no,
    after,
    store.now,
  );
  let last: bigint | undefined;
  let hasMore = false;
  let bytes = 0;
  let count = 0;
  let damaged: bigint[] = [];
  for (const [cursor, size, isDamaged] of rows) {
    if (isDamaged !== 0n) {
      damaged.push(cursor);
      continue;
    }
    bytes += Number(size) + request.overhead;
    const listed = Math.max(0, damaged.length - RESERVED_CURSORS) * BYTES_OF_CURSOR;
    if (count === request.limit || (count > 0 && bytes + listed > request.maxBytes)) {
      bytes -= Number(size) + request.overhead;
      hasMore = true;
      damaged = damaged.filter((cursor) => cursor < last!);
      break;
    }
    last = cursor;
    count++;
  }
  // More than a frame holds: the lowest come first, and the rest when those have been pushed again.
  const room = Math.max(0, Math.floor((request.maxBytes - bytes) / BYTES_OF_CURSOR));
  return { last, hasMore, damaged: damaged.slice(0, RESERVED_CURSORS + room) };
}

function markDamaged(store: Store, group: Group, cursor: bigint): void {
  store.write();
  const { size } = store.db.one<{ size: bigint }>(
    'UPDATE blobs SET damaged = 1 WHERE group_no = ? AND cursor = ? RETURNING size',
    group.no,
    cursor,
  )!;
  store.account(group.no, -1, -weight(Number(size)));
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

/** How many live blobs of each device there are above one cursor and up to another. */
export function countBySender(
  store: Store,
  group: Group,
  after: bigint,
  through: bigint,
): [sender: Uint8Array, count: bigint][] {
  return store.db.tuples(
    `SELECT sender, count(*) FROM ${LIVE} AND cursor <= ? GROUP BY sender`,
    group.no,
    after,
    store.now,
    through,
  );
}
