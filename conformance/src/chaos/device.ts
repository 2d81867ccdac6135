import { setTimeout as delay } from 'node:timers/promises';
import type { Identity } from '@0k-sync/reference';
import { ERRORS, type Message, type Push, type Welcome } from '@0k-sync/spec';
import { nameOfError } from '../access/errors.ts';
import { NOTHING } from '../access/inbox.ts';
import { Unreachable } from '../access/link.ts';
import type { MessageConnection, SessionEvent } from '../access/messages.ts';
import { overLimit } from '../access/over-limit.ts';
import type { Wire } from '../access/wire.ts';
import type { Context } from '../context.ts';
import { describeMessage } from '../describe.ts';
import type { TestGroup } from '../group.ts';
import { ended, LinkLost, next, open, shakeHands, silence, TICK_MS } from './connection.ts';
import { broken, type Ledger } from './ledger.ts';
import { Replica } from './replica.ts';
import type { DeviceEvent, DevicePlan } from './scenario.ts';
import type { Stage } from './stage.ts';

/** After so long without news it asks: a lost connection loses its Notifies. In milliseconds. */
const SILENCE_MS = 6000;
/** Waits before the next attempt to connect double from the first to the second of these, in milliseconds. */
const BACKOFF_MS = [50, 1000] as const;
/** A device that never gives up still has to end some day, in milliseconds. */
const PATIENCE_MS = 300_000;

/** What all devices of a play share. */
export interface Company {
  readonly context: Context;
  readonly group: TestGroup;
  readonly ledger: Ledger;
  readonly stage: Stage;
}

type Request =
  | { readonly kind: 'push'; readonly push: Push }
  /** `known` is the highest cursor that had been shown to the device when it asked. */
  | { readonly kind: 'pull'; readonly known: bigint };

type Answer = Extract<Message, { type: 'PushAck' | 'PullResponse' | 'Error' }>;

/**
 * A client that does what clients must: it pushes what it has and pulls after its cursor, and when its connection is lost
 * it connects again, pushes what had no answer once more, the same bytes under the same blob_id, and pulls on from where it
 * was. It never reads anything twice.
 */
export class Device {
  readonly name: string;
  readonly replica: Replica;
  readonly #plan: DevicePlan;
  readonly #company: Company;
  readonly #url: () => string;
  readonly #identity: Identity;
  /** Pushes without an acknowledgement, in order. The first `#sent` are on their way. */
  readonly #outbox: Push[] = [];
  #sent = 0;
  /** Requests without an answer, in order. */
  #requests: Request[] = [];
  #wire: Wire | undefined;
  #session: MessageConnection | undefined;
  #epoch: Uint8Array | undefined;
  /** The highest cursor that the relay has shown to this device. */
  #known = 0n;
  /** When something came, or the first of the waiting requests was sent. */
  #newsAt = 0;
  #connections = 0;
  /** Connections that were lost since a session began. */
  #failures = 0;
  #lastLoss: string | undefined;

  /** @param url - the way to the relay at the moment. */
  constructor(plan: DevicePlan, company: Company, url: () => string) {
    this.name = plan.name;
    this.#plan = plan;
    this.#company = company;
    this.#url = url;
    this.#identity = company.context.device();
    this.replica = new Replica(company.ledger);
  }

  /** Puts a blob into the outbox. */
  queue(push: Push): void {
    this.#company.ledger.made(push, this.name);
    this.#outbox.push(push);
  }

  /** Where it stands, for people. */
  describe(): string {
    const { acknowledged, made } = this.#company.ledger.ofDevice(this.name);
    const lost = this.#lastLoss === undefined ? '' : `; last lost a connection by this: ${this.#lastLoss}`;
    return `${this.name} has ${acknowledged} of its ${made} pushes acknowledged and reads up to ${this.replica.cursor}${lost}`;
  }

