import crypto, { randomBytes } from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import {
  decodeMessage,
  encodeFrame,
  FrameReader,
  type MessageTransport,
  memoryPair,
  SecureChannel,
} from '@0k-sync/reference';
import { nodeCrypto } from '@0k-sync/reference/node';
import { FIXED_LIMITS, MAX_BODY, type Message } from '@0k-sync/spec';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { type Clock, systemClock } from '../src/clock.ts';
import { Connection } from '../src/connection.ts';
import type { RelayContext } from '../src/relay.ts';
import { Session } from '../src/session.ts';
import { batchesOn } from '../src/sqlite/batch.ts';
import { openDatabase } from '../src/sqlite/database.ts';
import { Store } from '../src/sqlite/store.ts';
import type { PushRequest } from '../src/storage.ts';
import {
  bytes,
  joinGroup,
  newBlobId,
  newGroup,
  newIdentity,
  rejection,
  type StartOptions,
  startRelay,
  temporaryFolder,
} from './relay-harness.ts';

// What no outsider can see. Each test is named by the requirement that it verifies.

/** Wall time that a test sets; everything else runs as it does. */
function settableClock(): Clock & { seconds: number } {
  const clock = { ...systemClock, seconds: 1_800_000_000, now: () => clock.seconds };
  return clock;
}

async function startWithClock(options: StartOptions = {}) {
  const clock = settableClock();
  const relay = await startRelay({ ...options, clock });
  const cleanUp = async () => {
    while (!(await relay.parts.storage.cleanUp()).done);
  };
  return { ...relay, clock, cleanUp };
}

const newStore = (path = join(temporaryFolder(), 'relay.db')): Store =>
  new Store({
    path,
    maxGroupStorage: 1e6,
    maxTotalStorage: 1e6,
    defaultTtl: 1000,
    maxTtl: 1000,
    maxDevices: 256,
    retention: 'ttl',
  });

describe('what is acknowledged', () => {
  test('CUR-27: the database syncs at each commit, to the disk', () => {
    const path = join(temporaryFolder(), 'relay.db');
    const database = openDatabase(path);
    const FULL = 2n;
    expect(database.one('PRAGMA synchronous')).toEqual({ synchronous: FULL });
    expect(database.one('PRAGMA journal_mode')).toEqual({ journal_mode: 'wal' });
    database.close();
  });

  test('CUR-27: storage answers a push when another connection to the file can read it', () => {
    const path = join(temporaryFolder(), 'relay.db');
    const store = newStore(path);
    const reader = new DatabaseSync(path, { readOnly: true });
    const committed: unknown[] = [];
    const run = batchesOn(store, (answers) => {
      for (const _ of answers) committed.push(reader.prepare('SELECT count(*) AS n FROM blobs').get()!['n']);
    });
    const request = (): PushRequest => ({
      group: { id: new Uint8Array(32), proven: true },
      sender: bytes(32),
      blobId: newBlobId(),
      payload: bytes(10),
      ttl: 0,
      connected: [],
    });
    run([1, 2, 3].map((id) => ({ id, name: 'push', now: 1_800_000_000, request: request() })));
    expect(committed).toEqual([3, 3, 3]);
    reader.close();
    store.close();
  });

  test('CUR-27: PushAck is not sent before storage has answered', async () => {
    const gate = Promise.withResolvers<void>();
    const stored = Promise.withResolvers<void>();
    const relay = await startRelay({
      parts: ({ storage }) => {
        const { push } = storage;
        storage.push = async (request) => {
          const answer = await push(request);
          stored.resolve();
          await gate.promise;
          return answer;
        };
        return {};
      },
    });
    const { session } = await joinGroup(relay, newGroup());
    const ended: string[] = [];
    const ack = session.push({ blob_id: newBlobId(), payload: bytes(5) }).then(() => ended.push('ack'));
    await stored.promise;
    // Another client is served meanwhile.
    await (await joinGroup(relay, newGroup())).session.pull({ after_cursor: 0n });
    ended.push('gate');
    gate.resolve();
    await ack;
    expect(ended).toEqual(['gate', 'ack']);
  });
});

