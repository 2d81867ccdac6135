import { copyFileSync, readdirSync, readFileSync, statSync, unlinkSync, watch, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Group } from '@0k-sync/reference';
import type { HelloExt } from '@0k-sync/spec';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openDatabase } from '../src/sqlite/database.ts';
import { bytes, joinGroup, newBlobId, newGroup, temporaryFolder } from './relay-harness.ts';
import { runCommand, startRelayProcess } from './relay-process.ts';

const newPath = () => join(temporaryFolder(), 'relay.db');
const newBlob = () => ({ blob_id: newBlobId(), payload: bytes(2000) });
type Running = Awaited<ReturnType<typeof startRelayProcess>>;

async function stop(relay: Running): Promise<void> {
  relay.child.kill('SIGTERM');
  await relay.ended;
}

/** Runs the command to its end. */
async function backUp(database: string, file: string, ...flags: string[]) {
  return runCommand(['backup', file, '--db', database, ...flags]).ended;
}

/** A database of so many megabytes that copying it takes several turns. */
function largeDatabase(megabytes: number): string {
  const path = newPath();
  openDatabase(path).close();
  const db = new DatabaseSync(path);
  db.exec(`CREATE TABLE filler (bytes);
    WITH RECURSIVE row (n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM row WHERE n < ${megabytes})
    INSERT INTO filler SELECT zeroblob(1000000) FROM row`);
  db.close();
  return path;
}

/** A relay that has run, and stopped. */
async function stoppedRelay(): Promise<string> {
  const path = newPath();
  const relay = await startRelayProcess(['--db', path]);
  const { session } = await joinGroup(relay, newGroup());
  await session.push(newBlob());
  await stop(relay);
  return path;
}

