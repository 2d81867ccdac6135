import { createHash } from 'node:crypto';
import type { Identity } from '@0k-sync/reference';
import type { LimitName } from '@0k-sync/spec';
import type { Context } from '../context.ts';
import type { TestGroup } from '../group.ts';
import { BLOB_OVERHEAD, DEFAULT_LIMITS, effectiveTtl } from '../model/group.ts';
import { Random } from '../random.ts';
import { LONG_LIFE } from './facts.ts';
import type { History, HistoryLimits } from './history.ts';
import type { Fault, From, Kind, Plan, PullLimit, Size, Ttl } from './plan.ts';
import { Recorder } from './recorder.ts';

/** A payload, and the blob_id it is pushed under. */
export interface Content {
  readonly blobId: Uint8Array;
  readonly payload: Uint8Array;
  /** SHA-256 of the payload, hex. */
  readonly digest: string;
}

/** A push as it was sent, and whether it got its answer. */
export interface SentPush {
  readonly group: GroupRun;
  readonly content: Content;
  readonly device: Identity;
  isAnswered: boolean;
}

const MIDDLE_CURSOR = 2n ** 63n;
const HIGHEST_CURSOR = 2n ** 64n - 1n;
const MAX_U32 = 0xffff_ffff;
/** Larger payloads repeat a piece of this size, in bytes. */
const PIECE = 65_536;
/** For the way between the two clocks, in milliseconds. */
const TOLERANCE_MS = 200;

/** One group of a run, as far as the answers have told. */
export class GroupRun {
  readonly index: number;
  readonly test: TestGroup;
  /** Cursors in the order in which they were acknowledged. */
  readonly acknowledged: bigint[] = [];
  readonly blobIdAt = new Map<bigint, Uint8Array>();
  /** That of the last Welcome. */
  epoch: Uint8Array | undefined;
  /** When everything that lives only seconds must have expired, in milliseconds of the process; 0 if there is nothing. */
  expiredBy = 0;
  /** What its acknowledged blobs count for, in bytes. */
  used = 0;

  constructor(index: number, test: TestGroup) {
    this.index = index;
    this.test = test;
  }

  /** Takes notice of a PushAck. */
  store(cursor: bigint, { blobId, payload }: Content): void {
    this.acknowledged.push(cursor);
    if (this.blobIdAt.has(cursor)) return;
    this.blobIdAt.set(cursor, blobId);
    this.used += payload.length + BLOB_OVERHEAD;
  }

  /** The cursor that a plan names. `own` is where the lane itself has come to. */
  cursor(from: From, own: bigint): bigint {
    if (from === 'zero') return 0n;
    if (from === 'own') return own;
    if (from === 'middle') return MIDDLE_CURSOR;
    if (from === 'end') return HIGHEST_CURSOR;
    return this.acknowledged[from % Math.max(1, this.acknowledged.length)] ?? 0n;
  }

  limit(limit: PullLimit, after: bigint): number {
    if (limit === 'over') return MAX_U32;
    if (limit !== 'exact') return limit;
    return Math.max(1, [...this.blobIdAt.keys()].filter((cursor) => cursor > after).length);
  }
}

/** What the lanes of one run of a plan share. */
export class PlanRun {
  readonly context: Context;
  readonly groups: readonly GroupRun[];
  readonly recorder = new Recorder();
  readonly counts = new Map<Kind, number>();
  readonly limits: HistoryLimits;
  /** The number of faults that have begun. */
  faults = 0;
  readonly #plan: Plan;
  readonly #random: Random;
  readonly #pushes: SentPush[] = [];
  readonly #contents = new Map<string, Content>();
  readonly #faults: Fault[];
  #requests = 0;
  #connections = 0;
  /** The names of blobs and devices, by their ids in hex. */
  readonly #names = new Map<string, string>();
  /** How many connections each device has had. */
  readonly #named = new Map<string, number>();
  #extra = 0;
  #down: Promise<void> | undefined;

  constructor(context: Context, plan: Plan) {
    this.context = context;
    this.#plan = plan;
    this.groups = Array.from({ length: plan.groups }, (_, index) => new GroupRun(index, context.group()));
    this.limits = limitsOf(context);
    this.#faults = [...plan.faults].sort((a, b) => a.after - b.after);
    // From the group and not from the seed: a plan that is run again must not bring ids that the relay has seen.
    this.#random = new Random(Buffer.from(this.groups[0]!.test.id).toString('hex'));
  }

  nextConnection(): number {
    return ++this.#connections;
  }

  /** Gives a device or a blob a name for people. */
  name(id: Uint8Array, name: string): void {
    this.#names.set(Buffer.from(id).toString('hex'), name);
  }

  /** The name of a device or a blob; in hex the id of one that has none. */
  nameOf(id: Uint8Array): string {
    const hex = Buffer.from(id).toString('hex');
    return this.#names.get(hex) ?? hex;
  }

