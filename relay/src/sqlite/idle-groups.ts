import type { GroupRef } from '../storage.ts';
import type { Store } from './store.ts';

/** Without a Hello for so many seconds, 90 days, a group may be forgotten. */
const FORGET_AFTER = 90 * 24 * 60 * 60;

// Also none that the operator closed, and none whose ids of gone blobs are still to be known.
const IDLE = `bytes = 0 AND revocations = 0 AND frozen = 0 AND closed = 0
  AND NOT EXISTS (SELECT 1 FROM blobs WHERE blobs.group_no = groups.group_no)
  AND NOT EXISTS (SELECT 1 FROM gone WHERE gone.group_no = groups.group_no)
  AND (SELECT max(last_seen) FROM devices WHERE devices.group_no = groups.group_no) <= ?`;

interface GroupRow {
  group_id: Uint8Array;
  proven: bigint;
}

/** Of the groups with these numbers those that may be forgotten, if nobody is connected to them. */
export function idleGroups(store: Store, after: bigint, through: bigint): GroupRef[] {
  return store.db
    .all<GroupRow & { [column: string]: bigint | Uint8Array }>(
      `SELECT group_id, proven FROM groups WHERE group_no > ? AND group_no <= ? AND ${IDLE}`,
      after,
      through,
      store.now - FORGET_AFTER,
    )
    .map(({ group_id, proven }) => ({ id: group_id, proven: proven === 1n }));
}

/** Forgets groups, unless they have come to life since they were found idle. */
export function forgetGroups(store: Store, groups: readonly GroupRef[]): void {
  for (const ref of groups) {
    const group = store.group(ref);
    if (!group) continue;
    store.write();
    store.writeTold(group.no);
    const gone = store.db.run(`DELETE FROM groups WHERE group_no = ? AND ${IDLE}`, group.no, store.now - FORGET_AFTER);
    if (gone === 0) continue;
    store.db.run('DELETE FROM devices WHERE group_no = ?', group.no);
    store.changeEpochsBeforeState();
  }
}
