import { ERRORS, type Message } from '@0k-sync/spec';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { WebSocketServer } from 'ws';
import type { MessageTransport } from '../src/index.ts';
import {
  ConnectError,
  ConnectionClosedError,
  createIdentity,
  decodeMessage,
  encodeFrame,
  FrameReader,
  formatRelayAddress,
  type Identity,
  IdentityMismatchError,
  memoryPair,
  nobleCrypto,
  ProtocolViolationError,
  RelayError,
  SecureChannel,
  Session,
  sessionHandlers,
  TimeoutError,
} from '../src/index.ts';
import { connect, nodeCrypto, webSocketTransport } from '../src/node.ts';

let device: Identity;
let relay: Identity;
beforeAll(() => {
  device = createIdentity(nodeCrypto);
  relay = createIdentity(nodeCrypto);
});

type Answer = (message: Message, send: (...messages: Message[]) => void, channel: SecureChannel) => void;

/** A relay that answers by a script. */
function scriptedRelay(transport: MessageTransport, answer: Answer, crypto = nodeCrypto) {
  const frames = new FrameReader({ maxBody: 2_000_000 });
  const seen: Message[] = [];
  const send = (...messages: Message[]) => {
    for (const message of messages) channel.write(encodeFrame(message, 'bin'));
  };
  const channel: SecureChannel = new SecureChannel(transport, {
    role: 'responder',
    identity: relay,
    crypto,
    handlers: {
      open() {},
      data(plaintext) {
        frames.push(plaintext);
        for (let body = frames.next(); body !== undefined; body = frames.next()) {
          const message = decodeMessage(body, 'bin');
          if (message.type !== 'Bye') seen.push(message);
          answer(message, send, channel);
          if (message.type === 'Bye') channel.close(1000);
        }
      },
      close() {},
    },
  });
  return { seen, channel };
}

/** A session with a scripted relay, through memory. */
async function session(answer: Answer, options: { crypto?: typeof nodeCrypto; answerTimeoutMs?: number } = {}) {
  const [ours, theirs] = memoryPair();
  const { seen } = scriptedRelay(theirs, answer, options.crypto);
  const opened = await new Promise<Session>((resolve, reject) => {
    const channel: SecureChannel = new SecureChannel(ours, {
      role: 'initiator',
      identity: device,
      crypto: nodeCrypto,
      handlers: sessionHandlers({
        open() {
          const made: Session = new Session(channel, {
            crypto: nodeCrypto,
            answerTimeoutMs: options.answerTimeoutMs ?? 30_000,
          });
          resolve(made);
          return made;
        },
        failed: (code, error) => reject(error ?? new Error(`closed ${code}`)),
      }),
    });
  });
  return { session: opened, seen };
}

const blobId = new Uint8Array(16).fill(9);
const welcome: Message = { type: 'Welcome', version: 1, max_cursor: 3n, pending_count: 0 };
const withHello =
  (rest: Answer): Answer =>
  (message, send, channel) =>
    message.type === 'Hello' ? send(welcome) : rest(message, send, channel);

