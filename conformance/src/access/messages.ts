import { CodecError, decodeMessage, encodeFrame, type Identity } from '@0k-sync/reference';
import {
  type Blob,
  type ErrorClass,
  type ErrorMessage,
  FRAME,
  type Hello,
  type HelloExt,
  type Message,
  type PullResponse,
  type PushAck,
  type Welcome,
} from '@0k-sync/spec';
import { describeMessage } from '../describe.ts';
import type { TestGroup } from '../group.ts';
import { maskTokens } from '../masked.ts';
import { type Inconclusive, Violation } from '../verdict.ts';
import { closeCodeOf, nameOfError, refusedOverLimit, requireSameText } from './errors.ts';
import { describeFrameEvent, type FrameConnection, type FrameEvent } from './frames.ts';
import { NOTHING } from './inbox.ts';
import { closedOverLimit } from './over-limit.ts';

/** Messages that a relay sends unasked; they may stand between the answers. */
export type Aside = Extract<Message, { type: 'Notify' | 'Deleted' | 'DeviceRevoked' }>;
/** What `next` gives: a message, or what came instead of one. */
export type SessionEvent = Message | Exclude<FrameEvent, { kind: 'body' }>;
type Named<T extends Message['type']> = Extract<Message, { type: T }>;

export interface HelloOptions {
  readonly group: TestGroup;
  readonly last_cursor?: bigint;
  readonly device_name?: string;
  readonly version?: number;
  /** Added to the extension map; `proof: undefined` leaves the proof out. */
  readonly ext?: { [K in keyof HelloExt]?: HelloExt[K] | undefined };
}

/** A Notify must come within this time (protocol, 6.14). */
const NOTIFY_MS = 5000;
/** The close code of a failed handshake, and of a transport message that does not open. */
const FAILED_CRYPTOGRAPHY = 1002;
/** Errors whose close codes are those of ERR-05. */
const CLOSES_BY_CODE: readonly number[] = [1000, 1002, 1005];
/** No group has so high a cursor: a Pull after it is answered with nothing and acknowledges nothing. */
const BEYOND = 2n ** 64n - 1n;

/** A session: decoded messages both ways, and the small vocabulary in which checks say what they expect. */
export class MessageConnection {
  readonly frames: FrameConnection;
  /** What came unasked and has not been looked at; `expect` steps over it. */
  readonly asides: Aside[] = [];
  #welcome: Welcome | undefined;
  #lastBody: Uint8Array | undefined;

  constructor(frames: FrameConnection) {
    this.frames = frames;
  }

  get device(): Identity {
    return this.frames.noise.identity;
  }

