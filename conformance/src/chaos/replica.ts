import { createHash } from 'node:crypto';
import type { Blob, PullResponse } from '@0k-sync/spec';
import { shortId } from '../describe.ts';
import { broken, type Ledger } from './ledger.ts';

/** A blob as a device keeps it: enough to compare. */
export interface HeldBlob {
  readonly cursor: bigint;
  readonly blobId: Uint8Array;
  /** SHA-256 of the payload. */
  readonly digest: Uint8Array;
}

/** What one device holds of a group. Nothing in a scenario expires or is deleted, so cursors have no hole. */
export class Replica {
  readonly blobs: HeldBlob[] = [];
  readonly #cursors = new Map<string, bigint>();
  readonly #ledger: Ledger;

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
  }

  /** The cursor that the device presents: the last one it holds. */
  get cursor(): bigint {
    return BigInt(this.blobs.length);
  }

  /** Takes a page that answered Pull(cursor). @throws Violation if it is not what comes next, as it was pushed */
  take(page: PullResponse): void {
    for (const blob of page.blobs) this.#takeBlob(blob);
    if (page.max_cursor !== this.cursor) {
      throw broken('CUR-41', `max_cursor ${this.cursor}, that of the last blob`, `${page.max_cursor}`);
    }
    if (page.has_more && page.blobs.length === 0) {
      throw broken('CUR-46', 'at least one blob, or has_more false', 'a page without blobs and has_more true');
    }
  }

  #takeBlob({ blob_id, cursor, payload }: Blob): void {
    const next = this.cursor + 1n;
    if (cursor !== next) {
      throw broken(
        cursor < next ? 'CUR-30' : 'CUR-32',
        `cursor ${next} after ${this.cursor}, as nothing expired or was deleted`,
        `cursor ${cursor} with blob ${shortId(blob_id)}`,
      );
    }
    const id = Buffer.from(blob_id).toString('hex');
    const before = this.#cursors.get(id);
    if (before !== undefined) {
      throw broken('CUR-09', `blob ${shortId(blob_id)} at cursor ${before} alone`, `it is at cursor ${cursor} too`);
    }
    const entry = this.#ledger.entry(blob_id);
    if (!entry) throw broken('CUR-34', 'only blobs that were pushed', `blob ${shortId(blob_id)} at cursor ${cursor}`);
    if (entry.cursor !== undefined && entry.cursor !== cursor) {
      throw broken(
        'CUR-34',
        `blob ${shortId(blob_id)} at cursor ${entry.cursor}, as acknowledged`,
        `it is at ${cursor}`,
      );
    }
    const digest = createHash('sha256').update(payload).digest();
    if (Buffer.compare(digest, entry.digest) !== 0) {
      const pushed = entry.push.payload;
      const isPart = Buffer.compare(payload, pushed.subarray(0, payload.length)) === 0;
      throw broken(
        isPart ? 'CUR-29' : 'CUR-34',
        `blob ${shortId(blob_id)} with its ${pushed.length} bytes as pushed`,
        `${isPart ? `the first ${payload.length} of them` : `${payload.length} other bytes`} at cursor ${cursor}`,
      );
    }
    this.#cursors.set(id, cursor);
    this.blobs.push({ cursor, blobId: blob_id, digest });
  }
}

/** Where two replicas differ first, in words; undefined if they are identical in cursors, ids and payloads. */
export function difference(one: readonly HeldBlob[], other: readonly HeldBlob[]): string | undefined {
  for (let at = 0; at < Math.max(one.length, other.length); at++) {
    const [a, b] = [one[at], other[at]];
    if (!a || !b) return `${one.length} blobs against ${other.length}`;
    if (a.cursor !== b.cursor) return `cursor ${a.cursor} against ${b.cursor} in place ${at + 1}`;
    if (Buffer.compare(a.blobId, b.blobId) !== 0) {
      return `blob ${shortId(a.blobId)} against ${shortId(b.blobId)} at cursor ${a.cursor}`;
    }
    if (Buffer.compare(a.digest, b.digest) !== 0) return `another payload of blob ${shortId(a.blobId)}`;
  }
  return undefined;
}