describe('a session', () => {
  test('says hello with a random unknown key, pushes, pulls, and takes notifications, through noble and node:crypto', async () => {
    const { session: it, seen } = await session(
      withHello((message, send) => {
        if (message.type === 'Push') {
          send({ type: 'Notify', latest_cursor: 3n, count: 1 });
          send({
            type: 'PushAck',
            blob_id: message.blob_id,
            cursor: 4n,
            ext: { digest: nodeCrypto.sha256(message.payload) },
          });
        }
        if (message.type === 'Pull')
          send({ type: 'PullResponse', blobs: [], has_more: false, max_cursor: message.after_cursor });
      }),
      { crypto: nobleCrypto as typeof nodeCrypto },
    );
    const notified: bigint[] = [];
    it.onNotify = (notify) => notified.push(notify.latest_cursor);
    expect(await it.hello({ group_id: new Uint8Array(32) })).toEqual(welcome);
    const payload = new Uint8Array(200_000).fill(3);
    expect((await it.push({ blob_id: blobId, payload })).cursor).toBe(4n);
    expect((await it.pull({ after_cursor: 2n ** 64n - 1n })).max_cursor).toBe(2n ** 64n - 1n);
    expect(notified).toEqual([3n]);
    expect(seen.map((message) => message.type)).toEqual(['Hello', 'Push', 'Pull']);
    await it.close('done');
  });

  test('after Bye what the relay still answers comes, and the relay closes', async () => {
    let answerPush = () => {};
    const { session: it } = await session(
      withHello((message, send) => {
        if (message.type === 'Push') {
          answerPush = () => send({ type: 'PushAck', blob_id: message.blob_id, cursor: 1n });
        } else answerPush();
      }),
    );
    await it.hello({ group_id: new Uint8Array(32) });
    const pushed = it.push({ blob_id: blobId, payload: new Uint8Array(1) });
    await Promise.all([expect(pushed).resolves.toMatchObject({ cursor: 1n }), it.close()]);
  });

  test('answers come to the requests they belong to, in order, also after a non-fatal error', async () => {
    let pushes = 0;
    const { session: it } = await session(
      withHello((message, send) => {
        if (message.type !== 'Push') return;
        pushes++;
        if (pushes === 2)
          send({ type: 'Error', code: 1006, message: ERRORS.BLOB_CONFLICT.message, ext: { blob_id: message.blob_id } });
        else send({ type: 'PushAck', blob_id: message.blob_id, cursor: BigInt(pushes) });
      }),
    );
    await it.hello({ group_id: new Uint8Array(32) });
    const results = await Promise.allSettled(
      [1, 2, 3].map((id) => it.push({ blob_id: new Uint8Array(16).fill(id), payload: new Uint8Array() })),
    );
    expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    const refused = (results[1] as PromiseRejectedResult).reason as RelayError;
    expect(refused).toBeInstanceOf(RelayError);
    expect(refused).toMatchObject({
      code: 1006,
      errorName: 'BLOB_CONFLICT',
      fatal: false,
      blobId: new Uint8Array(16).fill(2),
    });
  });

  test('a rate limit says how long to wait, and the session goes on', async () => {
    let limited = true;
    const { session: it } = await session(
      withHello((message, send) => {
        if (message.type !== 'Pull') return;
        if (limited) send({ type: 'Error', code: 2000, message: 'rate limited', ext: { retry_after_ms: 700n } });
        else send({ type: 'PullResponse', blobs: [], has_more: false, max_cursor: 0n });
        limited = false;
      }),
    );
    await it.hello({ group_id: new Uint8Array(32) });
    await expect(it.pull({ after_cursor: 0n })).rejects.toMatchObject({ code: 2000, retryAfterMs: 700, fatal: false });
    await expect(it.pull({ after_cursor: 0n })).resolves.toMatchObject({ has_more: false });
  });

  test('a fatal error leaves every unanswered request indeterminate', async () => {
    const { session: it } = await session(
      withHello((_message, send) => send({ type: 'Error', code: 3001, message: 'x' })),
    );
    await it.hello({ group_id: new Uint8Array(32) });
    const results = await Promise.allSettled([it.pull({ after_cursor: 0n }), it.pull({ after_cursor: 0n })]);
    for (const result of results)
      expect((result as PromiseRejectedResult).reason).toMatchObject({ code: 3001, fatal: true });
    await expect(it.pull({ after_cursor: 0n })).rejects.toMatchObject({ code: 3001 });
  });

  test.each([1000, 1002, 1005, 2000])('error %i as the answer to Hello ends the session', async (code) => {
    const { session: it } = await session((_message, send) => send({ type: 'Error', code, message: 'x' }));
    await expect(it.hello({ group_id: new Uint8Array(32) })).rejects.toMatchObject({ code, fatal: true });
  });

  test('no answer in time gives the connection up', async () => {
    const { session: it } = await session(
      withHello(() => {}),
      { answerTimeoutMs: 50 },
    );
    await it.hello({ group_id: new Uint8Array(32) });
    await expect(it.pull({ after_cursor: 0n })).rejects.toBeInstanceOf(TimeoutError);
    await it.closed;
  });

  test('a connection that ends rejects what waits', async () => {
    const { session: it } = await session(withHello((_message, _send, channel) => channel.terminate()));
    await it.hello({ group_id: new Uint8Array(32) });
    await expect(it.pull({ after_cursor: 0n })).rejects.toBeInstanceOf(ConnectionClosedError);
  });

  test.each<[string, Message]>([
    ['an answer to nothing', { type: 'Ok' }],
    ['an acknowledgement of another blob', { type: 'PushAck', blob_id: new Uint8Array(16), cursor: 1n }],
    ['a digest of other bytes', { type: 'PushAck', blob_id: blobId, cursor: 1n, ext: { digest: new Uint8Array(32) } }],
    ['a message that only a client sends', { type: 'Pull', after_cursor: 0n, limit: 0 }],
  ])('%s is a violation', async (_what, wrong) => {
    const { session: it } = await session(withHello((_message, send) => send(wrong)));
    await it.hello({ group_id: new Uint8Array(32) });
    await expect(it.push({ blob_id: blobId, payload: new Uint8Array(1) })).rejects.toBeInstanceOf(
      ProtocolViolationError,
    );
  });

  test.each([
    ['that does not ascend', 2, false, 5n],
    ['that is empty and says has_more', 0, true, 0n],
  ] as const)('a page %s is a violation', async (_what, count, has_more, max_cursor) => {
    const blob = { blob_id: blobId, cursor: 5n, payload: new Uint8Array(), timestamp: 0n };
    const blobs = Array(count).fill(blob);
    const { session: it } = await session(
      withHello((_message, send) => send({ type: 'PullResponse', blobs, has_more, max_cursor })),
    );
    await it.hello({ group_id: new Uint8Array(32) });
    await expect(it.pull({ after_cursor: 0n })).rejects.toBeInstanceOf(ProtocolViolationError);
  });

  test('a frame over 65,536 bytes before Welcome is a violation', async () => {
    const { session: it } = await session((_message, _send, channel) => channel.write(Buffer.from('00010001', 'hex')));
    await expect(it.hello({ group_id: new Uint8Array(32) })).rejects.toBeInstanceOf(ProtocolViolationError);
  });
});