describe('time', () => {
  test('CUR-56: a clock that is set back brings no expired blob back, neither at once nor after a restart', async () => {
    const folder = temporaryFolder();
    const relay = await startWithClock({ folder });
    const group = newGroup();
    const alice = await joinGroup(relay, group);
    await alice.session.push({ blob_id: newBlobId(), payload: bytes(5), ttl: 100 });
    relay.clock.seconds += 100;
    const { ext } = await alice.session.push({ blob_id: newBlobId(), payload: bytes(5) });
    relay.clock.seconds -= 1000;
    const live = async (session: typeof alice.session) =>
      (await session.pull({ after_cursor: 0n })).blobs.map(({ cursor }) => cursor);
    expect(await live(alice.session)).toEqual([2n]);
    const later = await alice.session.push({ blob_id: newBlobId(), payload: bytes(5) });
    expect(later.ext!.timestamp).toBe(ext!.timestamp);
    await relay.close();
    const again = await startWithClock({ folder });
    again.clock.seconds = relay.clock.seconds;
    expect(await live((await joinGroup(again, group)).session)).toEqual([2n, 3n]);
  });
});

/** A relay's side of a session over memory, and what its client does with bytes. */
async function overMemory(parts: StartOptions['parts'] = () => ({})) {
  const relay = await startRelay({ parts });
  const context: RelayContext = {
    ...relay.parts,
    limitReached() {},
    errorSent() {},
    storageFailed() {},
    tellDeleted() {},
  };
  const [near, far] = memoryPair();
  let paused = false;
  const transport: MessageTransport = {
    get handlers() {
      return near.handlers;
    },
    set handlers(handlers) {
      near.handlers = handlers;
    },
    bufferedAmount: 0,
    send: (message) => near.send(message),
    close: (code) => near.close(code),
    terminate: () => near.terminate(),
    pause() {
      paused = true;
      near.pause();
    },
    resume() {
      paused = false;
      near.resume();
    },
  };
  const wire = {
    transport,
    address: '192.0.2.1',
    acceptedAt: systemClock.uptime(),
    bytesRead: 0,
    blocked: false,
    onDrain() {},
    broken: false,
    ping() {},
  };
  const { identity, crypto: provider, clock, metrics } = relay.parts;
  const timers = { pingInterval: 1e6, idleTimeout: 1e6, helloTimeout: 1e5 };
  const connection = new Connection(wire, { identity, crypto: provider, clock, metrics, ...timers });
  const session = new Promise<Session>((opened) => {
    let own: Session | undefined;
    connection.handlers = {
      open({ deviceId }) {
        own = new Session(connection, deviceId, context);
        opened(own);
      },
      ending() {},
      readable: () => own?.advance(),
      drained: () => own?.advance(),
      closed: (code) => own?.closed(code),
    };
  });

  const received: Message[] = [];
  const welcomed = Promise.withResolvers<void>();
  const frames = new FrameReader({ maxBody: MAX_BODY.bin });
  const closed = Promise.withResolvers<number>();
  const channel = await new Promise<SecureChannel>((open) => {
    const made: SecureChannel = new SecureChannel(far, {
      role: 'initiator',
      identity: newIdentity(),
      crypto: nodeCrypto,
      handlers: {
        open: () => open(made),
        data(plaintext) {
          frames.push(plaintext);
          for (let body = frames.next(); body; body = frames.next()) received.push(decodeMessage(body, 'bin'));
          welcomed.resolve();
        },
        close: (code) => closed.resolve(code),
      },
    });
  });
  const send = (...messages: Message[]) => {
    for (const message of messages) channel.write(encodeFrame(message, 'bin'));
  };
  send({ type: 'Hello', version: 1, device_name: '', group_id: bytes(32), last_cursor: 0n });
  await welcomed.promise;
  /** What was begun comes to rest: nothing here waits for a network. */
  const rest = async () => {
    for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve));
  };
  return {
    connection,
    session: await session,
    wire,
    received,
    send,
    rest,
    closed: closed.promise,
    isPaused: () => paused,
  };
}

