import { CodecError, decodeMessage, encodeFrame } from '@0k-sync/reference';
import { type ErrorName, FIXED_LIMITS, MAX_BODY, type Message } from '@0k-sync/spec';
import { type Phase, ruling } from './admission.ts';
import type { Connection } from './connection.ts';
import { type Answer, CLOSE, refusal } from './errors.ts';
import { greet } from './hello.ts';
import type { RelayContext } from './relay.ts';
import { type Asked, aboutBlob, serve } from './requests.ts';
import { type Group, keyOf, type Member } from './sessions.ts';

/** A request that was read. Answers leave in the order of these. */
interface Slot {
  size: number;
  /** Whether the answer may be large. */
  page: boolean;
  answer?: Answer;
  frame?: Uint8Array | undefined;
}

/** What may be queued, less room for the small answers to requests that are read already, and for Notify and its like. */
const MOST_QUEUED = FIXED_LIMITS.max_queued_bytes - 64 * 1024;

/** Requests whose answer may be as large as a frame: they are handed on when the queue has room for it. */
const asksForPage = ({ message }: Asked) => message.type === 'Pull' || message.type === 'ListDevices';

/**
 * One session: AwaitingHello → Active → Closing. Requests are handed on as they are read, without waiting for each other,
 * so that pushes in a row share a commit; storage keeps the order of their effects, and the slots that of their answers.
 */
export class Session implements Member {
  readonly device: Uint8Array;
  readonly deviceKey: string;
  name = '';
  seen = 0;
  group: Group | undefined;
  /** The epoch that Hello named, if what this connection presents counts as acknowledgement. */
  epoch: Uint8Array | undefined;
  /** The cursor that this connection presented or was sent last. */
  horizon = 0n;
  /** Storage has answered Hello: Welcome may not be written yet, but its figures are fixed. */
  admitted = false;
  /** How often Presence changed what this connection wants. */
  presenceChanges = 0;
  /** The answer to the Presence 0 that began the change of that number. */
  waking: { change: number; answer: Promise<Answer> } | undefined;
  /** Ids of the blobs that this connection asked to delete and that are not gone yet. */
  readonly deletions = new Set<string>();
  readonly #connection: Connection;
  readonly #context: RelayContext;
  #phase: Phase = 'AwaitingHello';
  #background = false;
  #slots: Slot[] = [];
  #unansweredBytes = 0;
  #pagesAsked = 0;
  /** Hello is being answered: what follows it stays unread until then. */
  #greeting = false;
  /** A request that waits for room in the queue. */
  #held: Asked | undefined;
  #advancing = false;
  /** What is to be told once Welcome is written. */
  #untold: Message[] = [];

  /** @param device the 32 bytes that the handshake authenticated */
  constructor(connection: Connection, device: Uint8Array, context: RelayContext) {
    this.#connection = connection;
    this.#context = context;
    this.device = device.slice();
    this.deviceKey = keyOf(device);
  }

  get active(): boolean {
    return this.#phase === 'Active';
  }

  /** The client's IP address. */
  get address(): string {
    return this.#connection.address;
  }

  get background(): boolean {
    return this.#background;
  }

  /** In the background a connection gets no Notify. */
  set background(background: boolean) {
    this.#background = background;
    if (background) this.#connection.outbox.dropNotify();
  }

  notify(latest: bigint, count: number): void {
    // The outbox lets no Notify out before its first frame, which is Welcome.
    const listens = this.admitted && this.#phase !== 'Closing' && !this.#background;
    if (listens) this.#connection.outbox.notify(latest, count);
  }

