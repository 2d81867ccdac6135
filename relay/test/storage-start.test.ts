import { createHash, randomBytes } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, onTestFinished, test } from 'vitest';
import { SCHEMA } from '../src/sqlite/schema.ts';
import { temporaryFolder } from './relay-harness.ts';
import { runRelay, startRelayProcess } from './relay-process.ts';
import { clock, cursors, figures, group, hello, newPath, open, pull, push } from './storage-harness.ts';

/** All that lies in a folder, to the byte. */
function contents(folder: string): Record<string, string> {
  const files = readdirSync(folder).filter((name) => statSync(join(folder, name)).isFile());
  return Object.fromEntries(
    files.map((name) => [
      name,
      createHash('sha256')
        .update(readFileSync(join(folder, name)))
        .digest('hex'),
    ]),
  );
}

/** That storage does not open, says why, and leaves no trace. */
async function expectRefusal(path: string, message: string): Promise<void> {
  const before = contents(dirname(path));
  await expect(open(path)).rejects.toThrow(message);
  expect(contents(dirname(path))).toEqual(before);
}

/** A database with some blobs, closed in order. */
async function database(): Promise<string> {
  const path = newPath();
  const storage = await open(path);
  const to = group();
  for (let count = 0; count < 40; count++) await push(storage, to, { payload: randomBytes(2000) });
  await storage.close();
  return path;
}

/** The files as they are when the process that has them open is killed: with a journal. */
function killed(path: string, change: string): string {
  const copy = newPath();
  const db = new DatabaseSync(path);
  db.exec(change);
  for (const file of ['', '-wal']) copyFileSync(path + file, copy + file);
  db.close();
  return copy;
}

function change(path: string, sql: string): void {
  const db = new DatabaseSync(path);
  db.exec(sql);
  db.close();
}

describe('OPS-26: a database that cannot be used is refused with its name and advice, and stays as it is:', () => {
  const newer = `was written by a newer relay (schema 99, this one knows ${SCHEMA.length}): update the relay`;

  test('of a newer schema', async () => {
    const path = await database();
    change(path, 'PRAGMA user_version = 99');
    await expectRefusal(path, `${path} ${newer}`);
  });

  test('of a newer schema, left by a relay that was killed', async () => {
    const path = killed(await database(), 'PRAGMA user_version = 99');
    const before = contents(dirname(path));
    await expect(open(path)).rejects.toThrow(`${path} ${newer}`);
    // SQLite makes an index of the journal to read it; the data and the journal are as they were.
    expect(contents(dirname(path))).toMatchObject(before);
  });

  test('of another program', async () => {
    const path = newPath();
    change(path, 'CREATE TABLE other (x)');
    await expectRefusal(path, `${path} is the database of another program: name another file`);
    const empty = newPath();
    change(empty, 'PRAGMA user_version = 1');
    await expectRefusal(empty, `${empty} is the database of another program`);
  });

  test('no database at all', async () => {
    const path = newPath();
    writeFileSync(path, 'this is no database, and long enough to be looked at as if it were one'.repeat(20));
    await expectRefusal(path, `${path} is not a SQLite database: name another file`);
  });

  test.each([
    ['cut off', (path: string) => truncateSync(path, statSync(path).size / 2)],
    ['with a page of its schema overwritten', (path: string) => overwrite(path, 100, 200)],
    [
      'with the page of its totals overwritten',
      (path: string) => overwrite(path, rootPage(path, 'relay') * 4096, 4096),
    ],
  ])('%s', async (_, damage) => {
    const path = await database();
    damage(path);
    await expectRefusal(path, `${path} is damaged: restore it from a backup`);
  });

  test('a folder, or in a folder that is not there', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'data'));
    await expectRefusal(join(folder, 'data'), `${join(folder, 'data')} is a folder: name a file`);
    const path = join(folder, 'missing', 'relay.db');
    await expect(open(path)).rejects.toThrow(`${path} cannot be opened: see that its folder exists`);
  });

  test('with a second name, whose journal would be another one', async () => {
    const path = await database();
    linkSync(path, `${path}.too`);
    await expectRefusal(path, `${path} has a second name`);
  });

  test('locked by another program', async () => {
    const path = await database();
    const other = new DatabaseSync(path);
    onTestFinished(() => other.close());
    other.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
    await expect(open(path)).rejects.toThrow(`${path} is locked by another program: end that one`);
  });
});

function overwrite(path: string, at: number, length: number): void {
  const bytes = readFileSync(path);
  bytes.fill(0xff, at, at + length);
  writeFileSync(path, bytes);
}

/** The number of the first page of a table, from 0. */
function rootPage(path: string, table: string): number {
  const db = new DatabaseSync(path, { readOnly: true });
  const { rootpage } = db.prepare('SELECT rootpage FROM sqlite_schema WHERE name = ?').get(table)!;
  db.close();
  return Number(rootpage) - 1;
}

