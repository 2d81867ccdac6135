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

interface RelayRow {
  bytes: bigint;
  blobs: bigint;
  newest_time: bigint;
  owner: Uint8Array | null;
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

/** How far a walk over all groups has come. */
export interface Walk {
  /** The last group that is behind it. */
  after: bigint;
  done: boolean;
}

/** What a device told that need not be on the disk before it is answered. */
interface Told {
  device: Uint8Array;
  /** What it has acknowledged. */
  cursor: bigint;
  hello: { name: string; seen: number } | undefined;
  /** Whether this transaction has written it. */
  written: boolean;
}

const LARGEST_INTEGER = 2n ** 63n - 1n;

/** A cursor of the wire, u64, as SQLite can hold it: no cursor that large is ever assigned. */
export const storable = (cursor: bigint): bigint => (cursor > LARGEST_INTEGER ? LARGEST_INTEGER : cursor);

export const sameBytes = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

/** The database with what all operations share: one transaction, the time, kept totals, what is still to be written. */
export class Store {
  readonly db: Database;
  readonly options: StoreOptions;
  /** Unix seconds; never falls. */
  now = 0;
  bytes = 0;
  blobs = 0;
  writing = false;
  /** The walk of the hourly clean-up. */
  readonly cleaning: Walk = { after: 0n, done: true };
  /** Whether another relay has written into the file: this one must end. */
  lost = false;
  /** Whether the last attempt to write failed, as on a full disk: what can do without goes on. */
  failing = false;
  /** By group and device. It waits for the next transaction: neither Hello nor Pull need pay for a commit. */
  #told = new Map<bigint, Map<string, Told>>();
  #epochSecret = randomBytes(32);
  #name = new Uint8Array(randomBytes(16));
  /** What the last commit left: a rollback goes back to the totals without asking a disk that may be failing. */
  #committed: { bytes: number; blobs: number; owner: Uint8Array | null };

  constructor(options: StoreOptions) {
    this.options = options;
    this.db = openDatabase(options.path);
    const row = this.db.one<RelayRow>('SELECT bytes, blobs, newest_time, owner FROM relay')!;
    this.bytes = Number(row.bytes);
    this.blobs = Number(row.blobs);
    this.now = Number(row.newest_time);
    this.#committed = { bytes: this.bytes, blobs: this.blobs, owner: row.owner };
  }

  /** Opens the transaction of this batch if none is open. Every operation calls it before it writes. */
  write(): void {
    if (this.writing) return;
    try {
      this.db.begin();
    } catch (error) {
      this.failing = true;
      throw error;
    }
    this.writing = true;
  }

  commit(): void {
    for (const group of this.#told.keys()) this.writeTold(group);
    const owned = this.db.run(
      'UPDATE relay SET bytes = ?, blobs = ?, newest_time = ?, owner = ? WHERE owner IS ?',
      this.bytes,
      this.blobs,
      this.now,
      this.#name,
      this.#committed.owner,
    );
    this.lost = owned === 0;
    if (this.lost) throw new Error('another relay has written into the database');
    this.db.commit();
    this.writing = false;
    this.failing = false;
    this.#committed = { bytes: this.bytes, blobs: this.blobs, owner: this.#name };
    this.#told.clear();
  }

  rollback(): void {
    const { bytes, blobs } = this.#committed;
    this.writing = false;
    this.failing = true;
    this.bytes = bytes;
    this.blobs = blobs;
    for (const devices of this.#told.values()) for (const told of devices.values()) told.written = false;
    this.db.rollback();
  }

  close(): void {
    if (this.hasTold) {
      this.write();
      this.commit();
    }
    this.db.close();
  }

  acknowledge(group: Group, device: Uint8Array, cursor: bigint): void {
    if (cursor <= 0n || cursor > group.maxCursor) return;
    const told = this.#toldBy(group, device);
    if (told.cursor < cursor) Object.assign(told, { cursor, written: false });
  }

  /** A Hello of a device that the group knows. */
  greet(group: Group, device: Uint8Array, hello: Told['hello']): void {
    Object.assign(this.#toldBy(group, device), { hello, written: false });
  }

  #toldBy(group: Group, device: Uint8Array): Told {
    const devices = this.#told.get(group.no) ?? new Map<string, Told>();
    this.#told.set(group.no, devices);
    const key = Buffer.from(device).toString('latin1');
    const told = devices.get(key) ?? { device, cursor: 0n, hello: undefined, written: false };
    devices.set(key, told);
    return told;
  }

  get hasTold(): boolean {
    return this.#told.size > 0;
  }

  /** Makes what devices of a group told visible to SQL; it stays in memory until the commit. */
  writeTold(group: bigint): void {
    for (const told of this.#told.get(group)?.values() ?? []) {
      if (told.written) continue;
      this.write();
      this.db.run(
        `UPDATE devices SET acknowledged = max(acknowledged, ?), name = coalesce(?, name), last_seen = coalesce(?, last_seen)
         WHERE group_no = ? AND device_id = ? AND revoked = 0`,
        told.cursor,
        told.hello?.name ?? null,
        told.hello?.seen ?? null,
        group,
        told.device,
      );
      told.written = true;
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

  /** From now on a group without state has another epoch than before: it may be one that was forgotten. */
  changeEpochsBeforeState(): void {
    this.#epochSecret = randomBytes(32);
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
