import { randomBytes } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import type { StoreOptions } from '../src/sqlite/store.ts';
import type { HelloRequest, Page, Storage, Stored } from '../src/storage.ts';
import {
  alice,
  bob,
  clock,
  cursors,
  device,
  devicesOf,
  figures,
  group,
  hello,
  newPath,
  open as openAt,
  pull,
  push,
  sha256,
} from './storage-harness.ts';

let path: string;

beforeEach(() => {
  path = newPath();
});

const open = (options: Partial<StoreOptions> = {}): Promise<Storage> => openAt(path, options);

async function reopen(storage: Storage, options: Partial<StoreOptions> = {}): Promise<Storage> {
  await storage.close();
  return open(options);
}

describe('cursors', () => {
  test('pushes handed over at once get consecutive cursors per group in the order of the calls', async () => {
    const storage = await open();
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(2), { minLength: 1, maxLength: 60 }), async (plan) => {
        const groups = [group(), group(), { ...group(), proven: false }];
        const answers = (await Promise.all(plan.map((to) => push(storage, groups[to]!)))) as Stored[];
        for (const [index] of groups.entries()) {
          const mine = answers.filter((_, at) => plan[at] === index).map((answer) => answer.cursor);
          expect(mine).toEqual(mine.map((_, at) => BigInt(at + 1)));
        }
      }),
      { numRuns: 25 },
    );
  });

  test('a repeated push changes nothing; the id with another payload conflicts; neither uses a cursor up', async () => {
    const storage = await open();
    const to = group();
    const blobId = randomBytes(16);
    const first = (await push(storage, to, { blobId, payload: new Uint8Array([7]), ttl: 10 })) as Stored;
    const again = await push(storage, to, { blobId, payload: new Uint8Array([7]), sender: bob, ttl: 900 });
    expect(again).toEqual({ ...first, fresh: false });
    expect(await push(storage, to, { blobId, payload: new Uint8Array([8]) })).toEqual({ refused: 'BLOB_CONFLICT' });
    expect(await push(storage, to)).toMatchObject({ cursor: 2n });
    expect(first.digest).toEqual(new Uint8Array(sha256(new Uint8Array([7]))));
    const page = await pull(storage, to);
    expect(page.blobs[0]).toMatchObject({ sender: alice, timestamp: first.timestamp });
    clock.advance(11);
    expect(cursors(await pull(storage, to))).toEqual([2n]);
  });

  test('a proven and an open group of one id share nothing', async () => {
    const storage = await open();
    const to = group();
    await push(storage, to);
    expect(await push(storage, { ...to, proven: false })).toMatchObject({ cursor: 1n });
    expect(cursors(await pull(storage, to))).toEqual([1n]);
  });

  test('after expiry, clean-up and a restart the next cursor goes on, and a repeat is still known', async () => {
    let storage = await open();
    const to = group();
    const blobId = randomBytes(16);
    const first = (await push(storage, to, { blobId, ttl: 5 })) as Stored;
    await push(storage, to, { ttl: 5 });
    clock.advance(5);
    expect(cursors(await pull(storage, to))).toEqual([]);
    while (!(await storage.cleanUp()).done);
    storage = await reopen(storage);
    expect(await push(storage, to, { blobId })).toEqual({ ...first, fresh: false });
    expect(await push(storage, to)).toMatchObject({ cursor: 3n });
    expect(await figures(hello(storage, to))).toMatchObject({ maxCursor: 3n, expiredThrough: 2n });
  });

  test('an id is forgotten max_ttl after its blob is gone, cleaned up or not', async () => {
    const storage = await open();
    const to = group();
    for (const cleaned of [true, false]) {
      const blobId = randomBytes(16);
      const { cursor } = (await push(storage, to, { blobId, ttl: 5 })) as Stored;
      clock.advance(1004);
      if (cleaned) while (!(await storage.cleanUp()).done);
      expect(await push(storage, to, { blobId })).toMatchObject({ cursor, fresh: false });
      clock.advance(1);
      expect(await push(storage, to, { blobId, payload: new Uint8Array([9]) })).toMatchObject({ cursor: cursor + 1n });
    }
  });
});

