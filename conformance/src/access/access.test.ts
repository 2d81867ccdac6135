import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Message } from '@0k-sync/spec';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import { Context, type Surroundings } from '../context.ts';
import { ScriptedRelay, ScriptedSession } from '../model/scripted-relay.ts';
import { remoteTarget } from '../target/remote.ts';
import { Inconclusive, NotRun, Violation } from '../verdict.ts';
import { httpGet } from './http.ts';
import { Unreachable, type UpgradeRefused } from './link.ts';
import { NoiseConnection } from './noise.ts';
import { Wire } from './wire.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

function contextOf(url: string, changes: Partial<Surroundings> = {}): Context {
  const context = new Context({
    target: remoteTarget(url),
    seed: [1],
    timeoutMs: 500,
    limits: new Map(),
    signal: new AbortController().signal,
    ...changes,
  });
  closers.push(() => context.close());
  return context;
}

async function contextFor(session?: typeof ScriptedSession, errorTexts?: Map<number, string>): Promise<Context> {
  const relay = await ScriptedRelay.listen(session);
  closers.push(() => relay.close());
  return contextOf(relay.url, errorTexts && { errorTexts });
}

const violation = async (promise: Promise<unknown>): Promise<Violation> => {
  const thrown = await promise.then(
    () => undefined,
    (error) => error,
  );
  expect(thrown).toBeInstanceOf(Violation);
  return thrown;
};

describe('a socket', () => {
  it('sends an upgrade with any header changed, and reads the answer', async () => {
    const ctx = await contextFor();
    expect((await (await ctx.socket()).upgrade()).status).toBe(101);
    expect((await (await ctx.socket()).upgrade({ 'Sec-WebSocket-Version': '12' })).status).toBe(400);
    expect((await (await ctx.socket()).upgrade({ Upgrade: undefined })).status).toBe(426);
    const { headers } = await (await ctx.socket()).upgrade(
      { 'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==' },
      '/any/path',
    );
    // The example of RFC 6455, 1.3.
    expect(headers.get('sec-websocket-accept')).toBe('s3pPLMBiTxaQ9kYGzzhZRbK+xOo=');
    expect(headers.get('sec-websocket-protocol')).toBe('0k-sync.1');
  });

  it('writes frames that a WebSocket server reads, of every length form, and reads its frames', async () => {
    const ctx = await contextFor();
    for (const length of [0, 125, 126, 65_535, 65_536]) {
      const socket = await (await ctx.socket()).open();
      socket.sendFrame({ opcode: 9, payload: new Uint8Array(Math.min(length, 125)).fill(7) });
      const pong = await socket.next();
      expect(pong).toMatchObject({ kind: 'frame', opcode: 10, fin: true });
      expect((pong as { payload: Uint8Array }).payload).toHaveLength(Math.min(length, 125));
      // No handshake message is so long or so short: the session ends with 1002 or, over the limit, with 1009.
      socket.sendFrame({ opcode: 2, payload: new Uint8Array(length) });
      expect([1002, 1009]).toContain(await socket.closeCode());
    }
  });

  it('breaks the rules of WebSocket on demand', async () => {
    const ctx = await contextFor();
    const wrong = [{ mask: false }, { rsv: 4 }, { opcode: 3 }, { opcode: 0 }];
    for (const change of wrong) {
      const socket = await (await ctx.socket()).open();
      socket.sendFrame({ opcode: 2, payload: new Uint8Array(3), ...change });
      expect(await socket.closeCode(), JSON.stringify(change)).toBe(1002);
    }
  });

  it('sees the end of a connection without a close frame', async () => {
    const ctx = await contextFor();
    const socket = await ctx.socket();
    socket.write('GET / HTTP/1.1\r\nnonsense\r\n\r\n');
    expect((await socket.response()).status).toBe(400);
    expect(await socket.closeCode()).toBe(1006);
  });
});

