/**
 * A relay made of the model and a script: it answers as the requirements say, from memory, and every answer is a method
 * that a subclass can replace by a wrong one. It exists to be wrong in one chosen way, and to be right where a test needs
 * a peer that is not the relay under test.
 */
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import {
  CodecError,
  createIdentity,
  decodeMessage,
  encodeFrame,
  FrameReader,
  type Identity,
  SecureChannel,
} from '@0k-sync/reference';
import { nodeCrypto, webSocketTransport } from '@0k-sync/reference/node';
import {
  ERRORS,
  HANDSHAKE,
  type Hello,
  MAX_BODY,
  type Message,
  type Pull,
  type PullResponse,
  type Push,
} from '@0k-sync/spec';
import { WebSocketServer } from 'ws';
import { DEFAULT_LIMITS, GroupModel } from './group.ts';

/** One group of a scripted relay: the model, and the payloads that the model only knows the digests of. */
export interface ScriptedGroup {
  readonly model: GroupModel;
  readonly payloads: Map<string, Uint8Array>;
  /** Those of the model, by number; the last is the current one. */
  readonly epochs: Uint8Array[];
  readonly sessions: Set<ScriptedSession>;
}

/** Of a group, in bytes. */
const QUOTA = 4_194_304;

const LIFTED_LIMITS = {
  max_blob_size: BigInt(DEFAULT_LIMITS.maxBlob),
  max_group_storage: BigInt(QUOTA),
  default_ttl: BigInt(DEFAULT_LIMITS.defaultTtl),
  max_ttl: BigInt(DEFAULT_LIMITS.maxTtl),
  max_pull_limit: 1000n,
  connections_per_minute: 0n,
  messages_per_minute: 0n,
  new_groups_per_hour: 0n,
  global_requests_per_second: 0n,
};

/** The codes of the refusals of a Push. */
const REFUSALS = {
  conflict: ERRORS.BLOB_CONFLICT.code,
  'too-large': ERRORS.BLOB_TOO_LARGE.code,
  full: ERRORS.QUOTA_EXCEEDED.code,
} as const;

/** What the blobs of a page may take, in bytes, and what each takes beyond its payload. */
const LARGEST_PAGE = MAX_BODY.bin - 100;
const BLOB_FRAMING = 100;

/** One session, from the finished handshake on. */
export class ScriptedSession {
  readonly relay: ScriptedRelay;
  readonly device: string;
  readonly channel: SecureChannel;
  group: ScriptedGroup | undefined;
  readonly #frames = new FrameReader({ maxBody: MAX_BODY.bin });
  #isClosing = false;

  constructor(relay: ScriptedRelay, channel: SecureChannel, device: Uint8Array) {
    this.relay = relay;
    this.channel = channel;
    this.device = hex(device);
  }