describe('a backup', () => {
  test('of a relay that goes on storing is whole, and is that relay with all it had acknowledged', async () => {
    const database = largeDatabase(40);
    const relay = await startRelayProcess(['--db', database]);
    const groups = [newGroup(), newGroup(), newGroup()];
    const acknowledged = groups.map(() => new Map<bigint, Uint8Array>());
    let copied = false;
    const pushing = groups.map(async (group, index) => {
      const { session } = await joinGroup(relay, group);
      while (!copied) {
        const blob = newBlob();
        acknowledged[index]!.set((await session.push(blob)).cursor, blob.payload);
      }
    });
    while (acknowledged.some((blobs) => blobs.size < 100)) await new Promise((resolve) => setImmediate(resolve));
    const before = acknowledged.map((blobs) => new Map(blobs));
    const file = newPath();
    const { code, stdout, stderr } = await backUp(database, file);
    copied = true;
    await Promise.all(pushing);
    await stop(relay);

    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^\S+: \d+\.\d MiB, 3 groups, \d+ blobs\n\S+\.key: the relay's keys\n$/);
    expect(readdirSync(dirname(file)).sort()).toEqual(['relay.db', 'relay.db.key']);
    for (const path of [file, `${file}.key`]) expect(statSync(path).mode & 0o777).toBe(0o600);

    const restored = await startRelayProcess(['--db', file]);
    expect(restored.url.split('#')[1]).toBe(relay.url.split('#')[1]);
    let found = 0;
    for (const [index, group] of groups.entries()) {
      const { session } = await joinGroup(restored, group);
      const blobs = new Map<bigint, Uint8Array>();
      for (let after_cursor = 0n, more = true; more; ) {
        const page = await session.pull({ after_cursor, limit: 1000 });
        for (const { cursor, payload } of page.blobs) blobs.set(cursor, payload);
        ({ max_cursor: after_cursor, has_more: more } = page);
      }
      expect([...blobs.keys()]).toEqual([...blobs.keys()].map((_, at) => BigInt(at + 1)));
      for (const [cursor, payload] of before[index]!) expect(blobs.get(cursor)).toEqual(payload);
      for (const [cursor, payload] of blobs) expect(acknowledged[index]!.get(cursor) ?? payload).toEqual(payload);
      found += blobs.size;
    }
    expect(stdout).toContain(` ${found} blobs\n`);
  });

  test('replaces nothing, unless it is told to', async () => {
    const database = await stoppedRelay();
    const file = newPath();
    for (const there of [file, `${file}.key`]) {
      writeFileSync(there, 'something');
      expect(await backUp(database, file)).toEqual({
        code: 1,
        stdout: '',
        stderr: `0k-sync-relay: ${there} is there: name another file, or replace it with --force\n`,
      });
      expect(readdirSync(dirname(file)).map((name) => join(dirname(file), name))).toEqual([there]);
      expect(readFileSync(there, 'utf8')).toBe('something');
      if (there === file) unlinkSync(there);
    }
    expect(await backUp(database, file, '--force')).toMatchObject({ code: 0, stderr: '' });
    expect(readFileSync(`${file}.key`)).toEqual(readFileSync(`${database}.key`));
    const relay = await startRelayProcess(['--db', file]);
    // A relay is using it: its journal belongs to the file that would be replaced.
    const { session } = await joinGroup(relay, newGroup());
    await session.push(newBlob());
    expect((await backUp(database, file, '--force')).stderr).toContain(`${file}-wal is there`);
  });

  test('goes where the file system has no links, and replaces nothing there either', async () => {
    const database = await stoppedRelay();
    const file = newPath();
    // What a FAT file system answers, which is not to be had without a disk of its own.
    const noLinks = `import fs from 'node:fs'; import { syncBuiltinESMExports } from 'node:module';
      fs.linkSync = () => { throw Object.assign(new Error('EPERM: operation not permitted, link'), { code: 'EPERM' }); };
      syncBuiltinESMExports();`;
    const env = {
      ...process.env,
      NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(noLinks)}`,
    };
    const { code, stderr } = await runCommand(['backup', file, '--db', database], { env }).ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(readdirSync(dirname(file)).sort()).toEqual(['relay.db', 'relay.db.key']);
    for (const path of [file, `${file}.key`]) expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readFileSync(`${file}.key`)).toEqual(readFileSync(`${database}.key`));
    expect((await startRelayProcess(['--db', file])).url).toContain('ws://');
  });

  test.each<[string, (database: string) => void, (database: string) => string]>([
    ['there is none', (database) => unlinkSync(database), (database) => `${database} is not there: name the database`],
    ['its keys are missing', (database) => unlinkSync(`${database}.key`), (database) => `${database}.key is missing`],
    [
      'it is no database',
      (database) => writeFileSync(database, 'something'.repeat(1000)),
      (database) => `${database} is not a SQLite database`,
    ],
    ['it is empty', (database) => writeFileSync(database, ''), (database) => `${database} is empty`],
    [
      'a part of it cannot be read',
      (database) => writeFileSync(database, readFileSync(database).subarray(0, 8192)),
      (database) => `${database} is damaged`,
    ],
  ])('is refused, and nothing left behind, if %s', async (_, prepare, message) => {
    const database = await stoppedRelay();
    prepare(database);
    const file = newPath();
    const { code, stdout, stderr } = await backUp(database, file);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(`0k-sync-relay: ${message(database)}`);
    expect(stderr.match(/\n/g)).toHaveLength(1);
    expect(readdirSync(dirname(file))).toEqual([]);
  });

  test('into a folder that is not there, or may not be written, says so', async () => {
    const database = await stoppedRelay();
    const missing = join(temporaryFolder(), 'missing', 'relay.db');
    const { code, stderr } = await backUp(database, missing);
    expect(code).toBe(1);
    expect(stderr).toContain('cannot be opened: see that its folder exists');
  });

  test('that is interrupted leaves nothing behind', async () => {
    const database = largeDatabase(200);
    writeFileSync(`${database}.key`, '');
    const file = newPath();
    const watcher = watch(dirname(file));
    onTestFinished(() => watcher.close());
    const begun = new Promise((resolve) => watcher.once('change', resolve));
    const { child, ended } = runCommand(['backup', file, '--db', database]);
    await begun;
    child.kill('SIGINT');
    expect(await ended).toEqual({ code: 130, stdout: '', stderr: '' });
    expect(readdirSync(dirname(file))).toEqual([]);
  });
});

describe('a relay restored from a backup', () => {
  /**
   * Five blobs, of which the backup has three, and which both devices have. What comes back is the relay with the older
   * database in the place of the newer one.
   */
  async function restored() {
    const database = newPath();
    const first = await startRelayProcess(['--db', database]);
    const group = newGroup();
    const [alice, bob] = [await joinGroup(first, group), await joinGroup(first, group)];
    const blobs = Array.from({ length: 5 }, newBlob);
    for (const blob of blobs.slice(0, 3)) await alice.session.push(blob);
    const copy = newPath();
    expect(await backUp(database, copy)).toMatchObject({ code: 0 });
    for (const blob of blobs.slice(3)) await alice.session.push(blob);
    expect((await bob.session.pull({ after_cursor: 0n })).max_cursor).toBe(5n);
    await stop(first);
    for (const file of ['', '.key']) copyFileSync(copy + file, database + file);
    const relay = await startRelayProcess(['--db', database]);
    expect(relay.url.split('#')[1]).toBe(first.url.split('#')[1]);
    const epoch = alice.welcome.ext!.epoch!;
    return { relay, group, blobs, alice, bob, epoch, last_blob: blobs[4]!.blob_id };
  }

  const welcomeOf = async (relay: Running, group: Group, identity: object, last_cursor: bigint, ext: HelloExt = {}) =>
    joinGroup(relay, group, { ...identity, last_cursor, ext });

  const idsIn = async (client: Awaited<ReturnType<typeof joinGroup>>, after_cursor = 0n) =>
    (await client.session.pull({ after_cursor })).blobs.map(({ cursor, blob_id }) => [cursor, blob_id]);

  test('is found out by a client whose cursor it has not reached, and takes up again what that pushes', async () => {
    const { relay, group, blobs, alice, bob, epoch, last_blob } = await restored();
    const again = await welcomeOf(relay, group, { identity: alice.identity }, 5n, { epoch, last_blob });
    expect(again.welcome.max_cursor).toBe(3n);
    const { epoch: next } = again.welcome.ext!;
    expect(next).not.toEqual(epoch);
    expect(await idsIn(again)).toEqual([1n, 2n, 3n].map((cursor, at) => [cursor, blobs[at]!.blob_id]));
    for (const [at, blob] of blobs.entries()) expect((await again.session.push(blob)).cursor).toBe(BigInt(at + 1));

    // The other one sees it by the epoch that it finds, which stays.
    const other = await welcomeOf(relay, group, { identity: bob.identity }, 5n, { epoch, last_blob });
    expect(other.welcome).toMatchObject({ max_cursor: 5n, ext: { epoch: next } });
    expect(await idsIn(other)).toEqual(blobs.map((blob, at) => [BigInt(at + 1), blob.blob_id]));
    const third = await welcomeOf(relay, group, { identity: alice.identity }, 5n, { epoch: next!, last_blob });
    expect(third.welcome.ext!.epoch).toEqual(next);
  });

  test('is found out by the blob at the cursor when others have pushed meanwhile', async () => {
    const { relay, group, blobs, alice, bob, epoch, last_blob } = await restored();
    // A device that is new takes the relay as it is: nothing is known to it that would not fit.
    const stranger = await welcomeOf(relay, group, {}, 0n);
    expect(stranger.welcome.ext!.epoch).toEqual(epoch);
    const others = [newBlob(), newBlob(), newBlob()];
    for (const [at, blob] of others.entries()) expect((await stranger.session.push(blob)).cursor).toBe(BigInt(4 + at));

    const again = await welcomeOf(relay, group, { identity: bob.identity }, 5n, { epoch, last_blob });
    expect(again.welcome.max_cursor).toBe(6n);
    expect(again.welcome.ext!.epoch).not.toEqual(epoch);
    expect(await idsIn(again)).toEqual(
      [...blobs.slice(0, 3), ...others].map(({ blob_id }, at) => [BigInt(at + 1), blob_id]),
    );
    // What was lost comes behind what came since: also the connection that was open all the time finds it.
    for (const [at, blob] of blobs.slice(3).entries()) {
      expect((await again.session.push(blob)).cursor).toBe(BigInt(7 + at));
    }
    expect(await idsIn(stranger, 6n)).toEqual(blobs.slice(3).map(({ blob_id }, at) => [BigInt(7 + at), blob_id]));
    const known = { epoch, last_blob: blobs[2]!.blob_id };
    const late = await welcomeOf(relay, group, { identity: alice.identity }, 3n, known);
    expect(late.welcome.ext!.epoch).toEqual(again.welcome.ext!.epoch);
  });

  test('keeps its epoch for a client that has nothing newer, and for one that names none', async () => {
    const { relay, group, blobs, alice, bob, epoch } = await restored();
    const older = { epoch, last_blob: blobs[2]!.blob_id };
    const same = await welcomeOf(relay, group, { identity: alice.identity }, 3n, older);
    expect(same.welcome).toMatchObject({ max_cursor: 3n, ext: { epoch } });
    const nameless = await welcomeOf(relay, group, { identity: bob.identity }, 5n);
    // It can tell by this that something is lost: it has seen 5.
    expect(nameless.welcome).toMatchObject({ max_cursor: 3n, ext: { epoch } });
  });
});