  /** Works until the timeline is over, every device's pushes are acknowledged, and this one holds them all. */
  async run(): Promise<void> {
    await this.#reached('begin');
    while (!this.#isDone()) {
      try {
        this.#session ??= await this.#connect();
        await this.#turn(this.#session);
      } catch (error) {
        if (!(error instanceof LinkLost)) throw error;
        await this.#lost(error.message);
      }
    }
  }

  #isDone(): boolean {
    const { stage, ledger } = this.#company;
    return stage.isOver && ledger.isComplete && this.replica.cursor >= ledger.highest;
  }

  /** Sends what there is to send, and takes one thing that comes. */
  async #turn(session: MessageConnection): Promise<void> {
    await this.#sendAll(session);
    const { wire } = session.frames.noise;
    const event = await next(wire, (ms) => session.next(ms), TICK_MS);
    if (event !== NOTHING) {
      this.#newsAt = performance.now();
      await this.#take(session, event);
    } else if (this.#requests.length > 0) {
      if (performance.now() - this.#newsAt > wire.link.timeoutMs) throw silence(wire);
    } else if (this.#outbox.length === 0 && this.replica.cursor >= this.#known) await this.#reached('idle');
  }

  async #sendAll(session: MessageConnection): Promise<void> {
    const { inFlight = 4, page = 100 } = this.#plan;
    while (this.#sent < Math.min(inFlight, this.#outbox.length)) {
      await this.#reached('pushing');
      const push = this.#outbox[this.#sent++]!;
      this.#ask(session, push, { kind: 'push', push });
    }
    if (this.#requests.some(({ kind }) => kind === 'pull')) return;
    const isUncertain = !this.#plan.patient && performance.now() - this.#newsAt > SILENCE_MS;
    if (this.replica.cursor >= this.#known && !isUncertain) return;
    await this.#reached('pulling');
    const pull = { type: 'Pull', after_cursor: this.replica.cursor, limit: page } as const;
    this.#ask(session, pull, { kind: 'pull', known: this.#known });
  }

  #ask(session: MessageConnection, message: Message, request: Request): void {
    if (this.#requests.length === 0) this.#newsAt = performance.now();
    this.#requests.push(request);
    session.send(message);
  }

  async #take(session: MessageConnection, event: Exclude<SessionEvent, typeof NOTHING>): Promise<void> {
    if (!('type' in event)) throw ended(event);
    switch (event.type) {
      case 'Notify':
        return this.#learn(event.latest_cursor);
      case 'PushAck':
      case 'PullResponse':
      case 'Error':
        return await this.#takeAnswer(session, event);
      default:
        throw broken('SES-24', 'the answer to a request, or a Notify', describeMessage(event));
    }
  }

  async #takeAnswer(session: MessageConnection, answer: Answer): Promise<void> {
    const { ledger } = this.#company;
    if (answer.type === 'Error') this.#refused(session, answer.code, this.#requests[0]);
    const request = this.#requests.shift();
    if (request?.kind === 'push' && answer.type === 'PushAck') {
      ledger.acknowledged(request.push, answer);
      this.#sent--;
      this.#outbox.shift();
      this.#learn(answer.cursor);
      await this.#reached('acknowledged');
    } else if (request?.kind === 'push' && answer.type === 'Error') {
      this.#sent--;
      this.#outbox.push(this.#outbox.shift()!);
    } else if (request?.kind === 'pull' && answer.type === 'PullResponse') {
      this.replica.take(answer);
      this.#learn(answer.has_more ? answer.max_cursor + 1n : answer.max_cursor);
      if (answer.has_more || this.replica.cursor >= request.known) return;
      throw broken('CUR-37', `cursor ${request.known}, which had been shown before`, `an end at ${answer.max_cursor}`);
    } else {
      throw broken('SES-24', `the answer to the ${request?.kind ?? 'next request'}`, describeMessage(answer));
    }
  }

  #learn(cursor: bigint): void {
    if (cursor > this.#known) this.#known = cursor;
  }

  async #connect(): Promise<MessageConnection> {
    const { context, group, ledger } = this.#company;
    const wire = await open(
      context.link({
        url: this.#url(),
        name: `${this.name}${++this.#connections}`,
        timeoutMs: this.#plan.patient ? PATIENCE_MS : context.timeoutMs,
      }),
    );
    this.#wire = wire;
    await this.#reached('open');
    const noise = await shakeHands(wire, this.#identity, (event) => this.#reached(event));
    const session = context.messagesOver(noise);
    const acknowledged = ledger.highest;
    const ext = { epoch: this.#epoch, last_blob: this.replica.blobs.at(-1)?.blobId };
    session.sendHello({ group, last_cursor: this.replica.cursor, ext });
    const answer = await next(wire, (ms) => session.next(ms), wire.link.timeoutMs);
    if (answer === NOTHING) throw silence(wire);
    if (!('type' in answer)) throw ended(answer);
    if (answer.type === 'Error') this.#refused(session, answer.code);
    if (answer.type !== 'Welcome') throw broken('SES-01', 'Welcome', describeMessage(answer));
    this.#welcome(answer, acknowledged);
    this.#newsAt = performance.now();
    this.#failures = 0;
    return session;
  }

  /** @param acknowledged - the highest cursor that any device had been given when Hello was sent. */
  #welcome({ max_cursor, ext }: Welcome, acknowledged: bigint): void {
    if (max_cursor < acknowledged) {
      throw broken(
        'CUR-26',
        `all that was acknowledged, up to cursor ${acknowledged}`,
        `max_cursor ${max_cursor} in Welcome`,
      );
    }
    if (max_cursor < this.#known) {
      throw broken('CUR-48', `max_cursor ${this.#known} or more, as had been shown`, `${max_cursor} in Welcome`);
    }
    if (ext?.epoch && this.#epoch && Buffer.compare(ext.epoch, this.#epoch) !== 0) {
      throw broken('SES-36', 'the epoch of the Welcome before', 'another one: the relay lost what it knew');
    }
    this.#epoch = ext?.epoch;
    this.#learn(max_cursor);
  }

  async #lost(how: string): Promise<void> {
    const { context } = this.#company;
    if (this.#wire?.isOpen) {
      context.trace.record(this.#wire.link.name, 'event', `given up: ${how}`);
      this.#wire.terminate();
    }
    this.#wire = undefined;
    this.#session = undefined;
    this.#requests = [];
    this.#sent = 0;
    this.#lastLoss = how;
    if (context.target.died !== undefined) throw new Unreachable(`the relay has ${context.target.died}`);
    await this.#reached('lost');
    const [first, most] = BACKOFF_MS;
    await delay(Math.min(first * 2 ** this.#failures++, most), undefined, { signal: context.link().signal });
  }

  async #reached(event: DeviceEvent): Promise<void> {
    await this.#company.stage.reached(this.name, event);
  }

  /** Returns where an Error asks to push again. @throws what it means everywhere else: this client does nothing wrong */
  #refused(session: MessageConnection, code: number, request?: Request): void {
    const over = session.overLimit({ type: 'Error', code, message: '' });
    if (over) throw over;
    const { BLOB_CONFLICT, QUOTA_EXCEEDED, RELAY_OVERLOADED, RELAY_SHUTTING_DOWN, STORAGE_FAILED } = ERRORS;
    if (code === RELAY_SHUTTING_DOWN.code || code === RELAY_OVERLOADED.code) throw new LinkLost(nameOfError(code));
    if (code === QUOTA_EXCEEDED.code) throw overLimit(nameOfError(code));
    if (request?.kind !== 'push') throw broken('ERR-01', request ? 'PullResponse' : 'Welcome', nameOfError(code));
    if (code === STORAGE_FAILED.code) return;
    if (code !== BLOB_CONFLICT.code) throw broken('ERR-01', 'PushAck', nameOfError(code));
    // Nothing else was ever pushed under this blob_id: where it went off once before, it was kept in part.
    const rule = this.#connections > 1 ? 'CUR-29' : 'CUR-09';
    throw broken(rule, 'PushAck, as its blob_id was pushed with these bytes and no others', nameOfError(code));
  }
}