  /** Takes bytes of the frame stream. */
  data(bytes: Uint8Array): void {
    this.#frames.push(bytes);
    try {
      for (let body = this.#frames.next(); body && !this.#isClosing; body = this.#frames.next()) this.body(body);
    } catch (error) {
      if (!(error instanceof CodecError)) throw error;
      this.refuse(ERRORS.INVALID_MESSAGE.code);
    }
  }

  body(body: Uint8Array): void {
    this.message(decodeMessage(body, 'bin'));
  }

  message(message: Message): void {
    if (message.type === 'Bye') this.end(1000);
    else if (message.type === 'Hello' && !this.group) this.hello(message);
    else if (!this.group) this.refuse(ERRORS.UNAUTHORIZED.code);
    else if (message.type === 'Push') this.push(message);
    else if (message.type === 'Pull') this.send(this.pull(message));
    else if (message.type !== 'Presence') this.refuse(ERRORS.INVALID_MESSAGE.code);
  }

  hello(hello: Hello): void {
    if (hello.version !== 1) {
      this.refuse(ERRORS.UNSUPPORTED_VERSION.code);
      return;
    }
    this.group = this.relay.group(hex(hello.group_id));
    this.group.sessions.add(this);
    const { model, epochs } = this.group;
    const named = hello.ext?.epoch && hex(hello.ext.epoch);
    const known = {
      epoch: named === undefined ? undefined : epochs.findIndex((epoch) => hex(epoch) === named),
      lastBlob: hello.ext?.last_blob && hex(hello.ext.last_blob),
    };
    const { maxCursor, pendingCount, expiredThrough, epoch } = model.hello(
      this.device,
      hello.last_cursor,
      now(),
      known,
    );
    while (epochs.length <= epoch) epochs.push(randomBytes(16));
    this.send({
      type: 'Welcome',
      version: 1,
      max_cursor: maxCursor,
      pending_count: pendingCount,
      ext: {
        relay: 'scripted',
        caps: [],
        limits: LIFTED_LIMITS,
        epoch: epochs[epoch]!,
        expired_through: expiredThrough,
      },
    });
    if (pendingCount > 0) this.send({ type: 'Notify', latest_cursor: maxCursor, count: pendingCount });
  }

  push(push: Push): void {
    const { model, payloads } = this.group!;
    const digest = sha256(push.payload);
    const { ttl, payload } = push;
    const answer = model.push(this.device, hex(push.blob_id), hex(digest), { ttl, size: payload.length }, now());
    if (answer.kind !== 'stored' && answer.kind !== 'repeated') {
      this.refuse(REFUSALS[answer.kind]);
      return;
    }
    const { kind, cursor } = answer;
    if (kind === 'stored') payloads.set(hex(push.blob_id), payload.slice());
    this.send({ type: 'PushAck', blob_id: push.blob_id, cursor, ext: { timestamp: 0n, digest } });
    if (kind === 'stored') this.notify(cursor);
  }

  notify(cursor: bigint): void {
    for (const session of this.group!.sessions) {
      if (session !== this) session.send({ type: 'Notify', latest_cursor: cursor, count: 1 });
    }
  }

  pull(pull: Pull): PullResponse {
    const { model, payloads } = this.group!;
    const live = model.live(pull.after_cursor, now());
    let room = LARGEST_PAGE;
    const page = live
      .slice(0, pull.limit === 0 ? 100 : Math.min(pull.limit, 1000))
      .filter(({ size }, index) => (room -= size + BLOB_FRAMING) >= 0 || index === 0);
    return {
      type: 'PullResponse',
      blobs: page.map((blob) => ({
        blob_id: Buffer.from(blob.blobId, 'hex'),
        cursor: blob.cursor,
        payload: payloads.get(blob.blobId)!,
        timestamp: 0n,
        ext: { sender: Buffer.from(blob.sender, 'hex') },
      })),
      has_more: page.length < live.length,
      max_cursor: page.at(-1)?.cursor ?? pull.after_cursor,
    };
  }

  /** Answers with an Error; if it is a fatal one, the session ends. */
  refuse(code: number): void {
    const error = Object.values(ERRORS).find((entry) => entry.code === code)!;
    this.send({ type: 'Error', code, message: error.message });
    if (error.fatal) this.end(4000 + (code % 100));
  }

  send(message: Message): void {
    if (!this.#isClosing) this.channel.write(encodeFrame(message, 'bin'));
  }

  end(code: number): void {
    this.#isClosing = true;
    this.channel.close(code);
  }

  closed(): void {
    this.group?.sessions.delete(this);
  }
}

type SessionClass = new (relay: ScriptedRelay, channel: SecureChannel, device: Uint8Array) => ScriptedSession;

/** Listens on a free port of 127.0.0.1 and gives each connection a session of the given class. */
export class ScriptedRelay {
  readonly identity: Identity = createIdentity(nodeCrypto);
  readonly groups = new Map<string, ScriptedGroup>();
  readonly #server: WebSocketServer;

  private constructor(server: WebSocketServer, session: SessionClass) {
    this.#server = server;
    server.on('connection', (socket) => {
      let current: ScriptedSession | undefined;
      const channel: SecureChannel = new SecureChannel(webSocketTransport(socket), {
        role: 'responder',
        identity: this.identity,
        crypto: nodeCrypto,
        handlers: {
          open: (remote) => {
            current = new session(this, channel, remote.deviceId);
          },
          data: (plaintext) => current?.data(plaintext),
          close: () => current?.closed(),
        },
      });
    });
  }

  static async listen(session: SessionClass = ScriptedSession): Promise<ScriptedRelay> {
    const server = new WebSocketServer({
      host: '127.0.0.1',
      port: 0,
      handleProtocols: (offered) =>
        offered.has(HANDSHAKE.websocket_subprotocol) ? HANDSHAKE.websocket_subprotocol : false,
    });
    await once(server, 'listening');
    return new ScriptedRelay(server, session);
  }

  get url(): string {
    return `ws://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }

  group(id: string): ScriptedGroup {
    let group = this.groups.get(id);
    if (!group) {
      group = { model: new GroupModel({ quota: QUOTA }), payloads: new Map(), epochs: [], sessions: new Set() };
      this.groups.set(id, group);
    }
    return group;
  }

  async close(): Promise<void> {
    for (const client of this.#server.clients) client.terminate();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

/** Unix seconds, not rounded. */
function now(): number {
  return Date.now() / 1000;
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

function sha256(bytes: Uint8Array): Uint8Array {
  return createHash('sha256').update(bytes).digest();
}