describe('a handshake', () => {
  it('can be looked at and changed message by message', async () => {
    const ctx = await contextFor();
    const noise = await ctx.noise();
    expect(noise.writeHandshake()).toHaveLength(1216);
    expect(await noise.readHandshake()).toHaveLength(3568);
    expect(noise.remote!.deviceId).toHaveLength(32);
    noise.writeHandshake((bytes) => bytes.with(5, bytes[5]! ^ 1));
    expect(await noise.wire.next()).toEqual({ kind: 'close', code: 1002, reason: '' });
  });

  it('carries a payload and another prologue on demand', async () => {
    const ctx = await contextFor();
    const noise = await ctx.noise();
    expect(noise.writeHandshake(undefined, new Uint8Array(3))).toHaveLength(1219);
    expect(await noise.wire.next()).toMatchObject({ kind: 'close', code: 1002 });
    const other = new NoiseConnection(await ctx.raw(), ctx.device(), new Uint8Array(10));
    // The prologue shows when the first thing is decrypted.
    await expect(other.complete()).rejects.toThrow(/handshake message that the pattern allows/);
  });

  it('fails the check when the relay’s part is wrong, and names the rule', async () => {
    const ctx = await contextFor();
    const flipped = await ctx.noise();
    flipped.writeHandshake();
    const message = await flipped.wire.receive('message 2');
    expect(() => flipped.process(message.with(3000, message[3000]! ^ 1))).toThrow(
      expect.objectContaining({ requirement: 'HS-03' }),
    );
  });

  it('lets a transport message be repeated', async () => {
    const ctx = await contextFor();
    const session = await ctx.join();
    const sent = session.frames.noise.send(new Uint8Array(0));
    session.frames.noise.wire.send(sent);
    expect(await session.expectClosed(1002)).toBe(1002);
  });
});

describe('frames', () => {
  it('may lie about their length, be cut and be put together', async () => {
    const ctx = await contextFor();
    const session = await ctx.join();
    // ["Pull", 0, 1]
    const body = Uint8Array.of(0x93, 0xa4, 0x50, 0x75, 0x6c, 0x6c, 0, 1);
    session.frames.sendFrame(body);
    await session.expect('PullResponse');
    session.frames.sendBytes(Uint8Array.of(0, 0));
    session.frames.sendBytes(Uint8Array.of(0, 8, ...body.subarray(0, 3)));
    session.frames.sendBytes(Uint8Array.of(...body.subarray(3), 0, 0, 0, 8, ...body));
    await session.expect('PullResponse');
    await session.expect('PullResponse');
    session.frames.sendFrame(body, 2_000_000);
    await session.expectFatal(1000);
  });

  it('stand in the trace decoded, or in hex where they are no message', async () => {
    const ctx = await contextFor();
    const session = await ctx.join();
    session.frames.sendFrame(Uint8Array.of(0x91, 0xa1, 0x58));
    await session.expectFatal(1000);
    const lines = ctx.trace.steps.slice(-3).map(({ text, hex }) => [text, hex]);
    expect(lines).toEqual([
      ['frame of 3 bytes (unknown-message)', '91a158'],
      ['Error {code: 1000, message: "invalid message"}', undefined],
      ['closed with 4000', undefined],
    ]);
  });
});

