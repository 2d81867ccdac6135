import { once } from 'node:events';
import { request } from 'node:http';
import { connect as connectTcp, type Socket } from 'node:net';
import { encodeFrame } from '@0k-sync/reference';
import type { Message } from '@0k-sync/spec';
import { describe, expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { ManualClock } from './manual-clock.ts';
import { RawClient } from './raw-client.ts';
import { bytes, joinGroup, newBlobId, newGroup, startRelay } from './relay-harness.ts';

const hello = (group_id = bytes(32)): Message => ({
  type: 'Hello',
  version: 1,
  device_name: 'raw',
  group_id,
  last_cursor: 0n,
});
const pull: Message = { type: 'Pull', after_cursor: 0n, limit: 0 };

async function webSocket(relay: { url: string }): Promise<WebSocket> {
  const socket = new WebSocket(relay.url.split('#')[0]!, ['0k-sync.1'], { perMessageDeflate: true });
  await once(socket, 'open');
  return socket;
}

describe('WebSocket', () => {
  test('any path is served; the subprotocol is required; compression is not negotiated', async () => {
    const relay = await startRelay();
    const base = relay.url.split('#')[0]!;
    const accepted = new WebSocket(`${base}any/path?x`, ['other', '0k-sync.1']);
    await once(accepted, 'open');
    expect(accepted.protocol).toBe('0k-sync.1');
    accepted.terminate();
    expect((await webSocket(relay)).extensions).toBe('');
    for (const offered of [[], ['0k-sync.2']]) {
      const refused = new WebSocket(base, offered);
      const [, response] = await once(refused, 'unexpected-response');
      expect(response.statusCode).toBe(400);
    }
  });

  test('browsers from other origins are refused if origins are configured', async () => {
    const relay = await startRelay({ config: { server: { allowed_origins: ['https://app.example'] } } });
    const base = relay.url.split('#')[0]!;
    const refused = new WebSocket(base, ['0k-sync.1'], { origin: 'https://evil.example' });
    const [, response] = await once(refused, 'unexpected-response');
    expect(response.statusCode).toBe(403);
    for (const options of [{ origin: 'https://app.example' }, {}]) {
      const accepted = new WebSocket(base, ['0k-sync.1'], options);
      await once(accepted, 'open');
      accepted.terminate();
    }
  });

  test('without an upgrade it says that it is alive, and no more', async () => {
    const relay = await startRelay();
    const base = relay.url.split('#')[0]!.replace('ws:', 'http:');
    for (const [path, status] of [
      ['health', 200],
      ['', 426],
    ] as const) {
      const [response] = await once(request(`${base}${path}`).end(), 'response');
      expect(response.statusCode).toBe(status);
      response.resume();
    }
  });

  test.each([
    ['text', 1003, (socket: WebSocket) => socket.send('text')],
    ['a message of 65,536 bytes', 1009, (socket: WebSocket) => socket.send(bytes(65_536))],
    [
      'fragments of more than 65,535 bytes together',
      1009,
      (socket: WebSocket) => {
        for (let part = 0; part < 3; part++) socket.send(bytes(30_000), { fin: part === 2 });
      },
    ],
    ['a handshake message of another length', 1002, (socket: WebSocket) => socket.send(bytes(1215))],
    ['65,535 bytes that are no handshake', 1002, (socket: WebSocket) => socket.send(bytes(65_535))],
  ])('%s closes with %i, without a word', async (_, code, send) => {
    const relay = await startRelay();
    const socket = await webSocket(relay);
    let heard = 0;
    socket.on('message', () => heard++);
    send(socket);
    expect(await once(socket, 'close')).toMatchObject([code, Buffer.alloc(0)]);
    expect(heard).toBe(0);
  });

  test('a message that does not open closes with 1002, and what came with it has no effect', async () => {
    const relay = await startRelay();
    const client = await RawClient.connect(relay);
    client.send(hello());
    await client.next();
    client.socket.send(bytes(60));
    client.send(pull);
    expect(await client.closed).toBe(1002);
    expect(client.messages).toHaveLength(1);
  });

  test('after a text message nothing more is read', async () => {
    const relay = await startRelay();
    const client = await RawClient.connect(relay);
    client.send(hello());
    await client.next();
    client.socket.send('text');
    client.send({ type: 'Push', blob_id: newBlobId(), payload: bytes(3), ttl: 0 });
    expect(await client.closed).toBe(1003);
    expect(client.messages).toHaveLength(1);
    expect((await relay.parts.storage.totals()).blobs).toBe(0);
  });

  test('more unfinished handshakes than 256 get 503, and sessions go on', async () => {
    const relay = await startRelay();
    const { session } = await joinGroup(relay, newGroup());
    const half = await Promise.all(Array.from({ length: 256 }, () => webSocket(relay)));
    const refused = new WebSocket(relay.url.split('#')[0]!, ['0k-sync.1']);
    const [, response] = await once(refused, 'unexpected-response');
    expect(response.statusCode).toBe(503);
    expect(Number(response.headers['retry-after'])).toBeGreaterThan(0);
    expect((await session.push({ blob_id: newBlobId(), payload: bytes(5) })).cursor).toBe(1n);
    expect(relay.log.map((line) => JSON.parse(line))).toContainEqual(
      expect.objectContaining({ event: 'limit', name: 'unfinished_handshakes', times: 1 }),
    );
    for (const socket of half) socket.terminate();
  });

  test('a handshake that failed leaves its place at once, however long the client takes to close', async () => {
    const clock = new ManualClock();
    const relay = await startRelay({ clock });
    const { hostname, port } = new URL(relay.url);
    const sockets = await Promise.all(
      Array.from({ length: 256 }, async () => {
        const socket = connectTcp(Number(port), hostname);
        onTestFinished(() => void socket.destroy());
        socket.write(
          'GET / HTTP/1.1\r\nHost: relay\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n' +
            `Sec-WebSocket-Key: ${Buffer.alloc(16).toString('base64')}\r\nSec-WebSocket-Protocol: 0k-sync.1\r\n\r\n`,
        );
        await once(socket, 'data');
        return socket;
      }),
    );
    // An empty binary message, masked: no handshake message. The close that comes back is not answered.
    const closing = sockets.map((socket) => once(socket, 'data'));
    for (const socket of sockets) socket.write(Buffer.from('828000000000', 'hex'));
    await Promise.all(closing);
    await RawClient.connect(relay);
    const ended = sockets.map((socket) => once(socket, 'close'));
    clock.advance(2);
    await Promise.all(ended);
  });

  test('a client that is gone, and so never answers the Close, is dropped 2 s after its timeout', async () => {
    const clock = new ManualClock();
    const relay = await startRelay({ clock });
    const client = await RawClient.connect(relay);
    client.socket.pause();
    clock.advance(10);
    expect(relay.parts.metrics.read('connections_active')).toBe(1);
    clock.advance(2);
    while (relay.parts.metrics.read('connections_active') > 0) await new Promise(setImmediate);
  });

  test('a client that sends no request is dropped in time', async () => {
    const clock = new ManualClock();
    const relay = await startRelay({ clock });
    const { hostname, port } = new URL(relay.url);
    const socket: Socket = connectTcp(Number(port), hostname);
    await once(socket, 'connect');
    const alive = await webSocket(relay);
    clock.advance(10);
    await once(socket.resume(), 'close');
    expect(await once(alive, 'close')).toMatchObject([1008, Buffer.alloc(0)]);
  });
});

describe('frames', () => {
  test('empty plaintexts mean nothing; a frame may come in pieces of one byte', async () => {
    const relay = await startRelay();
    const client = await RawClient.connect(relay);
    for (const byte of encodeFrame(hello(), 'bin')) {
      client.channel.write(new Uint8Array(0));
      client.channel.write(Uint8Array.of(byte));
    }
    expect(await client.next()).toMatchObject({ type: 'Welcome' });
  });

  test.each([
    ['4 GiB before Hello', false, [0xff, 0xff, 0xff, 0xff]],
    ['more than 65,536 before Welcome', false, [0, 1, 0, 1]],
    ['no bytes', true, [0, 0, 0, 0]],
    ['4 GiB', true, [0xff, 0xff, 0xff, 0xff]],
    ['1,114,113 bytes', true, [0x00, 0x11, 0x00, 0x01]],
  ])('a length of %s is refused with 1000 before the body', async (_, welcomed, length) => {
    const relay = await startRelay();
    const client = await RawClient.connect(relay);
    if (welcomed) {
      client.send(hello());
      await client.next();
    }
    client.channel.write(Uint8Array.from(length));
    expect(await client.next()).toMatchObject({ type: 'Error', code: 1000, message: 'invalid message' });
    expect(await client.closed).toBe(4000);
  });

  test('several frames in one Noise message are served in order, up to the one that is wrong', async () => {
    const relay = await startRelay();
    const client = await RawClient.connect(relay);
    const push = (): Message => ({ type: 'Push', blob_id: newBlobId(), payload: bytes(3), ttl: 0 });
    client.send(hello(), push(), push(), pull, hello(), push());
    const types = [];
    for (let at = 0; at < 5; at++) types.push((await client.next()).type);
    expect(types).toEqual(['Welcome', 'PushAck', 'PushAck', 'PullResponse', 'Error']);
    expect(await client.closed).toBe(4000);
    expect((await relay.parts.storage.totals()).blobs).toBe(2);
  });

  test.each(['Welcome', 'ContentAck'] as const)('%s from a client is 1000', async (type) => {
    const relay = await startRelay();
    const client = await RawClient.connect(relay);
    client.send(hello());
    await client.next();
    if (type === 'Welcome') client.send({ type, version: 1, max_cursor: 0n, pending_count: 0 });
    else client.send({ type, content_hash: bytes(32) });
    expect(await client.next()).toMatchObject({ code: 1000 });
  });

  test('an Error from a client ends the session with 1000, after the answers', async () => {
    const relay = await startRelay();
    const client = await RawClient.connect(relay);
    client.send(hello(), pull, { type: 'Error', code: 1, message: 'no more' }, pull);
    expect(await client.closed).toBe(1000);
    expect(client.messages.map((message) => message.type)).toEqual(['Welcome', 'PullResponse']);
  });
});

describe('a client that does not read', () => {
  test('holds up only itself: a bounded queue, no more requests read, and after 30 s 1008', async () => {
    const clock = new ManualClock();
    const relay = await startRelay({ clock });
    const group = newGroup();
    const member = await joinGroup(relay, group, { open: true });
    for (let at = 0; at < 4; at++) await member.session.push({ blob_id: newBlobId(), payload: bytes(1_048_576) });
    const slow = await RawClient.connect(relay);
    slow.send(hello(group.groupId));
    await slow.next();
    slow.socket.pause();
    let asked = 0;
    // 600 pages of 1 MiB are asked for; the relay must stop reading and hold little of them.
    for (; asked < 600; asked++) slow.send({ type: 'Pull', after_cursor: 0n, limit: 1 });
    const pulls = () => relay.parts.metrics.read('pulls_total');
    let before = -1;
    while (before !== pulls()) {
      before = pulls();
      await member.session.pull({ after_cursor: 4n });
      await member.session.push({ blob_id: newBlobId(), payload: bytes(10) });
      before++;
    }
    const sent = relay.parts.metrics.read('bytes_sent_total');
    expect(pulls()).toBeLessThan(100);
    expect(sent).toBeLessThan(64 * 1024 * 1024);
    for (let at = 0; at < 32; at++) await clock.pass(1);
    expect((await member.session.push({ blob_id: newBlobId(), payload: bytes(10) })).cursor).toBeGreaterThan(4n);
    slow.socket.resume();
    expect(await slow.closed).toBe(1008);
  });
});
