import { once } from 'node:events';
import { type AddressInfo, connect as connectTcp, createServer } from 'node:net';
import { encodeBase64url, type Group, proveMembership } from '@0k-sync/reference';
import { connect, nodeCrypto } from '@0k-sync/reference/node';
import { ERRORS, type HelloExt, LIMITS } from '@0k-sync/spec';
import { describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { ManualClock } from './manual-clock.ts';
import {
  bytes,
  joinGroup,
  newBlobId,
  newGroup,
  newIdentity,
  rejection,
  startRelay,
  temporaryFolder,
} from './relay-harness.ts';

const push = (client: Awaited<ReturnType<typeof joinGroup>>, payload = bytes(20), ttl = 0) =>
  client.session.push({ blob_id: newBlobId(), payload, ttl });

describe('a session', () => {
  test('Welcome states what the protocol asks for', async () => {
    const relay = await startRelay();
    const { welcome } = await joinGroup(relay, newGroup());
    expect(welcome).toMatchObject({ version: 1, max_cursor: 0n, pending_count: 0 });
    const { caps, limits, epoch, expired_through } = welcome.ext!;
    expect(caps!.some((cap) => cap.startsWith('x-'))).toBe(true);
    expect(Object.keys(limits!).sort()).toEqual(Object.keys(LIMITS).sort());
    expect(limits!['max_ttl']).toBe(604_800n);
    expect(epoch).toHaveLength(16);
    expect(expired_through).toBe(0n);
  });

  test('what one device pushes another pulls, byte for byte, after a Notify', async () => {
    const relay = await startRelay();
    const group = newGroup();
    const alice = await joinGroup(relay, group);
    const bob = await joinGroup(relay, group);
    const payload = bytes(1_048_576);
    const ack = await push(alice, payload);
    expect(ack).toMatchObject({ cursor: 1n, ext: { digest: nodeCrypto.sha256(payload) } });
    expect(await bob.notified()).toMatchObject({ latest_cursor: 1n, count: 1 });
    const page = await bob.session.pull({ after_cursor: 0n });
    expect(page).toMatchObject({ has_more: false, max_cursor: 1n });
    expect(Buffer.compare(page.blobs[0]!.payload, payload)).toBe(0);
    expect(page.blobs[0]!.ext!.sender).toEqual(alice.identity.deviceId);
    expect(alice.notifies).toEqual([]);
  });

  test('a blob whose pusher is gone before the answer is notified to the only other connection', async () => {
    const [asked, left] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const relay = await startRelay({
      parts: ({ storage, sessions }) => {
        const { push: store } = storage;
        const { leave } = sessions;
        storage.push = async (request) => {
          asked.resolve();
          const stored = await store(request);
          await left.promise;
          return stored;
        };
        sessions.leave = (...args) => {
          leave.apply(sessions, args);
          left.resolve();
        };
        return {};
      },
    });
    const group = newGroup();
    const [alice, bob] = [await joinGroup(relay, group), await joinGroup(relay, group)];
    const unanswered = rejection(push(alice, bytes(10)));
    await asked.promise;
    alice.session.terminate();
    await unanswered;
    expect(await bob.notified()).toMatchObject({ latest_cursor: 1n, count: 1 });
  });

  test('requests sent without waiting are answered in order, and a Pull sees the pushes before it', async () => {
    const relay = await startRelay();
    const { session } = await joinGroup(relay, newGroup());
    const answers = await Promise.all([
      ...Array.from({ length: 150 }, () => session.push({ blob_id: newBlobId(), payload: bytes(100) })),
      session.pull({ after_cursor: 0n, limit: 1000 }),
    ]);
    const page = answers.pop();
    expect(answers.map((ack) => (ack as { cursor: bigint }).cursor)).toEqual(answers.map((_, at) => BigInt(at + 1)));
    expect((page as { blobs: unknown[] }).blobs).toHaveLength(150);
  });

  test('large pushes and pages in a row pass through intact', async () => {
    const relay = await startRelay();
    const { session } = await joinGroup(relay, newGroup());
    const payloads = Array.from({ length: 14 }, (_, at) => bytes(at % 2 ? 1_048_576 : 700_000));
    await Promise.all(payloads.map((payload) => session.push({ blob_id: newBlobId(), payload })));
    const pages = await Promise.all(payloads.map((_, at) => session.pull({ after_cursor: BigInt(at), limit: 1 })));
    for (const [at, page] of pages.entries()) {
      expect(page).toMatchObject({ max_cursor: BigInt(at + 1), has_more: at < 13 });
      expect(Buffer.compare(page.blobs[0]!.payload, payloads[at]!)).toBe(0);
    }
  });

  test('non-fatal refusals take their place in the order and end nothing', async () => {
    const relay = await startRelay({ limits: { max_blob_size: 100, max_group_storage: 256 + 50 } });
    const { session } = await joinGroup(relay, newGroup());
    const blob_id = newBlobId();
    const [first, conflict, large, full, again] = await Promise.allSettled([
      session.push({ blob_id, payload: new Uint8Array(50) }),
      session.push({ blob_id, payload: new Uint8Array(51) }),
      session.push({ blob_id, payload: new Uint8Array(101) }),
      session.push({ blob_id: newBlobId(), payload: new Uint8Array(0) }),
      session.push({ blob_id, payload: new Uint8Array(50) }),
    ]);
    expect(first).toMatchObject({ value: { cursor: 1n } });
    expect(conflict).toMatchObject({ reason: { code: 1006, fatal: false, blobId: blob_id } });
    expect(large).toMatchObject({ reason: { code: 2001 } });
    expect(full).toMatchObject({ reason: { code: 2002 } });
    expect(again).toMatchObject({ value: { cursor: 1n } });
  });

  test('a fatal refusal comes after the answers before it, and nothing after it takes effect', async () => {
    const relay = await startRelay();
    const group = newGroup();
    const { session } = await joinGroup(relay, group);
    const before = session.push({ blob_id: newBlobId(), payload: bytes(5) });
    session.send({ type: 'Ok' });
    const after = session.push({ blob_id: newBlobId(), payload: bytes(5) });
    expect((await before).cursor).toBe(1n);
    expect(await rejection(after)).toMatchObject({ code: 1000 });
    expect((await session.closed).closeCode).toBe(4000);
    expect((await joinGroup(relay, group)).welcome.max_cursor).toBe(1n);
  });

  test('Bye is answered by closing with 1000, after the answers before it', async () => {
    const relay = await startRelay();
    const { session } = await joinGroup(relay, newGroup());
    const ack = session.push({ blob_id: newBlobId(), payload: bytes(5) });
    session.send({ type: 'Bye', reason: null });
    expect((await ack).cursor).toBe(1n);
    expect((await session.closed).closeCode).toBe(1000);
  });
});

describe('Hello', () => {
  test.each([
    ['another version', 1005, 4005, { version: 2 }],
    ['a proof that is not of this device', 1002, 4002, { proof: true }],
    ['an open group where there are none', 1002, 4002, {}],
  ])('%s is refused', async (_, code, closeCode, { version, proof }: { version?: number; proof?: boolean }) => {
    const relay = await startRelay({ config: { server: { open_groups: false } } });
    const session = await connect(relay.url, newIdentity());
    const group = newGroup();
    const wrong = { key: group.authKey, signature: new Uint8Array(64).fill(1) };
    const hello = session.request({
      type: 'Hello',
      version: version ?? 1,
      device_name: '',
      group_id: group.groupId,
      last_cursor: 0n,
      ...(proof ? { ext: { proof: wrong } } : {}),
    });
    expect(await rejection(hello)).toMatchObject({ code });
    expect((await session.closed).closeCode).toBe(closeCode);
  });

  test.each(['allowed_groups', 'closed_groups'] as const)(
    'ERR-06, SES-14: %s keeps groups out with 1001 and 4001, after the proof was checked',
    async (list) => {
      const [known, unknown] = [newGroup(), newGroup()];
      const relay = await startRelay({
        config: { server: { open_groups: false, [list]: [encodeBase64url(known.groupId)] } },
      });
      const [served, refused] = list === 'allowed_groups' ? [known, unknown] : [unknown, known];
      await joinGroup(relay, served);
      const hello = async (group: Group, ext: HelloExt) => {
        const identity = newIdentity();
        const session = await connect(relay.url, identity);
        const right = proveMembership(group.authSeed, group.groupId, identity.deviceId, nodeCrypto);
        const { code } = await rejection(session.hello({ group_id: group.groupId, ext: { proof: right, ...ext } }));
        return { code, closeCode: (await session.closed).closeCode };
      };
      expect(await hello(refused, {})).toEqual({ code: ERRORS.UNKNOWN_GROUP.code, closeCode: 4001 });
      const wrong = { key: refused.authKey, signature: new Uint8Array(64).fill(1) };
      expect(await hello(refused, { proof: wrong })).toEqual({ code: ERRORS.UNAUTHORIZED.code, closeCode: 4002 });
    },
  );

  test('SES-15: a closed group is unknown also to those whom it revoked, and a frozen one to strangers', async () => {
    const folder = temporaryFolder();
    const group = newGroup();
    const relay = await startRelay({ folder });
    const { session } = await joinGroup(relay, group);
    const identity = newIdentity();
    const lost = { type: 'RevokeDevice', device_id: identity.deviceId, reason: 2, clear_pending: false } as const;
    expect(await session.request(lost)).toEqual({ type: 'Ok' });
    for (const options of [{ identity }, {}]) {
      expect(await rejection(joinGroup(relay, group, options))).toMatchObject({ code: ERRORS.DEVICE_REVOKED.code });
    }
    await relay.close();
    const closed_groups = [encodeBase64url(group.groupId)];
    const closed = await startRelay({ folder, config: { server: { closed_groups } } });
    for (const options of [{ identity }, {}]) {
      expect(await rejection(joinGroup(closed, group, options))).toMatchObject({ code: ERRORS.UNKNOWN_GROUP.code });
    }
  });

  test('ERR-08: a Hello that storage fails to answer is told 3000 and closed with 1013', async () => {
    const relay = await startRelay({
      parts: ({ storage }) => {
        storage.hello = () => Promise.reject(new Error('disk'));
        return {};
      },
    });
    const session = await connect(relay.url, newIdentity());
    expect(await rejection(session.hello({ group_id: bytes(32) }))).toMatchObject({ code: 3000, fatal: true });
    expect((await session.closed).closeCode).toBe(1013);
    expect(relay.log.some((line) => line.includes('"event":"storage_failed"'))).toBe(true);
  });

  test('an open group and the proven group of the same id see nothing of each other', async () => {
    const relay = await startRelay();
    const group = newGroup();
    const member = await joinGroup(relay, group);
    const stranger = await joinGroup(relay, group, { open: true });
    await push(member);
    expect((await stranger.session.pull({ after_cursor: 0n })).blobs).toEqual([]);
    expect((await push(stranger)).cursor).toBe(1n);
  });

  test('what follows Hello is left unread until Welcome, however large', async () => {
    const relay = await startRelay();
    const group = newGroup();
    const session = await connect(relay.url, newIdentity());
    const hello = session.hello({ group_id: group.groupId });
    const ack = session.push({ blob_id: newBlobId(), payload: bytes(200_000) });
    expect((await hello).version).toBe(1);
    expect((await ack).cursor).toBe(1n);
  });

  test('anything else first is refused with 1002', async () => {
    const relay = await startRelay();
    const session = await connect(relay.url, newIdentity());
    expect(await rejection(session.pull({ after_cursor: 0n }))).toMatchObject({ code: 1002 });
    expect((await session.closed).closeCode).toBe(4002);
  });

  test('the epoch stays over a restart once the group has state; a second Welcome counts what is pending', async () => {
    const folder = temporaryFolder();
    const relay = await startRelay({ folder });
    const group = newGroup();
    const alice = await joinGroup(relay, group);
    await push(alice);
    await relay.close();
    const again = await startRelay({ folder });
    expect(again.url.split('#')[1]).toBe(relay.url.split('#')[1]);
    const bob = await joinGroup(again, group);
    expect(bob.welcome.ext!.epoch).toEqual(alice.welcome.ext!.epoch);
    expect(bob.welcome).toMatchObject({ max_cursor: 1n, pending_count: 1 });
    expect(await bob.notified()).toMatchObject({ latest_cursor: 1n, count: 1 });
  });
});

describe('notifications', () => {
  test('every connection but the pushing one hears of a push, merged if there are many', async () => {
    const relay = await startRelay();
    const group = newGroup();
    const alice = await joinGroup(relay, group);
    const second = await joinGroup(relay, group, { identity: alice.identity });
    const bob = await joinGroup(relay, group);
    await Promise.all(Array.from({ length: 40 }, () => push(alice)));
    for (const client of [second, bob]) {
      let count = 0;
      for (let latest = 0n; latest < 40n; ) {
        const notify = await client.notified();
        latest = notify.latest_cursor;
        count += notify.count;
      }
      expect(count).toBe(40);
      expect(client.notifies.length).toBeLessThan(20);
    }
    expect(alice.notifies).toEqual([]);
  });

  test('a push that storage takes right after a Hello is notified, though Welcome is not written yet', async () => {
    const [greeted, pushed, gate] = Array.from({ length: 3 }, () => Promise.withResolvers<void>());
    let held = false;
    const relay = await startRelay({
      parts: ({ storage }) => {
        const { hello, push: store } = storage;
        // Both answers are held back and then come in one turn, as from one commit.
        storage.hello = (request) =>
          hello(request).then((figures) => {
            if (!held) return figures;
            greeted!.resolve();
            return gate!.promise.then(() => figures);
          });
        storage.push = (request) =>
          store(request).then((stored) => {
            pushed!.resolve();
            return gate!.promise.then(() => stored);
          });
        return {};
      },
    });
    const group = newGroup();
    const alice = await joinGroup(relay, group);
    held = true;
    const joining = joinGroup(relay, group);
    await greeted!.promise;
    const pushing = push(alice);
    await pushed!.promise;
    gate!.resolve();
    const [bob] = await Promise.all([joining, pushing]);
    expect(bob.welcome).toMatchObject({ max_cursor: 0n, pending_count: 0 });
    expect(await bob.notified()).toMatchObject({ latest_cursor: 1n, count: 1 });
  });

  test('Presence gets no answer where storage fails, and what is pushed afterwards is notified', async () => {
    const relay = await startRelay({
      parts: ({ storage }) => {
        storage.pending = () => Promise.reject(new Error('disk'));
        return {};
      },
    });
    const group = newGroup();
    const [alice, bob] = [await joinGroup(relay, group), await joinGroup(relay, group)];
    bob.session.send({ type: 'Presence', status: 1 });
    bob.session.send({ type: 'Presence', status: 0 });
    await bob.session.pull({ after_cursor: 0n });
    await push(alice);
    expect(await bob.notified()).toMatchObject({ latest_cursor: 1n });
  });

  test('Presence 0 counts from the cursor that the connection presented last, not from the highest', async () => {
    const relay = await startRelay();
    const group = newGroup();
    const [alice, bob] = [await joinGroup(relay, group), await joinGroup(relay, group, { last_cursor: 1000n })];
    bob.session.send({ type: 'Presence', status: 1 });
    await bob.session.pull({ after_cursor: 0n });
    await push(alice);
    bob.session.send({ type: 'Presence', status: 0 });
    expect(await bob.notified()).toMatchObject({ latest_cursor: 1n, count: 1 });
  });

  test('what was to be notified when Presence 1 came is counted once, after Presence 0', async () => {
    // The clock stands still, so that the second Notify is still to come when Presence 1 is read.
    const clock = new ManualClock();
    const relay = await startRelay({ clock });
    const group = newGroup();
    const [alice, bob] = [await joinGroup(relay, group), await joinGroup(relay, group)];
    await push(alice);
    expect(await bob.notified()).toMatchObject({ latest_cursor: 1n, count: 1 });
    await push(alice);
    bob.session.send({ type: 'Presence', status: 1 });
    await bob.session.pull({ after_cursor: 0n });
    await push(alice);
    bob.session.send({ type: 'Presence', status: 0 });
    expect(await bob.notified()).toMatchObject({ latest_cursor: 3n, count: 1 });
    clock.advance(1);
    await push(alice);
    clock.advance(1);
    expect(await bob.notified()).toMatchObject({ latest_cursor: 4n, count: 1 });
  });

  test('Presence 0 sent again and again asks storage once', async () => {
    let asked = 0;
    const relay = await startRelay({
      parts: ({ storage }) => {
        const { pending } = storage;
        storage.pending = (...args) => {
          asked++;
          return pending(...args);
        };
        return {};
      },
    });
    const { session } = await joinGroup(relay, newGroup());
    session.send({ type: 'Presence', status: 1 });
    for (let count = 0; count < 50; count++) session.send({ type: 'Presence', status: 0 });
    await session.pull({ after_cursor: 0n });
    expect(asked).toBe(1);
  });

  test('a repeated push notifies nobody', async () => {
    const relay = await startRelay();
    const group = newGroup();
    const alice = await joinGroup(relay, group);
    const bob = await joinGroup(relay, group);
    const blob = { blob_id: newBlobId(), payload: bytes(10) };
    await alice.session.push(blob);
    await bob.notified();
    await alice.session.push(blob);
    await push(alice);
    expect(await bob.notified()).toMatchObject({ latest_cursor: 2n, count: 1 });
  });

  test('Presence 1 silences, Presence 0 brings one Notify for what this connection has not seen', async () => {
    const relay = await startRelay();
    const group = newGroup();
    const alice = await joinGroup(relay, group);
    const bob = await joinGroup(relay, group);
    bob.session.send({ type: 'Presence', status: 1 });
    await bob.session.pull({ after_cursor: 0n });
    await push(alice);
    await push(alice);
    await bob.session.pull({ after_cursor: 0n, limit: 1 });
    expect(bob.notifies).toEqual([]);
    bob.session.send({ type: 'Presence', status: 7 });
    bob.session.send({ type: 'Presence', status: 0 });
    expect(await bob.notified()).toMatchObject({ latest_cursor: 2n, count: 1 });
    bob.session.send({ type: 'Presence', status: 1 });
    await bob.session.pull({ after_cursor: 2n });
    bob.session.send({ type: 'Presence', status: 0 });
    await bob.session.pull({ after_cursor: 2n });
    expect(bob.notifies).toHaveLength(1);
  });
});

describe('devices', () => {
  test('a revoked device is told so and stays out', async () => {
    const relay = await startRelay();
    const group = newGroup();
    const alice = await joinGroup(relay, group, { name: 'a' });
    const bob = await joinGroup(relay, group, { name: 'b' });
    const carol = await joinGroup(relay, group);
    await push(alice);
    const revoke = { type: 'RevokeDevice', device_id: bob.identity.deviceId, reason: 0, clear_pending: true } as const;
    expect(await alice.session.request(revoke)).toEqual({ type: 'Ok' });
    expect((await bob.session.closed).closeCode).toBe(4003);
    expect(await rejection(joinGroup(relay, group, { identity: bob.identity }))).toMatchObject({ code: 1003 });
    expect(await alice.session.request(revoke)).toEqual({ type: 'Ok' });
    await carol.session.pull({ after_cursor: 0n });
    expect(carol.events.filter((event) => event.type === 'DeviceRevoked')).toEqual([
      expect.objectContaining({ device_id: bob.identity.deviceId, revoked_by: alice.identity.deviceId, reason: 0 }),
    ]);
    const list = (await alice.session.request({ type: 'ListDevices' })) as unknown as { devices: object[] };
    expect(list.devices).toHaveLength(3);
    expect(list.devices).toContainEqual(
      expect.objectContaining({ device_id: bob.identity.deviceId, device_name: '', online: false, revoked: true }),
    );
    expect(list.devices).toContainEqual(
      expect.objectContaining({ device_id: carol.identity.deviceId, pending: 1, online: true, revoked: false }),
    );
  });

  test('whoever revokes itself gets Ok and then 1003', async () => {
    const relay = await startRelay();
    const { session, identity } = await joinGroup(relay, newGroup());
    const itself = { type: 'RevokeDevice', device_id: identity.deviceId, reason: 1, clear_pending: false } as const;
    expect(await session.request(itself)).toEqual({ type: 'Ok' });
    expect((await session.closed).closeCode).toBe(4003);
  });

  test('Delete: only the sender; the others are told once it is gone', async () => {
    const relay = await startRelay();
    const group = newGroup();
    const alice = await joinGroup(relay, group);
    const bob = await joinGroup(relay, group, { ext: {} });
    const blob_id = newBlobId();
    await alice.session.push({ blob_id, payload: bytes(5) });
    const noted = { type: 'Delete', blob_id, force: false } as const;
    expect(await rejection(bob.session.request(noted))).toMatchObject({ code: 1004, blobId: blob_id });
    expect(await alice.session.request(noted)).toEqual({ type: 'Ok' });
    expect((await bob.session.pull({ after_cursor: 0n })).blobs).toHaveLength(1);
    expect((await bob.session.pull({ after_cursor: 1n })).blobs).toEqual([]);
    await bob.session.pull({ after_cursor: 1n });
    const deleted = { type: 'Deleted', blob_id, cursor: 1n, deleted_by: alice.identity.deviceId };
    expect(bob.events.filter((event) => event.type === 'Deleted')).toEqual([deleted]);
    expect((await alice.session.pull({ after_cursor: 0n })).blobs).toEqual([]);
    expect(alice.events).toEqual([]);
    const unknown = { type: 'Delete', blob_id: newBlobId(), force: true } as const;
    expect(await rejection(alice.session.request(unknown))).toMatchObject({ code: 1007 });
  });

  test.each(['RevokeDevice', 'Delete'] as const)('%s with force in an open group is 1002', async (type) => {
    const relay = await startRelay();
    const group = newGroup();
    const { session } = await joinGroup(relay, group, { open: true });
    const request =
      type === 'Delete'
        ? ({ type, blob_id: newBlobId(), force: true } as const)
        : ({ type, device_id: bytes(32), reason: 0, clear_pending: false } as const);
    const refused = rejection(session.request(request));
    const after = rejection(session.push({ blob_id: newBlobId(), payload: bytes(1) }));
    expect(await refused).toMatchObject({ code: 1002 });
    expect(await after).toMatchObject({ code: 1002 });
    expect((await session.closed).closeCode).toBe(4002);
    expect((await joinGroup(relay, group, { open: true })).welcome.max_cursor).toBe(0n);
  });

  test('wake-up tokens are kept for known platforms', async () => {
    const relay = await startRelay();
    const { session } = await joinGroup(relay, newGroup());
    expect(await session.request({ type: 'RegisterPush', token: 't', platform: 0, app_id: null })).toEqual({
      type: 'Ok',
    });
    for (const platform of [2, 3, 255]) {
      const request = session.request({ type: 'RegisterPush', token: '{}', platform, app_id: null });
      expect(await rejection(request)).toMatchObject({ code: 2003 });
    }
    for (const wrong of [{ token: '' }, { token: 't'.repeat(2049) }, { app_id: 'a'.repeat(257) }]) {
      const request = session.request({ type: 'RegisterPush', token: 't', platform: 0, app_id: null, ...wrong });
      expect(await rejection(request)).toMatchObject({ code: 2003 });
    }
    expect(await session.request({ type: 'UnregisterPush', reason: 200 })).toEqual({ type: 'Ok' });
  });
});

describe('limits', () => {
  test('requests over the burst get 2000 with the time to wait; Presence 0 still takes effect', async () => {
    const clock = new ManualClock();
    const relay = await startRelay({ clock, limits: { messages_per_minute: 60, messages_burst: 3 } });
    const group = newGroup();
    const alice = await joinGroup(relay, group);
    for (let at = 0; at < 3; at++) await push(alice);
    expect(await rejection(push(alice))).toMatchObject({ code: 2000, retryAfterMs: 1000, fatal: false });
    const second = await joinGroup(relay, group, { identity: alice.identity });
    expect(await rejection(second.session.pull({ after_cursor: 0n }))).toMatchObject({ code: 2000 });
    const bob = await joinGroup(relay, group);
    expect((await push(bob)).cursor).toBe(4n);
    clock.advance(1);
    expect((await push(alice)).cursor).toBe(5n);
    expect(relay.log.some((line) => line.includes('"limit"'))).toBe(true);
  });

  test('attempts over the rate of an address get HTTP 429; those of a device 2000 and 1013', async () => {
    const clock = new ManualClock();
    const relay = await startRelay({ clock, limits: { connections_per_minute: 2 } });
    const identity = newIdentity();
    const group = newGroup();
    for (let at = 0; at < 2; at++) await joinGroup(relay, group, { identity });
    expect(await rejection(joinGroup(relay, group, { identity }))).toMatchObject({ status: 429, retryAfterMs: 30_000 });
    clock.advance(30);
    await joinGroup(relay, group, { identity });

    const byDevice = await startRelay({
      limits: { connections_per_minute: 1 },
      parts: (parts) => ({ limits: { ...parts.limits, connectionFrom: () => undefined } }),
    });
    await joinGroup(byDevice, group, { identity });
    const session = await connect(byDevice.url, identity);
    const refused = await rejection(session.hello({ group_id: group.groupId }));
    expect(refused).toMatchObject({ code: 2000, fatal: true });
    expect((await session.closed).closeCode).toBe(1013);
  });

  test('behind a trusted proxy the address is the last one that the proxy did not add', async () => {
    const trusted = await startRelay({
      limits: { connections_per_minute: 1 },
      config: { server: { trusted_proxies: ['127.0.0.0/8'] } },
    });
    const plain = await startRelay({ limits: { connections_per_minute: 1 } });
    const status = async (relay: { url: string }, forwarded: string) => {
      const headers = { 'x-forwarded-for': forwarded };
      const socket = new WebSocket(relay.url.split('#')[0]!, ['0k-sync.1'], { headers });
      socket.on('error', () => {});
      const outcome = await Promise.race([
        once(socket, 'open').then(() => 101),
        once(socket, 'unexpected-response').then(([, response]) => response.statusCode),
      ]);
      socket.terminate();
      return outcome;
    };
    expect(await status(trusted, '203.0.113.1')).toBe(101);
    expect(await status(trusted, '203.0.113.2, 127.0.0.9')).toBe(101);
    expect(await status(trusted, 'forged, 203.0.113.2')).toBe(429);
    expect(await status(trusted, 'nonsense')).toBe(101);
    expect(await status(plain, '203.0.113.1')).toBe(101);
    expect(await status(plain, '203.0.113.2')).toBe(429);
  });

  test('an address begins only so many groups', async () => {
    const relay = await startRelay({ limits: { new_groups_per_hour: 1 } });
    const first = await joinGroup(relay, newGroup());
    const second = await joinGroup(relay, newGroup());
    await Promise.all([push(first), push(first)]);
    expect(await rejection(push(second))).toMatchObject({ code: 2000 });
    expect((await push(first)).cursor).toBe(3n);
  });
});

describe('clocks', () => {
  test('no Hello in time closes with 1008', async () => {
    const clock = new ManualClock();
    const relay = await startRelay({ clock, limits: { hello_timeout_secs: 3 } });
    const session = await connect(relay.url, newIdentity());
    const webSocket = new WebSocket(relay.url.split('#')[0]!, ['0k-sync.1']);
    await once(webSocket, 'open');
    const closed = once(webSocket, 'close');
    clock.advance(2);
    const late = await joinGroup(relay, newGroup());
    clock.advance(1);
    expect((await session.closed).closeCode).toBe(1008);
    expect(await closed).toMatchObject([1008, Buffer.alloc(0)]);
    expect((await push(late)).cursor).toBe(1n);
  });

  test('a connection of which nothing is heard is closed with 1001', async () => {
    const clock = new ManualClock();
    const relay = await startRelay({ clock });
    const { session } = await joinGroup(relay, newGroup());
    await clock.pass(1);
    await clock.pass(88);
    await session.pull({ after_cursor: 0n });
    await clock.pass(1);
    await clock.pass(89);
    await session.pull({ after_cursor: 0n });
    await clock.pass(1);
    await clock.pass(90);
    expect((await session.closed).closeCode).toBe(1001);
  });

  test('blobs expire by the relay clock, and clean-up empties the storage', async () => {
    const clock = new ManualClock();
    const relay = await startRelay({ clock, limits: { cleanup_interval_secs: 100 } });
    const group = newGroup();
    const alice = await joinGroup(relay, group);
    await push(alice, bytes(10), 50);
    await push(alice, bytes(10));
    clock.advance(50);
    expect((await alice.session.pull({ after_cursor: 0n })).blobs.map((blob) => blob.cursor)).toEqual([2n]);
    expect((await relay.parts.storage.totals()).blobs).toBe(2);
    const bob = await joinGroup(relay, group);
    expect(bob.welcome).toMatchObject({ pending_count: 1, ext: { expired_through: 1n } });
    clock.advance(51);
    expect((await relay.parts.storage.totals()).blobs).toBe(1);
  });
});

describe('the end', () => {
  test('closing the relay tells 3001 after the answers, and closes with 1001', async () => {
    const relay = await startRelay();
    const { session } = await joinGroup(relay, newGroup());
    const acks = Array.from({ length: 30 }, () => session.push({ blob_id: newBlobId(), payload: bytes(10) }));
    await acks[0];
    await relay.close();
    const outcomes = await Promise.allSettled(acks);
    expect((await session.closed).closeCode).toBe(1001);
    for (const outcome of outcomes)
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 3001 });
    expect(relay.log.at(-1)).toContain('stopped');
  });

  test('the port in use is an error that names it, not a crash, and leaves storage closed', async () => {
    const relay = await startRelay();
    const { port } = new URL(relay.url);
    const folder = temporaryFolder();
    const taken = `127.0.0.1:${port}`;
    for (const [key, config] of [
      ['server.bind', { server: { bind: taken } }],
      ['admin.bind', { admin: { bind: taken } }],
    ] as const) {
      await expect(startRelay({ folder, config })).rejects.toThrow(
        `${taken} is in use: stop what listens there, or choose another (${key})`,
      );
    }
    // It would be locked if the relay that could not listen still held it.
    await startRelay({ folder });
    const { session } = await joinGroup(relay, newGroup());
    expect((await session.push({ blob_id: newBlobId(), payload: bytes(3) })).cursor).toBe(1n);
  });

  test('the admin listener is closed when the relay cannot listen', async () => {
    const admin = createServer().listen(0, '127.0.0.1');
    await once(admin, 'listening');
    const { port } = admin.address() as AddressInfo;
    admin.close();
    const { port: taken } = new URL((await startRelay()).url);
    const config = { server: { bind: `127.0.0.1:${taken}` }, admin: { bind: `127.0.0.1:${port}` } };
    await expect(startRelay({ config })).rejects.toThrow('(server.bind)');
    const socket = connectTcp(port, '127.0.0.1');
    await expect(once(socket, 'connect')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });
});