describe('pull', () => {
  test('pages hold what is live, ascending, within limit and bytes, and has_more is exact', async () => {
    const storage = await open();
    const to = group();
    const sizes = [10, 0, 300_000, 400_000, 500_000, 20, 30].map((size) => Math.min(size, 120_000));
    for (const size of sizes) await push(storage, to, { payload: new Uint8Array(size) });
    const seen: bigint[] = [];
    let after = 0n;
    let page: Page;
    do {
      page = await pull(storage, to, after, 4, undefined, 250_000);
      seen.push(...cursors(page));
      expect(page.maxCursor).toBe(seen.at(-1));
      expect(page.blobs.reduce((sum, blob) => sum + blob.payload.length + 100, 0)).toBeLessThanOrEqual(250_000);
      after = page.maxCursor;
    } while (page.hasMore);
    expect(seen).toEqual([1n, 2n, 3n, 4n, 5n, 6n, 7n]);
    expect(page.blobs.map((blob) => blob.payload.length)).toEqual(sizes.slice(-page.blobs.length));
  });

  test('one blob comes however large; a page that ends at the last blob has no more', async () => {
    const storage = await open();
    const to = group();
    await push(storage, to, { payload: new Uint8Array(200_000).fill(7) });
    await push(storage, to);
    const small = { group: to, device: bob, maxBytes: 10, overhead: 100, epoch: undefined };
    expect(await storage.pull({ ...small, after: 0n, limit: 5 })).toMatchObject({ hasMore: true, maxCursor: 1n });
    expect(await storage.pull({ ...small, after: 1n, limit: 1 })).toMatchObject({ hasMore: false, maxCursor: 2n });
  });

  test('any after_cursor up to 2^64-1 is answered empty', async () => {
    const storage = await open();
    const to = group();
    await push(storage, to);
    for (const after of [1n, 2n ** 53n, 2n ** 63n - 1n, 2n ** 63n, 2n ** 64n - 1n]) {
      expect(await pull(storage, to, after)).toEqual({
        blobs: [],
        hasMore: false,
        maxCursor: after,
        damaged: [],
        deleted: [],
      });
    }
  });

  test('OPS-23: a blob damaged on disk is left out, listed, and stored anew by a repeat of its push', async () => {
    let storage = await open();
    const to = group();
    const blobId = randomBytes(16);
    await push(storage, to);
    await push(storage, to, { blobId, payload: new Uint8Array(50).fill(1) });
    await push(storage, to);
    await storage.close();
    const db = new DatabaseSync(path);
    db.exec('UPDATE blobs SET payload = zeroblob(50) WHERE cursor = 2');
    db.close();
    storage = await reopen(storage);
    expect(await pull(storage, to, 0n, 1)).toMatchObject({ hasMore: true, maxCursor: 1n, damaged: [] });
    const page = await pull(storage, to);
    expect(cursors(page)).toEqual([1n, 3n]);
    expect(page).toMatchObject({ damaged: [2n], hasMore: false });
    expect((await figures(hello(storage, to))).pending.count).toBe(2);
    const again = await push(storage, to, { blobId, payload: new Uint8Array(50).fill(1) });
    expect(again).toMatchObject({ cursor: 4n, fresh: true });
    expect(cursors(await pull(storage, to))).toEqual([1n, 3n, 4n]);
    expect((await storage.totals()).bytes).toBe(3 + 50 + 3 + 3 * 256);
  });
});

