import {
  ERRORS,
  type ErrorMessage,
  FIXED_LIMITS,
  FRAME,
  type Hello,
  type HelloExt,
  MAX_BODY,
  MESSAGES,
  type Message,
  type MessageName,
  type Notify,
  type PullResponse,
  type PushAck,
  type Welcome,
} from '@0k-sync/spec';
import { FrameReader } from '../codec/frame-reader.ts';
import { decodeMessage, encodeFrame } from '../codec/message.ts';
import type { CryptoProvider } from '../crypto/provider.ts';
import type { SecureChannel, SecureChannelHandlers } from './secure-channel.ts';
import { ConnectionClosedError, ProtocolViolationError, RelayError, TimeoutError } from './session-errors.ts';

const ANSWERS = new Map<MessageName, MessageName>(
  MESSAGES.flatMap((message) => ('answers' in message ? [[message.name, message.answers[0]]] : [])),
);

/** What a relay sends unasked. */
export type RelayEvent = Extract<Message, { type: 'Notify' | 'Deleted' | 'DeviceRevoked' }>;

export interface SessionOptions {
  readonly crypto: CryptoProvider;
  /** How long an answer may take, milliseconds; 30,000 unless said. After it the connection is given up. */
  readonly answerTimeoutMs?: number;
}

export interface HelloFields {
  readonly group_id: Uint8Array;
  readonly device_name?: string;
  readonly last_cursor?: bigint;
  readonly ext?: HelloExt;
}

interface Waiting {
  readonly request: MessageName;
  readonly answer: MessageName;
  resolve(message: Message): void;
  reject(error: unknown): void;
  readonly timer: ReturnType<typeof setTimeout>;
}

/**
 * One session with a relay, in `bin`, from the secure channel to Bye. Requests may be sent without waiting: the relay
 * serves them and answers in the order sent. A request that ends in {@link TimeoutError} or
 * {@link ConnectionClosedError} is indeterminate: it may have taken effect.
 */
export class Session {
  /** Called for each Notify. */
  onNotify: ((notify: Notify) => void) | undefined;
  /** Called for each message that the relay sends unasked, Notify included. */
  onEvent: ((event: RelayEvent) => void) | undefined;
  /** Settles when the connection has ended, with what ended it. */
  readonly closed: Promise<ConnectionClosedError>;

  readonly #channel: SecureChannel;
  readonly #crypto: CryptoProvider;
  readonly #timeoutMs: number;
  readonly #frames = new FrameReader({ maxBody: FRAME.max_body_before_welcome });
  readonly #waiting: Waiting[] = [];
  #resolveClosed!: (error: ConnectionClosedError) => void;
  #ended: Error | undefined;

  /** @param channel an open channel whose handlers were made by {@link sessionHandlers} */
  constructor(channel: SecureChannel, options: SessionOptions) {
    this.#channel = channel;
    this.#crypto = options.crypto;
    this.#timeoutMs = options.answerTimeoutMs ?? FIXED_LIMITS.answer_timeout_secs * 1000;
    this.closed = new Promise((resolve) => {
      this.#resolveClosed = resolve;
    });
  }

  /**
   * Opens the session for a group.
   *
   * @throws {RelayError} 1000, 1001, 1002, 1003, 1005 or 2000: the session is over
   */
  async hello(fields: HelloFields): Promise<Welcome> {
    const hello: Hello = {
      type: 'Hello',
      version: 1,
      device_name: fields.device_name ?? '',
      group_id: fields.group_id,
      last_cursor: fields.last_cursor ?? 0n,
      ext: { ...fields.ext, ...this.#unknownKey() },
    };
    const welcome = (await this.request(hello)) as Welcome;
    if (welcome.version !== 1) throw this.#violation(`Welcome names version ${welcome.version}`);
    return welcome;
  }

  /**
   * Stores one blob. When it returns, the relay has it durably.
   *
   * @param push `blob_id` 16 bytes, `payload` at most 1,048,576 bytes by default, `ttl` in seconds (0: the relay's default)
   * @throws {RelayError} 1006, 2000, 2001, 2002 or 3002
   */
  async push(push: { blob_id: Uint8Array; payload: Uint8Array; ttl?: number }): Promise<PushAck> {
    const ack = (await this.request({ type: 'Push', ...push, ttl: push.ttl ?? 0 })) as PushAck;
    if (!equal(ack.blob_id, push.blob_id)) throw this.#violation('PushAck is about another blob than the Push');
    const digest = ack.ext?.digest;
    if (digest !== undefined && !equal(digest, this.#crypto.sha256(push.payload))) {
      throw this.#violation('PushAck has the digest of other bytes than those pushed');
    }
    return ack;
  }

  /** The page of blobs after a cursor. `limit` 0 means 100. */
  async pull(pull: { after_cursor: bigint; limit?: number }): Promise<PullResponse> {
    const page = (await this.request({
      type: 'Pull',
      after_cursor: pull.after_cursor,
      limit: pull.limit ?? 0,
    })) as PullResponse;
    let previous = pull.after_cursor;
    for (const blob of page.blobs) {
      if (blob.cursor <= previous) throw this.#violation('PullResponse is not ascending from after_cursor');
      previous = blob.cursor;
    }
    if (page.has_more && page.blobs.length === 0) throw this.#violation('PullResponse is empty, yet says has_more');
    if (page.max_cursor !== previous) throw this.#violation('PullResponse has another max_cursor than its last blob');
    return page;
  }

  /** Sends any request that has an answer, and waits for it. Answers come in the order of requests. */
  request(message: Message): Promise<Message> {
    const answer = ANSWERS.get(message.type);
    if (answer === undefined) throw new TypeError(`${message.type} has no answer: use send`);
    if (this.#ended) return Promise.reject(this.#ended);
    const frame = encodeFrame(message, 'bin');
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#end(new TimeoutError(`answer to ${message.type}`, this.#timeoutMs));
        this.#channel.terminate();
      }, this.#timeoutMs);
      this.#waiting.push({ request: message.type, answer, resolve, reject, timer });
      this.#channel.write(frame);
    });
  }