describe('connect, over a real WebSocket', () => {
  const servers: WebSocketServer[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) {
      for (const client of server.clients) client.terminate();
      server.close();
    }
  });

  async function listen(answer: Answer): Promise<string> {
    const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
    servers.push(server);
    server.on('connection', (socket) => scriptedRelay(webSocketTransport(socket), answer));
    await new Promise((resolve) => server.once('listening', resolve));
    return `ws://127.0.0.1:${(server.address() as { port: number }).port}/`;
  }

  test('reaches a relay whose identity is pinned', async () => {
    const url = await listen(withHello(() => {}));
    const it = await connect(formatRelayAddress({ url, pin: relay.deviceId }), device);
    await it.hello({ group_id: new Uint8Array(32) });
    await it.close();
  });

  test('refuses another identity before it sends its own', async () => {
    let messages = 0;
    const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
    servers.push(server);
    server.on('connection', (socket) => {
      scriptedRelay(webSocketTransport(socket), () => {});
      socket.on('message', () => messages++);
    });
    await new Promise((resolve) => server.once('listening', resolve));
    const url = `ws://127.0.0.1:${(server.address() as { port: number }).port}/`;
    await expect(connect(formatRelayAddress({ url, pin: device.deviceId }), device)).rejects.toBeInstanceOf(
      IdentityMismatchError,
    );
    expect(messages).toBe(1);
  });

  test('says what is wrong when nobody listens, or something else does', async () => {
    await expect(connect('ws://127.0.0.1:1/', device)).rejects.toBeInstanceOf(ConnectError);
    const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
    servers.push(server);
    server.on('connection', (socket) => socket.on('message', (data) => socket.send(data)));
    await new Promise((resolve) => server.once('listening', resolve));
    const url = `ws://127.0.0.1:${(server.address() as { port: number }).port}/`;
    await expect(connect(url, device)).rejects.toThrow('the handshake with the relay failed');
  });

  test('gives up a handshake that gets no answer', async () => {
    const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
    servers.push(server);
    await new Promise((resolve) => server.once('listening', resolve));
    const url = `ws://127.0.0.1:${(server.address() as { port: number }).port}/`;
    await expect(connect(url, device, { connectTimeoutMs: 100 })).rejects.toBeInstanceOf(TimeoutError);
  });
});
