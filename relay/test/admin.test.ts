import { once } from 'node:events';
import { connect as connectTcp } from 'node:net';
import { METRICS } from '@0k-sync/spec';
import { describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { VERSION } from '../src/version.ts';
import { ManualClock } from './manual-clock.ts';
import { RawClient } from './raw-client.ts';
import { bytes, joinGroup, newBlobId, newGroup, rejection, type StartOptions, startRelay } from './relay-harness.ts';

async function startWithAdmin(options: StartOptions = {}) {
  const relay = await startRelay({
    ...options,
    config: { ...options.config, admin: { bind: '127.0.0.1:0', ...options.config?.admin } },
  });
  const get = (path: string, method = 'GET') => fetch(`${relay.adminUrl}${path}`, { method });
  return {
    ...relay,
    get,
    health: async () => (await get('health')).json() as Promise<Record<string, unknown>>,
    metrics: async () => samples(await (await get('metrics')).text()),
  };
}

/** The samples of the text format, by name and labels. */
function samples(text: string): Map<string, number> {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.split(' ').at(-1))]));
}

const publicHttp = (relay: { url: string }) => relay.url.split('#')[0]!.replace('ws:', 'http:');

describe('the public listener', () => {
  test('OPS-01, OPS-02: GET /health says that it is alive, and no more', async () => {
    const relay = await startWithAdmin();
    await joinGroup(relay, newGroup());
    const response = await fetch(`${publicHttp(relay)}health`);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(await response.text()).toBe('{"status":"ok"}');
    const head = await fetch(`${publicHttp(relay)}health`, { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
    const ofHttp = ['connection', 'date', 'keep-alive'];
    expect([...head.headers.keys()].filter((name) => !ofHttp.includes(name))).toEqual(['content-type']);
  });

  test.each(['GET', 'HEAD', 'POST', 'DELETE', 'OPTIONS'])('OPS-03: %s of anything else gets 426', async (method) => {
    const relay = await startWithAdmin();
    for (const path of ['', 'metrics', 'metrics/', 'health/', '%2fmetrics', '..%2fmetrics', 'health%2f..%2fmetrics']) {
      const response = await fetch(`${publicHttp(relay)}${path}`, { method });
      expect([path, response.status, await response.text()]).toEqual([path, 426, '']);
    }
  });
});

describe('/health of the admin listener', () => {
  test('OPS-04: has all figures', async () => {
    const clock = new ManualClock();
    const relay = await startWithAdmin({ clock });
    expect(relay.adminUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
    const group = newGroup();
    const { session } = await joinGroup(relay, group);
    await joinGroup(relay, group);
    await joinGroup(relay, newGroup());
    await session.push({ blob_id: newBlobId(), payload: bytes(100) });
    clock.advance(3);
    expect(await relay.health()).toEqual({
      status: 'ok',
      version: VERSION,
      connections: 3,
      groups: 2,
      uptime_seconds: 3,
      total_blobs: 1,
      storage_bytes: 356,
      groups_with_data: 1,
    });
  });

  test('is 503 and failing when storage does not answer, and while the relay ends', async () => {
    let broken = false;
    const relay = await startWithAdmin({
      parts: ({ storage }) => {
        const { totals } = storage;
        storage.totals = () => (broken ? Promise.reject(new Error('disk')) : totals());
        return {};
      },
    });
    const failing = async () => {
      const response = await relay.get('health');
      return [response.status, ((await response.json()) as { status: string }).status];
    };
    expect(await failing()).toEqual([200, 'ok']);
    broken = true;
    expect(await failing()).toEqual([503, 'failing']);
    broken = false;
    // The close of this one is not answered, so that the relay waits for it.
    const deaf = await RawClient.connect(relay);
    deaf.socket.pause();
    const closed = relay.close();
    expect(await failing()).toEqual([503, 'failing']);
    expect((await relay.get('metrics')).status).toBe(200);
    deaf.socket.terminate();
    await closed;
    await expect(relay.get('health')).rejects.toThrow();
  });
});

describe('/metrics', () => {
  test('OPS-05: has every metric of the table, by its name and of its type, and those of the process', async () => {
    const relay = await startWithAdmin();
    await joinGroup(relay, newGroup());
    const response = await relay.get('metrics');
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    const text = await response.text();
    for (const { name, type, doc } of METRICS) {
      expect(text).toContain(`# HELP ${name} ${doc}\n# TYPE ${name} ${type}\n`);
    }
    expect(samples(text).get(`sync_relay_info{version="${VERSION}"}`)).toBe(1);
    for (const name of ['process_resident_memory_bytes', 'nodejs_eventloop_lag_seconds', 'sync_relay_uptime_seconds']) {
      expect([...samples(text).keys()]).toContain(name);
    }
    // Asked again it has each metric once.
    expect((await (await relay.get('metrics')).text()).match(/^# TYPE sync_relay_pushes_total/gm)).toHaveLength(1);
  });

  test('OPS-06, OPS-07, OPS-08: counts what happens', async () => {
    const relay = await startWithAdmin({ limits: { max_blob_size: 100 } });
    const group = newGroup();
    const alice = await joinGroup(relay, group);
    const bob = await joinGroup(relay, group);
    const blob = { blob_id: newBlobId(), payload: bytes(100) };
    await alice.session.push(blob);
    await alice.session.push(blob);
    await rejection(alice.session.push({ blob_id: newBlobId(), payload: bytes(101) }));
    await rejection(alice.session.push({ ...blob, payload: bytes(99) }));
    for (let at = 0; at < 3; at++) await bob.session.pull({ after_cursor: 0n });
    const during = await relay.metrics();
    const figures = (names: string[]) => names.map((name) => during.get(`sync_relay_${name}`));
    expect(figures(['pushes_total', 'blobs_stored_total', 'pulls_total'])).toEqual([4, 1, 3]);
    expect(figures(['connections_total', 'connections_active', 'groups_active'])).toEqual([2, 2, 1]);
    expect(figures(['storage_blobs', 'storage_bytes', 'storage_groups'])).toEqual([1, 356, 1]);
    expect(figures(['errors_total{code="2001"}', 'errors_total{code="1006"}'])).toEqual([1, 1]);
    expect(figures(['commit_seconds_count', 'commit_seconds_bucket{le="+Inf"}'])).toEqual([1, 1]);
    expect(during.get('sync_relay_bytes_received_total')).toBeGreaterThan(400);
    expect(during.get('sync_relay_bytes_sent_total')).toBeGreaterThan(400);
    await bob.session.close();
    await alice.session.pull({ after_cursor: 0n });
    const after = await relay.metrics();
    expect(after.get('sync_relay_connections_active')).toBe(1);
    expect(after.get('sync_relay_connections_total')).toBe(2);
  });

  test('names the limits that were reached', async () => {
    const relay = await startWithAdmin({
      limits: { messages_per_minute: 60, messages_burst: 1, connections_per_minute: 1, new_groups_per_hour: 1 },
      parts: ({ limits }) => ({ limits: { ...limits, connectionOf: () => undefined } }),
    });
    const { session } = await joinGroup(relay, newGroup());
    await session.pull({ after_cursor: 0n });
    for (let at = 0; at < 2; at++) await rejection(session.pull({ after_cursor: 0n }));
    await rejection(joinGroup(relay, newGroup()));
    const metrics = await relay.metrics();
    expect(metrics.get('sync_relay_rate_limit_hits_total{limit="requests_of_device"}')).toBe(2);
    expect(metrics.get('sync_relay_rate_limit_hits_total{limit="connections_of_address"}')).toBe(1);
    expect(metrics.get('sync_relay_errors_total{code="2000"}')).toBe(2);
  });

  test('OPS-09: forgets what was cleaned up, and leaves out what storage does not tell', async () => {
    const clock = new ManualClock();
    let broken = false;
    const relay = await startWithAdmin({
      clock,
      parts: ({ storage }) => {
        const { totals } = storage;
        storage.totals = () => (broken ? Promise.reject(new Error('disk')) : totals());
        return {};
      },
    });
    const { session } = await joinGroup(relay, newGroup());
    await session.push({ blob_id: newBlobId(), payload: bytes(10), ttl: 60 });
    expect((await relay.metrics()).get('sync_relay_storage_bytes')).toBe(266);
    clock.advance(61);
    while (!(await relay.parts.storage.cleanUp()).done);
    const metrics = await relay.metrics();
    expect([metrics.get('sync_relay_storage_blobs'), metrics.get('sync_relay_storage_bytes')]).toEqual([0, 0]);
    broken = true;
    const silent = await relay.metrics();
    expect(silent.has('sync_relay_storage_blobs')).toBe(false);
    expect(silent.get('sync_relay_pushes_total')).toBe(1);
  });

  test('OPS-10: has no label but those of the table, and nothing of groups, devices and blobs', async () => {
    const relay = await startWithAdmin({ limits: { messages_per_minute: 60, messages_burst: 2 } });
    const group = newGroup();
    const { session, identity } = await joinGroup(relay, group, { name: 'canary-name' });
    const blobId = newBlobId();
    await session.push({ blob_id: blobId, payload: Buffer.from('canary-payload') });
    for (let at = 0; at < 3; at++) await rejection(session.push({ blob_id: blobId, payload: bytes(9) }));
    const text = await (await relay.get('metrics')).text();
    expect(text).not.toContain('canary');
    expect(text).not.toContain('127.0.0.1');
    for (const id of [group.groupId, identity.deviceId, blobId]) {
      const bytesOf = Buffer.from(id);
      for (const shown of ['hex', 'base64', 'base64url'] as const) {
        expect(text).not.toContain(bytesOf.toString(shown).slice(0, 8));
      }
    }
    const labels = [...text.matchAll(/^sync_relay_\w+\{(.*)\} /gm)].flatMap(([, list]) => list!.match(/\w+(?==)/g));
    expect(new Set(labels)).toEqual(new Set(['version', 'limit', 'code', 'le']));
  });

  test('is not there when it is disabled', async () => {
    const relay = await startWithAdmin({ config: { admin: { metrics_enabled: false } } });
    expect((await relay.get('metrics')).status).toBe(404);
    expect((await relay.get('health')).status).toBe(200);
  });
});

describe('the admin listener', () => {
  test('serves GET and HEAD of its two pages, nothing else, and no WebSocket', async () => {
    const relay = await startWithAdmin();
    for (const path of ['', 'health/', 'invite', 'constructor', '__proto__']) {
      expect((await relay.get(path)).status).toBe(404);
    }
    const head = await relay.get('metrics', 'HEAD');
    expect([head.status, await head.text()]).toEqual([200, '']);
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
      const response = await relay.get('metrics', method);
      expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
    }
    for (const path of ['', 'health']) {
      const socket = new WebSocket(`${relay.adminUrl!.replace('http:', 'ws:')}${path}`, ['0k-sync.1']);
      const [, response] = await once(socket, 'unexpected-response');
      expect(response.statusCode).toBe(path === '' ? 404 : 200);
    }
  });

  test('is not there with an empty admin.bind', async () => {
    expect((await startRelay()).adminUrl).toBeUndefined();
  });

  test('the relay ends also while somebody is in the middle of a request to it', async () => {
    const relay = await startWithAdmin();
    const { port } = new URL(relay.adminUrl!);
    const socket = connectTcp(Number(port), '127.0.0.1');
    await once(socket, 'connect');
    socket.write('GET /health HTTP/1.1\r\n');
    // Answered after it, so that what is above has been read.
    await relay.health();
    const closed = once(socket.resume(), 'close');
    await relay.close();
    await closed;
  });
});