  /** The answer to Hello. */
  get welcome(): Welcome {
    if (!this.#welcome) throw new Error('the session has had no Welcome yet');
    return this.#welcome;
  }

  /** The bytes of the message that came last, with what the codec leaves out of it. */
  get lastBody(): Uint8Array {
    if (!this.#lastBody) throw new Error('no message has come yet');
    return this.#lastBody;
  }

  /** Sends messages without waiting, together in as few Noise messages as possible. */
  send(...messages: readonly Message[]): void {
    const { trace, name } = this.frames.noise.wire.link;
    const encoded = messages.map((message) => {
      const frame = encodeFrame(message, 'bin');
      const body = frame.subarray(FRAME.header_bytes);
      trace.recordMessage(name, 'to-relay', describeMessage(message), maskTokens(message, body));
      return frame;
    });
    this.frames.sendSilently(encoded.length === 1 ? encoded[0]! : Buffer.concat(encoded));
  }

  /**
   * Sends Hello for a group, with its proof and one unknown key, as every client does.
   *
   * @param behind - messages to send with it, in the same Noise message if there is room.
   */
  sendHello(options: HelloOptions, ...behind: readonly Message[]): void {
    const { random } = this.frames.noise.wire.link;
    const proof = options.group.proofFor(this.device.deviceId);
    const ext = {
      ...(proof && { proof }),
      [`x-${random.uint32().toString(36).padStart(7, '0')}`]: random.bytes(8),
      ...options.ext,
    };
    for (const [key, value] of Object.entries(ext)) if (value === undefined) delete ext[key as keyof typeof ext];
    const hello: Hello = {
      type: 'Hello',
      version: options.version ?? 1,
      device_name: options.device_name ?? '',
      group_id: options.group.id,
      last_cursor: options.last_cursor ?? 0n,
      ext: ext as HelloExt,
    };
    this.send(hello, ...behind);
  }

  /** Hello and its Welcome. @throws Violation */
  async hello(options: HelloOptions): Promise<Welcome> {
    this.sendHello(options);
    this.#welcome = await this.expect('Welcome');
    return this.#welcome;
  }

  /** The next message, whatever it is, or what came instead of one. A body that is no message is a violation. */
  async next(ms?: number): Promise<SessionEvent> {
    const event = await this.frames.next(ms);
    if (event === NOTHING || event.kind !== 'body') return event;
    this.#lastBody = event.data;
    return readMessage(event.data);
  }

  /** The next answer, of the wanted type; what comes unasked is put aside. @throws Violation | Inconclusive */
  async expect<T extends Message['type']>(type: T): Promise<Named<T>> {
    const event = await this.#nextAnswer();
    if (event !== NOTHING && 'type' in event && event.type === type) return event as Named<T>;
    throw this.#unexpected([type], event);
  }

  /** The next answer, of one of several types, Error among them if it is named. @throws Violation | Inconclusive */
  async expectOneOf<T extends Message['type']>(...types: readonly T[]): Promise<Named<T>> {
    const event = await this.#nextAnswer();
    const isWanted = event !== NOTHING && 'type' in event && (types as readonly string[]).includes(event.type);
    if (!isWanted || this.overLimit(event)) throw this.#unexpected(types, event);
    const answer = event as Message;
    if (answer.type === 'Error') requireSameText(this.frames.noise.wire.link.errorTexts, answer);
    return answer as Named<T>;
  }

  /**
   * The next answer, or the Error 2000 that refuses the request: for checks of rates.
   *
   * @throws Violation if it is neither, or an Error 2000 without retry_after_ms
   */
  async expectOrLimited<T extends Message['type']>(type: T): Promise<Named<T> | ErrorMessage> {
    const event = await this.#nextAnswer();
    if (event !== NOTHING && 'type' in event && event.type === type) return event as Named<T>;
    const isLimited = event !== NOTHING && 'type' in event && event.type === 'Error' && event.code === 2000;
    if (!isLimited) throw this.#unexpected([type, nameOfError(2000)], event);
    requireSameText(this.frames.noise.wire.link.errorTexts, event);
    if (event.ext?.retry_after_ms !== undefined) return event;
    throw new Violation({
      requirement: 'ERR-12',
      expected: [`${nameOfError(2000)} with retry_after_ms`],
      actual: describeMessage(event),
    });
  }

  /**
   * The next answer is an Error, with one of these codes.
   *
   * @returns the Error.
   */
  async expectError(...codes: readonly number[]): Promise<ErrorMessage> {
    const event = await this.#nextAnswer();
    const isWanted = event !== NOTHING && 'type' in event && event.type === 'Error' && codes.includes(event.code);
    if (!isWanted) throw this.#unexpected(codes.map(nameOfError), event);
    requireSameText(this.frames.noise.wire.link.errorTexts, event);
    return event;
  }

  /** The next answer is a fatal Error with one of these codes, and then the close code that belongs to it. */
  async expectFatal(...codes: readonly number[]): Promise<ErrorMessage> {
    const error = await this.expectError(...codes);
    const event = await this.#nextAnswer();
    const code = closeCodeOf(error.code);
    const isClosed = event !== NOTHING && 'kind' in event && event.kind === 'close';
    if (isClosed && event.code === code) return error;
    // That it does not close at all is for the rule at hand.
    const requirement = isClosed && CLOSES_BY_CODE.includes(error.code) ? 'ERR-05' : undefined;
    throw this.#unexpected([`a close with ${code}`], event, requirement === undefined ? {} : { requirement });
  }

  /** The next thing is a close with one of these codes, 1002 without a reason; what comes unasked before it is put aside. */
  async expectClosed(...codes: readonly number[]): Promise<number> {
    const event = await this.#nextAnswer();
    const isWanted = event !== NOTHING && 'kind' in event && event.kind === 'close' && codes.includes(event.code);
    if (!isWanted) {
      throw this.#unexpected(
        codes.map((code) => `a close with ${code}`),
        event,
      );
    }
    if (event.code !== FAILED_CRYPTOGRAPHY || event.reason === '') return event.code;
    throw new Violation({
      requirement: 'HS-13',
      expected: [`a close with ${FAILED_CRYPTOGRAPHY} and an empty reason`],
      // The text may hold anything that the relay knows.
      actual: `one with a reason of ${event.reason.length} characters`,
    });
  }

  /**
   * Nothing is on its way: the answer to a question asked now is the next thing that comes. What the relay sent before it
   * answered has then been seen, without waiting for time to pass.
   *
   * @param allowed - message types that may come all the same.
   */
  async expectNothing(...allowed: readonly Message['type'][]): Promise<void> {
    await this.roundTrip();
    const aside = this.asides.find(({ type }) => !allowed.includes(type));
    if (aside) throw new Violation({ expected: ['nothing'], actual: describeMessage(aside) });
  }

  /** Asks a question that changes nothing, and reads up to its answer. */
  async roundTrip(): Promise<void> {
    await this.pull(BEYOND, 1);
  }

  /**
   * A Notify up to a cursor, within 5 s of this call; earlier and merged ones are put aside.
   *
   * @param requirement - the rule that a missing Notify breaks.
   * @throws Violation | Inconclusive
   */
  async expectNotify(latest: bigint, requirement = 'CUR-68'): Promise<Named<'Notify'>> {
    const deadline = performance.now() + NOTIFY_MS;
    let seen = 0;
    for (;;) {
      for (; seen < this.asides.length; seen++) {
        const aside = this.asides[seen]!;
        if (aside.type === 'Notify' && aside.latest_cursor >= latest) return aside;
      }
      const event = await this.next(Math.max(0, deadline - performance.now()));
      if (event !== NOTHING && 'type' in event && isAside(event)) this.asides.push(event);
      else {
        const expected = [`Notify with latest_cursor ${latest} or more within 5 s`];
        throw this.#unexpected(expected, event, { ms: NOTIFY_MS, requirement });
      }
    }
  }

  /** Pushes a blob and waits for its acknowledgement. */
  async push(
    payload: Uint8Array,
    options: { blob_id?: Uint8Array; ttl?: number } = {},
  ): Promise<PushAck & { payload: Uint8Array }> {
    const blob_id = options.blob_id ?? this.frames.noise.wire.link.random.blobId();
    this.send({ type: 'Push', blob_id, payload, ttl: options.ttl ?? 0 });
    const ack = await this.expect('PushAck');
    if (Buffer.compare(ack.blob_id, blob_id) !== 0) {
      throw new Violation({
        requirement: 'CUR-25',
        expected: ['PushAck with the blob_id of the Push'],
        actual: describeMessage(ack),
      });
    }
    return { ...ack, payload };
  }

  /** Pulls one page. `limit` 0 leaves it to the relay. */
  async pull(after: bigint = 0n, limit = 0): Promise<PullResponse> {
    this.send({ type: 'Pull', after_cursor: after, limit });
    return await this.expect('PullResponse');
  }

  /** Pulls page after page until the relay says that there is no more. */
  async pullAll(after: bigint = 0n, limit = 0): Promise<Blob[]> {
    const blobs: Blob[] = [];
    for (let page = await this.pull(after, limit); ; page = await this.pull(page.max_cursor, limit)) {
      blobs.push(...page.blobs);
      if (!page.has_more) return blobs;
      if (page.blobs.length === 0) {
        throw new Violation({
          requirement: 'CUR-46',
          expected: ['at least one blob, or has_more false'],
          actual: describeMessage(page),
        });
      }
    }
  }

  /** Ends the session in order and waits for the close. */
  async bye(): Promise<void> {
    this.send({ type: 'Bye', reason: null });
    try {
      await this.expectClosed(1000);
    } catch (error) {
      if (!(error instanceof Violation)) throw error;
      throw new Violation({ requirement: 'SES-30', expected: error.expected, actual: error.actual });
    }
  }

  /** Cuts the connection. */
  terminate(): void {
    this.frames.noise.wire.terminate();
  }

  async #nextAnswer(): Promise<SessionEvent> {
    const { timeoutMs } = this.frames.noise.wire.link;
    const deadline = performance.now() + timeoutMs;
    for (;;) {
      const event = await this.next(Math.max(0, deadline - performance.now()));
      if (event === NOTHING || !('type' in event) || !isAside(event)) return event;
      this.asides.push(event);
    }
  }

