import { FIXED_LIMITS } from '@0k-sync/spec';
import type { HelloFigures, HelloRequest, Refused } from '../storage.ts';
import { pendingIn } from './pull.ts';
import { isAnythingDue, removeUnwanted } from './removal.ts';
import { type Group, type Store, sameBytes, storable } from './store.ts';

/** Admits a device to a group. A group without state gets none by it. */
export function hello(store: Store, request: HelloRequest): HelloFigures | Refused {
  const group = store.group(request.group);
  if (!group) return helloWithoutState(store, request);
  if (group.closed) return { refused: 'UNKNOWN_GROUP' };

  const device = store.db.one<{ revoked: bigint }>(
    'SELECT revoked FROM devices WHERE group_no = ? AND device_id = ?',
    group.no,
    request.device,
  );
  if (device ? device.revoked !== 0n : group.frozen) return { refused: 'DEVICE_REVOKED' };
  if (!device && !makeRoom(store, group)) return { refused: 'UNAUTHORIZED' };

  if (foundOut(store, group, request)) store.newEpoch(group);
  const acknowledges = namesEpoch(request, group.epoch);
  if (device) store.greet(group, request.device, { name: request.name, seen: store.now });
  else {
    store.write();
    store.recordDevice(group, { id: request.device, name: request.name, seen: store.now });
  }
  if (acknowledges) store.acknowledge(group, request.device, request.lastCursor);

  const expired = expiredIn(store, group);
  return {
    begun: true,
    epoch: group.epoch,
    maxCursor: group.maxCursor,
    pending: pendingIn(store, group, request.device, request.lastCursor),
    expiredThrough: expired.through,
    usedBytes: group.bytes - expired.bytes,
    acknowledges,
    deleted: acknowledges ? removeUnwanted(store, group) : [],
  };
}

/** The highest cursor that expired, and what expired blobs that have not been removed still count for. */
function expiredIn(store: Store, group: Group): { through: bigint; bytes: number } {
  if (!isAnythingDue(store)) return { through: group.expiredThrough, bytes: 0 };
  return store.db.one<{ through: bigint; bytes: number }>(
    `SELECT max(?, ifnull(max(cursor), 0)) AS through,
       total(CASE damaged WHEN 0 THEN size + ${FIXED_LIMITS.blob_overhead} END) AS bytes
     FROM blobs INDEXED BY blobs_by_cursor WHERE group_no = ? AND expires_at <= ?`,
    group.expiredThrough,
    group.no,
    store.now,
  )!;
}

function helloWithoutState(store: Store, request: HelloRequest): HelloFigures {
  const epoch = store.epochBeforeState(request.group);
  return {
    begun: false,
    epoch,
    maxCursor: 0n,
    pending: { count: 0, newest: 0n },
    expiredThrough: 0n,
    usedBytes: 0,
    acknowledges: namesEpoch(request, epoch),
    deleted: [],
  };
}

/** Room for one more device: a full proven group refuses it, in an open one the longest unseen gives way. */
function makeRoom(store: Store, group: Group): boolean {
  const { count } = store.db.one<{ count: bigint }>(
    'SELECT count(*) AS count FROM devices WHERE group_no = ? AND revoked = 0',
    group.no,
  )!;
  if (Number(count) < store.options.maxDevices) return true;
  if (group.proven) return false;
  store.writeTold(group.no);
  store.write();
  store.db.run(
    `DELETE FROM devices WHERE group_no = ?1 AND device_id =
       (SELECT device_id FROM devices WHERE group_no = ?1 AND revoked = 0 ORDER BY last_seen, device_id LIMIT 1)`,
    group.no,
  );
  return true;
}

/** Whether the client remembers, in the current epoch, what this relay does not: it was restored from a backup. */
function foundOut(store: Store, group: Group, request: HelloRequest): boolean {
  if (!request.epoch || !sameBytes(request.epoch, group.epoch)) return false;
  if (request.lastCursor > group.maxCursor) return true;
  if (!request.lastBlob) return false;
  const cursor = storable(request.lastCursor);
  const record = store.db.one<{ blob_id: Uint8Array }>(
    `SELECT blob_id FROM blobs WHERE group_no = ?1 AND cursor = ?2
     UNION ALL SELECT blob_id FROM gone WHERE group_no = ?1 AND cursor = ?2 AND forget_at > ?3`,
    group.no,
    cursor,
    store.now,
  );
  return record !== undefined && !sameBytes(record.blob_id, request.lastBlob);
}

function namesEpoch(request: HelloRequest, epoch: Uint8Array): boolean {
  if (!request.epoch) return request.lastCursor === 0n;
  return sameBytes(request.epoch, epoch) && (request.lastCursor === 0n || request.lastBlob !== undefined);
}
