import { randomBytes } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, onTestFinished, test } from 'vitest';
import { batchesOn } from '../src/sqlite/batch.ts';
import type { Answer, OperationName, Requests } from '../src/sqlite/operations.ts';
import { Store } from '../src/sqlite/store.ts';
import type { DeviceRecord, HelloFigures, Page } from '../src/storage.ts';
import {
  alice,
  bob,
  clock,
  cursors,
  device,
  figures,
  group,
  hello,
  newPath,
  open,
  optionsFor,
  pull,
  push,
} from './storage-harness.ts';

const page = { after: 0n, limit: 1000, maxBytes: 1_000_000, overhead: 84, epoch: undefined };
const greeting = { name: 'b', lastCursor: 0n };

/** Storage in this thread, whose disk can be made as small as a test wants. */
function smallDisk() {
  const store = new Store(optionsFor(newPath()));
  onTestFinished(() => store.close());
  const answers: Answer[] = [];
  const run = batchesOn(store, (sent) => answers.push(...sent));
  const to = group();
  let id = 0;

  /** Asks for all in one batch; an error is its text. */
  function ask<Name extends OperationName>(...operations: [Name, Partial<Requests[Name]>][]): unknown[] {
    run(
      operations.map(([name, request]) => {
        return { id: ++id, name, now: clock.now(), request: { group: to, device: bob, ...request } as Requests[Name] };
      }),
    );
    return answers.splice(0).map((answer) => ('error' in answer ? answer.error : answer.value));
  }
  const pushOf = (size: number, blobId: Uint8Array = randomBytes(16)): ['push', Requests['push']] => {
    const connected = [alice, bob].map((id) => ({ id, name: '', seen: clock.now() }));
    return ['push', { group: to, sender: alice, blobId, payload: randomBytes(size), ttl: 0, connected }];
  };
  return {
    store,
    ask,
    pushOf,
    /** From now on the file may grow by so many pages of 4 KiB. */
    leaveRoomFor(pages: number) {
      const { page_count } = store.db.one<{ page_count: bigint }>('PRAGMA page_count')!;
      store.db.run(`PRAGMA max_page_count = ${page_count + BigInt(pages)}`);
    },
  };
}

const FULL = 'push: the database cannot be written, the disk is full: make room';

describe('on a full disk', () => {
  test('CUR-24: a push is refused and leaves nothing behind; pulls, and devices that are known, go on; later all is well', () => {
    const { store, ask, pushOf, leaveRoomFor } = smallDisk();
    const large = randomBytes(16);
    expect(ask(pushOf(10))).toMatchObject([{ cursor: 1n }]);
    const { bytes, blobs } = store;
    leaveRoomFor(0);
    expect(ask(pushOf(50_000, large), pushOf(50_000))).toEqual([FULL, FULL]);
    expect({ bytes: store.bytes, blobs: store.blobs }).toEqual({ bytes, blobs });
    const [first, welcome, again] = ask(['pull', page], ['hello', greeting], ['pull', page]) as [
      Page,
      HelloFigures,
      Page,
    ];
    expect(cursors(first)).toEqual([1n]);
    expect(welcome).toMatchObject({ maxCursor: 1n, usedBytes: 266 });
    expect(cursors(again)).toEqual([1n]);
    leaveRoomFor(1000);
    expect(ask(pushOf(50_000, large))).toMatchObject([{ cursor: 2n, fresh: true }]);
  });

  test('CUR-22: a push for which the group has no room is refused for that, not for the disk', () => {
    const { ask, pushOf, leaveRoomFor } = smallDisk();
    expect(ask(pushOf(10))).toMatchObject([{ cursor: 1n }]);
    leaveRoomFor(0);
    expect(ask(pushOf(1_000_000), pushOf(50_000))).toEqual([{ refused: 'QUOTA_EXCEEDED' }, FULL]);
  });

  test('a pull that would also remove what is to be deleted does without', () => {
    const { ask, pushOf, leaveRoomFor } = smallDisk();
    const [, { blobId }] = pushOf(10);
    ask(pushOf(10, blobId), ['delete', { device: alice, blobId, force: false }]);
    const [{ epoch }] = ask(['hello', greeting]) as [HelloFigures];
    leaveRoomFor(0);
    // Acknowledges the blob, so that it could go now, in a batch that cannot be written.
    const acknowledging = { ...page, after: 1n, epoch };
    expect(ask(pushOf(50_000), ['pull', acknowledging])).toMatchObject([FULL, { blobs: [], deleted: [] }]);
    leaveRoomFor(1000);
    expect(ask(pushOf(1))).toMatchObject([{ cursor: 2n }]);
    expect(ask(['pull', page])).toMatchObject([{ blobs: [{ cursor: 2n }], deleted: [{ cursor: 1n }] }]);
  });
});

test('what a device acknowledged is written also after a batch in which that failed', () => {
  const { ask, pushOf, leaveRoomFor } = smallDisk();
  ask(pushOf(10));
  const [{ epoch }] = ask(['hello', greeting]) as [HelloFigures];
  leaveRoomFor(0);
  // Asking for the devices writes what they told; the push that fails takes it back.
  const [, devices, failed] = ask(['pull', { ...page, after: 1n, epoch }], ['devices', {}], pushOf(50_000));
  expect(failed).toBe(FULL);
  expect((devices as DeviceRecord[]).find(({ id }) => Buffer.compare(id, bob) === 0)!.pending).toBe(0);
});

describe('while another program is writing into the database', () => {
  test('pushes are refused without each waiting for it, pulls and known devices go on, and then pushes do', async () => {
    const path = newPath();
    const storage = await open(path);
    const to = group();
    const blobId = randomBytes(16);
    await push(storage, to, { blobId, connected: [alice, bob] });
    await push(storage, to);
    await storage.delete({ group: to, device: alice, blobId, force: false });
    const { epoch } = await figures(hello(storage, to));
    const other = new DatabaseSync(path);
    onTestFinished(() => other.close());
    other.exec('BEGIN IMMEDIATE');
    // One after the other: were each to wait for as long as the first, this would take minutes.
    for (let count = 0; count < 200; count++) {
      await expect(push(storage, to)).rejects.toThrow('push: the database is locked by another program: end that one');
    }
    expect(cursors(await pull(storage, to))).toEqual([1n, 2n]);
    // The blob could go now, were it possible.
    expect(cursors(await pull(storage, to, 1n, 10, epoch))).toEqual([2n]);
    expect(await figures(hello(storage, to))).toMatchObject({ maxCursor: 2n });
    await expect(storage.hello({ group: to, device: device(), ...greeting })).rejects.toThrow('is locked');
    other.exec('COMMIT');
    expect(await push(storage, to)).toMatchObject({ cursor: 3n });
    expect((await pull(storage, to)).deleted).toHaveLength(1);
  });
});

test('an operation that fails in the middle of a batch lets those before and behind it be stored together', () => {
  const { store, ask, pushOf } = smallDisk();
  let commits = 0;
  const commit = store.commit.bind(store);
  store.commit = () => {
    commits++;
    commit();
  };
  const broken: ['pull', Partial<Requests['pull']>] = ['pull', { ...page, group: null as never }];
  const many = Array.from({ length: 50 }, () => pushOf(10));
  const outcomes = ask(...many, broken as never, ...many.map(() => pushOf(10)));
  expect(outcomes.filter((outcome) => typeof outcome === 'string')).toHaveLength(1);
  expect(outcomes[50]).toContain('pull: ');
  expect(store.blobs).toBe(100);
  expect(commits).toBe(2);
});