  /**
   * What to throw where an event says nothing about the rule at hand, because the relay has no room: for whoever reads by
   * `next` itself.
   *
   * Error 2000 and a close with 1013 may come at any time; Error 3000 only before the session is served: a relay that took
   * it on has to answer its requests.
   *
   * @returns undefined for every other event.
   */
  overLimit(event: SessionEvent): Inconclusive | undefined {
    return event !== NOTHING && 'type' in event
      ? refusedOverLimit(event, this.frames.isServed)
      : closedOverLimit(event);
  }

  #unexpected(
    expected: readonly string[],
    event: SessionEvent,
    { ms, requirement }: { ms?: number; requirement?: string } = {},
  ): Error {
    const over = this.overLimit(event);
    if (over) return over;
    const actual =
      event !== NOTHING && 'type' in event
        ? describeMessage(event)
        : describeFrameEvent(event, ms ?? this.frames.noise.wire.link.timeoutMs);
    return new Violation({ ...(requirement !== undefined && { requirement }), expected, actual });
  }
}

/** What is wrong with a value, as against the message as a whole. */
const OF_A_VALUE: readonly ErrorClass[] = ['wrong-type', 'wrong-length', 'out-of-range', 'invalid-utf8'];

/** The message that a relay wrote. @throws Violation if it is none, of the rule that it breaks */
export function readMessage(body: Uint8Array): Message {
  try {
    return decodeMessage(body, 'bin');
  } catch (error) {
    if (!(error instanceof CodecError)) throw error;
    const requirement = isRmp(body) ? 'WIRE-54' : OF_A_VALUE.includes(error.errorClass) ? 'WIRE-05' : 'WIRE-04';
    const actual = `a body of ${body.length} bytes that is none: ${error.message}`;
    throw new Violation({ requirement, expected: ['one well-formed message'], actual });
  }
}

function isRmp(body: Uint8Array): boolean {
  try {
    decodeMessage(body, 'rmp');
    return true;
  } catch {
    return false;
  }
}

function isAside(message: Message): message is Aside {
  return message.type === 'Notify' || message.type === 'Deleted' || message.type === 'DeviceRevoked';
}
