import { BLOB_OVERHEAD, type ModelBlob } from '../model/group.ts';
import { judgeQuietPage } from '../model/page.ts';
import { type BlobFacts, type Facts, liveness, possiblyFirst, seenAt } from './facts.ts';
import {
  completedAt,
  describeOperation,
  type HelloOperation,
  type Operation,
  type PullOperation,
  type PushOperation,
} from './history.ts';
import { finding, type HistoryFinding } from './rules.ts';

/**
 * Judges every answer that only one order of things allows: those of the prefix, where one request follows the other, and
 * those of the final phase, where nothing is stored any more. What the group holds at such a moment is what the history
 * has shown to be stored before it; the cursors themselves are judged with the facts.
 */
export function checkSequential(facts: Facts): HistoryFinding[] {
  const blobs = [...facts.byCursor].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, blob]) => blob);
  for (const operation of facts.operations) {
    if (operation.exact === undefined || operation.answer === undefined) continue;
    const stored = blobs.filter((blob) => isStored(blob, operation));
    const found = judge(operation, new Moment(facts, operation, stored));
    // What follows the first difference would only repeat it.
    if (found) return [found];
  }
  return [];
}

/** In the prefix requests take effect in the order in which they are sent, answered or not; in the final phase all has been seen. */
function isStored(blob: BlobFacts, { exact, invoked }: Operation): boolean {
  if (exact === 'final') return seenAt(blob) < invoked;
  return blob.pushes.some((push) => push.answer?.kind === 'ack' && push.invoked < invoked);
}

/** What the group holds while one operation is under way. */
class Moment {
  readonly facts: Facts;
  readonly operation: Operation;
  /** Ascending. */
  readonly stored: readonly BlobFacts[];

  constructor(facts: Facts, operation: Operation, stored: readonly BlobFacts[]) {
    this.facts = facts;
    this.operation = operation;
    this.stored = stored;
  }

  get highest(): bigint {
    return this.stored.at(-1)?.cursor ?? 0n;
  }

  liveness(blob: BlobFacts): 'live' | 'gone' | 'either' {
    return liveness(blob, this.operation, completedAt(this.operation));
  }

  /** Those after a cursor that are not surely gone. */
  after(cursor: bigint): BlobFacts[] {
    return this.stored.filter((blob) => blob.cursor! > cursor && this.liveness(blob) !== 'gone');
  }
}

function judge(operation: Operation, moment: Moment): HistoryFinding | undefined {
  if (operation.kind === 'push') return judgePush(operation, moment);
  return operation.kind === 'pull' ? judgePull(operation, moment) : judgeHello(operation, moment);
}

function judgePush(push: PushOperation, { facts, stored, highest }: Moment): HistoryFinding | undefined {
  const { answer } = push;
  const where = `the answer to the ${describeOperation(push)}`;
  const known = stored.find(({ blobId }) => blobId === push.blobId);
  const hasConflict = known && known.digest !== push.digest;
  if (answer?.kind === 'ack') {
    const got = `cursor ${answer.cursor} in ${where}`;
    if (hasConflict) return finding('missed-conflict', 'Error 1006', got, push);
    // A Push that was cut off before may have been stored already, under a cursor that nobody has seen.
    const isFirst = facts.blobs.get(push.blobId)!.pushes[0] === push;
    if (known || !isFirst || answer.cursor === highest + 1n) return undefined;
    return finding('next-cursor', `cursor ${highest + 1n}`, got, push);
  }
  if (answer?.code === 1006 && !hasConflict) {
    const expected = `cursor ${known?.cursor ?? highest + 1n}${known ? ' again' : ''}`;
    return finding('false-conflict', expected, `Error 1006 in ${where}`, push);
  }
  return undefined;
}

function judgePull(pull: PullOperation, moment: Moment): HistoryFinding | undefined {
  if (pull.answer?.kind !== 'page') return undefined;
  const blobs = new Map(moment.after(pull.after).map((blob) => [modelBlob(blob), blob]));
  const isExpiring = (blob: ModelBlob) => moment.liveness(blobs.get(blob)!) === 'either';
  const { maxPullLimit } = moment.facts.limits;
  const found = judgeQuietPage(pull, pull.answer, [...blobs.keys()], maxPullLimit, isExpiring);
  return found && finding(found.rule, found.expected, found.actual, pull);
}

function modelBlob(blob: BlobFacts): ModelBlob {
  const size = (blob.pushes[0]?.size ?? 0) + BLOB_OVERHEAD;
  const { blobId, cursor, digest } = blob;
  return { blobId, digest: digest!, sender: senderOf(blob) ?? '', size, cursor: cursor!, expires: 0 };
}

function judgeHello(hello: HelloOperation, moment: Moment): HistoryFinding | undefined {
  if (hello.answer?.kind !== 'welcome') return undefined;
  const { maxCursor, pendingCount } = hello.answer;
  const where = `the answer to the ${describeOperation(hello)}`;
  if (maxCursor !== moment.highest) {
    return finding('welcome-max', `max_cursor ${moment.highest}`, `${maxCursor} in ${where}`, hello);
  }
  const others = moment.after(hello.lastCursor).filter((blob) => senderOf(blob) !== hello.device);
  const surely = others.filter((blob) => senderOf(blob) !== undefined && moment.liveness(blob) === 'live').length;
  if (pendingCount < surely || pendingCount > others.length) {
    const range = surely === others.length ? `${surely}` : `from ${surely} to ${others.length}`;
    return finding('pending-count', `pending_count ${range}`, `${pendingCount} in ${where}`, hello);
  }
  return undefined;
}

/** Who sent a blob: as the relay says, or the only device that can have been the first to push it. */
function senderOf(blob: BlobFacts): string | undefined {
  if (blob.sender !== undefined) return blob.sender;
  const devices = new Set(possiblyFirst(blob).map(({ device }) => device));
  return devices.size === 1 ? [...devices][0] : undefined;
}
