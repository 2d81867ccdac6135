import { FIXED_LIMITS } from '@0k-sync/spec';
import type { DeviceRecord, GroupRef, Refused, Revocation, RevokeRequest, TokenRequest } from '../storage.ts';
import { countBySender } from './pull.ts';
import { removeUnwanted } from './removal.ts';
import type { Group, Store } from './store.ts';

const COMPROMISED = 2;

/** Refuses a device from now on, known or not. Repeating it changes no more than the first time would have. */
export function revoke(store: Store, request: RevokeRequest): Revocation | Refused {
  const existing = store.group(request.group);
  const fresh = !existing || !store.isRevoked(existing, request.device);
  if (fresh && existing && existing.revocations >= FIXED_LIMITS.max_revoked_ids) return { refused: 'QUOTA_EXCEEDED' };
  store.write();
  const group = existing ?? store.beginGroup(request.group, request.connected);
  store.db.run(
    `INSERT INTO devices (group_no, device_id, name, last_seen, revoked) VALUES (?, ?, '', 0, 1)
     ON CONFLICT DO UPDATE SET revoked = 1`,
    group.no,
    request.device,
  );
  if (fresh) store.db.run('UPDATE groups SET revocations = revocations + 1 WHERE group_no = ?', group.no);
  if (request.clear) {
    store.db.run(
      `UPDATE devices SET name = '', last_seen = 0, acknowledged = 0, token = NULL, platform = NULL, app_id = NULL
       WHERE group_no = ? AND device_id = ?`,
      group.no,
      request.device,
    );
  }
  if (request.reason === COMPROMISED) store.db.run('UPDATE groups SET frozen = 1 WHERE group_no = ?', group.no);
  return { fresh, timestamp: store.now, deleted: removeUnwanted(store, group) };
}

export function devices(store: Store, ref: GroupRef): DeviceRecord[] {
  const group = store.group(ref);
  if (!group) return [];
  store.writeTold(group.no);
  const rows = store.db.all<DeviceRow>(
    'SELECT device_id, name, last_seen, acknowledged, revoked FROM devices WHERE group_no = ? ORDER BY device_id',
    group.no,
  );
  const pending = pendingOf(store, group, rows);
  return rows.map((row) => ({
    id: row.device_id,
    name: row.revoked === 0n ? row.name : '',
    lastSeen: Number(row.last_seen),
    pending: row.revoked === 0n ? pending.get(row)! : 0,
    revoked: row.revoked !== 0n,
  }));
}

interface DeviceRow {
  device_id: Uint8Array;
  name: string;
  last_seen: bigint;
  acknowledged: bigint;
  revoked: bigint;
}

/** For each device the live blobs of others above what it acknowledged, after reading the group's cursors once. */
function pendingOf(store: Store, group: Group, rows: readonly DeviceRow[]): Map<DeviceRow, number> {
  const key = (device: Uint8Array) => Buffer.from(device).toString('latin1');
  const pending = new Map<DeviceRow, number>();
  // From the newest cursor down, as far as each device: what it has not acknowledged yet has then been counted.
  let down = group.maxCursor;
  let all = 0;
  const own = new Map<string, number>();
  for (const row of [...rows].sort((a, b) => Number(b.acknowledged - a.acknowledged))) {
    if (row.acknowledged < down) {
      for (const [sender, count] of countBySender(store, group, row.acknowledged, down)) {
        all += Number(count);
        own.set(key(sender), (own.get(key(sender)) ?? 0) + Number(count));
      }
      down = row.acknowledged;
    }
    pending.set(row, all - (own.get(key(row.device_id)) ?? 0));
  }
  return pending;
}

export function setToken(store: Store, request: TokenRequest): undefined {
  let group = store.group(request.group);
  if (!group && !request.token) return undefined;
  store.write();
  group ??= store.beginGroup(request.group, request.connected);
  store.db.run(
    'UPDATE devices SET token = ?, platform = ?, app_id = ? WHERE group_no = ? AND device_id = ?',
    request.token?.text ?? null,
    request.token?.platform ?? null,
    request.token?.appId ?? null,
    group.no,
    request.device,
  );
  return undefined;
}
