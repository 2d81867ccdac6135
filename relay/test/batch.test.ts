import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { batchesOn } from '../src/sqlite/batch.ts';
import type { Answer, Operation } from '../src/sqlite/operations.ts';
import { Store } from '../src/sqlite/store.ts';

let folder: string;
let store: Store;
let answers: Answer[][];
let run: (batch: Operation[]) => void;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'relay-batch-'));
  store = new Store({
    path: join(folder, 'relay.db'),
    maxGroupStorage: 100_000_000,
    maxTotalStorage: 100_000_000,
    defaultTtl: 1000,
    maxTtl: 1000,
    maxDevices: 256,
    retention: 'ttl',
  });
  answers = [];
  run = batchesOn(store, (sent) => answers.push(sent));
});

afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true });
});

const group = { id: new Uint8Array(32), proven: true };
const device = new Uint8Array(32);
let id = 0;

const push = (size: number): Operation => ({
  id: ++id,
  name: 'push',
  now: 1_800_000_000,
  request: {
    group,
    sender: device,
    blobId: new Uint8Array(randomBytes(16)),
    payload: randomBytes(size),
    ttl: 0,
    connected: [],
  },
});

const pull = (): Operation => ({
  id: ++id,
  name: 'pull',
  now: 1_800_000_000,
  request: { group, device, after: 0n, limit: 100, maxBytes: 1_000_000, overhead: 84, epoch: undefined },
});

const outcomes = () => answers.flat().map((answer) => ('error' in answer ? 'error' : answer.value));

test('all answers of a batch leave together after its commit; reads before its first write do not wait', () => {
  run([pull(), push(10), pull(), push(10)]);
  expect(answers.map((sent) => sent.length)).toEqual([1, 3]);
  expect(outcomes()).toMatchObject([{ blobs: [] }, { cursor: 1n }, { blobs: [{ cursor: 1n }] }, { cursor: 2n }]);
  expect(store.writing).toBe(false);
});

test('on a full disk what fits is stored, the rest fails and uses no cursor up, and later it works again', () => {
  run([push(10)]);
  const { page_count } = store.db.one<{ page_count: bigint }>('PRAGMA page_count')!;
  store.db.run(`PRAGMA max_page_count = ${page_count + 20n}`);
  answers = [];
  run([push(100), push(500_000), pull(), push(100), push(500_000)]);
  expect(outcomes()).toMatchObject([{ cursor: 2n }, 'error', { maxCursor: 2n }, { cursor: 3n }, 'error']);
  expect([store.blobs, store.bytes]).toEqual([3, 10 + 100 + 100 + 3 * 256]);
  store.db.run('PRAGMA max_page_count = 1000000');
  answers = [];
  run([push(500_000)]);
  expect(outcomes()).toMatchObject([{ cursor: 4n }]);
});

test('an operation that fails in reading spoils no other', () => {
  const broken: Operation = { id: ++id, name: 'pull', now: 0, request: null as never };
  run([pull(), broken, push(10), broken, pull()]);
  expect(outcomes()).toMatchObject([{ blobs: [] }, 'error', { cursor: 1n }, 'error', { maxCursor: 1n }]);
});

test('many reads that fail in one batch are answered one by one, without deep recursion', () => {
  const failing = (): Operation => ({ ...pull(), request: undefined as never });
  run(Array.from({ length: 5000 }, failing));
  expect(outcomes()).toEqual(Array.from({ length: 5000 }, () => 'error'));
});
