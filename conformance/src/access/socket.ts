import { randomBytes } from 'node:crypto';
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { HANDSHAKE } from '@0k-sync/spec';
import { Violation } from '../verdict.ts';
import { Inbox, NOTHING } from './inbox.ts';
import { type Link, Unreachable, untrusted } from './link.ts';
import { OVER_LIMIT_CLOSE, OVER_LIMIT_STATUS, overLimit } from './over-limit.ts';

/** A WebSocket frame, with every bit in the sender's hand (RFC 6455, 5.2). */
export interface RawFrame {
  /** 0 continuation, 1 text, 2 binary, 8 close, 9 ping, 10 pong. */
  readonly opcode: number;
  readonly payload?: Uint8Array;
  /** Whether it is the last fragment; true unless said. */
  readonly fin?: boolean;
  /** The three reserved bits as a number from 0 to 7. */
  readonly rsv?: number;
  /** Whether the payload is masked, as a client's must be; true unless said. */
  readonly mask?: boolean;
  /** The length in the header, where it is not to be that of the payload. */
  readonly announced?: number;
}

export interface HttpResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, string>;
}

export type SocketEvent =
  | { readonly kind: 'frame'; readonly opcode: number; readonly fin: boolean; readonly payload: Uint8Array }
  | { readonly kind: 'end' };

/** A TCP (or TLS) connection to the target, at the level of bytes: for upgrade requests and WebSocket frames that no library writes. */
export class RawSocket {
  readonly link: Link;
  readonly #socket: Socket;
  readonly #inbox: Inbox<Uint8Array | 'end'>;
  #buffered: Buffer<ArrayBufferLike> = Buffer.alloc(0);

  private constructor(link: Link, socket: Socket) {
    this.link = link;
    this.#socket = socket;
    this.#inbox = new Inbox(link.signal);
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => this.#inbox.put(chunk));
    socket.on('error', () => {}); // `close` follows
    socket.on('close', () => {
      this.#inbox.put('end');
      if (!link.signal.aborted) link.trace.record(link.name, 'event', 'connection ended');
    });
    link.signal.addEventListener('abort', () => socket.destroy(), { once: true });
  }

  /** @throws Unreachable */
  static open(link: Link): Promise<RawSocket> {
    const { protocol, hostname, port } = new URL(link.url);
    const secure = protocol === 'wss:';
    const host = hostname.replace(/^\[|\]$/g, '');
    const where = { host, port: Number(port) || (secure ? 443 : 80) };
    return new Promise((resolve, reject) => {
      // A name, but no address, may be sent along (RFC 6066, 3).
      const tls = { ...(isIP(host) === 0 && { servername: host }), ...(link.ca !== undefined && { ca: link.ca }) };
      const socket = secure ? connectTls({ ...where, ...tls }) : connectTcp(where);
      const raw = new RawSocket(link, socket);
      socket.once('error', (error) => reject(untrusted(error) ?? new Unreachable(error.message)));
      socket.once('close', () => reject(new Unreachable('the connection was closed')));
      socket.once(secure ? 'secureConnect' : 'connect', () => {
        link.trace.record(link.name, 'event', 'TCP connected');
        resolve(raw);
      });
    });
  }

  /** Writes bytes as they are. */
  write(bytes: Uint8Array | string): void {
    const data = typeof bytes === 'string' ? Buffer.from(bytes) : bytes;
    this.link.trace.record(this.link.name, 'to-relay', `${data.length} bytes`, data);
    this.#socket.write(data);
  }