  /** The name of the next connection of a device: A, A2, A3. */
  nameConnection(device: string): string {
    const count = (this.#named.get(device) ?? 0) + 1;
    this.#named.set(device, count);
    return count === 1 ? device : `${device}${count}`;
  }

  did(...kinds: readonly Kind[]): void {
    for (const kind of kinds) this.counts.set(kind, (this.counts.get(kind) ?? 0) + 1);
  }

  sent(group: GroupRun, content: Content, device: Identity): SentPush {
    const push = { group, content, device, isAnswered: false };
    this.#pushes.push(push);
    return push;
  }

  /** Pushes that got no answer. */
  unanswered(): SentPush[] {
    return this.#pushes.filter(({ isAnswered }) => !isAnswered);
  }

  /** A blob of the plan, or its rival: the same blob_id with another payload. */
  blob(number: number, isRival = false): Content {
    return this.#content(`blob ${number}`, this.#plan.blobs[number] ?? 0, isRival);
  }

  /** A blob that the plan does not name. */
  extraBlob(bytes: number): Content {
    return this.#content(`filler ${this.#extra++}`, bytes, false);
  }

  /** The seconds that a Push says. */
  ttl(ttl: Ttl | undefined): number {
    if (ttl === 'largest') return this.limits.maxTtl;
    return ttl === 'over' ? MAX_U32 : (ttl ?? 0);
  }

  /** Whether a blob with this ttl expires while the run lasts. */
  isShort(ttl: number): boolean {
    return effectiveTtl(ttl, this.limits) < LONG_LIFE;
  }

  /** Takes notice of what will have expired when. */
  willExpire(group: GroupRun, ttl: number): void {
    const end = performance.now() + effectiveTtl(ttl, this.limits) * 1000 + TOLERANCE_MS;
    group.expiredBy = Math.max(group.expiredBy, end);
  }

  /** Takes notice of requests that the lanes have sent, and lets a fault happen whose time has come. */
  requested(count: number): void {
    this.#requests += count;
    const [next] = this.#faults;
    if (next && next.after <= this.#requests && !this.#down) this.#strike(this.#faults.shift()!);
  }

  /** Lets happen what was to happen later than the lanes went. */
  async strikeRest(): Promise<void> {
    await this.up();
    for (let fault = this.#faults.shift(); fault; fault = this.#faults.shift()) {
      this.#strike(fault);
      await this.up();
    }
  }

  /** Resolves when the relay is there, at once if nothing happened to it. */
  async up(): Promise<void> {
    while (this.#down) await this.#down;
  }

  #strike({ kind }: Fault): void {
    this.faults++;
    const back = this.recorder.fault(kind);
    const { context } = this;
    const strike = async () => {
      if (kind === 'restart') await context.restart();
      else {
        await context.kill();
        await context.start();
      }
      back();
      this.did(kind);
      this.#down = undefined;
    };
    this.#down = strike();
    // Whoever waits for the relay learns of it.
    this.#down.catch(() => {});
  }

  history(): History {
    return this.recorder.history(this.limits);
  }

  #content(name: string, size: Size, isRival: boolean): Content {
    const key = isRival ? `${name}, another payload` : name;
    const known = this.#contents.get(key);
    if (known) return known;
    if (isRival) {
      const { blobId, payload } = this.#content(name, size, false);
      // The rival differs in its first byte, or in its length where there is none.
      const rival = payload.length === 0 ? Uint8Array.of(0) : payload.with(0, payload[0]! ^ 0xff);
      return this.#keep(key, blobId, rival);
    }
    const blobId = this.#random.blobId();
    this.name(blobId, name);
    return this.#keep(key, blobId, this.#payload(size));
  }

  #keep(key: string, blobId: Uint8Array, payload: Uint8Array): Content {
    const digest = createHash('sha256').update(payload).digest('hex');
    const content = { blobId, payload, digest };
    this.#contents.set(key, content);
    return content;
  }

  #payload(size: Size): Uint8Array {
    const largest = this.limits.maxBlob ?? DEFAULT_LIMITS.maxBlob;
    const bytes = size === 'largest' ? largest : size === 'over' ? largest + 1 : size;
    if (bytes <= PIECE) return this.#random.bytes(bytes);
    const payload = new Uint8Array(bytes);
    const piece = this.#random.bytes(PIECE);
    for (let at = 0; at < bytes; at += PIECE) payload.set(piece.subarray(0, bytes - at), at);
    return payload;
  }
}

/** The limits that a history is judged by. What the relay does not state is as the protocol has it, or not judged. */
function limitsOf({ limits }: Context): HistoryLimits {
  const stated = (name: LimitName, otherwise: number) => Number(limits.get(name) ?? otherwise);
  const maxBlob = limits.get('max_blob_size');
  const quota = limits.get('max_group_storage');
  return {
    maxPullLimit: stated('max_pull_limit', 1000),
    ...(maxBlob !== undefined && { maxBlob: Number(maxBlob) }),
    ...(quota !== undefined && { quota: Number(quota) }),
    defaultTtl: stated('default_ttl', DEFAULT_LIMITS.defaultTtl),
    maxTtl: stated('max_ttl', DEFAULT_LIMITS.maxTtl),
  };
}