describe('memory of one connection', () => {
  /** Storage that keeps pushes waiting. */
  function holding() {
    const waiting: (() => void)[] = [];
    let bytesWaiting = 0;
    const parts: StartOptions['parts'] = ({ storage }) => {
      storage.push = ({ payload }) => {
        bytesWaiting += payload.length;
        return new Promise((resolve) => {
          waiting.push(() => {
            bytesWaiting -= payload.length;
            resolve({ cursor: 1n, timestamp: 0, digest: new Uint8Array(32), fresh: false });
          });
        });
      };
      return {};
    };
    return { parts, waiting, bytesWaiting: () => bytesWaiting };
  }
  const push = (size: number): Message => ({
    type: 'Push',
    blob_id: newBlobId(),
    payload: new Uint8Array(size),
    ttl: 0,
  });

  test('FRAME-24: 64 unanswered requests stop the relay from reading, and one answer lets it go on', async () => {
    const { parts, waiting } = holding();
    const client = await overMemory(parts);
    client.send(...Array.from({ length: 500 }, () => push(10)));
    await client.rest();
    expect([waiting.length, client.isPaused()]).toEqual([FIXED_LIMITS.max_unanswered_requests, true]);
    waiting.shift()!();
    await client.rest();
    expect([waiting.length, client.isPaused()]).toEqual([FIXED_LIMITS.max_unanswered_requests, true]);
    while (waiting.length > 0) {
      waiting.shift()!();
      await client.rest();
    }
    expect([client.received.length, client.isPaused()]).toEqual([1 + 500, false]);
  });

  test('FRAME-24: 8 MiB of unanswered requests stop it too', async () => {
    const { parts, waiting, bytesWaiting } = holding();
    const client = await overMemory(parts);
    client.send(...Array.from({ length: 20 }, () => push(1_048_576)));
    await client.rest();
    expect(waiting.length).toBeGreaterThan(1);
    expect(bytesWaiting()).toBeLessThanOrEqual(FIXED_LIMITS.max_unanswered_bytes);
    expect(client.isPaused()).toBe(true);
    while (waiting.length > 0) {
      waiting.shift()!();
      await client.rest();
      expect(bytesWaiting()).toBeLessThanOrEqual(FIXED_LIMITS.max_unanswered_bytes);
    }
    expect(client.received).toHaveLength(1 + 20);
  });

  test.each([
    ['large answers', 0, 1, (): Message => ({ type: 'Pull', after_cursor: 0n, limit: 1 })],
    ['news and small answers', FIXED_LIMITS.max_queued_bytes - 200_000, 1000, () => push(0)],
  ])('FRAME-25: at most 4 MiB are queued for a client that does not read: %s', async (_, news, atOnce, request) => {
    const payload = new Uint8Array(1_048_576);
    const client = await overMemory(({ storage }) => {
      storage.push = async () => ({ cursor: 1n, timestamp: 0, digest: new Uint8Array(32), fresh: false });
      storage.pull = async () => ({
        blobs: [{ blobId: newBlobId(), cursor: 1n, payload, timestamp: 0, sender: bytes(32) }],
        hasMore: false,
        maxCursor: 1n,
        damaged: [],
        deleted: [],
      });
      return {};
    });
    client.wire.blocked = true;
    const deleted: Message = { type: 'Deleted', blob_id: newBlobId(), cursor: 1n, deleted_by: bytes(32) };
    while (client.connection.queued < news) client.session.tell(deleted);
    let asked = 0;
    while (!client.isPaused()) {
      for (let at = 0; at < atOnce; at++) client.send(request());
      asked += atOnce;
      await client.rest();
      client.session.tell(deleted);
      expect(client.connection.queued).toBeLessThanOrEqual(FIXED_LIMITS.max_queued_bytes);
    }
    expect(client.connection.queued).toBeGreaterThan(FIXED_LIMITS.max_queued_bytes / 2);
    for (let at = 0; at < 100_000; at++) client.session.tell(deleted);
    expect(client.connection.queued).toBeLessThanOrEqual(FIXED_LIMITS.max_queued_bytes);
    client.wire.blocked = false;
    client.wire.onDrain();
    client.send({ type: 'Bye', reason: null });
    expect(await client.closed).toBe(1000);
    const answers = client.received.filter(({ type }) => type !== 'Deleted');
    expect(answers).toHaveLength(1 + asked);
  });
});