  tell(message: Message): void {
    // What the relay says unasked may be lost: a client that does not read gets no more of it.
    if (!this.admitted || this.#phase === 'Closing' || this.#connection.queued > MOST_QUEUED) return;
    if (this.#phase === 'AwaitingHello') this.#untold.push(message);
    else this.#connection.outbox.send(encodeFrame(message, 'bin'));
  }

  /** Welcome is written: what the client sends from now on is served. */
  open(): void {
    if (this.#phase !== 'AwaitingHello') return;
    this.#phase = 'Active';
    this.#greeting = false;
    this.#connection.liftFrameLimit();
    this.#context.log('session_opened', { device: this.device, group: this.group!.ref.id });
    for (const message of this.#untold.splice(0)) this.tell(message);
  }

  /** Ends the session with a fatal Error, after the answers to what was read before. */
  fail(name: ErrorName): void {
    if (this.#phase === 'Closing') return;
    const slot: Slot = { size: 0, page: false };
    this.#slots.push(slot);
    this.#fill(slot, refusal(name));
  }

  /** The connection is gone. What was handed on still takes effect. */
  closed(closeCode: number): void {
    this.#stop();
    this.#slots = [];
    if (!this.group) return;
    this.#context.sessions.leave(this.group, this);
    this.#context.log('session_closed', { device: this.device, group: this.group.ref.id, close_code: closeCode });
  }

  /** Hands on what has been read, as far as the limits allow. */
  advance(): void {
    // Serving may answer at once, which leads back here.
    if (this.#advancing) return;
    this.#advancing = true;
    while (this.#hasRoom()) {
      const asked = this.#held ?? this.#read();
      this.#held = undefined;
      if (!asked) break;
      if (asksForPage(asked) && !this.#hasRoomForPage()) this.#held = asked;
      else this.#ask(asked);
    }
    this.#advancing = false;
    if (this.#phase !== 'Closing') this.#connection.setReading(this.#hasRoom());
  }

  /** Whether one more request may be read, of whatever size. */
  #hasRoom(): boolean {
    if (this.#phase === 'Closing' || this.#greeting) return false;
    if (this.#held) return this.#hasRoomForPage();
    return (
      this.#connection.queued < MOST_QUEUED &&
      this.#slots.length < FIXED_LIMITS.max_unanswered_requests &&
      this.#unansweredBytes + MAX_BODY.bin <= FIXED_LIMITS.max_unanswered_bytes
    );
  }

  #hasRoomForPage(): boolean {
    return this.#connection.queued + (this.#pagesAsked + 1) * MAX_BODY.bin <= MOST_QUEUED;
  }

  #read(): Asked | undefined {
    try {
      const body = this.#connection.nextBody();
      if (!body) return undefined;
      const message = decodeMessage(body, 'bin');
      return { message, body, about: aboutBlob(message) };
    } catch (error) {
      if (!(error instanceof CodecError)) throw error;
      this.fail('INVALID_MESSAGE');
      return undefined;
    }
  }

  #ask(asked: Asked): void {
    const { message, body } = asked;
    const rule = ruling(this.#phase, message.type);
    if (rule !== 'serve' && rule !== 'leave') {
      this.fail(rule);
      return;
    }
    const slot: Slot = { size: body.length, page: asksForPage(asked) };
    this.#slots.push(slot);
    this.#unansweredBytes += slot.size;
    if (slot.page) this.#pagesAsked++;
    const answer = rule === 'leave' ? { close: CLOSE.normal } : this.#serve(asked);
    if (answer instanceof Promise) {
      answer.then(
        (result) => this.#fill(slot, result),
        (error: unknown) => this.#fill(slot, this.#failed(asked, error)),
      );
    } else this.#fill(slot, answer);
  }

  #serve(asked: Asked): Answer | Promise<Answer> {
    if (asked.message.type !== 'Hello') return serve(asked, this, this.#context);
    this.#greeting = true;
    this.#connection.helloCame();
    return greet(asked.message, this, this.#context);
  }

  #failed({ message, about }: Asked, error: unknown): Answer {
    this.#context.storageFailed(error as Error);
    // Without a Welcome there is no session in which the client could try again.
    return message.type === 'Hello' ? refusal('RELAY_OVERLOADED') : refusal('STORAGE_FAILED', about);
  }

  #fill(slot: Slot, answer: Answer): void {
    try {
      slot.frame = answer.message && encodeFrame(answer.message, 'bin');
      slot.answer = answer;
    } catch (error) {
      if (!(error instanceof CodecError)) throw error;
      this.#context.log('internal_error', { message: error.message });
      this.#fill(slot, refusal('RELAY_OVERLOADED'));
      return;
    }
    // What the client sent after a message that ends the session must not take effect.
    if (answer.close !== undefined) this.#stop();
    this.#answer();
  }

  /** Writes the answers that stand at the front. */
  #answer(): void {
    while (this.#slots[0]?.answer) {
      const { size, page, answer, frame } = this.#slots.shift() as Slot & { answer: Answer };
      this.#unansweredBytes -= size;
      if (page) this.#pagesAsked--;
      if (frame) this.#connection.outbox.send(frame);
      if (answer.message?.type === 'Error') this.#context.errorSent(this.device, answer.message.code);
      answer.written?.();
      if (answer.close !== undefined) {
        this.#slots = [];
        this.#connection.end(answer.close);
      }
    }
    this.advance();
  }

  #stop(): void {
    if (this.#phase === 'Closing') return;
    this.#phase = 'Closing';
    this.#held = undefined;
    this.#connection.stopListening();
  }
}
