import { writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { bytes } from './relay-harness.ts';
import { runCommand } from './relay-process.ts';
import { damage, group, newPath, open, push } from './storage-harness.ts';

const check = (path: string) => runCommand(['check-database', '--db', path]).ended;

/** A database with 60 blobs in three groups; `payload` is that of the last. */
async function database(payload = bytes(3000)) {
  const path = newPath();
  const storage = await open(path);
  for (let count = 0; count < 3; count++) {
    const to = group();
    for (let blob = 0; blob < 20; blob++)
      await push(storage, to, { payload: count === 2 && blob === 19 ? payload : bytes(3000) });
  }
  return { path, storage };
}

test('check-database finds nothing wrong with a database that a relay is using', async () => {
  const { path } = await database();
  expect(await check(path)).toEqual({ code: 0, stdout: `${path}: 60 blobs, nothing wrong\n`, stderr: '' });
});

test('check-database tells of blobs that are not what was stored, and of wrong totals', async () => {
  const payload = bytes(3000);
  const { path, storage } = await database(payload);
  await storage.close();
  damage(path, payload.subarray(100, 120), (file, at) => file.fill(0, at, at + 20));
  const db = new DatabaseSync(path);
  db.exec('UPDATE relay SET bytes = bytes + 1; UPDATE groups SET max_cursor = 19, bytes = 0 WHERE group_no < 3');
  db.exec(
    'INSERT INTO blobs SELECT NULL, 99, blob_id, cursor, sender, 0, 0, 0, 0, digest, size, payload FROM blobs WHERE blob_no = 2',
  );
  db.close();
  expect(await check(path)).toEqual({
    code: 1,
    stdout: [
      '1 blobs are not what was stored: they are left out as soon as they are asked for',
      'the totals of the relay: 1 wrong',
      'the totals of groups: 2 wrong',
      'the highest cursors of groups: 2 wrong',
      'blobs without a group: 1 wrong',
    ]
      .map((line) => `${path}: ${line}\n`)
      .join(''),
    stderr: '',
  });
});

test('check-database tells of damaged pages, and refuses what is no database of a relay', async () => {
  const payload = bytes(3000);
  const { path, storage } = await database(payload);
  await storage.close();
  let page = 0;
  damage(path, payload.subarray(0, 100), (file, at) => {
    page = Math.floor(at / 4096);
    file.fill(0xff, page * 4096, page * 4096 + 8);
  });
  const { code, stdout, stderr } = await check(path);
  expect(code).toBe(1);
  // SQLite tells where, if it gets so far.
  expect(stdout + stderr).toMatch(new RegExp(`${path}(: .*page ${page + 1}\\b| is damaged: restore it)`));
  writeFileSync(path, 'something'.repeat(1000));
  const refused = {
    code: 1,
    stdout: '',
    stderr: `0k-sync-relay: ${path} is not a SQLite database: name another file with --db\n`,
  };
  expect(await check(path)).toEqual(refused);
});
