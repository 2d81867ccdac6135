import { createHmac, randomBytes } from 'node:crypto';
import type { ConnectedDevice, GroupRef, Refused } from '../storage.ts';
import { type Database, openDatabase } from './database.ts';

/** What the worker is started with; plain data, since it crosses a thread. */
export interface StoreOptions {
  path: string;
  maxGroupStorage: number;
  maxTotalStorage: number;
  /** Seconds. */
  defaultTtl: number;
  maxTtl: number;
  maxDevices: number;
  retention: 'ttl' | 'acked';
}

export interface Group {
  no: bigint;
  proven: boolean;
  epoch: Uint8Array;
  maxCursor: bigint;
  expiredThrough: bigint;
  bytes: number;
  frozen: boolean;
  closed: boolean;
  /** How many revoked ids it keeps. */
  revocations: number;
}

interface GroupRow {
  group_no: bigint;
  epoch: Uint8Array;
  max_cursor: bigint;
  expired_through: bigint;
  bytes: bigint;
  frozen: bigint;
  closed: bigint;
  revocations: bigint;
}

const LARGEST_INTEGER = 2n ** 63n - 1n;

/** A cursor of the wire, u64, as SQLite can hold it: no cursor that large is ever assigned. */
export const storable = (cursor: bigint): bigint => (cursor > LARGEST_INTEGER ? LARGEST_INTEGER : cursor);

export const sameBytes = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

/** The database with what all operations share: one transaction, the time, kept totals, acknowledgements to be written. */
export class Store {
  readonly db: Database;
  readonly options: StoreOptions;
  /** Unix seconds; never falls. */
  now = 0;
  bytes = 0;
  blobs = 0;
  writing = false;
  /** When all groups were last swept for room, Unix seconds. */
  sweptAt = 0;
  /** Acknowledgements wait here for the next transaction: a Pull need not pay for a commit. */
  #acknowledged = new Map<string, { group: bigint; device: Uint8Array; cursor: bigint }>();
  #epochSecret = randomBytes(32);
  /** The totals as the last commit left them: a rollback goes back to them without asking a disk that may be failing. */
  #committed = { bytes: 0, blobs: 0 };

  constructor(options: StoreOptions) {
    this.options = options;
    this.db = openDatabase(options.path);
    this.#readTotals();
  }

  #readTotals(): void {
    const row = this.db.one<Record<string, bigint>>('SELECT bytes, blobs, newest_time FROM relay')!;
    this.bytes = Number(row.bytes);
    this.blobs = Number(row.blobs);
    this.#committed = { bytes: this.bytes, blobs: this.blobs };
    this.now = Math.max(this.now, Number(row.newest_time));
  }

  /** Opens the transaction of this batch if none is open. Every operation calls it before it writes. */
  write(): void {
    if (this.writing) return;
    this.db.begin();
    this.writing = true;
  }

  commit(): void {
    this.writeAcknowledgements();
    this.db.run('UPDATE relay SET bytes = ?, blobs = ?, newest_time = ?', this.bytes, this.blobs, this.now);
    this.db.commit();
    this.writing = false;
    this.#committed = { bytes: this.bytes, blobs: this.blobs };
    this.#acknowledged.clear();
  }

  rollback(): void {
    const { bytes, blobs } = this.#committed;
    this.writing = false;
    this.bytes = bytes;
    this.blobs = blobs;
    this.db.rollback();
  }

  close(): void {
    if (this.#acknowledged.size > 0) {
      this.write();
      this.commit();
    }
    this.db.close();
  }

  acknowledge(group: Group, device: Uint8Array, cursor: bigint): void {
    if (cursor <= 0n || cursor > group.maxCursor) return;
    const key = `${group.no}/${Buffer.from(device).toString('latin1')}`;
    const known = this.#acknowledged.get(key);
    if (!known || known.cursor < cursor) this.#acknowledged.set(key, { group: group.no, device, cursor });
  }

  get hasAcknowledgements(): boolean {
    return this.#acknowledged.size > 0;
  }

  /** Makes the waiting acknowledgements visible to SQL; they stay in memory until the commit. */
  writeAcknowledgements(): void {
    for (const { group, device, cursor } of this.#acknowledged.values()) {
      this.db.run(
        'UPDATE devices SET acknowledged = ? WHERE group_no = ? AND device_id = ? AND acknowledged < ? AND revoked = 0',
        cursor,
        group,
        device,
        cursor,
      );
    }
  }

  group(ref: GroupRef): Group | undefined {
    const row = this.db.one<GroupRow>(
      `SELECT group_no, epoch, max_cursor, expired_through, bytes, frozen, closed, revocations FROM groups
       WHERE group_id = ? AND proven = ?`,
      ref.id,
      Number(ref.proven),
    );
    return (
      row && {
        no: row.group_no,
        proven: ref.proven,
        epoch: row.epoch,
        maxCursor: row.max_cursor,
        expiredThrough: row.expired_through,
        bytes: Number(row.bytes),
        frozen: row.frozen !== 0n,
        closed: row.closed !== 0n,
        revocations: Number(row.revocations),
      }
    );
  }

  /** The epoch of a group without state: unpredictable, the same until it has state or the relay ends. */
  epochBeforeState(ref: GroupRef): Uint8Array {
    const mac = createHmac('sha256', this.#epochSecret)
      .update(Uint8Array.of(Number(ref.proven)))
      .update(ref.id);
    return new Uint8Array(mac.digest().subarray(0, 16));
  }

  /** Begins the state of a group: the epoch that its connected devices were told stays, and they are recorded. */
  beginGroup(ref: GroupRef, connected: ConnectedDevice[]): Group {
    this.write();
    this.db.run(
      'INSERT INTO groups (group_id, proven, epoch) VALUES (?, ?, ?)',
      ref.id,
      Number(ref.proven),
      this.epochBeforeState(ref),
    );
    const group = this.group(ref)!;
    // Nobody is refused while there is no state, so more may be connected than a group keeps.
    for (const device of connected.slice(0, this.options.maxDevices)) this.recordDevice(group, device);
    return group;
  }

  recordDevice(group: Group, device: ConnectedDevice): void {
    this.db.run(
      `INSERT INTO devices (group_no, device_id, name, last_seen) VALUES (?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET name = excluded.name, last_seen = excluded.last_seen`,
      group.no,
      device.id,
      device.name,
      device.seen,
    );
  }

  /** The answer to a device that is revoked, whatever it asks. */
  refusal(ref: GroupRef, device: Uint8Array): Refused | undefined {
    const group = this.group(ref);
    return group && this.isRevoked(group, device) ? { refused: 'DEVICE_REVOKED' } : undefined;
  }

  isRevoked(group: Group, device: Uint8Array): boolean {
    if (group.revocations === 0) return false;
    const row = this.db.one<{ revoked: bigint }>(
      'SELECT revoked FROM devices WHERE group_no = ? AND device_id = ?',
      group.no,
      device,
    );
    return row?.revoked === 1n;
  }

  newEpoch(group: Group): void {
    this.write();
    group.epoch = new Uint8Array(randomBytes(16));
    this.db.run('UPDATE groups SET epoch = ? WHERE group_no = ?', group.epoch, group.no);
  }

  /** Changes the kept totals of a group and of the relay; with `cursor`, also the highest assigned. */
  account(group: bigint, blobs: number, bytes: number, cursor: bigint | null = null): void {
    this.blobs += blobs;
    this.bytes += bytes;
    this.db.run(
      'UPDATE groups SET bytes = bytes + ?, max_cursor = coalesce(?, max_cursor) WHERE group_no = ?',
      bytes,
      cursor,
      group,
    );
  }
}
