import { createHash } from 'node:crypto';
import { encodeFrame, type Identity } from '@0k-sync/reference';
import { ERRORS, type HelloExt, type Message, type PullResponse } from '@0k-sync/spec';
import { nameOfError } from '../access/errors.ts';
import type { MessageConnection } from '../access/messages.ts';
import { Inconclusive, Violation } from '../verdict.ts';
import type { Operation } from './history.ts';
import type { Kind } from './plan.ts';
import type { Content, GroupRun, PlanRun } from './plan-run.ts';
import { RULES } from './rules.ts';

/** How an operation stands to the plan: whether only one answer is right, and whether the plan has it at all. */
export type Standing = Pick<Operation, 'exact' | 'isAside'>;

/** A request ready to be sent, and how its answer is read. */
export interface Exchange {
  readonly message: Message;
  readAnswer(): Promise<void>;
}

/** Who connects, and to what. */
export interface Member {
  readonly run: PlanRun;
  readonly device: Identity;
  readonly group: GroupRun;
}

/** How often a connection is begun for which the kit is too slow. */
const MOST_TRIES = 3;
/** How a relay ends a connection on which no Hello came in time, in words. */
const TIMED_OUT = 'a close with 1008';

/** One connection of a device to a group, from Hello on: whatever passes on it is recorded. */
export class PlanSession {
  /** Unique in the run. */
  readonly number: number;
  readonly #connection: MessageConnection;
  readonly #member: Member;
  readonly #place: Pick<Operation, 'group' | 'connection' | 'device' | 'where'>;
  #sequence = 0;
  /** How many of the messages that came unasked have been looked at. */
  #looked = 0;

  private constructor(member: Member, connection: MessageConnection) {
    const { run, device, group } = member;
    this.#member = member;
    this.#connection = connection;
    this.number = run.nextConnection();
    const name = run.nameOf(device.deviceId);
    this.#place = { group: group.index, connection: this.number, device: name, where: run.nameConnection(name) };
  }

  /** Connects and says Hello; once more where the kit itself was too slow for the relay's hello_timeout_secs. */
  static async open(member: Member, last_cursor: bigint, ext: HelloExt, standing: Standing): Promise<PlanSession> {
    const { context } = member.run;
    const timeoutMs = Number(context.limits.get('hello_timeout_secs') ?? 10n) * 1000;
    for (let tries = 1; ; tries++) {
      const began = performance.now();
      try {
        return await PlanSession.#open(member, last_cursor, ext, standing);
      } catch (error) {
        const isClosed = error instanceof Violation && error.actual === TIMED_OUT;
        const isLate = isClosed && performance.now() - began >= timeoutMs;
        if (!isLate) throw error;
        if (tries === MOST_TRIES)
          throw new Inconclusive(`it took the kit longer than ${timeoutMs / 1000} s to say Hello`);
      }
    }
  }

