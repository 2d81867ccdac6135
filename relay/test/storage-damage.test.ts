import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import type { Page } from '../src/storage.ts';
import { bytes, joinGroup, newBlobId, newGroup, rejection, startRelay, temporaryFolder } from './relay-harness.ts';
import { bob, cursors, damage, device, group, newPath, open, pull, push, sha256 } from './storage-harness.ts';

const flipBit = (file: Buffer, at: number) => {
  file[at]! ^= 0x10;
};

describe('a relay whose disk has changed a stored blob', () => {
  test.each([
    ['in its payload', (payload: Uint8Array) => payload.subarray(2500, 2520)],
    ['at the end of its payload', (payload: Uint8Array) => payload.subarray(-20)],
    ['in its checksum', sha256],
  ])('%s leaves it out, says so, and takes it again from whoever has it', async (_, part) => {
    const folder = temporaryFolder();
    const to = newGroup();
    const blobs = [1, 2, 3].map(() => ({ blob_id: newBlobId(), payload: bytes(3000) }));
    const first = await startRelay({ folder });
    const { session } = await joinGroup(first, to);
    for (const blob of blobs) await session.push(blob);
    await first.close();
    damage(join(folder, 'relay.db'), part(blobs[1]!.payload), flipBit);

    const relay = await startRelay({ folder });
    const [alice, other] = [await joinGroup(relay, to), await joinGroup(relay, to, { last_cursor: 3n })];
    const page = await alice.session.pull({ after_cursor: 0n });
    expect(page.blobs.map((blob) => [blob.cursor, blob.payload])).toEqual([
      [1n, blobs[0]!.payload],
      [3n, blobs[2]!.payload],
    ]);
    expect(page).toMatchObject({ has_more: false, max_cursor: 3n, ext: { damaged: [2n] } });
    const wrong = { blob_id: blobs[1]!.blob_id, payload: bytes(3000) };
    expect((await rejection(alice.session.push(wrong))).code).toBe(1006);
    expect((await alice.session.push(blobs[1]!)).cursor).toBe(4n);
    expect((await other.notified()).latest_cursor).toBe(4n);
    const healed = await other.session.pull({ after_cursor: 1n });
    expect(healed.blobs.map((blob) => blob.payload)).toEqual([blobs[2]!.payload, blobs[1]!.payload]);
    expect(healed.ext?.damaged).toBeUndefined();
  });

  test('in the structure of the file answers 3002 where it meets it, logs what to do, and serves other groups', async () => {
    const folder = temporaryFolder();
    const [broken, whole] = [newGroup(), newGroup()];
    const payload = bytes(3500);
    const first = await startRelay({ folder });
    for (const to of [broken, whole]) {
      const { session } = await joinGroup(first, to);
      for (let count = 0; count < 20; count++) await session.push({ blob_id: newBlobId(), payload: bytes(3500) });
      if (to === broken) await session.push({ blob_id: newBlobId(), payload });
      for (let count = 0; count < 20; count++) await session.push({ blob_id: newBlobId(), payload: bytes(3500) });
    }
    await first.close();
    // The beginning of a page, where it says what it is.
    damage(join(folder, 'relay.db'), payload.subarray(0, 100), (file, at) =>
      file.fill(0xff, at & ~4095, (at & ~4095) + 8),
    );

    const relay = await startRelay({ folder });
    const ill = await joinGroup(relay, broken, { last_cursor: 40n });
    const well = await joinGroup(relay, whole, { last_cursor: 40n });
    expect((await rejection(ill.session.pull({ after_cursor: 0n }))).code).toBe(3002);
    expect(relay.log.join('')).toContain('pull: the database is damaged: restore it from a backup');
    expect((await well.session.pull({ after_cursor: 0n })).blobs).toHaveLength(40);
    expect((await well.session.push({ blob_id: newBlobId(), payload: bytes(3500) })).cursor).toBe(41n);
    // What lies on other pages is there in this group too.
    expect((await ill.session.pull({ after_cursor: 0n, limit: 10 })).blobs).toHaveLength(10);
  });
});

describe('the list of damaged blobs', () => {
  /** A group with many blobs of which only some are whole. */
  async function damagedGroup(count: number, isWhole: (cursor: number) => boolean) {
    const path = newPath();
    const storage = await open(path, { maxGroupStorage: 1e9, maxTotalStorage: 1e9 });
    const to = group();
    await Promise.all(Array.from({ length: count }, () => push(storage, to, { payload: new Uint8Array() })));
    await storage.close();
    const db = new DatabaseSync(path);
    db.function('is_whole', { useBigIntArguments: false }, (cursor) => Number(isWhole(Number(cursor))));
    db.exec('UPDATE blobs SET damaged = 1 WHERE NOT is_whole(cursor)');
    db.close();
    return { storage: await open(path), to };
  }
  const range = (from: number, through: number) =>
    Array.from({ length: through - from + 1 }, (_, index) => BigInt(from + index));

  test('OPS-24: a page ends where it would have more of them than fit', async () => {
    const { storage, to } = await damagedGroup(
      12_000,
      (cursor) => cursor === 1 || cursor === 6000 || cursor === 12_000,
    );
    const maxBytes = 100 * 3 + 9 * 2000;
    const pages: Page[] = [];
    for (let after = 0n, hasMore = true; hasMore; ) {
      const page = await pull(storage, to, after, 100, undefined, maxBytes);
      pages.push(page);
      ({ maxCursor: after, hasMore } = page);
    }
    expect(pages.map(cursors)).toEqual([[1n, 6000n], [12_000n]]);
    expect(pages[0]!.damaged).toEqual(range(2, 5999));
    expect(pages[1]!.damaged).toEqual(range(6001, 11_999));
  });

  test('has at the end of a group those behind its last blob, the lowest first if they are too many', async () => {
    const { storage, to } = await damagedGroup(9000, (cursor) => cursor === 5);
    const page = await pull(storage, to, 3n, 100, undefined, 100 + 9 * 100);
    expect(page).toMatchObject({ hasMore: false, maxCursor: 5n });
    expect(page.damaged).toEqual([4n, ...range(6, 6 + 4096 + 100 - 2)]);
    expect((await pull(storage, to, 4000n, 100)).damaged).toEqual(range(4001, 9000));
  });
});

test('OPS-25: many blobs found damaged at once are all left out', async () => {
  const path = newPath();
  const storage = await open(path, { maxGroupStorage: 1e9, maxTotalStorage: 1e9 });
  const to = group();
  await Promise.all(Array.from({ length: 2500 }, () => push(storage, to)));
  await storage.close();
  const db = new DatabaseSync(path);
  db.exec("UPDATE blobs SET payload = x'010204' WHERE cursor > 10 AND cursor < 2490");
  db.close();
  const again = await open(path);
  const request = { group: to, device: device(), maxBytes: 1e6, overhead: 84, epoch: undefined };
  const page = (await again.pull({ ...request, after: 0n, limit: 15 })) as Page;
  expect(cursors(page)).toEqual([1n, 2n, 3n, 4n, 5n, 6n, 7n, 8n, 9n, 10n, 2490n, 2491n, 2492n, 2493n, 2494n]);
  expect(page).toMatchObject({ hasMore: true, maxCursor: 2494n });
  expect(page.damaged).toHaveLength(2479);
  expect((await again.totals()).blobs).toBe(2500 - 2479);
  expect(await again.pending(to, bob, 0n)).toMatchObject({ count: 21 });
});
