import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { HelloFigures, Storage } from '../src/storage.ts';
import { alice, bob, clock, devicesOf, figures, group, hello, newPath, open, push } from './storage-harness.ts';

// Nothing that one client asks may keep the thread from all others for long: what could be much is done in parts.

const EMPTY = new Uint8Array();
const WEIGHT = 256;

const pushMany = (storage: Storage, to: ReturnType<typeof group>, count: number, ttl = 0) =>
  Promise.all(Array.from({ length: count }, () => push(storage, to, { payload: EMPTY, ttl, connected: [alice, bob] })));

describe('what is expired', () => {
  test('goes from a full group as far as a push needs room, and no further', async () => {
    const storage = await open(newPath(), { maxGroupStorage: 2000 * WEIGHT });
    const to = group();
    await pushMany(storage, to, 2000, 5);
    clock.advance(5);
    expect(await push(storage, to, { payload: EMPTY })).toMatchObject({ cursor: 2001n });
    expect((await storage.totals()).blobs).toBe(2001 - 500);
    // As large as the group may be: all of it has to go, the one that lives excepted.
    const large = { payload: new Uint8Array(1998 * WEIGHT) };
    expect(await push(storage, to, large)).toMatchObject({ cursor: 2002n });
    expect((await storage.totals()).blobs).toBe(2);
    expect(await figures(hello(storage, to))).toMatchObject({ expiredThrough: 2000n });
  });

  test('goes from a full group also where much more is due in others', async () => {
    const storage = await open(newPath(), { maxGroupStorage: 1200 * WEIGHT });
    const to = group();
    await pushMany(storage, to, 1199);
    await push(storage, to, { payload: EMPTY, ttl: 5 });
    await pushMany(storage, group(), 1100, 4);
    clock.advance(4);
    expect(await push(storage, to, { payload: EMPTY })).toEqual({ refused: 'QUOTA_EXCEEDED' });
    clock.advance(1);
    expect((await figures(hello(storage, to))).usedBytes).toBe(1199 * WEIGHT);
    expect(await push(storage, to, { payload: EMPTY })).toMatchObject({ cursor: 1201n });
    expect(await push(storage, to, { payload: EMPTY })).toEqual({ refused: 'QUOTA_EXCEEDED' });
  });

  test('goes from all groups when the relay is full, whichever they are in', async () => {
    const storage = await open(newPath(), { maxTotalStorage: 2000 * WEIGHT });
    const groups = Array.from({ length: 1000 }, group);
    await Promise.all(groups.map((to, index) => push(storage, to, { payload: EMPTY, ttl: index < 600 ? 5 : 900 })));
    const to = group();
    await pushMany(storage, to, 1000, 900);
    expect(await push(storage, to)).toEqual({ refused: 'QUOTA_EXCEEDED' });
    clock.advance(5);
    expect(await push(storage, to, { payload: new Uint8Array(599 * WEIGHT) })).toMatchObject({ cursor: 1001n });
    expect(await push(storage, to)).toEqual({ refused: 'QUOTA_EXCEEDED' });
    expect((await storage.totals()).blobs).toBe(1000 - 600 + 1001);
  });

  test('counts for nothing in Welcome', async () => {
    const storage = await open(newPath(), { maxTtl: 100_000 });
    const to = group();
    for (const ttl of [10, 3000, 8000, 8001, 90_000]) await push(storage, to, { payload: EMPTY, ttl });
    await push(storage, { ...to, proven: false }, { payload: EMPTY, ttl: 10 });
    const expired: [bigint, number][] = [];
    for (const seconds of [9, 1, 2990, 5000, 1, 81_999]) {
      clock.advance(seconds);
      const { expiredThrough, usedBytes } = await figures(hello(storage, to));
      expired.push([expiredThrough, usedBytes / WEIGHT]);
    }
    expect(expired).toEqual([0, 1, 2, 3, 4, 5].map((count) => [BigInt(count), 5 - count]));
    while (!(await storage.cleanUp()).done);
    expect(await figures(hello(storage, to))).toMatchObject({ expiredThrough: 5n, usedBytes: 0 });
    expect(await storage.totals()).toMatchObject({ blobs: 0, bytes: 0 });
  });

  test('an id that expired long ago is taken anew without waiting for the others', async () => {
    const storage = await open(newPath());
    const to = group();
    const blobId = randomBytes(16);
    await pushMany(storage, to, 600, 5);
    await push(storage, to, { blobId, ttl: 5 });
    clock.advance(5 + 1000);
    expect(await push(storage, to, { blobId, payload: EMPTY })).toMatchObject({ cursor: 602n, fresh: true });
    expect((await storage.totals()).blobs).toBe(601);
    expect(await figures(hello(storage, to))).toMatchObject({ expiredThrough: 601n, usedBytes: WEIGHT });
  });
});

test('many deletions that become due at once are carried out in parts, none twice', async () => {
  const storage = await open(newPath());
  const to = group();
  const ids = Array.from({ length: 1200 }, () => randomBytes(16));
  await Promise.all(ids.map((blobId) => push(storage, to, { blobId, payload: EMPTY, connected: [alice, bob] })));
  await Promise.all(ids.map((blobId) => storage.delete({ group: to, device: alice, blobId, force: false })));
  const { epoch } = await figures(hello(storage, to));
  const all = { epoch, lastCursor: 1200n, lastBlob: ids.at(-1)! };
  const parts: HelloFigures['deleted'][] = [];
  for (let count = 0; count < 4; count++) parts.push((await figures(hello(storage, to, all))).deleted);
  expect(parts.map((deleted) => deleted.length)).toEqual([500, 500, 200, 0]);
  expect(new Set(parts.flat().map(({ cursor }) => cursor)).size).toBe(1200);
});

test('the devices of a group are counted for each by what it lacks and did not send', async () => {
  const storage = await open(newPath(), { maxDevices: 10 });
  const to = group();
  const devices = Array.from({ length: 5 }, () => new Uint8Array(randomBytes(32)));
  const senders = Array.from({ length: 60 }, (_, index) => devices[(index * 7) % 4]!);
  for (const [index, sender] of senders.entries()) {
    await push(storage, to, { sender, payload: EMPTY, ttl: index % 10 === 3 ? 5 : 0, connected: devices });
  }
  const { epoch } = await figures(hello(storage, to, { device: devices[0]! }));
  const acknowledged = [0n, 25n, 25n, 60n, 13n];
  for (const [index, device] of devices.entries()) {
    const after = acknowledged[index]!;
    await storage.pull({ group: to, device, after, limit: 1, maxBytes: 1000, overhead: 0, epoch });
  }
  clock.advance(5);
  const pending = devices.map((device, index) => {
    const lacking = senders.filter(
      (sender, at) => BigInt(at) >= acknowledged[index]! && sender !== device && at % 10 !== 3,
    );
    return { id: device, pending: lacking.length };
  });
  expect(await devicesOf(storage, to)).toMatchObject(pending.sort((a, b) => Buffer.compare(a.id, b.id)));
});
