import { randomBytes } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { systemClock } from '../src/clock.ts';
import type { GroupRef, Storage } from '../src/storage.ts';
import { bytes, joinGroup, newBlobId, newGroup, startRelay } from './relay-harness.ts';
import { alice, bob, clock, device, figures, group, hello, newPath, open, push } from './storage-harness.ts';

const DAY = 24 * 60 * 60;
const MAX_TTL = 7 * DAY;

/** What the relay does each hour, with nobody connected. */
async function cleanUp(storage: Storage): Promise<void> {
  for (let done = false; !done; ) {
    const cleaned = await storage.cleanUp();
    await storage.forgetGroups(cleaned.idle);
    done = cleaned.done;
  }
}

const token = { text: 'token', platform: 0, appId: null };

/** A group with the devices alice and bob, and without a blob. */
async function emptyGroup(storage: Storage): Promise<GroupRef> {
  const to = group();
  const connected = [alice, bob].map((id) => ({ id, name: 'device', seen: clock.now() }));
  await storage.setToken({ group: to, device: alice, token, connected });
  return to;
}

const epochOf = async (storage: Storage, of: GroupRef) => (await figures(hello(storage, of))).epoch;

const revoke = (storage: Storage, to: GroupRef, reason: number) =>
  storage.revoke({ group: to, device: device(), by: alice, reason, clear: true, connected: [] });

describe('a group that nobody uses', () => {
  test.each<[string, number, (storage: Storage, to: GroupRef) => Promise<unknown>]>([
    ['has a live blob', 199, (storage, to) => push(storage, to, { ttl: 200 * DAY })],
    ['has a revoked device', 400, (storage, to) => revoke(storage, to, 0)],
    ['is frozen', 400, (storage, to) => revoke(storage, to, 2)],
    [
      'had a Hello within 90 days',
      90,
      async (storage, to) => {
        clock.advance(1);
        await hello(storage, to, { device: bob });
        clock.advance(-1);
      },
    ],
    [
      // A repeat of the push must find it for max_ttl after it is gone (CUR-16).
      'has a blob whose id is still known',
      199,
      async (storage, to) => {
        const blobId = randomBytes(16);
        await push(storage, to, { blobId });
        await storage.delete({ group: to, device: alice, blobId, force: true });
      },
    ],
  ])('SES-49: is not forgotten if it %s', async (_, days, prepare) => {
    const storage = await open(newPath(), { defaultTtl: 1, maxTtl: 200 * DAY });
    const to = await emptyGroup(storage);
    await emptyGroup(storage);
    const epoch = await epochOf(storage, to);
    await prepare(storage, to);
    clock.advance(days * DAY);
    await cleanUp(storage);
    // The other one, of which nothing can be said, is forgotten.
    expect((await storage.totals()).groups).toBe(1);
    expect(await figures(hello(storage, to, { device: alice }))).toMatchObject({ begun: true, epoch });
  });

  test('SES-49: is not forgotten if a device comes while it is being looked at', async () => {
    const storage = await open(newPath(), { defaultTtl: 1, maxTtl: MAX_TTL });
    const to = await emptyGroup(storage);
    clock.advance(90 * DAY);
    const { idle } = await storage.cleanUp();
    expect(idle).toEqual([{ id: new Uint8Array(to.id), proven: true }]);
    const [welcome] = await Promise.all([figures(hello(storage, to)), storage.forgetGroups(idle)]);
    expect(await epochOf(storage, to)).toEqual(welcome.epoch);
  });

  test('SES-50: is forgotten after 90 days, with all its records, and begins anew with another epoch', async () => {
    const path = newPath();
    const storage = await open(path, { defaultTtl: 1, maxTtl: MAX_TTL });
    const to = await emptyGroup(storage);
    await push(storage, to);
    const epoch = await epochOf(storage, to);
    clock.advance(90 * DAY);
    // First the blob goes, then its id, which need no longer be known, and with it the group.
    await cleanUp(storage);
    expect((await storage.totals()).groups).toBe(1);
    await cleanUp(storage);
    expect(await storage.totals()).toEqual({ groups: 0, blobs: 0, bytes: 0 });
    const db = new DatabaseSync(path, { readOnly: true });
    for (const table of ['groups', 'devices', 'blobs', 'gone']) {
      expect(db.prepare(`SELECT count(*) AS n FROM ${table}`).get()).toEqual({ n: 0 });
    }
    db.close();

    const before = await figures(hello(storage, to));
    expect(before).toMatchObject({ begun: false, maxCursor: 0n, expiredThrough: 0n });
    expect(before.epoch).not.toEqual(epoch);
    expect(await push(storage, to)).toMatchObject({ cursor: 1n });
    expect(await epochOf(storage, to)).toEqual(before.epoch);
  });

  test('SES-50: the open group of the same id lives on', async () => {
    const storage = await open(newPath(), { defaultTtl: 1, maxTtl: MAX_TTL });
    const to = await emptyGroup(storage);
    clock.advance(90 * DAY);
    const other = { ...to, proven: false };
    await push(storage, other, { ttl: MAX_TTL });
    await cleanUp(storage);
    expect(await figures(hello(storage, to))).toMatchObject({ begun: false });
    expect(await figures(hello(storage, other))).toMatchObject({ begun: true, maxCursor: 1n });
  });
});

test('SES-49: the relay forgets a group in its clean-up, but none that somebody is connected to', async () => {
  const HOUR = 3_600_000;
  let seconds = 1_800_000_000;
  let cleanUp = async () => {};
  const relay = await startRelay({
    clock: {
      ...systemClock,
      now: () => seconds,
      after(ms, callback) {
        if (ms !== HOUR) return systemClock.after(ms, callback);
        cleanUp = callback as () => Promise<void>;
        return () => {};
      },
    },
  });
  const [kept, forgotten] = [newGroup(), newGroup()];
  const stays = await joinGroup(relay, kept);
  const leaves = await joinGroup(relay, forgotten);
  for (const { session } of [stays, leaves]) await session.push({ blob_id: newBlobId(), payload: bytes(5), ttl: 1 });
  await leaves.session.close();
  seconds += 91 * DAY;
  for (let round = 0; round < 2; round++) await cleanUp();
  expect((await relay.parts.storage.totals()).groups).toBe(1);
  expect((await stays.session.push({ blob_id: newBlobId(), payload: bytes(5) })).cursor).toBe(2n);
  expect((await joinGroup(relay, kept)).welcome.ext!.epoch).toEqual(stays.welcome.ext!.epoch);
  const { welcome } = await joinGroup(relay, forgotten);
  expect(welcome.max_cursor).toBe(0n);
  expect(welcome.ext!.epoch).not.toEqual(leaves.welcome.ext!.epoch);
});
