import { effectiveTtl } from '../model/group.ts';
import type { FaultEvent, HistoryLimits, Notified, Operation, PullOperation, PushOperation } from './history.ts';
import { completedAt, isRefused } from './history.ts';

/** What a history says about one blob_id of a group. */
export interface BlobFacts {
  readonly blobId: string;
  /** Every Push of it, in the order of invocation, without those that were cut short. */
  readonly pushes: PushOperation[];
  /** Pushes whose last byte was never sent. */
  readonly torn: PushOperation[];
  /** Where the relay says it is; the first that was seen. */
  cursor?: bigint;
  /** SHA-256 of the payload that the relay holds, as acknowledged or read. */
  digest?: string;
  sender?: string;
  /** When the first acknowledgement of it was read; never, if none was. */
  acknowledged: number;
  /** When the first page with it was read; never, if none was. */
  shown: number;
  /** The shortest and the longest life that it can have, in seconds, by the ttl of the Push that was stored. */
  ttl: { readonly least: number; readonly most: number };
}

/** A place at which the relay says that a blob is. */
export interface Placement {
  readonly blob: BlobFacts;
  readonly cursor: bigint;
  readonly at: number;
  readonly operation: PushOperation | PullOperation;
}

/** What a history says about one group as a whole. */
export interface Facts {
  /** Of this group, in the order of invocation. */
  readonly operations: readonly Operation[];
  readonly notifies: readonly Notified[];
  readonly faults: readonly FaultEvent[];
  readonly limits: HistoryLimits;
  readonly blobs: ReadonlyMap<string, BlobFacts>;
  readonly byCursor: ReadonlyMap<bigint, BlobFacts>;
  /** Those that may expire while the history lasts. */
  readonly shortLived: readonly BlobFacts[];
  /** All that was said of where blobs are, in the order in which it was read. */
  readonly placements: readonly Placement[];
}

/** A life of so many seconds never ends while a history lasts. */
export const LONG_LIFE = 3600;

/** For the way between the two clocks, in milliseconds. */
const TOLERANCE_MS = 150;

/** Collects all that acknowledgements and pages say. Linear in their sum, but for sorting. */
export function collectFacts(
  unsorted: readonly Operation[],
  { notifies, faults, limits }: Pick<Facts, 'notifies' | 'faults' | 'limits'>,
): Facts {
  const operations = [...unsorted].sort((a, b) => a.invoked - b.invoked);
  const blobs = new Map<string, BlobFacts>();
  const byCursor = new Map<bigint, BlobFacts>();
  const placements: Placement[] = [];

  for (const operation of operations) {
    if (operation.kind !== 'push') continue;
    let blob = blobs.get(operation.blobId);
    if (!blob) blobs.set(operation.blobId, (blob = newFacts(operation.blobId)));
    (operation.isTorn ? blob.torn : blob.pushes).push(operation);
  }
  const place = (blob: BlobFacts, cursor: bigint, digest: string, operation: PushOperation | PullOperation) => {
    blob.cursor ??= cursor;
    blob.digest ??= digest;
    if (!byCursor.has(cursor)) byCursor.set(cursor, blob);
    placements.push({ blob, cursor, at: completedAt(operation), operation });
  };
  const answered = operations.filter(({ completed }) => completed !== undefined);
  for (const operation of answered.sort((a, b) => a.completed! - b.completed!)) {
    if (operation.kind === 'push' && operation.answer?.kind === 'ack') {
      const blob = blobs.get(operation.blobId)!;
      blob.acknowledged = Math.min(blob.acknowledged, completedAt(operation));
      place(blob, operation.answer.cursor, operation.digest, operation);
    }
    if (operation.kind === 'pull' && operation.answer?.kind === 'page') {
      for (const { blobId, cursor, digest } of operation.answer.blobs) {
        const blob = blobs.get(blobId);
        if (!blob) continue;
        blob.shown = Math.min(blob.shown, completedAt(operation));
        place(blob, cursor, digest, operation);
      }
    }
  }
  for (const blob of blobs.values()) blob.ttl = lifeOf(blob, limits);
  const shortLived = [...blobs.values()].filter(({ ttl }) => ttl.least < LONG_LIFE);
  return { operations, notifies, faults, limits, blobs, byCursor, shortLived, placements };
}

function newFacts(blobId: string): BlobFacts {
  const never = Number.POSITIVE_INFINITY;
  return { blobId, pushes: [], torn: [], acknowledged: never, shown: never, ttl: { least: never, most: never } };
}

/** When an answer first showed that the blob is stored. */
export function seenAt({ acknowledged, shown }: BlobFacts): number {
  return Math.min(acknowledged, shown);
}

/** The Pushes that may have been the one that was stored: not those that began after an answer had shown the blob. */
export function possiblyFirst(blob: BlobFacts): PushOperation[] {
  const seen = seenAt(blob);
  return blob.pushes.filter(
    (push) => push.invoked < seen && !isRefused(push) && (blob.digest === undefined || push.digest === blob.digest),
  );
}

function lifeOf(blob: BlobFacts, limits: HistoryLimits): BlobFacts['ttl'] {
  const lives = possiblyFirst(blob).map(({ ttl }) => effectiveTtl(ttl, limits));
  if (lives.length === 0) return { least: Number.POSITIVE_INFINITY, most: Number.POSITIVE_INFINITY };
  return { least: Math.min(...lives), most: Math.max(...lives) };
}

/**
 * Whether a stored blob was live while an operation was under way: for ttl − 1 seconds from when its Push was sent it is, ttl
 * seconds after its PushAck was read it is not, and in between a relay may say either (D-036).
 */
export function liveness(blob: BlobFacts, { invoked }: Operation, completed: number): 'live' | 'gone' | 'either' {
  const { least, most } = blob.ttl;
  if (least >= LONG_LIFE) return 'live';
  if (completed < blob.pushes[0]!.invoked + (least - 1) * 1000) return 'live';
  return invoked >= blob.acknowledged + most * 1000 + TOLERANCE_MS ? 'gone' : 'either';
}

/** Whether the relay was killed between two moments, or ended in any way. */
export function faultBetween(facts: Facts, from: number, to: number, kind?: FaultEvent['kind']): boolean {
  return facts.faults.some((fault) => (!kind || fault.kind === kind) && fault.began > from && fault.began < to);
}