  /** Sends a message that has no answer (Presence). */
  send(message: Message): void {
    if (this.#ended) throw this.#ended;
    this.#channel.write(encodeFrame(message, 'bin'));
  }

  /** Says Bye and waits for the relay to close, which it does after its last answers (SES-30, D-102). */
  async close(reason: string | null = null): Promise<void> {
    if (this.#ended) this.#channel.close(1000);
    else this.send({ type: 'Bye', reason });
    const timer = setTimeout(() => this.#channel.terminate(), this.#timeoutMs);
    await this.closed;
    clearTimeout(timer);
  }

  /** Ends the connection at once, without Bye. */
  terminate(): void {
    this.#channel.terminate();
  }

  /** @internal */
  receive(plaintext: Uint8Array): void {
    this.#frames.push(plaintext);
    try {
      for (;;) {
        const body = this.#frames.next();
        if (body === undefined || this.#ended) return;
        this.#message(decodeMessage(body, 'bin'));
      }
    } catch (error) {
      this.#violation('the relay sent bytes that are no message', error);
    }
  }

  /** @internal */
  end(code: number, cause: unknown): void {
    const error = new ConnectionClosedError(code, cause ?? this.#ended);
    this.#end(error);
    this.#resolveClosed(error);
  }

  #message(message: Message): void {
    switch (message.type) {
      case 'Notify':
        this.onNotify?.(message);
        this.onEvent?.(message);
        return;
      case 'Deleted':
      case 'DeviceRevoked':
        this.onEvent?.(message);
        return;
      case 'Error':
        this.#error(message);
        return;
      case 'Bye':
        this.#end(new ConnectionClosedError(1000));
        this.#channel.close(1000);
        return;
    }
    const waiting = this.#waiting[0];
    if (waiting?.answer !== message.type) {
      this.#violation(`${message.type} answers nothing that was asked`);
      return;
    }
    if (message.type === 'Welcome') this.#frames.maxBody = MAX_BODY.bin;
    this.#settleFirst().resolve(message);
  }

  #error(message: ErrorMessage): void {
    const first = this.#waiting[0];
    const refused = first?.request === 'Hello' || message.code === ERRORS.RATE_LIMITED.code ? first : undefined;
    const { retry_after_ms, blob_id } = message.ext ?? {};
    const error = new RelayError(message.code, {
      ...(first?.request === 'Hello' ? { fatal: true } : {}),
      ...(retry_after_ms === undefined ? {} : { retryAfterMs: Number(retry_after_ms) }),
      ...(blob_id === undefined ? {} : { blobId: blob_id }),
    });
    if (error.fatal && refused === undefined) {
      this.#end(error);
      return;
    }
    if (first === undefined) {
      this.#violation(`Error ${message.code} answers nothing that was asked`);
      return;
    }
    this.#settleFirst().reject(error);
    if (error.fatal) this.#end(error);
  }

  #settleFirst(): Waiting {
    const waiting = this.#waiting.shift()!;
    clearTimeout(waiting.timer);
    return waiting;
  }

  #violation(what: string, cause?: unknown): ProtocolViolationError {
    const error = new ProtocolViolationError(what, { cause });
    this.#end(error);
    this.#channel.terminate();
    return error;
  }

  #end(error: Error): void {
    this.#ended ??= error;
    while (this.#waiting.length > 0) this.#settleFirst().reject(this.#ended);
  }

  /** One random unknown key, so that relays keep skipping what they do not know (WIRE). */
  #unknownKey(): Record<`x-${string}`, Uint8Array> {
    const random = this.#crypto.randomBytes(8);
    const name = Array.from(random.subarray(0, 4), (byte) => byte.toString(16).padStart(2, '0')).join('');
    return { [`x-${name}`]: random.slice(4) };
  }
}

/** Handlers that hand the events of a channel to a session made when it opens. */
export function sessionHandlers(events: {
  open(): Session;
  failed(code: number, error: unknown): void;
}): SecureChannelHandlers {
  let session: Session | undefined;
  return {
    open() {
      session = events.open();
    },
    data: (plaintext) => session?.receive(plaintext),
    close(code, error) {
      if (session) session.end(code, error);
      else events.failed(code, error);
    },
  };
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