describe('the state of a group', () => {
  test('SES-23: Hello and all that only asks store nothing', async () => {
    const folder = temporaryFolder();
    const relay = await startRelay({ folder });
    for (const open of [false, true]) {
      const { session } = await joinGroup(relay, newGroup(), { open });
      await session.pull({ after_cursor: 0n });
      await session.request({ type: 'ListDevices' });
      await session.request({ type: 'UnregisterPush', reason: 0 });
      session.send({ type: 'Presence', status: 1 });
      session.send({ type: 'Presence', status: 0 });
      const missing = { type: 'Delete', blob_id: newBlobId(), force: false } as const;
      await rejection(session.request(missing));
      await rejection(session.push({ blob_id: newBlobId(), payload: bytes(1_048_577) }));
      await session.close();
    }
    await relay.close();
    const database = new DatabaseSync(join(folder, 'relay.db'), { readOnly: true });
    const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all();
    const rows = tables.map(({ name }) => [name, database.prepare(`SELECT count(*) AS n FROM "${name}"`).get()!['n']]);
    database.close();
    // The one row of `relay` has the totals.
    expect(rows.filter(([, count]) => count !== 0)).toEqual([['relay', 1]]);
  });

  test('SES-45: a last_cursor whose record is forgotten keeps the epoch', async () => {
    const relay = await startWithClock({ limits: { max_ttl: 1000, default_ttl: 1000 } });
    const group = newGroup();
    const alice = await joinGroup(relay, group);
    await alice.session.push({ blob_id: newBlobId(), payload: bytes(5), ttl: 10 });
    const { epoch } = alice.welcome.ext!;
    const visit = async () =>
      (await joinGroup(relay, group, { last_cursor: 1n, ext: { epoch: epoch!, last_blob: newBlobId() } })).welcome.ext!;
    relay.clock.seconds += 10 + 1000;
    await relay.cleanUp();
    expect((await visit()).epoch).toEqual(epoch);
    // While there is a record, the same visit finds a restored relay out.
    await alice.session.push({ blob_id: newBlobId(), payload: bytes(5) });
    const { ext } = (await joinGroup(relay, group, { last_cursor: 2n, ext: { epoch: epoch!, last_blob: newBlobId() } }))
      .welcome;
    expect(ext!.epoch).not.toEqual(epoch);
  });
});

describe('epochs', () => {
  afterEach(() => {
    vi.restoreAllMocks();
    syncBuiltinESMExports();
  });

  /** The epochs of a store whose random bytes all come from `byte`: before state, when it begins, and a new one. */
  function epochs(byte: number): string[] {
    vi.spyOn(crypto, 'randomBytes').mockImplementation(((size: number) => Buffer.alloc(size, byte)) as never);
    syncBuiltinESMExports();
    const store = newStore();
    const ref = { id: new Uint8Array(32), proven: true };
    const before = store.epochBeforeState(ref);
    const group = store.beginGroup(ref, []);
    const begun = group.epoch;
    store.newEpoch(group);
    store.commit();
    store.close();
    return [before, begun, group.epoch].map((epoch) => Buffer.from(epoch).toString('hex'));
  }

  test('SES-38: epochs come from the CSPRNG alone, by way of a secret before there is state', () => {
    const [first, again, other] = [epochs(1), epochs(1), epochs(2)];
    // Nothing else makes them differ: no time, no path, no process.
    expect(again).toEqual(first);
    // And each of them differs with what the CSPRNG gives.
    for (const [at, epoch] of other.entries()) expect(epoch).not.toBe(first[at]);
    expect(first[1]).toBe(first[0]);
  });

  test('SES-38: groups have epochs of their own, open and proven ones of the same id too', () => {
    const store = newStore();
    const ids = Array.from({ length: 100 }, () => randomBytes(32));
    const all = ids.flatMap((id) =>
      [true, false].map((proven) => Buffer.from(store.epochBeforeState({ id, proven })).toString('hex')),
    );
    expect(new Set(all).size).toBe(200);
    expect(all.every((epoch) => epoch.length === 32)).toBe(true);
    store.close();
  });
});
