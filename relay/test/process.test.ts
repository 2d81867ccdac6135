import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { connect } from '@0k-sync/reference/node';
import { describe, expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { RawClient } from './raw-client.ts';
import { bytes, joinGroup, newBlobId, newGroup, newIdentity, temporaryFolder } from './relay-harness.ts';

const bin = fileURLToPath(new URL('../bin/0k-sync-relay.js', import.meta.url));
const certify = fileURLToPath(new URL('../certify.toml', import.meta.url));

interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

function run(args: string[], env: Record<string, string> = {}): { child: ChildProcess; ended: Promise<Ended> } {
  const child = spawn(process.execPath, ['--conditions=source', bin, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let stdout = '';
  let stderr = '';
  child.stdout!.on('data', (data) => (stdout += data));
  child.stderr!.on('data', (data) => (stderr += data));
  return { child, ended: once(child, 'close').then(([code]) => ({ code, stdout, stderr })) };
}

/** A relay that is ready, with the lines that it printed. */
async function start(args: string[] = [], env?: Record<string, string>) {
  const { child, ended } = run(['--listen', '127.0.0.1:0', '--config', certify, ...args], env);
  const lines: string[] = [];
  await Promise.race([
    new Promise<void>((ready) => {
      createInterface(child.stdout!).on('line', (line) => {
        lines.push(line);
        if (/^wss?:/.test(line)) ready();
      });
    }),
    ended.then(({ stderr }) => Promise.reject(new Error(stderr))),
  ]);
  return { child, ended, lines, url: lines.at(-1)! };
}

const database = () => join(temporaryFolder(), 'relay.db');

describe('the process', () => {
  test('OPS-11, OPS-12: prints its addresses, ends in order on SIGTERM and SIGINT, and is the same relay when it starts again', async () => {
    const db = database();
    const first = await start(['--db', db]);
    expect(first.url).toMatch(/^ws:\/\/127\.0\.0\.1:\d+\/#[\w-]{43}$/);
    const { session } = await joinGroup(first, newGroup());
    expect((await session.push({ blob_id: newBlobId(), payload: bytes(5) })).cursor).toBe(1n);
    first.child.kill('SIGTERM');
    expect((await session.closed).closeCode).toBe(1001);
    const { code, stdout } = await first.ended;
    expect(code).toBe(0);
    expect(stdout).toMatch(/^admin http:\/\/127\.0\.0\.1:\d+\/\nws:.*\n$/);
    for (const file of ['relay.db', 'relay.db.key']) {
      expect(statSync(join(db, '..', file)).mode & 0o777).toBe(0o600);
    }
    expect(existsSync(`${db}-wal`)).toBe(false);
    const second = await start(['--db', db]);
    expect(second.url.split('#')[1]).toBe(first.url.split('#')[1]);
    second.child.kill('SIGINT');
    expect((await second.ended).code).toBe(0);
  });

  test('kill -9 in the middle of pushes loses no acknowledged blob and reuses no cursor', async () => {
    const db = database();
    const group = newGroup();
    const acknowledged = new Map<bigint, Uint8Array>();
    for (let round = 0; round < 3; round++) {
      const relay = await start(['--db', db]);
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
    const relay = await start(['--db', db]);
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

  test('OPS-13, OPS-14: SIGTERM answers what was read, then tells everybody 3001; nobody else gets in', async () => {
    const relay = await start(['--db', database()]);
    const { session } = await joinGroup(relay, newGroup());
    const pushes = Array.from({ length: 40 }, () => session.push({ blob_id: newBlobId(), payload: bytes(2000) }));
    // The channel is there, but no Hello; and a socket on which the handshake has not begun.
    const silent = await connect(relay.url, newIdentity());
    const unopened = new WebSocket(relay.url.split('#')[0]!, ['0k-sync.1']);
    await once(unopened, 'open');
    const unopenedClosed = once(unopened, 'close');
    await pushes[0];
    relay.child.kill('SIGTERM');
    const outcomes = await Promise.allSettled(pushes);
    expect((await session.closed).closeCode).toBe(1001);
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 3001 });
    }
    expect((await silent.closed).closeCode).toBe(1001);
    expect((await unopenedClosed)[0]).toBe(1001);
    await expect(connect(relay.url, newIdentity())).rejects.toThrow();
    expect((await relay.ended).code).toBe(0);
  });

  test.each(['SIGTERM', 'SIGINT'] as const)(
    'a second %s ends it at once, whoever it is still waiting for',
    async (signal) => {
      const relay = await start(['--db', database()]);
      const { session } = await joinGroup(relay, newGroup());
      await session.push({ blob_id: newBlobId(), payload: bytes(1_048_576) });
      const deaf = await RawClient.connect(relay);
      deaf.send({ type: 'Hello', version: 1, device_name: '', group_id: bytes(32), last_cursor: 0n });
      await deaf.next();
      // Its close is never answered, so that the relay would wait for as long as it may.
      deaf.socket.pause();
      relay.child.kill(signal);
      await session.closed;
      // Somebody who goes on asking. One of these comes when it can no longer be the same signal passed on twice.
      const asking = setInterval(() => relay.child.kill(signal), 50);
      const { code } = await relay.ended;
      clearInterval(asking);
      expect(code).toBe(1);
    },
  );

  test('OPS-11, OPS-12: a Ctrl-C that reaches it twice at once is one', async () => {
    const relay = await start(['--db', database()]);
    const { session } = await joinGroup(relay, newGroup());
    relay.child.kill('SIGINT');
    relay.child.kill('SIGTERM');
    expect((await session.closed).closeCode).toBe(1001);
    expect((await relay.ended).code).toBe(0);
  });

  test('a log that nobody reads holds nothing up, and one that cannot be written ends nothing', async () => {
    const child = spawn(
      process.execPath,
      ['--conditions=source', bin, '--listen', '127.0.0.1:0', '--config', certify, '--db', database()],
      { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ZK_SYNC_LOG_LEVEL: 'debug' } },
    );
    onTestFinished(() => void child.kill('SIGKILL'));
    let url = '';
    for await (const line of createInterface(child.stdout!)) {
      url = line;
      if (line.startsWith('ws:')) break;
    }
    const { session } = await joinGroup({ url }, newGroup());
    const missing = (force: boolean) => ({ type: 'Delete', blob_id: newBlobId(), force }) as const;
    // More lines than any pipe holds, each of at least 70 bytes.
    const refused = () => Promise.allSettled(Array.from({ length: 10_000 }, () => session.request(missing(true))));
    expect(await refused()).toHaveLength(10_000);
    child.stderr!.destroy();
    expect(await refused()).toHaveLength(10_000);
    expect((await session.push({ blob_id: newBlobId(), payload: bytes(5) })).cursor).toBe(1n);
  });

  test('SIGHUP ends nothing where there is no certificate', async () => {
    const relay = await start(['--db', database()]);
    relay.child.kill('SIGHUP');
    const { session } = await joinGroup(relay, newGroup());
    expect((await session.push({ blob_id: newBlobId(), payload: bytes(5) })).cursor).toBe(1n);
  });

  test('OPS-21: the environment sets what the file does not, and flags win', async () => {
    const relay = await start(['--db', database()], {
      ZK_SYNC_SERVER_BIND: '127.0.0.1:1',
      ZK_SYNC_ADMIN_BIND: '',
      ZK_SYNC_LIMITS_MAX_PULL_LIMIT: '7',
      ZK_SYNC_LOG_LEVEL: 'silent',
    });
    expect(relay.lines).toEqual([relay.url]);
    const { welcome } = await joinGroup(relay, newGroup());
    expect(welcome.ext!.limits!['max_pull_limit']).toBe(7n);
    relay.child.kill('SIGTERM');
    expect(await relay.ended).toMatchObject({ code: 0, stderr: '' });
  });

  test('OPS-20: an unusable file or setting ends it with lines on stderr that say what to do', async () => {
    const folder = temporaryFolder();
    const garbage = join(folder, 'garbage.db');
    writeFileSync(garbage, 'not a database at all'.repeat(100));
    const wrong = join(folder, 'wrong.toml');
    writeFileSync(wrong, '[limits]\nmax_pull_limit = 0\nmax_pull = 5');
    const { port } = new URL((await start(['--db', database()])).url);
    const inUse = `0k-sync-relay: 127.0.0.1:${port} is in use: stop what listens there, or choose another`;
    const pull = `0k-sync-relay: ${wrong}: limits.max_pull_limit must be an integer from 1 to 4294967295, not 0`;
    const pulls = `0k-sync-relay: ${wrong}: unknown key limits.max_pull: did you mean limits.max_pull_limit?`;
    const expectations = [
      [['--db', garbage], {}, 1, `0k-sync-relay: ${garbage} is not a SQLite database: name another file with --db\n`],
      [['--config', wrong], {}, 2, `${pull}\n${pulls}\n`],
      [['check-config', '--config', wrong], {}, 2, `${pull}\n${pulls}\n`],
      [['--config', wrong, 'check-config'], {}, 2, `${pull}\n${pulls}\n`],
      [
        ['check-config'],
        { ZK_SYNC_SERVER_TLS_CERT: '/nonexistent', ZK_SYNC_SERVER_TLS_KEY: '/nonexistent' },
        2,
        '0k-sync-relay: server.tls_cert: /nonexistent cannot be read (ENOENT): see that it exists and that the relay may read it\n',
      ],
      [['--listen', `127.0.0.1:${port}`, '--db', database()], {}, 1, `${inUse} (server.bind)\n`],
      [
        ['--listen', '127.0.0.1:0', '--db', database()],
        { ZK_SYNC_ADMIN_BIND: `127.0.0.1:${port}` },
        1,
        `${inUse} (admin.bind)\n`,
      ],
      [
        [],
        { ZK_SYNC_SERVER_BINDS: 'x' },
        2,
        '0k-sync-relay: ZK_SYNC_SERVER_BINDS: no such setting: did you mean ZK_SYNC_SERVER_BIND?\n',
      ],
    ] as const;
    await Promise.all(
      expectations.map(async ([args, env, code, stderr]) => {
        const ended = await run([...args], { ZK_SYNC_ADMIN_BIND: '', ...env }).ended;
        expect(ended).toEqual({ code, stdout: '', stderr });
      }),
    );
    expect(await run(['--nonsense']).ended).toMatchObject({ code: 2, stdout: '' });
    expect(await run(['nonsense']).ended).toMatchObject({ code: 2, stdout: '' });
    for (const command of [[], ['check-config']]) {
      expect(await run([...command, '--help']).ended).toMatchObject({ code: 0, stderr: '' });
    }
  });

  test('check-config prints what is in force and where it comes from', async () => {
    const { code, stdout, stderr } = await run(['check-config', '--config', certify, '--db', 'here.db'], {
      ZK_SYNC_SERVER_OPEN_GROUPS: 'false',
    }).ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const line of [
      /^\[server\]$/m,
      /^bind = "127\.0\.0\.1:8080" +# default$/m,
      /^open_groups = false +# ZK_SYNC_SERVER_OPEN_GROUPS$/m,
      /^database = "here\.db" +# --db$/m,
      /^messages_per_minute = 0 +# .*certify\.toml$/m,
    ]) {
      expect(stdout).toMatch(line);
    }
  });

  test('a second relay on the same file is refused', async () => {
    const db = database();
    await start(['--db', db]);
    const { code, stderr } = await run(['--listen', '127.0.0.1:0', '--db', db]).ended;
    expect(code).toBe(1);
    expect(stderr).toContain('is in use by another relay');
  });
});
