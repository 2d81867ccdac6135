import { HANDSHAKE } from '@0k-sync/spec';
import { WebSocket } from 'ws';
import { Violation } from '../verdict.ts';
import { Inbox, NOTHING } from './inbox.ts';
import { type Link, nobodyThere, Unreachable, UpgradeRefused, untrusted } from './link.ts';
import { closedOverLimit } from './over-limit.ts';

export type WireEvent =
  | { readonly kind: 'message'; readonly data: Uint8Array }
  | { readonly kind: 'text'; readonly data: Uint8Array }
  | { readonly kind: 'close'; readonly code: number; readonly reason: string };

/** The close code that stands for a connection that ended without a close frame. */
export const ABNORMAL_CLOSE = 1006;

/**
 * One WebSocket to the target, seen as whole messages. What lies below (the upgrade request, the frames of WebSocket itself)
 * is for `RawSocket`.
 */
export class Wire {
  readonly link: Link;
  /** How many WebSocket pings have come. */
  pings = 0;
  /** How many binary messages have come. */
  received = 0;
  readonly #socket: WebSocket;
  readonly #inbox: Inbox<WireEvent>;

  private constructor(link: Link, socket: WebSocket) {
    this.link = link;
    this.#socket = socket;
    this.#inbox = new Inbox(link.signal);
    socket.binaryType = 'nodebuffer';
    socket.on('message', (data: Buffer, binary: boolean) => {
      if (binary) this.received++;
      this.#inbox.put({ kind: binary ? 'message' : 'text', data });
    });
    socket.on('ping', () => this.pings++);
    socket.on('error', () => {}); // `close` follows and carries the code
    socket.on('close', (code: number, reason: Buffer) => {
      this.#inbox.put({ kind: 'close', code, reason: reason.toString() });
      // Those are closed by the kit itself when the check is over: nothing of interest.
      if (!link.signal.aborted) link.trace.record(link.name, 'event', `closed with ${code}`);
    });
    link.signal.addEventListener('abort', () => socket.terminate(), { once: true });
  }

  /**
   * Connects and upgrades, with the protocol's subprotocol and without compression.
   *
   * @throws Unreachable | UpgradeRefused
   */
  static open(link: Link): Promise<Wire> {
    link.signal.throwIfAborted();
    return new Promise((resolve, reject) => {
      const socket = new WebSocket(link.url, [HANDSHAKE.websocket_subprotocol], {
        perMessageDeflate: false,
        handshakeTimeout: link.timeoutMs,
        ...(link.ca !== undefined && { ca: link.ca }),
        ...(link.from !== undefined && { localAddress: link.from }),
        ...(link.headers !== undefined && { headers: link.headers }),
        autoPong: link.answersPings ?? true,
        skipUTF8Validation: true,
      });
      const wire = new Wire(link, socket);
      const abort = () => reject(link.signal.reason);
      const fail = (error: Error) => {
        link.signal.removeEventListener('abort', abort);
        link.trace.record(link.name, 'event', `not connected: ${error.message}`);
        reject(error);
      };
      link.signal.addEventListener('abort', abort, { once: true });
      socket.once('error', (error: NodeJS.ErrnoException) => fail(explain(error, link.timeoutMs)));
      socket.once('unexpected-response', (_request, response) => {
        const status = response.statusCode ?? 0;
        response.destroy();
        fail(new UpgradeRefused(status, `HTTP ${status}`, secondsOf(response.headers['retry-after'])));
      });
      socket.once('open', () => {
        link.signal.removeEventListener('abort', abort);
        link.trace.record(link.name, 'event', 'connected');
        resolve(wire);
      });
    });
  }

  /** Sends one binary message, exactly these bytes. */
  send(message: Uint8Array): void {
    this.#socket.send(message, { binary: true }, () => {});
  }

  /** Sends one text message. */
  sendText(text: string): void {
    this.link.trace.record(this.link.name, 'to-relay', `text message of ${text.length} characters`);
    this.#socket.send(text, { binary: false }, () => {});
  }

  /** The next message or the close, whichever comes first; `NOTHING` when the time is up. */
  next(ms: number = this.link.timeoutMs): Promise<WireEvent | typeof NOTHING> {
    return this.#inbox.take(ms);
  }

  /**
   * The next binary message.
   *
   * @throws Violation if something else came, or nothing; Inconclusive if the relay has no room.
   */
  async receive(awaited: string): Promise<Uint8Array> {
    const event = await this.next();
    if (event !== NOTHING && event.kind === 'message') return event.data;
    throw (
      closedOverLimit(event) ??
      new Violation({ expected: [awaited], actual: describeEvent(event, this.link.timeoutMs) })
    );
  }

  /** Stops reading, so that the relay cannot write for ever. */
  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  get isOpen(): boolean {
    return this.#socket.readyState === WebSocket.OPEN;
  }

  /** Bytes taken by `send` that have not left the process. */
  get bufferedAmount(): number {
    return this.#socket.bufferedAmount;
  }

  /** Begins an orderly close. The answer is an event of `next`. */
  close(code = 1000): void {
    this.#socket.close(code);
  }

  /** Sends a pong that nobody asked for: bytes on the line that mean nothing. */
  beat(): void {
    this.#socket.pong();
  }

  /** Sends a ping. @returns the payload of the next pong, or `NOTHING` when the time is up */
  ping(payload: Uint8Array): Promise<Uint8Array | typeof NOTHING> {
    const { promise, resolve } = Promise.withResolvers<Uint8Array | typeof NOTHING>();
    const timer = setTimeout(() => resolve(NOTHING), this.link.timeoutMs);
    this.#socket.once('pong', resolve);
    this.#socket.once('close', () => resolve(NOTHING));
    this.#socket.ping(payload);
    return promise.finally(() => clearTimeout(timer));
  }

  /** Cuts the connection at once, without a close frame. */
  terminate(): void {
    this.link.trace.record(this.link.name, 'event', 'cut by the kit');
    this.#socket.terminate();
  }
}

/** What came instead of what was awaited, in words. */
export function describeEvent(event: WireEvent | typeof NOTHING, timeoutMs: number): string {
  if (event === NOTHING) return `nothing in ${timeoutMs / 1000} s`;
  switch (event.kind) {
    case 'close':
      return event.code === ABNORMAL_CLOSE ? 'the connection cut without a close code' : `a close with ${event.code}`;
    case 'text':
      return `a text message of ${event.data.length} bytes`;
    case 'message':
      return `a binary message of ${event.data.length} bytes`;
  }
}

/** A Retry-After: seconds, or a date. */
function secondsOf(header: string | undefined): number | undefined {
  if (header === undefined) return undefined;
  const seconds = /^\d+$/.test(header) ? Number(header) : (Date.parse(header) - Date.now()) / 1000;
  return Number.isNaN(seconds) ? undefined : Math.max(0, seconds);
}

function explain(error: NodeJS.ErrnoException, timeoutMs: number): Unreachable | UpgradeRefused {
  const unreachable = nobodyThere(error) ?? untrusted(error);
  if (unreachable) return unreachable;
  if (error.message.includes('handshake has timed out')) {
    return new Unreachable(`it took the connection and answered nothing in ${timeoutMs / 1000} s`);
  }
  return new UpgradeRefused(0, error.message);
}
