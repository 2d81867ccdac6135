import type { Identity } from '@0k-sync/reference';
import type { Context } from '../context.ts';
import type { TestGroup } from '../group.ts';
import { Random } from '../random.ts';
import type { History } from './history.ts';
import type { From, OpKind, Request } from './plan.ts';
import { Recorder } from './recorder.ts';

/** A payload, and the blob_id it is pushed under. */
export interface Content {
  readonly blobId: Uint8Array;
  readonly payload: Uint8Array;
}

/** A push as it was sent, and whether it got its answer. */
export interface SentPush {
  readonly content: Content;
  readonly device: Identity;
  isAnswered: boolean;
}

const HIGHEST_CURSOR = 2n ** 64n - 1n;
const DEFAULT_MAX_PULL_LIMIT = 1000n;

/** What the lanes of one run of a plan share. */
export class PlanRun {
  readonly context: Context;
  readonly group: TestGroup;
  readonly recorder = new Recorder();
  readonly counts = new Map<OpKind, number>();
  readonly #pushes: SentPush[] = [];
  /** Cursors in the order in which they were acknowledged. */
  readonly #acknowledged: bigint[] = [];
  readonly #blobs: readonly { original: Content; rival: Content }[];
  #highest = 0n;
  #connections = 0;

  /** @param sizes - of the plan's blobs, in bytes. */
  constructor(context: Context, sizes: readonly number[]) {
    this.context = context;
    this.group = context.group();
    // From the group and not from the seed: a plan that is run again must not bring ids that the relay has seen.
    const random = new Random(Buffer.from(this.group.id).toString('hex'));
    this.#blobs = sizes.map((size) => {
      const blobId = random.blobId();
      const payload = random.bytes(size);
      // The rival differs in its first byte, or in its length where there is none.
      const rival = size === 0 ? Uint8Array.of(0) : payload.with(0, payload[0]! ^ 0xff);
      return { original: { blobId, payload }, rival: { blobId, payload: rival } };
    });
  }

  /** The highest cursor acknowledged, 0 if none was. */
  get highest(): bigint {
    return this.#highest;
  }

  nextConnection(): number {
    return ++this.#connections;
  }

  did(kind: OpKind): void {
    this.counts.set(kind, (this.counts.get(kind) ?? 0) + 1);
  }

  sent(content: Content, device: Identity): SentPush {
    const push = { content, device, isAnswered: false };
    this.#pushes.push(push);
    return push;
  }

  acknowledged(cursor: bigint): void {
    this.#acknowledged.push(cursor);
    if (cursor > this.#highest) this.#highest = cursor;
  }

  /** Pushes that got no answer. */
  unanswered(): SentPush[] {
    return this.#pushes.filter(({ isAnswered }) => !isAnswered);
  }

  /** A new blob of the plan. */
  blob(number: number): Content {
    return this.#blobs[number]!.original;
  }

  /** The content of a push that refers to another; undefined in a plan that pushes nothing new. */
  referredTo({ op, of }: Extract<Request, { op: 'repeat' | 'conflict' }>): Content | undefined {
    const blob = this.#blobs[of % this.#blobs.length];
    return op === 'repeat' ? blob?.original : blob?.rival;
  }

  /** The cursor that a plan names. `own` is where the lane itself has come to. */
  cursor(from: From, own: bigint): bigint {
    if (from === 'zero') return 0n;
    if (from === 'own') return own;
    if (from === 'end') return HIGHEST_CURSOR;
    return this.#acknowledged[from % Math.max(1, this.#acknowledged.length)] ?? 0n;
  }

  history(): History {
    return this.recorder.history(Number(this.context.limits.get('max_pull_limit') ?? DEFAULT_MAX_PULL_LIMIT));
  }
}
