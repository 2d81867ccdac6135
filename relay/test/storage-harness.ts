import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { openSqliteStorage } from '../src/sqlite/sqlite-storage.ts';
import type { StoreOptions } from '../src/sqlite/store.ts';
import type {
  DeviceRecord,
  GroupRef,
  HelloFigures,
  HelloRequest,
  Page,
  Refused,
  Storage,
  Stored,
} from '../src/storage.ts';
import { ManualClock } from './manual-clock.ts';
import { temporaryFolder } from './relay-harness.ts';

export const clock = new ManualClock();

export const newPath = (): string => join(temporaryFolder(), 'relay.db');

/** The limits that most tests use; some have their own. */
export const optionsFor = (path: string, options: Partial<StoreOptions> = {}): StoreOptions => ({
  path,
  maxGroupStorage: 1_000_000,
  maxTotalStorage: 10_000_000,
  defaultTtl: 1000,
  maxTtl: 1000,
  maxDevices: 3,
  retention: 'ttl',
  ...options,
});

/** Storage as the relay has it, in a thread of its own. It is closed with the test. */
export async function open(path: string, options: Partial<StoreOptions> = {}): Promise<Storage> {
  const storage = await openSqliteStorage(optionsFor(path, options), clock);
  onTestFinished(() => storage.close());
  return storage;
}

export const group = (): GroupRef => ({ id: randomBytes(32), proven: true });
export const device = () => new Uint8Array(randomBytes(32));
export const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest();
export const alice = device();
export const bob = device();

export interface PushOptions {
  sender?: Uint8Array;
  blobId?: Uint8Array;
  payload?: Uint8Array;
  ttl?: number;
  connected?: Uint8Array[];
}

export function push(storage: Storage, to: GroupRef, options: PushOptions = {}): Promise<Stored | Refused> {
  return storage.push({
    group: to,
    sender: options.sender ?? alice,
    blobId: options.blobId ?? randomBytes(16),
    payload: options.payload?.slice() ?? new Uint8Array([1, 2, 3]),
    ttl: options.ttl ?? 0,
    connected: (options.connected ?? [alice]).map((id) => ({ id, name: 'device', seen: clock.now() })),
  });
}

export async function pull(
  storage: Storage,
  from: GroupRef,
  after = 0n,
  limit = 100,
  epoch?: Uint8Array,
  maxBytes = 1_100_000,
): Promise<Page> {
  const page = await storage.pull({ group: from, device: bob, after, limit, maxBytes, overhead: 100, epoch });
  if ('refused' in page) throw new Error(page.refused);
  return page;
}

export function hello(
  storage: Storage,
  to: GroupRef,
  request: Partial<HelloRequest> = {},
): Promise<HelloFigures | Refused> {
  return storage.hello({ group: to, device: bob, name: 'b', lastCursor: 0n, ...request });
}

export async function devicesOf(storage: Storage, to: GroupRef): Promise<DeviceRecord[]> {
  const records = await storage.devices(to, alice);
  if ('refused' in records) throw new Error(records.refused);
  return records;
}

export const figures = async (answer: Promise<HelloFigures | Refused>): Promise<HelloFigures> => {
  const outcome = await answer;
  if ('refused' in outcome) throw new Error(outcome.refused);
  return outcome;
};

export const cursors = (page: Page) => page.blobs.map((blob) => blob.cursor);

/** Changes a file at the one place where these bytes are. (Those of a first row are left behind when it moves.) */
export function damage(path: string, pattern: Uint8Array, change: (file: Buffer, at: number) => void): void {
  const file = readFileSync(path);
  const at = file.indexOf(pattern);
  expect([at > 0, file.indexOf(pattern, at + 1)]).toEqual([true, -1]);
  change(file, at);
  writeFileSync(path, file);
}