describe('quota', () => {
  test('exactly full is allowed; expired blobs do not count; a repeat is acknowledged when full', async () => {
    const storage = await open({ maxGroupStorage: 2 * 256 + 20 });
    const to = group();
    const blobId = randomBytes(16);
    await push(storage, to, { blobId, payload: new Uint8Array(10) });
    expect(await push(storage, to, { payload: new Uint8Array(11) })).toEqual({ refused: 'QUOTA_EXCEEDED' });
    expect(await push(storage, to, { payload: new Uint8Array(10), ttl: 5 })).toMatchObject({ cursor: 2n });
    expect(await push(storage, to, { payload: new Uint8Array(0) })).toEqual({ refused: 'QUOTA_EXCEEDED' });
    expect(await push(storage, to, { blobId, payload: new Uint8Array(10) })).toMatchObject({ fresh: false });
    expect((await figures(hello(storage, to))).usedBytes).toBe(532);
    clock.advance(5);
    expect((await figures(hello(storage, to))).usedBytes).toBe(266);
    expect(await push(storage, to, { payload: new Uint8Array(10) })).toMatchObject({ cursor: 3n });
  });

  test('the total of all groups is bounded too, and a refused first push begins no state', async () => {
    const storage = await open({ maxTotalStorage: 600 });
    expect(await push(storage, group(), { payload: new Uint8Array(40), ttl: 5 })).toMatchObject({ cursor: 1n });
    const other = group();
    expect(await push(storage, other, { payload: new Uint8Array(100) })).toEqual({ refused: 'QUOTA_EXCEEDED' });
    expect((await storage.totals()).groups).toBe(1);
    clock.advance(5);
    expect(await push(storage, other, { payload: new Uint8Array(100) })).toMatchObject({ cursor: 1n });
  });
});

describe('hello', () => {
  test('an unknown group gets no state; its epoch stays when state begins and over a restart', async () => {
    let storage = await open();
    const to = group();
    const before = await figures(hello(storage, to));
    expect(before).toMatchObject({ begun: false, maxCursor: 0n, pending: { count: 0 } });
    expect((await storage.totals()).groups).toBe(0);
    await push(storage, to, { connected: [alice, bob] });
    storage = await reopen(storage);
    const after = await figures(hello(storage, to));
    expect(after.begun).toBe(true);
    expect(after.epoch).toEqual(before.epoch);
    expect((await devicesOf(storage, to)).map((one) => one.id)).toEqual([alice, bob].sort(Buffer.compare));
    const unborn = group();
    const { epoch } = await figures(hello(storage, unborn));
    storage = await reopen(storage);
    expect((await figures(hello(storage, unborn))).epoch).not.toEqual(epoch);
  });

  test('pending counts live blobs of others above last_cursor', async () => {
    const storage = await open();
    const to = group();
    await push(storage, to, { sender: alice, ttl: 5 });
    await push(storage, to, { sender: bob });
    await push(storage, to, { sender: alice });
    expect((await figures(hello(storage, to))).pending).toEqual({ count: 2, newest: 3n });
    expect((await figures(hello(storage, to, { lastCursor: 2n }))).pending).toEqual({ count: 1, newest: 3n });
    expect((await figures(hello(storage, to, { lastCursor: 2n ** 64n - 1n }))).pending.count).toBe(0);
    clock.advance(5);
    expect((await figures(hello(storage, to))).pending).toEqual({ count: 1, newest: 3n });
  });

  test('a new epoch is taken when the client remembers another blob or a higher cursor, and only in the current epoch', async () => {
    const storage = await open();
    const to = group();
    const blobId = randomBytes(16);
    await push(storage, to, { blobId });
    const { epoch } = await figures(hello(storage, to));
    const same = async (request: Partial<HelloRequest>) =>
      Buffer.compare((await figures(hello(storage, to, request))).epoch, epoch) === 0;
    expect(await same({ epoch, lastCursor: 1n, lastBlob: blobId })).toBe(true);
    expect(await same({ epoch: randomBytes(16), lastCursor: 9n, lastBlob: randomBytes(16) })).toBe(true);
    expect(await same({ lastCursor: 9n })).toBe(true);
    expect(await same({ epoch, lastCursor: 1n })).toBe(true);
    expect(await same({ epoch, lastCursor: 0n, lastBlob: randomBytes(16) })).toBe(true);
    expect(await same({ epoch, lastCursor: 1n, lastBlob: randomBytes(16) })).toBe(false);
    const second = (await figures(hello(storage, to))).epoch;
    expect(await same({ epoch, lastCursor: 9n })).toBe(false);
    expect((await figures(hello(storage, to))).epoch).toEqual(second);
    const third = await figures(hello(storage, to, { epoch: second, lastCursor: 2n }));
    expect(third.epoch).not.toEqual(second);
    expect(await push(storage, to)).toMatchObject({ cursor: 2n });
  });

  test('the record of a cursor that is gone still finds a restored relay out', async () => {
    const storage = await open();
    const to = group();
    await push(storage, to, { ttl: 5 });
    const { epoch } = await figures(hello(storage, to));
    clock.advance(6);
    while (!(await storage.cleanUp()).done);
    const mismatch = await figures(hello(storage, to, { epoch, lastCursor: 1n, lastBlob: randomBytes(16) }));
    expect(mismatch.epoch).not.toEqual(epoch);
    clock.advance(1000);
    const forgotten = { epoch: mismatch.epoch, lastCursor: 1n, lastBlob: randomBytes(16) };
    expect((await figures(hello(storage, to, forgotten))).epoch).toEqual(mismatch.epoch);
  });

  test('a full proven group refuses a new device, in an open one the longest unseen gives way', async () => {
    const storage = await open({ maxDevices: 2 });
    for (const proven of [true, false]) {
      const to = { ...group(), proven };
      const [first, second, third] = [device(), device(), device()];
      await push(storage, to, { connected: [first] });
      clock.advance(1);
      await figures(hello(storage, to, { device: second }));
      clock.advance(1);
      await figures(hello(storage, to, { device: first }));
      const answer = await hello(storage, to, { device: third });
      if (proven) expect(answer).toEqual({ refused: 'UNAUTHORIZED' });
      else expect((await devicesOf(storage, to)).map((one) => one.id)).toEqual([first, third].sort(Buffer.compare));
      await figures(hello(storage, to, { device: first }));
    }
    const unborn = group();
    expect(await hello(storage, unborn)).toMatchObject({ begun: false });
    const connected = [device(), device(), device()];
    await push(storage, unborn, { connected });
    expect(await devicesOf(storage, unborn)).toHaveLength(2);
  });
});

