import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { bytes, joinGroup, newBlobId, newGroup, temporaryFolder } from './relay-harness.ts';

const bin = fileURLToPath(new URL('../bin/0k-sync-relay.js', import.meta.url));
const certify = fileURLToPath(new URL('../certify.toml', import.meta.url));

interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

function run(...args: string[]): { child: ChildProcess; ended: Promise<Ended> } {
  const child = spawn(process.execPath, ['--conditions=source', bin, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  let stdout = '';
  let stderr = '';
  child.stdout!.on('data', (data) => (stdout += data));
  child.stderr!.on('data', (data) => (stderr += data));
  return { child, ended: once(child, 'close').then(([code]) => ({ code, stdout, stderr })) };
}

async function start(...args: string[]) {
  const { child, ended } = run('--listen', '127.0.0.1:0', '--config', certify, ...args);
  const [url] = (await Promise.race([
    once(createInterface(child.stdout!), 'line'),
    ended.then(({ stderr }) => Promise.reject(new Error(stderr))),
  ])) as [string];
  return { child, ended, url };
}

describe('the process', () => {
  test('prints its address in one line, ends in order on SIGTERM, and is the same relay when it starts again', async () => {
    const database = join(temporaryFolder(), 'relay.db');
    const first = await start('--db', database);
    expect(first.url).toMatch(/^ws:\/\/127\.0\.0\.1:\d+\/#[\w-]{43}$/);
    const { session } = await joinGroup(first, newGroup());
    expect((await session.push({ blob_id: newBlobId(), payload: bytes(5) })).cursor).toBe(1n);
    first.child.kill('SIGTERM');
    expect((await session.closed).closeCode).toBe(1001);
    expect(await first.ended).toMatchObject({ code: 0, stdout: `${first.url}\n` });
    for (const file of ['relay.db', 'relay.db.key']) {
      expect(statSync(join(database, '..', file)).mode & 0o777).toBe(0o600);
    }
    expect(existsSync(`${database}-wal`)).toBe(false);
    const second = await start('--db', database);
    expect(second.url.split('#')[1]).toBe(first.url.split('#')[1]);
    second.child.kill('SIGINT');
    expect((await second.ended).code).toBe(0);
  });

  test('kill -9 in the middle of pushes loses no acknowledged blob and reuses no cursor', async () => {
    const database = join(temporaryFolder(), 'relay.db');
    const group = newGroup();
    const acknowledged = new Map<bigint, Uint8Array>();
    for (let round = 0; round < 3; round++) {
      const relay = await start('--db', database);
      const { session } = await joinGroup(relay, group);
      let killed = false;
      const pushing = Array.from({ length: 8 }, async () => {
        while (!killed) {
          const blob = { blob_id: newBlobId(), payload: bytes(2000) };
          const { cursor } = await session.push(blob);
          expect(acknowledged.has(cursor)).toBe(false);
          acknowledged.set(cursor, blob.payload);
          if (acknowledged.size === 100 * (round + 1)) {
            killed = true;
            relay.child.kill('SIGKILL');
          }
        }
      });
      await Promise.allSettled(pushing);
      await relay.ended;
    }
    const relay = await start('--db', database);
    const { session } = await joinGroup(relay, group);
    const found = new Map<bigint, Uint8Array>();
    for (let after_cursor = 0n, more = true; more; ) {
      const page = await session.pull({ after_cursor, limit: 1000 });
      for (const blob of page.blobs) found.set(blob.cursor, blob.payload);
      more = page.has_more;
      after_cursor = page.max_cursor;
    }
    expect([...found.keys()]).toEqual([...found.keys()].map((_, at) => BigInt(at + 1)));
    for (const [cursor, payload] of acknowledged) expect(found.get(cursor)).toEqual(payload);
  });

  test('an unusable file or setting ends it with one line on stderr that says what to do', async () => {
    const folder = temporaryFolder();
    const garbage = join(folder, 'garbage.db');
    writeFileSync(garbage, 'not a database at all'.repeat(100));
    const wrong = join(folder, 'wrong.toml');
    writeFileSync(wrong, '[limits]\nmax_pull_limit = 0\n');
    const expectations = [
      [['--db', garbage], 1, `0k-sync-relay: ${garbage} is not a SQLite database: name another file with --db\n`],
      [
        ['--config', wrong],
        2,
        `0k-sync-relay: ${wrong}: limits.max_pull_limit must be an integer from 1 to 4294967295\n`,
      ],
    ] as const;
    for (const [args, code, stderr] of expectations) {
      expect(await run('--listen', '127.0.0.1:0', ...args).ended).toEqual({ code, stdout: '', stderr });
    }
    const unknown = await run('--nonsense').ended;
    expect(unknown).toMatchObject({ code: 2, stdout: '' });
    expect(await run('--help').ended).toMatchObject({ code: 0, stderr: '' });
  });

  test('a second relay on the same file is refused', async () => {
    const database = join(temporaryFolder(), 'relay.db');
    await start('--db', database);
    const { code, stderr } = await run('--listen', '127.0.0.1:0', '--db', database).ended;
    expect(code).toBe(1);
    expect(stderr).toContain('is in use by another relay');
  });
});
