import { createHash, createHmac, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { encodeBase64url, formatBlobId } from '@0k-sync/reference';
import { describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { createLog, type LogEvents } from '../src/log.ts';
import { ManualClock } from './manual-clock.ts';
import { RawClient } from './raw-client.ts';
import { bytes, joinGroup, newBlobId, newGroup, newIdentity, rejection, startRelay } from './relay-harness.ts';

type Line = Record<string, unknown>;
const parsed = (log: string[]) => log.map((line) => JSON.parse(line) as Line);

/** The ways in which bytes may be written, whole and begun. */
function spellings(id: Uint8Array): string[] {
  const hex = Buffer.from(id).toString('hex');
  const base64 = Buffer.from(id).toString('base64');
  return [hex.slice(0, 8), base64.slice(0, 8), encodeBase64url(id).slice(0, 8), [...id].slice(0, 4).join(',')];
}

describe('the log', () => {
  test('OPS-15, OPS-16, OPS-17: at level trace it has nothing of content, names, tokens, ids and addresses', async () => {
    const relay = await startRelay({
      config: { server: { trusted_proxies: ['127.0.0.1'] }, log: { level: 'trace' } },
      limits: { messages_per_minute: 60, messages_burst: 12, connections_per_minute: 4, max_blob_size: 100 },
      parts: ({ storage }) => {
        storage.devices = () => Promise.reject(new Error('disk I/O error'));
        return {};
      },
    });
    const group = newGroup();
    const name = 'canary-device-of-Zoë';
    const token = 'canary-push-token';
    const address = '203.0.113.77';
    const payload = Buffer.from('canary-payload-of-some-length');
    const blobId = newBlobId();
    const [alice, bob] = [await joinGroup(relay, group, { name }), await joinGroup(relay, group, { name })];

    await alice.session.push({ blob_id: blobId, payload });
    await bob.notified();
    await bob.session.pull({ after_cursor: 0n });
    await rejection(alice.session.push({ blob_id: blobId, payload: bytes(3) }));
    await rejection(alice.session.push({ blob_id: newBlobId(), payload: bytes(101) }));
    await alice.session.request({ type: 'RegisterPush', token, platform: 0, app_id: 'canary-app' });
    await rejection(alice.session.request({ type: 'RegisterPush', token, platform: 2, app_id: null }));
    await rejection(alice.session.request({ type: 'ListDevices' }));
    await rejection(bob.session.request({ type: 'Delete', blob_id: blobId, force: true }));
    await Promise.allSettled(Array.from({ length: 12 }, () => alice.session.pull({ after_cursor: 0n })));
    await bob.session.request({
      type: 'RevokeDevice',
      device_id: alice.identity.deviceId,
      reason: 2,
      clear_pending: true,
    });
    await alice.session.closed;
    // One that breaks the rules, one that never says Hello, and one too many, all from a known address.
    const broken = await RawClient.connect(relay, { 'x-forwarded-for': address });
    broken.channel.write(Buffer.concat([Uint8Array.of(0, 0, 0, 40), Buffer.from(name), Buffer.alloc(40)]));
    await broken.closed;
    for (let at = 0; at < 3; at++) await RawClient.connect(relay, { 'x-forwarded-for': address });
    const refused = new WebSocket(relay.url.split('#')[0]!, ['0k-sync.1'], { headers: { 'x-forwarded-for': address } });
    const [, response] = await once(refused, 'unexpected-response');
    expect(response.statusCode).toBe(429);
    await relay.close();

    const events = new Set(parsed(relay.log).map(({ event }) => event));
    for (const event of ['session_opened', 'session_closed', 'error_sent', 'limit', 'storage_failed', 'stopped']) {
      expect(events).toContain(event);
    }
    const all = relay.log.join('');
    const secrets = [name, 'canary', payload.toString(), payload.toString('base64').slice(0, 8), address];
    const ids = [group.groupId, alice.identity.deviceId, bob.identity.deviceId, blobId];
    for (const secret of [...secrets, ...ids.flatMap(spellings), formatBlobId(blobId).slice(0, 8)]) {
      expect(all).not.toContain(secret);
    }
    // The relay's own address is no secret, and the only one there is.
    expect(all.match(/\d+\.\d+\.\d+\.\d+/g)).toEqual(['127.0.0.1']);
  });

  test('OPS-18: ids are shortened by a keyed hash: the same in one run, others in the next', async () => {
    const group = newGroup();
    const identity = newIdentity();
    const runs: Line[][] = [];
    for (let run = 0; run < 2; run++) {
      const relay = await startRelay({ config: { log: { level: 'debug' } } });
      for (let visit = 0; visit < 2; visit++) await (await joinGroup(relay, group, { identity })).session.close();
      await relay.close();
      runs.push(parsed(relay.log).filter(({ device }) => device));
    }
    for (const lines of runs) {
      expect(lines.map(({ event }) => event)).toEqual([
        'session_opened',
        'session_closed',
        'session_opened',
        'session_closed',
      ]);
      expect(lines[1]).toMatchObject({ level: 'debug', close_code: 1000 });
      for (const field of ['device', 'group']) {
        expect(new Set(lines.map((line) => line[field])).size).toBe(1);
        expect(lines[0]![field]).toMatch(/^[\da-f]{8}$/);
      }
      expect(lines[0]!['device']).not.toBe(lines[0]!['group']);
    }
    for (const [field, id] of [
      ['device', identity.deviceId],
      ['group', group.groupId],
    ] as const) {
      const [first, second] = runs.map((lines) => lines[0]![field]);
      expect(first).not.toBe(second);
      const guesses = ['sha256', 'blake2s256', 'sha512', 'md5'].flatMap((hash) => [
        createHash(hash).update(id).digest('hex').slice(0, 8),
        createHmac(hash, '').update(id).digest('hex').slice(0, 8),
        createHmac(hash, Buffer.alloc(32)).update(id).digest('hex').slice(0, 8),
      ]);
      for (const guess of guesses) expect([first, second]).not.toContain(guess);
    }
  });

  test('fields that are not listed are left out, whatever the caller gives', () => {
    const lines: string[] = [];
    const log = createLog('trace', new ManualClock(), { write: (line) => lines.push(line) });
    const more = { name: 'new groups', times: 2, address: '203.0.113.77', id: randomBytes(32) };
    log('limit', more as LogEvents['limit']);
    expect(parsed(lines)).toEqual([
      { level: 'warn', time: 1_800_000_000, event: 'limit', name: 'new groups', times: 2 },
    ]);
  });

  test.each([
    ['trace', ['stopped', 'limit', 'error_sent']],
    ['debug', ['stopped', 'limit', 'error_sent']],
    ['info', ['stopped', 'limit']],
    ['warn', ['limit']],
    ['error', []],
    ['silent', []],
  ] as const)('level %s lets through %j', (level, expected) => {
    const lines: string[] = [];
    const log = createLog(level, new ManualClock(), { write: (line) => lines.push(line) });
    log('stopped', {});
    log('limit', { name: 'sessions', times: 1 });
    log('error_sent', { device: bytes(32), code: 1000 });
    expect(parsed(lines).map(({ event }) => event)).toEqual(expected);
  });
});