describe('acknowledgement, deletion, revocation', () => {
  test('a blob noted for deletion goes when every other device has acknowledged it in the current epoch', async () => {
    const storage = await open();
    const to = group();
    const blobId = randomBytes(16);
    await push(storage, to, { blobId, connected: [alice, bob] });
    const { epoch } = await figures(hello(storage, to));
    expect(await storage.delete({ group: to, device: bob, blobId, force: true })).toEqual({
      refused: 'NOT_BLOB_OWNER',
    });
    expect(await storage.delete({ group: to, device: alice, blobId, force: false })).toEqual({ deleted: [] });
    expect((await pull(storage, to, 1n)).deleted).toEqual([]);
    expect((await pull(storage, to, 1n, 10, randomBytes(16))).deleted).toEqual([]);
    expect((await pull(storage, to, 2n, 10, epoch)).deleted).toEqual([]);
    const { deleted } = await pull(storage, to, 1n, 10, epoch);
    expect(deleted).toEqual([{ blobId: new Uint8Array(blobId), cursor: 1n, by: alice }]);
    expect(cursors(await pull(storage, to))).toEqual([]);
    expect(await storage.delete({ group: to, device: alice, blobId, force: false })).toEqual({ deleted: [] });
    expect(await push(storage, to, { blobId })).toMatchObject({ cursor: 1n, fresh: false });
    const unknown = { group: to, device: alice, blobId: randomBytes(16), force: true };
    expect(await storage.delete(unknown)).toEqual({ refused: 'BLOB_NOT_FOUND' });
  });

  test('the device furthest behind holds back what others sent, not what it sent itself', async () => {
    for (const retention of ['ttl', 'acked'] as const) {
      const storage = await openAt(newPath(), { retention });
      const to = group();
      const carol = device();
      const connected = [alice, bob, carol];
      const senders = [alice, bob, carol, bob];
      const ids = senders.map(() => randomBytes(16));
      for (const [index, sender] of senders.entries())
        await push(storage, to, { sender, blobId: ids[index]!, connected });
      const { epoch } = await figures(hello(storage, to));
      for (const [index, sender] of senders.entries()) {
        if (retention === 'ttl') await storage.delete({ group: to, device: sender, blobId: ids[index]!, force: false });
      }
      const left = async (by: Uint8Array, through: bigint) => {
        await storage.pull({ group: to, device: by, after: through, limit: 1, maxBytes: 1e6, overhead: 0, epoch });
        while (!(await storage.cleanUp()).done);
        return cursors(await pull(storage, to));
      };
      expect(await left(alice, 4n)).toEqual([1n, 2n, 3n, 4n]);
      expect(await left(carol, 3n)).toEqual([1n, 3n, 4n]);
      expect(await left(bob, 1n)).toEqual([3n, 4n]);
      expect(await left(carol, 4n)).toEqual([3n]);
      expect(await left(bob, 3n)).toEqual([]);
    }
  });

  test('with retention "acked" clean-up drops what all devices have, and the acknowledgement survives a restart', async () => {
    let storage = await open({ retention: 'acked' });
    const to = group();
    await push(storage, to, { connected: [alice, bob] });
    await push(storage, to, { sender: bob });
    const { epoch } = await figures(hello(storage, to));
    await pull(storage, to, 1n, 10, epoch);
    storage = await reopen(storage, { retention: 'acked' });
    while (!(await storage.cleanUp()).done);
    expect(cursors(await pull(storage, to))).toEqual([2n]);
    expect((await figures(hello(storage, to))).expiredThrough).toBe(0n);
    expect((await devicesOf(storage, to)).map((one) => one.pending)).toEqual(
      [alice, bob].sort(Buffer.compare).map((one) => (one === alice ? 1 : 0)),
    );
  });

  test('what a revoked device asked before it knew takes no effect', async () => {
    const storage = await open();
    const to = group();
    const blobId = randomBytes(16);
    await push(storage, to, { blobId, sender: bob, connected: [alice, bob] });
    await storage.revoke({ group: to, device: bob, by: alice, reason: 0, clear: true, connected: [] });
    const refused = { refused: 'DEVICE_REVOKED' };
    const token = { text: 't', platform: 0, appId: null };
    expect(await storage.delete({ group: to, device: bob, blobId, force: true })).toEqual(refused);
    const another = { group: to, device: alice, by: bob, reason: 0, clear: false, connected: [] };
    expect(await storage.revoke(another)).toEqual(refused);
    expect(await storage.devices(to, bob)).toEqual(refused);
    expect(await storage.setToken({ group: to, device: bob, token, connected: [] })).toEqual(refused);
    expect(await storage.pending(to, bob, 0n)).toEqual(refused);
    const page = { group: to, device: alice, after: 0n, limit: 10, maxBytes: 1000, overhead: 100, epoch: undefined };
    expect(cursors((await storage.pull(page)) as Page)).toEqual([1n]);
    expect(await hello(storage, to, { device: alice })).toMatchObject({ begun: true });
  });

  test('a revoked device is refused, a frozen group refuses strangers, and both survive a restart', async () => {
    let storage = await open();
    const to = group();
    const revocation = { group: to, device: bob, by: alice, reason: 0, clear: true, connected: [] };
    expect(await storage.revoke(revocation)).toMatchObject({ fresh: true });
    expect(await storage.revoke(revocation)).toMatchObject({ fresh: false });
    expect(await hello(storage, to)).toEqual({ refused: 'DEVICE_REVOKED' });
    expect(await hello(storage, to, { device: alice })).toMatchObject({ begun: true });
    await storage.revoke({ ...revocation, device: device(), reason: 2 });
    storage = await reopen(storage);
    expect(await hello(storage, to, { device: device() })).toEqual({ refused: 'DEVICE_REVOKED' });
    expect(await hello(storage, to, { device: alice })).toMatchObject({ begun: true });
    expect(await hello(storage, to)).toEqual({ refused: 'DEVICE_REVOKED' });
  });
});

describe('time', () => {
  test('a clock that is set back brings no expired blob back, not even over a restart', async () => {
    let storage = await open();
    const to = group();
    await push(storage, to, { ttl: 100 });
    clock.advance(100);
    await push(storage, to);
    clock.advance(-100);
    expect(cursors(await pull(storage, to))).toEqual([2n]);
    storage = await reopen(storage);
    expect(cursors(await pull(storage, to))).toEqual([2n]);
    clock.advance(100);
  });
});