describe('two relays never share a database', () => {
  test('not under the same name, nor under another one', async () => {
    const path = newPath();
    const storage = await open(path);
    await expect(open(path)).rejects.toThrow(`${path} is in use by another relay: stop that one`);
    const link = newPath();
    symlinkSync(path, link);
    await expect(open(link)).rejects.toThrow(`${link} is in use by another relay`);
    expect(existsSync(`${link}-lock`)).toBe(false);
    await storage.close();
    await (await open(link)).close();
  });

  test('and where somebody has removed the lock, the one that finds the other ends before it stores anything', async () => {
    const path = newPath();
    const first = await open(path);
    const to = group();
    await push(first, to);
    unlinkSync(`${path}-lock`);
    const second = await open(path);
    expect(await push(second, to)).toMatchObject({ cursor: 2n });
    await expect(push(first, to)).rejects.toThrow('another relay has written into the database');
    expect((await first.failed).message).toContain('another relay has written into the database');
    expect(cursors(await pull(second, to))).toEqual([1n, 2n]);
  });
});

test('a database of an older schema is brought up to date, with all that is in it', async () => {
  const path = newPath();
  const to = group();
  const epoch = randomBytes(16);
  const payload = randomBytes(10);
  change(path, `${SCHEMA[0]} PRAGMA application_id = ${0x306b7379}; PRAGMA user_version = 1`);
  const db = new DatabaseSync(path);
  db.prepare('INSERT INTO groups (group_id, proven, epoch, max_cursor, bytes) VALUES (?, 1, ?, 1, 266)').run(
    to.id,
    epoch,
  );
  db.prepare('INSERT INTO blobs VALUES (1, 1, ?, 1, ?, ?, ?, 0, 0, ?, 10, ?)').run(
    randomBytes(16),
    randomBytes(32),
    clock.now(),
    clock.now() + 100,
    createHash('sha256').update(payload).digest(),
    payload,
  );
  db.exec('UPDATE relay SET blobs = 1, bytes = 266');
  db.close();
  const storage = await open(path);
  expect((await pull(storage, to)).blobs.map((blob) => blob.payload)).toEqual([new Uint8Array(payload)]);
  expect(await figures(hello(storage, to))).toMatchObject({
    epoch: new Uint8Array(epoch),
    maxCursor: 1n,
    usedBytes: 266,
  });
  expect(await push(storage, to)).toMatchObject({ cursor: 2n });
});

describe('the process', () => {
  const refused = async (database: string, ...args: string[]) => {
    const { code, stdout, stderr } = await runRelay(['--db', database, ...args]).ended;
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr.match(/\n/g)).toHaveLength(1);
    return stderr;
  };

  test('does not start with a database or a folder that it may not write', async () => {
    // Root may write everything: the relay runs as somebody else then.
    const owner = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
    const path = await database();
    chmodSync(dirname(path), 0o755);
    chmodSync(path, 0o444);
    const before = contents(dirname(path));
    for (const folderMode of [0o555, 0o777]) {
      chmodSync(dirname(path), folderMode);
      const { code, stderr } = await runRelay(['--db', path], owner).ended;
      expect({ code, stderr }).toEqual({
        code: 1,
        stderr: `0k-sync-relay: ${path} cannot be opened: see that its folder exists and that the relay may read and write there\n`,
      });
      expect(contents(dirname(path))).toMatchObject(before);
    }
    chmodSync(dirname(path), 0o755);
  });

  test('does not become another relay because its keys are gone, unless it is told to', async () => {
    const path = await database();
    const before = contents(dirname(path));
    expect(await refused(path)).toContain(
      `${path}.key is missing, and devices of the groups in the database know this relay by the keys in it: restore it, or start with --new-identity`,
    );
    expect(contents(dirname(path))).toEqual({ ...before, 'relay.db-lock': expect.anything() });
    const relay = await startRelayProcess(['--db', path, '--new-identity']);
    relay.child.kill('SIGTERM');
    await relay.ended;
    const again = await startRelayProcess(['--db', path]);
    expect(again.url.split('#')[1]).toBe(relay.url.split('#')[1]);
  });

  test('does not start with keys that others can read, that are cut off, or that cannot be read', async () => {
    const path = newPath();
    const key = `${path}.key`;
    const relay = await startRelayProcess(['--db', path]);
    relay.child.kill('SIGTERM');
    await relay.ended;
    const whole = readFileSync(key);
    const before = contents(dirname(path));
    chmodSync(key, 0o644);
    expect(await refused(path)).toContain(
      `${key} holds the relay's secret keys and is open to other users: chmod 600 it`,
    );
    chmodSync(key, 0o600);
    expect(contents(dirname(path))).toEqual(before);
    for (const wrong of [whole.subarray(0, -5), Buffer.alloc(0), Buffer.from('nonsense')]) {
      writeFileSync(key, wrong);
      expect(await refused(path)).toContain(`${key} does not hold a relay's keys: restore it`);
      expect(readFileSync(key)).toEqual(wrong);
    }
    unlinkSync(key);
    mkdirSync(key);
    expect(await refused(path)).toContain(`${key} cannot be read (EISDIR)`);
  });
});