  static async #open(member: Member, last_cursor: bigint, ext: HelloExt, standing: Standing): Promise<PlanSession> {
    const { run, device, group } = member;
    const session = new PlanSession(member, await run.context.messages({ device }));
    const answered = run.recorder.invoke({
      ...session.#next(standing),
      kind: 'hello',
      lastCursor: last_cursor,
      ...(ext.epoch && { epoch: hex(ext.epoch) }),
      ...(ext.last_blob && { lastBlob: run.nameOf(ext.last_blob) }),
    });
    const welcome = await session.#connection.hello({ group: group.test, last_cursor, ext });
    const { epoch, expired_through } = welcome.ext ?? {};
    group.epoch = epoch ?? group.epoch;
    answered({
      kind: 'welcome',
      maxCursor: welcome.max_cursor,
      pendingCount: welcome.pending_count,
      epoch: epoch ? hex(epoch) : '',
      ...(expired_through !== undefined && { expiredThrough: expired_through }),
    });
    return session;
  }

  /** Sends requests without waiting between them. */
  send(exchanges: readonly Exchange[]): void {
    this.#connection.send(...exchanges.map(({ message }) => message));
  }

  push(content: Content, ttl: number, standing: Standing): Exchange {
    const { run, group, device } = this.#member;
    const { blobId, payload } = content;
    const sent = run.sent(group, content, device);
    const answered = run.recorder.invoke({ ...this.#next(standing), ...this.#pushed(content, ttl) });
    return {
      message: { type: 'Push', blob_id: blobId, payload, ttl },
      readAnswer: async () => {
        const answer = await this.#connection.expectOneOf('PushAck', 'Error');
        this.recordNotifies();
        // A fatal Error is no answer: it leaves the Push indeterminate.
        if (answer.type === 'Error' && FATAL.has(answer.code)) throw unexpected(answer.code);
        sent.isAnswered = true;
        if (answer.type === 'Error') {
          run.did(...(REFUSALS.get(answer.code) ?? []));
          return answered({ kind: 'error', code: answer.code });
        }
        if (Buffer.compare(answer.blob_id, blobId) !== 0) throw this.#outOfOrder(blobId, answer.blob_id);
        run.did(...this.#kindsOf(content, ttl, !group.blobIdAt.has(answer.cursor)));
        group.store(answer.cursor, content);
        answered({ kind: 'ack', cursor: answer.cursor, digest: answer.ext?.digest ? hex(answer.ext.digest) : '' });
      },
    };
  }

  pull(after: bigint, limit: number, standing: Standing, look: (answer: PullResponse) => void): Exchange {
    const { run } = this.#member;
    const answered = run.recorder.invoke({ ...this.#next(standing), kind: 'pull', after, limit });
    return {
      message: { type: 'Pull', after_cursor: after, limit },
      readAnswer: async () => {
        const answer = await this.#connection.expect('PullResponse');
        this.recordNotifies();
        const blobs = answer.blobs.map((blob) => ({
          blobId: run.nameOf(blob.blob_id),
          cursor: blob.cursor,
          digest: sha256(blob.payload),
          sender: blob.ext?.sender ? run.nameOf(blob.ext.sender) : '',
        }));
        answered({ kind: 'page', blobs, hasMore: answer.has_more, maxCursor: answer.max_cursor });
        look(answer);
      },
    };
  }

  /** Sends all of a Push but for its last byte, and cuts the connection. */
  tear(content: Content, standing: Standing): void {
    const { blobId, payload } = content;
    this.#member.run.recorder.invoke({ ...this.#next(standing), ...this.#pushed(content, 0), isTorn: true });
    const frame = encodeFrame({ type: 'Push', blob_id: blobId, payload, ttl: 0 }, 'bin');
    this.#connection.frames.sendBytes(frame.slice(0, -1));
    this.cut();
  }

  async bye(): Promise<void> {
    this.#member.run.recorder.ended({ ...this.#place, how: 'bye' });
    await this.#connection.bye();
    this.recordNotifies();
  }

  cut(): void {
    this.#member.run.recorder.ended({ ...this.#place, how: 'cut' });
    this.#connection.terminate();
  }

  /** Reads until a Notify up to a cursor has come. @throws Violation if none comes in time */
  async awaitNotify(latest: bigint, requirement: string): Promise<void> {
    try {
      await this.#connection.expectNotify(latest, requirement);
    } finally {
      this.recordNotifies();
    }
  }

  recordNotifies(): void {
    const { asides } = this.#connection;
    for (; this.#looked < asides.length; this.#looked++) {
      const aside = asides[this.#looked]!;
      if (aside.type !== 'Notify') continue;
      const { latest_cursor: latest, count } = aside;
      this.#member.run.recorder.notified({ ...this.#place, latest, count });
    }
  }

  /** What kind of Push it was that was acknowledged. */
  #kindsOf({ blobId, payload }: Content, ttl: number, isNew: boolean): Kind[] {
    if (!isNew) return ['repeat'];
    const { run, group } = this.#member;
    const { maxBlob, maxTtl } = run.limits;
    const isElsewhere = run.groups.some(
      (other) => other !== group && [...other.blobIdAt.values()].some((id) => id === blobId),
    );
    const isShort = run.isShort(ttl);
    if (isShort) run.willExpire(group, ttl);
    const kinds: readonly (readonly [Kind, boolean])[] = [
      ['push', true],
      ['elsewhere', isElsewhere],
      ['empty', payload.length === 0],
      ['largest', payload.length === maxBlob],
      ['ttl-largest', ttl === maxTtl],
      ['ttl-over', ttl > maxTtl],
      ['ttl-short', isShort],
    ];
    return kinds.flatMap(([kind, isSo]) => (isSo ? [kind] : []));
  }

  #pushed({ blobId, payload, digest }: Content, ttl: number) {
    return { kind: 'push' as const, blobId: this.#member.run.nameOf(blobId), digest, size: payload.length, ttl };
  }

  #next(standing: Standing) {
    return { ...this.#place, ...standing, sequence: ++this.#sequence };
  }

  #outOfOrder(asked: Uint8Array, answered: Uint8Array): Violation {
    const { run } = this.#member;
    return new Violation({
      requirement: RULES['answer-order'],
      expected: [`PushAck for ${run.nameOf(asked)}`],
      actual: `one for ${run.nameOf(answered)}`,
    });
  }
}

const REFUSALS: ReadonlyMap<number, readonly Kind[]> = new Map([
  [1006, ['conflict']],
  [2001, ['too-large']],
  [2002, ['full']],
]);

const FATAL = new Set<number>(
  Object.values(ERRORS)
    .filter(({ fatal }) => fatal)
    .map(({ code }) => code),
);

function unexpected(code: number): Violation {
  return new Violation({ expected: ['PushAck', 'an Error that refuses the Push'], actual: nameOfError(code) });
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
