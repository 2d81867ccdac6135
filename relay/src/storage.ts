import type { ErrorName } from '@0k-sync/spec';

/**
 * What the relay keeps. A part: SQLite is one implementation, others follow.
 *
 * Operations on one group take effect in the order in which they are called, and their promises settle in that order:
 * the caller never waits for one push before it hands over the next. A promise settles only after its effect is durable, but
 * for when a device was seen and what it acknowledged, which may follow within seconds.
 * A rejected promise means that nothing was stored; the session answers 3002. A device that is revoked when its turn comes
 * is refused, whatever it asks: what it sent before it knew takes no effect.
 */
export interface Storage {
  /** Everything that Hello asks and changes: revocation, devices, epoch, acknowledgement, the figures of Welcome. */
  hello(request: HelloRequest): Promise<HelloFigures | Refused>;
  /** Takes over the buffer of `payload`, which holds nothing that the caller still needs: it may be detached afterwards. */
  push(request: PushRequest): Promise<Stored | Refused>;
  pull(request: PullRequest): Promise<Page | Refused>;
  /** Live blobs of devices other than `device` above `after`. */
  pending(group: GroupRef, device: Uint8Array, after: bigint): Promise<Pending | Refused>;
  delete(request: DeleteRequest): Promise<Removals | Refused>;
  revoke(request: RevokeRequest): Promise<Revocation | Refused>;
  /** The devices of a group by id, for one of them; empty for a group without state. */
  devices(group: GroupRef, device: Uint8Array): Promise<DeviceRecord[] | Refused>;
  /** Stores the wake-up token of a device, or forgets it (`null`). */
  setToken(request: TokenRequest): Promise<Refused | undefined>;
  /**
   * Removes a bounded number of expired blobs and forgotten ids. `done` is false while more may be due. `idle` are groups
   * that may be forgotten, if nobody is connected to them.
   */
  cleanUp(): Promise<{ done: boolean; idle: GroupRef[] }>;
  /** Forgets groups that clean-up found idle, unless that has changed. Their next state has another epoch. */
  forgetGroups(groups: GroupRef[]): Promise<void>;
  totals(): Promise<Totals>;
  /** Settles if nothing will ever be stored or read again, as when its thread died. */
  readonly failed: Promise<Error>;
  close(): Promise<void>;
}

/** A proven and an open group of the same id share no state. */
export interface GroupRef {
  readonly id: Uint8Array;
  readonly proven: boolean;
}

export interface Refused {
  refused: ErrorName;
}

/** A device with a session, recorded when the state of its group begins. */
export interface ConnectedDevice {
  id: Uint8Array;
  name: string;
  /** Its last Hello, Unix seconds. */
  seen: number;
}

export interface HelloRequest {
  group: GroupRef;
  device: Uint8Array;
  name: string;
  lastCursor: bigint;
  epoch?: Uint8Array | undefined;
  lastBlob?: Uint8Array | undefined;
}

export interface HelloFigures {
  epoch: Uint8Array;
  /** Whether the group has state already. */
  begun: boolean;
  /** The highest cursor ever assigned. */
  maxCursor: bigint;
  pending: Pending;
  /** The highest cursor that expired, 0 if none. */
  expiredThrough: bigint;
  usedBytes: number;
  /** Whether what this connection presents counts as acknowledgement: its Hello named the current epoch. */
  acknowledges: boolean;
  deleted: Removal[];
}

export interface Pending {
  count: number;
  /** The newest of them, 0 if none. */
  newest: bigint;
}

export interface PushRequest {
  group: GroupRef;
  sender: Uint8Array;
  blobId: Uint8Array;
  payload: Uint8Array;
  /** Seconds; 0 for the default. */
  ttl: number;
  /** The devices to record if this push begins the group's state. */
  connected: ConnectedDevice[];
}

export interface Stored {
  cursor: bigint;
  /** Unix seconds. */
  timestamp: number;
  /** SHA-256 of the payload. */
  digest: Uint8Array;
  /** False for a repeat: nothing new was stored and nobody is notified. */
  fresh: boolean;
}

export interface PullRequest {
  group: GroupRef;
  device: Uint8Array;
  after: bigint;
  limit: number;
  /** Most bytes of payloads plus `overhead` for each blob; one blob is returned however large. */
  maxBytes: number;
  overhead: number;
  /** The epoch that the connection's Hello named, if `after` is to count as acknowledgement. */
  epoch: Uint8Array | undefined;
}

export interface Page {
  blobs: { blobId: Uint8Array; cursor: bigint; payload: Uint8Array; timestamp: number; sender: Uint8Array }[];
  hasMore: boolean;
  maxCursor: bigint;
  /** Cursors of damaged blobs in the range of this page. */
  damaged: bigint[];
  deleted: Removal[];
}

export interface DeleteRequest {
  group: GroupRef;
  device: Uint8Array;
  blobId: Uint8Array;
  force: boolean;
}

/** A blob that was removed because its sender asked for it. */
export interface Removal {
  blobId: Uint8Array;
  cursor: bigint;
  by: Uint8Array;
}

export interface Removals {
  deleted: Removal[];
}

export interface RevokeRequest {
  group: GroupRef;
  device: Uint8Array;
  /** The device that asks. */
  by: Uint8Array;
  reason: number;
  /** Also forget name, token and counters. */
  clear: boolean;
  connected: ConnectedDevice[];
}

export interface Revocation extends Removals {
  /** False if the device was revoked before. */
  fresh: boolean;
  timestamp: number;
}

export interface DeviceRecord {
  id: Uint8Array;
  name: string;
  lastSeen: number;
  /** Live blobs of others above what it acknowledged. */
  pending: number;
  revoked: boolean;
}

export interface TokenRequest {
  group: GroupRef;
  device: Uint8Array;
  token: { text: string; platform: number; appId: string | null } | null;
  connected: ConnectedDevice[];
}

export interface Totals {
  blobs: number;
  /** Payloads plus the overhead of each. */
  bytes: number;
  groups: number;
}

/** The file cannot be used: says which and what to do. The relay does not start. */
export class StorageOpenError extends Error {
  override name = 'StorageOpenError';
}