describe('messages', () => {
  it('in which a relay speaks unasked are stepped over and kept', async () => {
    const ctx = await contextFor();
    const group = ctx.group();
    const [a, b] = [await ctx.join({ group }), await ctx.join({ group })];
    const ack = await a.push(ctx.random.bytes(3));
    expect(await b.expectNotify(ack.cursor)).toMatchObject({ latest_cursor: 1n });
    await a.push(ctx.random.bytes(3));
    const page = await b.pull();
    expect(page.blobs.map(({ cursor }) => cursor)).toEqual([1n, 2n]);
    expect(b.asides.map(({ type }) => type)).toEqual(['Notify', 'Notify']);
  });

  it('that should not come are found by asking, not by waiting', async () => {
    const ctx = await contextFor();
    const group = ctx.group();
    const [a, b] = [await ctx.join({ group }), await ctx.join({ group })];
    await b.expectNothing();
    await a.push(ctx.random.bytes(3));
    await a.expectNothing();
    await b.expectNothing('Notify');
    expect((await violation(b.expectNothing())).actual).toContain('Notify {latest_cursor: 1');
  });

  it('of another kind than expected are named', async () => {
    const ctx = await contextFor();
    const session = await ctx.join();
    session.send({ type: 'Pull', after_cursor: 0n, limit: 0 });
    expect(await violation(session.expect('PushAck'))).toMatchObject({
      expected: ['PushAck'],
      actual: 'PullResponse {blobs: [], has_more: false, max_cursor: 0}',
    });
    session.send({ type: 'Pull', after_cursor: 0n, limit: 0 });
    expect((await violation(session.expectError(1006, 2001))).expected).toEqual([
      'Error 1006 BLOB_CONFLICT',
      'Error 2001 BLOB_TOO_LARGE',
    ]);
    session.terminate();
    expect((await violation(session.expectClosed(1000))).actual).toBe('the connection cut without a close code');
  });

  it('that do not decode are a violation', async () => {
    const ctx = await contextFor(
      class extends ScriptedSession {
        override send(message: Message): void {
          if (message.type === 'PullResponse') this.channel.write(Uint8Array.of(0, 0, 0, 2, 0x91, 0xc1));
          else super.send(message);
        }
      },
    );
    const session = await ctx.join();
    expect((await violation(session.pull())).actual).toContain('a body of 2 bytes that is none');
  });

  it('of pushing and pulling have short forms', async () => {
    const ctx = await contextFor();
    const session = await ctx.join();
    const payload = ctx.random.bytes(30);
    const ack = await session.push(payload);
    expect(Buffer.from(ack.ext!.digest!)).toEqual(createHash('sha256').update(payload).digest());
    for (let n = 0; n < 6; n++) await session.push(payload);
    const blobs = await session.pullAll(0n, 2);
    expect(blobs.map(({ cursor }) => Number(cursor))).toEqual([1, 2, 3, 4, 5, 6, 7]);
    await session.bye();
  });

  it('of a Hello carry a valid proof and one unknown key', async () => {
    const hellos: Extract<Message, { type: 'Hello' }>[] = [];
    const ctx = await contextFor(
      class extends ScriptedSession {
        override hello(hello: Extract<Message, { type: 'Hello' }>): void {
          hellos.push(hello);
          super.hello(hello);
        }
      },
    );
    await ctx.join();
    await ctx.join({ ext: { proof: undefined }, device_name: 'x', last_cursor: 9n });
    expect(hellos[0]!.ext!.proof!.signature).toHaveLength(64);
    expect(hellos[1]).toMatchObject({ device_name: 'x', last_cursor: 9n });
    expect(hellos[1]!.ext?.proof).toBeUndefined();
    expect(Buffer.from(hellos[0]!.group_id)).not.toEqual(Buffer.from(hellos[1]!.group_id));
  });
});

