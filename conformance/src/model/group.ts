/**
 * What a relay has to remember of one group, and what it has to answer. Written from the requirements and from nothing
 * else: no clock, no storage, no connection. Times are Unix seconds, handed in.
 */

/** A blob as the group knows it. Ids and digests are strings, so that they can be keys and be compared. */
export interface ModelBlob {
  readonly blobId: string;
  /** SHA-256 of the payload. */
  readonly digest: string;
  /** The device that pushed it first; empty if that cannot be known. */
  readonly sender: string;
  /** Of the payload, in bytes. */
  readonly size: number;
  readonly cursor: bigint;
  /** From this second on it is no longer live. */
  readonly expires: number;
}

export type PushAnswer =
  | { readonly kind: 'stored'; readonly cursor: bigint }
  /** The same blob_id with the same payload once more: the same cursor, and nothing else happens. */
  | { readonly kind: 'repeated'; readonly cursor: bigint }
  /** The same blob_id with another payload: error 1006. */
  | { readonly kind: 'conflict' }
  /** Error 2001. */
  | { readonly kind: 'too-large' }
  /** Error 2002. */
  | { readonly kind: 'full' };

export interface HelloAnswer {
  readonly maxCursor: bigint;
  readonly pendingCount: number;
  readonly expiredThrough: bigint;
  /** Counts from 0: each new epoch is another number. */
  readonly epoch: number;
}

/** What Hello says of what a device knows. */
export interface Known {
  readonly epoch?: number | undefined;
  readonly lastBlob?: string | undefined;
}

export interface GroupLimits {
  /** Of one payload, in bytes. */
  readonly maxBlob: number;
  /** Of the group's live blobs, in bytes. */
  readonly quota: number;
  /** Seconds. */
  readonly defaultTtl: number;
  /** Seconds. */
  readonly maxTtl: number;
}

/** What Welcome.pending_count can hold. */
const MAX_U32 = 0xffff_ffff;
/** What a blob counts beyond its payload. */
export const BLOB_OVERHEAD = 256;

export const DEFAULT_LIMITS: GroupLimits = {
  maxBlob: 1_048_576,
  quota: 104_857_600,
  defaultTtl: 604_800,
  maxTtl: 604_800,
};

/** The seconds that a ttl stands for. */
export function effectiveTtl(ttl: number, { defaultTtl, maxTtl }: Pick<GroupLimits, 'defaultTtl' | 'maxTtl'>): number {
  return ttl === 0 ? defaultTtl : Math.min(ttl, maxTtl);
}

/** The cursors, the blobs and the remembered ids of one group. */
export class GroupModel {
  readonly #limits: GroupLimits;
  /** In the order of their cursors, gone ones included: a blob_id stays known after its blob is gone. */
  #blobs: ModelBlob[] = [];
  #byId = new Map<string, ModelBlob>();
  #gone = new Set<string>();
  #epoch = 0;

  constructor(limits: Partial<GroupLimits> = {}) {
    this.#limits = { ...DEFAULT_LIMITS, ...limits };
  }

  /** The highest cursor ever assigned; 0 in a group that never stored anything. */
  get maxCursor(): bigint {
    return this.#blobs.at(-1)?.cursor ?? 0n;
  }

  push(
    device: string,
    blobId: string,
    digest: string,
    { ttl = 0, size = 0 }: { ttl?: number; size?: number } = {},
    now = 0,
  ): PushAnswer {
    if (size > this.#limits.maxBlob) return { kind: 'too-large' };
    const known = this.#byId.get(blobId);
    if (known) return known.digest === digest ? { kind: 'repeated', cursor: known.cursor } : { kind: 'conflict' };
    const used = this.live(0n, now).reduce((sum, blob) => sum + blob.size + BLOB_OVERHEAD, 0);
    if (used + size + BLOB_OVERHEAD > this.#limits.quota) return { kind: 'full' };
    const expires = now + effectiveTtl(ttl, this.#limits);
    const blob = { blobId, digest, sender: device, size, cursor: this.maxCursor + 1n, expires };
    this.#blobs.push(blob);
    this.#byId.set(blobId, blob);
    return { kind: 'stored', cursor: blob.cursor };
  }

  /** A deletion that took effect. The cursor is not used again. */
  remove(blobId: string): void {
    if (this.#byId.has(blobId)) this.#gone.add(blobId);
  }

  /** All live blobs after a cursor, ascending; a page is a beginning of this list. */
  live(after: bigint, now = 0): ModelBlob[] {
    // Cursors are consecutive from 1, so a cursor is also the index of the blob that follows it.
    const from = after > BigInt(this.#blobs.length) ? this.#blobs.length : Number(after);
    return this.#blobs.slice(from).filter((blob) => this.#isLive(blob, now));
  }

  /** What Welcome says; a device that turns out to know another history brings a new epoch. */
  hello(device: string, lastCursor: bigint, now = 0, known: Known = {}): HelloAnswer {
    if (this.#isContradicted(lastCursor, known)) this.#epoch++;
    const pending = this.live(lastCursor, now).filter((blob) => blob.sender !== device).length;
    const expired = this.#blobs.findLast((blob) => now >= blob.expires && !this.#gone.has(blob.blobId));
    return {
      maxCursor: this.maxCursor,
      pendingCount: Math.min(pending, MAX_U32),
      expiredThrough: expired?.cursor ?? 0n,
      epoch: this.#epoch,
    };
  }

  /** Another group that has seen the same and goes its own way. */
  clone(): GroupModel {
    const copy = new GroupModel(this.#limits);
    copy.#blobs = [...this.#blobs];
    copy.#byId = new Map(this.#byId);
    copy.#gone = new Set(this.#gone);
    copy.#epoch = this.#epoch;
    return copy;
  }

  /** Without state there is nothing to contradict, and an older epoch claims nothing of this one. */
  #isContradicted(lastCursor: bigint, { epoch, lastBlob }: Known): boolean {
    if (epoch !== this.#epoch || this.#blobs.length === 0) return false;
    if (lastCursor > this.maxCursor) return true;
    return lastBlob !== undefined && lastCursor > 0n && this.#blobs[Number(lastCursor) - 1]!.blobId !== lastBlob;
  }

  #isLive(blob: ModelBlob, now: number): boolean {
    return now < blob.expires && !this.#gone.has(blob.blobId);
  }
}
