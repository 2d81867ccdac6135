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
  readonly cursor: bigint;
  /** From this second on it is no longer live. */
  readonly expires: number;
}

export type PushAnswer =
  | { readonly kind: 'stored'; readonly cursor: bigint }
  /** The same blob_id with the same payload once more: the same cursor, and nothing else happens. */
  | { readonly kind: 'repeated'; readonly cursor: bigint }
  /** The same blob_id with another payload: error 1006. */
  | { readonly kind: 'conflict' };

export interface HelloAnswer {
  readonly maxCursor: bigint;
  readonly pendingCount: number;
  readonly expiredThrough: bigint;
}

/** What Welcome.pending_count can hold. */
const MAX_U32 = 0xffff_ffff;

export const DEFAULT_TTL = 604_800;
export const MAX_TTL = 604_800;

/** The cursors, the blobs and the remembered ids of one group. */
export class GroupModel {
  /** In the order of their cursors, gone ones included: a blob_id stays known after its blob is gone. */
  readonly #blobs: ModelBlob[] = [];
  readonly #byId = new Map<string, ModelBlob>();
  readonly #gone = new Set<string>();

  /** The highest cursor ever assigned; 0 in a group that never stored anything. */
  get maxCursor(): bigint {
    return this.#blobs.at(-1)?.cursor ?? 0n;
  }

  push(device: string, blobId: string, digest: string, ttl = 0, now = 0): PushAnswer {
    const known = this.#byId.get(blobId);
    if (known) return known.digest === digest ? { kind: 'repeated', cursor: known.cursor } : { kind: 'conflict' };
    const seconds = ttl === 0 ? DEFAULT_TTL : Math.min(ttl, MAX_TTL);
    const blob = { blobId, digest, sender: device, cursor: this.maxCursor + 1n, expires: now + seconds };
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

  hello(device: string, lastCursor: bigint, now = 0): HelloAnswer {
    const pending = this.live(lastCursor, now).filter((blob) => blob.sender !== device).length;
    const expired = this.#blobs.findLast((blob) => now >= blob.expires && !this.#gone.has(blob.blobId));
    return {
      maxCursor: this.maxCursor,
      pendingCount: Math.min(pending, MAX_U32),
      expiredThrough: expired?.cursor ?? 0n,
    };
  }

  #isLive(blob: ModelBlob, now: number): boolean {
    return now < blob.expires && !this.#gone.has(blob.blobId);
  }
}