describe('a relay that has no room', () => {
  const thrown = (promise: Promise<unknown>) =>
    promise.then(
      () => undefined,
      (error) => error,
    );
  const refusing = (code: number, when: 'hello' | 'pull') =>
    class extends ScriptedSession {
      override hello(hello: Extract<Message, { type: 'Hello' }>): void {
        if (when === 'hello') this.say(code);
        else super.hello(hello);
      }
      override message(message: Message): void {
        if (message.type === 'Pull' && when === 'pull') this.say(code);
        else super.message(message);
      }
      say(number: number): void {
        if (number < 1000 || number > 1999) this.refuse(number);
        else this.end(number);
      }
    };

  it.each([2000, 3000, 1013])('and says %i to Hello leaves everything open', async (code) => {
    const ctx = await contextFor(refusing(code, 'hello'));
    expect(await thrown(ctx.join())).toBeInstanceOf(Inconclusive);
    const session = await ctx.messages();
    session.sendHello({ group: ctx.group() });
    expect(session.overLimit(await session.next())).toBeInstanceOf(Inconclusive);
    const bytes = await ctx.messages();
    bytes.sendHello({ group: ctx.group() });
    expect(await thrown(bytes.frames.receive('Welcome'))).toBeInstanceOf(Inconclusive);
  });

  it('may say so with 2000 and 1013 later too, but not with 3000', async () => {
    for (const code of [2000, 1013]) {
      const ctx = await contextFor(refusing(code, 'pull'));
      expect(await thrown((await ctx.join()).pull())).toBeInstanceOf(Inconclusive);
    }
    const ctx = await contextFor(refusing(3000, 'pull'));
    const { actual } = await violation((await ctx.join()).pull());
    expect(actual).toContain('Error {code: 3000');
    const session = await ctx.join();
    session.send({ type: 'Pull', after_cursor: 0n, limit: 0 });
    expect(session.overLimit(await session.next())).toBeUndefined();
  });

  it('and closes before the handshake leaves everything open, at any depth', async () => {
    const server = new WebSocketServer({ host: '127.0.0.1', port: 0, handleProtocols: () => '0k-sync.1' });
    await once(server, 'listening');
    server.on('connection', (socket) => socket.close(1013, 'busy'));
    closers.push(() => void server.close());
    const ctx = contextOf(`ws://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    expect(await thrown(ctx.join())).toBeInstanceOf(Inconclusive);
    expect(await thrown((await ctx.raw()).receive('something'))).toBeInstanceOf(Inconclusive);
    expect(await thrown((await (await ctx.socket()).open()).closeCode())).toBeInstanceOf(Inconclusive);
  });

  it('and refuses the upgrade leaves everything open', async () => {
    const server = createServer().on('upgrade', (_, socket) => socket.end('HTTP/1.1 503 Busy\r\n\r\n'));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    closers.push(() => void server.close());
    const ctx = contextOf(`ws://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    expect(await thrown(ctx.raw())).toBeInstanceOf(Inconclusive);
    expect(await thrown((await ctx.socket()).upgrade({ Origin: 'null' }))).toBeInstanceOf(Inconclusive);
  });
});

/** A server that refuses the first upgrades with these heads, and takes the next. */
async function refusingAtFirst(...heads: string[]): Promise<{ ctx: Context; requests: IncomingMessage[] }> {
  const requests: IncomingMessage[] = [];
  const upgrader = new WebSocketServer({ noServer: true, handleProtocols: () => '0k-sync.1' });
  const server = createServer().on('upgrade', (request, socket, head) => {
    requests.push(request);
    const refusal = heads.shift();
    if (refusal === undefined) upgrader.handleUpgrade(request, socket, head, () => {});
    else socket.end(`HTTP/1.1 ${refusal}\r\n\r\n`);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closers.push(() => void server.close());
  return { ctx: contextOf(`ws://127.0.0.1:${(server.address() as AddressInfo).port}/`), requests };
}

describe('a rate', () => {
  it('that lets one in within a second is waited for', async () => {
    const { ctx, requests } = await refusingAtFirst('429 Slow\r\nRetry-After: 0', '503 Busy\r\nRetry-After: 0');
    expect((await ctx.raw()).isOpen).toBe(true);
    expect(requests).toHaveLength(3);
  });

  it('that takes longer is not', async () => {
    const { ctx } = await refusingAtFirst('429 Slow\r\nRetry-After: 2');
    await expect(ctx.raw()).rejects.toThrow('HTTP 429, Retry-After 2');
  });

  it('is a refusal for who wants to see it, with seconds or a date', async () => {
    const date = new Date(Date.now() + 90_000).toUTCString();
    const { ctx } = await refusingAtFirst('429 Slow\r\nRetry-After: 7', `503 Busy\r\nRetry-After: ${date}`, '429 Slow');
    expect(await ctx.upgrade()).toMatchObject({ status: 429, retryAfter: 7 });
    const { retryAfter } = (await ctx.upgrade()) as UpgradeRefused;
    expect(Math.round(retryAfter! / 10)).toBe(9);
    expect(await ctx.upgrade()).toMatchObject({ status: 429, retryAfter: undefined });
    expect(await ctx.upgrade()).toBeInstanceOf(Wire);
  });

  it('of requests is an answer for who asks for it, with retry_after_ms', async () => {
    const errors: Message[] = [
      { type: 'Error', code: 2000, message: 'rate limited', ext: { retry_after_ms: 5n } },
      { type: 'Error', code: 2000, message: 'rate limited' },
    ];
    const ctx = await contextFor(
      class extends ScriptedSession {
        override message(message: Message): void {
          const error = message.type === 'Pull' && errors.shift();
          if (error) this.send(error);
          else super.message(message);
        }
      },
    );
    const session = await ctx.join();
    const pull = { type: 'Pull', after_cursor: 0n, limit: 0 } as const;
    session.send(pull, pull, pull);
    expect(await session.expectOrLimited('PullResponse')).toMatchObject({ type: 'Error', code: 2000 });
    expect((await violation(session.expectOrLimited('PullResponse'))).requirement).toBe('ERR-12');
    expect(await session.expectOrLimited('PullResponse')).toMatchObject({ type: 'PullResponse' });
  });
});

describe('a connection', () => {
  it('may come from an address of its own, with headers of its own', async () => {
    const { ctx, requests } = await refusingAtFirst();
    const from = await ctx.unusedAddress();
    await ctx.raw({ from, headers: { 'X-Forwarded-For': '192.0.2.1' } });
    expect(requests[0]!.socket.remoteAddress).toBe(from ?? '127.0.0.1');
    expect(requests[0]!.headers['x-forwarded-for']).toBe('192.0.2.1');
  });

  it('has no address of its own where the relay is elsewhere', async () => {
    expect(await contextOf('ws://relay.example:8080/').unusedAddress()).toBeUndefined();
  });

  it('answers pings unless told not to', async () => {
    const server = new WebSocketServer({ host: '127.0.0.1', port: 0, handleProtocols: () => '0k-sync.1' });
    await once(server, 'listening');
    closers.push(() => void server.close());
    const pongs: unknown[] = [];
    server.on('connection', (socket, request) => {
      socket.on('pong', () => pongs.push(request.headers['x-name']));
      socket.ping();
      socket.on('ping', () => socket.close(1000));
    });
    const ctx = contextOf(`ws://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    for (const [name, answersPings] of [
      ['one', true],
      ['two', false],
    ] as const) {
      const wire = await ctx.raw({ headers: { 'X-Name': name }, answersPings });
      // What the server reads after this ping it reads after the pong.
      void wire.ping(new Uint8Array(1));
      expect(await wire.next()).toMatchObject({ kind: 'close', code: 1000 });
      expect(wire.pings).toBe(1);
    }
    expect(pongs).toEqual(['one']);
  });
});

describe('HTTP', () => {
  it('is asked for a status, a type and a text', async () => {
    const server = createServer(({ url }, response) => {
      response.writeHead(url === '/there' ? 200 : 404, { 'content-type': 'text/plain' }).end('ä');
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const link = contextOf('ws://127.0.0.1:9/').link();
    expect(await httpGet(new URL('there', url), link)).toEqual({ status: 200, type: 'text/plain', body: 'ä' });
    expect((await httpGet(new URL(url), link)).status).toBe(404);
    server.close();
    await once(server, 'close');
    await expect(httpGet(new URL(url), link)).rejects.toThrow(Unreachable);
  });

  it('that is not answered is a violation', async () => {
    const server = createServer(({ socket, url }) => {
      if (url === '/cut') socket.destroy();
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    closers.push(() => server.closeAllConnections());
    closers.push(() => void server.close());
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const link = contextOf('ws://127.0.0.1:9/', { timeoutMs: 50 }).link();
    expect((await violation(httpGet(new URL('cut', url), link))).actual).toBe('socket hang up');
    expect((await violation(httpGet(new URL(url), link))).actual).toBe('nothing in 0.05 s');
  });
});

describe('what a rule says everywhere', () => {
  it('is that a missing Notify breaks CUR-68, unless it is another rule', async () => {
    const ctx = await contextFor(
      class extends ScriptedSession {
        override pull(pull: Extract<Message, { type: 'Pull' }>) {
          this.end(1000);
          return super.pull(pull);
        }
      },
    );
    const ended = async () => {
      const session = await ctx.join();
      session.send({ type: 'Pull', after_cursor: 0n, limit: 0 });
      return session;
    };
    expect(await violation((await ended()).expectNotify(1n))).toMatchObject({ requirement: 'CUR-68' });
    expect(await violation((await ended()).expectNotify(1n, 'CUR-77'))).toMatchObject({
      requirement: 'CUR-77',
      actual: 'a close with 1000',
    });
  });

  it('is that a close with 1002 has no reason', async () => {
    const server = new WebSocketServer({ host: '127.0.0.1', port: 0, handleProtocols: () => '0k-sync.1' });
    await once(server, 'listening');
    server.on('connection', (socket) => socket.close(1002, 'bad key'));
    closers.push(() => void server.close());
    const ctx = contextOf(`ws://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    const found = await violation(ctx.messagesOver(await ctx.noise()).expectClosed(1002));
    expect(found).toMatchObject({ requirement: 'HS-13', actual: 'one with a reason of 7 characters' });
  });

  it('is that an error code has one text in the whole run', async () => {
    let errors = 0;
    const chatty = class extends ScriptedSession {
      override refuse(code: number): void {
        errors++;
        this.send({ type: 'Error', code, message: errors > 2 ? 'your blob is too large' : 'blob too large' });
      }
      override push(): void {
        this.refuse(2001);
      }
    };
    const errorTexts = new Map<number, string>();
    const refusal = async () => {
      const ctx = await contextFor(chatty, errorTexts);
      const session = await ctx.fork('a run of many').join();
      session.send({ type: 'Push', blob_id: ctx.random.blobId(), payload: ctx.random.bytes(3), ttl: 0 });
      return session;
    };
    await (await refusal()).expectError(2001);
    await (await refusal()).expectOneOf('PushAck', 'Error');
    const { requirement, expected, actual } = await violation((await refusal()).expectError(2001));
    expect(requirement).toBe('ERR-10');
    expect(expected).toEqual(['Error 2001 BLOB_TOO_LARGE with the text that it had before: "blob too large"']);
    expect(actual).toBe('"your blob is too large"');
    expect((await violation((await refusal()).expectOneOf('Error'))).requirement).toBe('ERR-10');
    // Another run knows nothing of it.
    errorTexts.clear();
    await (await refusal()).expectError(2001);
  });

  it('is that an error code has one text in all the runs of one check', async () => {
    let errors = 0;
    const ctx = await contextFor(
      class extends ScriptedSession {
        override push(): void {
          this.send({ type: 'Error', code: 2001, message: `error ${++errors}` });
        }
      },
    );
    const refusal = async (context: Context) => {
      const session = await context.join();
      session.send({ type: 'Push', blob_id: ctx.random.blobId(), payload: ctx.random.bytes(3), ttl: 0 });
      await session.expectError(2001);
    };
    await refusal(ctx.fork(1));
    expect((await violation(refusal(ctx.fork(2)))).requirement).toBe('ERR-10');
  });
});

describe('what a relay has room for', () => {
  const stated = new Map([
    ['max_devices_per_group', 2n],
    ['max_blob_size', 1000n],
    ['max_group_storage', 5000n],
  ]);

  it('is asked before a check goes over it', () => {
    const ctx = contextOf('ws://127.0.0.1:9/', { limits: stated });
    ctx.requireDevices(2);
    expect(() => ctx.requireDevices(3)).toThrow(NotRun);
    ctx.requireQuota(5000);
    expect(() => ctx.requireQuota(5001)).toThrow('it needs 5001 bytes in a group, and max_group_storage is 5000');
    expect([ctx.payloadSize(999), ctx.payloadSize(1001)]).toEqual([999, 1000]);
  });

  it('is everything where it is not stated', () => {
    const ctx = contextOf('ws://127.0.0.1:9/');
    ctx.requireDevices(1000);
    ctx.requireQuota(2 ** 40);
    expect(ctx.payloadSize(2 ** 20)).toBe(2 ** 20);
  });
});