  /**
   * Sends an upgrade request as a client should, but for what `changes` says: another value for a header, or undefined to
   * leave it out.
   *
   * @returns the response.
   * @throws Inconclusive if the relay has no room; Violation if what came is no response
   */
  async upgrade(changes: Record<string, string | undefined> = {}, path = '/', method = 'GET'): Promise<HttpResponse> {
    const headers: Record<string, string | undefined> = {
      Host: new URL(this.link.url).host,
      Upgrade: 'websocket',
      Connection: 'Upgrade',
      'Sec-WebSocket-Key': randomBytes(16).toString('base64'),
      'Sec-WebSocket-Version': '13',
      'Sec-WebSocket-Protocol': HANDSHAKE.websocket_subprotocol,
      ...changes,
    };
    const lines = Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [`${name}: ${value}`],
    );
    const changed = Object.keys(changes).length > 0 ? ` with changed ${Object.keys(changes).join(', ')}` : '';
    this.link.trace.record(this.link.name, 'to-relay', `${method} ${path} as an upgrade request${changed}`);
    this.#socket.write(`${[`${method} ${path} HTTP/1.1`, ...lines].join('\r\n')}\r\n\r\n`);
    const response = await this.response();
    if (OVER_LIMIT_STATUS.has(response.status)) throw overLimit(`HTTP ${response.status}`);
    return response;
  }

  /** Reads the head of an HTTP response; what follows it stays unread. @throws Violation */
  async response(): Promise<HttpResponse> {
    const end = '\r\n\r\n';
    while (!this.#buffered.includes(end)) await this.#more('an HTTP response');
    const at = this.#buffered.indexOf(end);
    const [first = '', ...lines] = this.#buffered.subarray(0, at).toString('latin1').split('\r\n');
    this.#buffered = this.#buffered.subarray(at + end.length);
    this.link.trace.record(this.link.name, 'from-relay', first);
    const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(first)?.[1]);
    if (!status)
      throw new Violation({ expected: ['an HTTP response'], actual: `the line ${JSON.stringify(first.slice(0, 80))}` });
    const headers = new Map(
      lines.map((line) => {
        const colon = line.indexOf(':');
        return [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()] as const;
      }),
    );
    return { status, headers };
  }

  /** Upgrades, or fails the check. @throws Violation | Inconclusive */
  async open(): Promise<this> {
    const { status } = await this.upgrade();
    if (status !== 101) throw new Violation({ expected: ['HTTP 101'], actual: `HTTP ${status}` });
    return this;
  }

  /** Sends one WebSocket frame. */
  sendFrame(frame: RawFrame): void {
    const { opcode, payload = new Uint8Array(0), fin = true, rsv = 0, mask = true } = frame;
    const announced = frame.announced ?? payload.length;
    const head = [(fin ? 0x80 : 0) | (rsv << 4) | opcode];
    const masked = mask ? 0x80 : 0;
    if (announced < 126) head.push(masked | announced);
    else if (announced < 0x1_0000) head.push(masked | 126, announced >> 8, announced & 0xff);
    else head.push(masked | 127, ...bigEndian64(announced));
    const key = mask ? randomBytes(4) : undefined;
    const body = key ? payload.map((byte, index) => byte ^ key[index % 4]!) : payload;
    this.link.trace.record(this.link.name, 'to-relay', `WebSocket frame, opcode ${opcode}, ${announced} bytes`);
    this.#socket.write(Buffer.concat([Buffer.from(head), ...(key ? [key] : []), body]));
  }

  /** The next WebSocket frame, the end of the connection, or `NOTHING` when the time is up. */
  async next(ms: number = this.link.timeoutMs): Promise<SocketEvent | typeof NOTHING> {
    const deadline = performance.now() + ms;
    for (;;) {
      const frame = this.#parse();
      if (frame) {
        this.link.trace.record(
          this.link.name,
          'from-relay',
          `WebSocket frame, opcode ${frame.opcode}, ${frame.payload.length} bytes`,
        );
        return frame;
      }
      const chunk = await this.#inbox.take(Math.max(0, deadline - performance.now()));
      if (chunk === NOTHING) return NOTHING;
      if (chunk === 'end') {
        this.#inbox.put('end'); // It stays true for whoever asks again.
        return { kind: 'end' };
      }
      this.#buffered = Buffer.concat([this.#buffered, chunk]);
    }
  }

  /**
   * Reads up to the end of the connection and returns the close code: 1005 if the close frame had none, 1006 if there was no
   * close frame. Frames before it are skipped.
   *
   * @throws Violation if no close came; Inconclusive if the relay has no room
   */
  async closeCode(): Promise<number> {
    for (;;) {
      const event = await this.next();
      if (event === NOTHING) {
        throw new Violation({ expected: ['a close'], actual: `nothing in ${this.link.timeoutMs / 1000} s` });
      }
      if (event.kind === 'end') return 1006;
      if (event.opcode !== 8) continue;
      const code = event.payload.length >= 2 ? (event.payload[0]! << 8) | event.payload[1]! : 1005;
      if (code === OVER_LIMIT_CLOSE) throw overLimit(`a close with ${code}`);
      return code;
    }
  }

  /** Ends the connection at once, with a reset. */
  terminate(): void {
    this.#socket.resetAndDestroy();
  }

  async #more(awaited: string): Promise<void> {
    const chunk = await this.#inbox.take(this.link.timeoutMs);
    if (chunk !== NOTHING && chunk !== 'end') {
      this.#buffered = Buffer.concat([this.#buffered, chunk]);
      return;
    }
    const actual = chunk === NOTHING ? `nothing in ${this.link.timeoutMs / 1000} s` : 'the end of the connection';
    throw new Violation({ expected: [awaited], actual });
  }

  /** A server's frames are not masked. */
  #parse(): Extract<SocketEvent, { kind: 'frame' }> | undefined {
    const bytes = this.#buffered;
    if (bytes.length < 2) return undefined;
    const short = bytes[1]! & 0x7f;
    const head = short < 126 ? 2 : short === 126 ? 4 : 10;
    if (bytes.length < head) return undefined;
    const length = short < 126 ? short : short === 126 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
    if (bytes.length < head + length) return undefined;
    this.#buffered = bytes.subarray(head + length);
    return {
      kind: 'frame',
      opcode: bytes[0]! & 0x0f,
      fin: bytes[0]! >= 0x80,
      payload: bytes.subarray(head, head + length),
    };
  }
}

function bigEndian64(value: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value));
  return bytes;
}
