import { createHash } from 'node:crypto';
import type { Push, PushAck } from '@0k-sync/spec';
import { shortId } from '../describe.ts';
import { Violation } from '../verdict.ts';

/** A push that some device made, and where the relay says that it is. */
export interface Entry {
  readonly push: Push;
  /** The name of the device. */
  readonly device: string;
  /** SHA-256 of the payload. */
  readonly digest: Uint8Array;
  cursor?: bigint;
}

/** What all devices of a group pushed, and what was acknowledged: what the relay has to be able to give back. */
export class Ledger {
  readonly entries = new Map<string, Entry>();
  readonly #byCursor = new Map<bigint, Entry>();
  #highest = 0n;

  made(push: Push, device: string): void {
    const digest = createHash('sha256').update(push.payload).digest();
    this.entries.set(keyOf(push.blob_id), { push, device, digest });
  }

  entry(blobId: Uint8Array): Entry | undefined {
    return this.entries.get(keyOf(blobId));
  }

  /** Writes an acknowledgement down. @throws Violation if it cannot be true beside the earlier ones */
  acknowledged(push: Push, ack: PushAck): void {
    const entry = this.entry(push.blob_id)!;
    if (Buffer.compare(ack.blob_id, push.blob_id) !== 0) {
      throw broken(
        'CUR-25',
        `PushAck of blob ${shortId(push.blob_id)}, whose Push stands first`,
        `one of ${shortId(ack.blob_id)}`,
      );
    }
    const { digest } = ack.ext ?? {};
    if (digest && Buffer.compare(digest, entry.digest) !== 0) {
      throw broken('CUR-25', `the digest of the payload of blob ${shortId(push.blob_id)}`, 'another one in PushAck');
    }
    if (entry.cursor !== undefined && entry.cursor !== ack.cursor) {
      throw broken(
        'CUR-09',
        `blob ${shortId(push.blob_id)} at cursor ${entry.cursor}, as acknowledged before`,
        `${ack.cursor}`,
      );
    }
    const other = this.#byCursor.get(ack.cursor);
    if (other && other !== entry) {
      throw broken(
        'CUR-02',
        `cursor ${ack.cursor} for blob ${shortId(other.push.blob_id)} alone, as acknowledged before`,
        `it is given to blob ${shortId(push.blob_id)} too`,
      );
    }
    entry.cursor = ack.cursor;
    this.#byCursor.set(ack.cursor, entry);
    if (ack.cursor > this.#highest) this.#highest = ack.cursor;
  }

  /** The highest acknowledged cursor, 0 if there is none. */
  get highest(): bigint {
    return this.#highest;
  }

  /** How many pushes have been acknowledged. */
  get count(): number {
    return this.#byCursor.size;
  }

  get isComplete(): boolean {
    return this.count === this.entries.size;
  }

  /** How many pushes of a device are acknowledged, and how many it made. */
  ofDevice(device: string): { acknowledged: number; made: number } {
    const own = [...this.entries.values()].filter((entry) => entry.device === device);
    return { acknowledged: own.filter(({ cursor }) => cursor !== undefined).length, made: own.length };
  }
}

export function broken(requirement: string, expected: string, actual: string): Violation {
  return new Violation({ requirement, expected: [expected], actual });
}

function keyOf(id: Uint8Array): string {
  return Buffer.from(id).toString('hex');
}
