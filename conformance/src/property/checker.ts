/**
 * Checks a concurrent history as a history: not against one order of the operations, but for answers that no order could
 * explain. Cursors make that possible in time linear in the history, after sorting: each of them names a place in the
 * only order there is.
 *
 * The plans that make histories let nothing expire and delete nothing, and one device never acknowledges anything, so that
 * a relay may drop nothing either. Every cursor up to the highest therefore stands for a live blob.
 */
import { judgeShape } from '../model/page.ts';
import { collectFacts, type Facts } from './facts.ts';
import {
  completedAt,
  describeOperation,
  type History,
  type Operation,
  type PullOperation,
  type PushOperation,
} from './history.ts';
import { finding, type HistoryFinding } from './rules.ts';
import { checkSequential } from './sequential.ts';

/** Every broken rule, the ones that explain others first. Empty for a history that a correct relay could have given. */
export function checkHistory(history: History): HistoryFinding[] {
  const facts = collectFacts(history.operations);
  return [
    ...facts.findings,
    ...checkAssignment(facts),
    ...checkSequential(history, facts),
    ...checkTimeline(history, facts),
    ...checkConnections(history.operations, facts),
  ];
}

/** Consecutive from 1. */
function checkAssignment(facts: Facts): HistoryFinding[] {
  const cursors = [...facts.byCursor.keys()].sort((a, b) => (a < b ? -1 : 1));
  for (const [index, cursor] of cursors.entries()) {
    const expected = BigInt(index + 1);
    if (cursor === expected) continue;
    return [
      finding(
        index === 0 ? 'first-cursor' : 'gap',
        `cursor ${expected} for one of the blobs`,
        `${cursor} as the next cursor in use`,
      ),
    ];
  }
  return [];
}

/** Compares each answer with what had certainly happened before its request was sent, in one pass over the ticks. */
function checkTimeline(history: History, facts: Facts): HistoryFinding[] {
  const findings: HistoryFinding[] = [];
  const events = history.operations
    .flatMap((operation) => [
      { at: operation.invoked, operation, begins: true },
      { at: completedAt(operation), operation, begins: false },
    ])
    .filter(({ at }) => at !== Number.POSITIVE_INFINITY)
    .sort((a, b) => a.at - b.at);

  /** The highest cursor that any answer had shown so far, and at the moment when each operation began. */
  let shown = 0n;
  const shownBefore = new Map<Operation, bigint>();
  const started = new Set<string>();
  let epoch: string | undefined;

  for (const { operation, begins } of events) {
    if (begins) {
      shownBefore.set(operation, shown);
      if (operation.kind === 'push') started.add(operation.blobId);
      continue;
    }
    const before = shownBefore.get(operation)!;
    const where = `the answer to the ${describeOperation(operation)}`;
    if (operation.kind === 'push' && operation.answer?.kind === 'ack') {
      const { cursor } = operation.answer;
      const blob = facts.blobs.get(operation.blobId)!;
      // Only the first Push of a blob is sure to be given its cursor after it was sent.
      if (blob.pushes[0] === operation && cursor <= before) {
        findings.push(
          finding('next-cursor', `a cursor above ${before}, which had been shown`, `${cursor} in ${where}`),
        );
      }
      if (cursor > BigInt(started.size)) {
        findings.push(
          finding('gap', `at most ${started.size}: as many blobs had been pushed`, `cursor ${cursor} in ${where}`),
        );
      }
      if (cursor > shown) shown = cursor;
    }
    if (operation.kind === 'pull' && operation.answer?.kind === 'page') {
      findings.push(...checkPage(operation, facts, before, history.maxPullLimit));
      const last = operation.answer.blobs.at(-1)?.cursor ?? 0n;
      if (last > shown) shown = last;
    }
    if (operation.kind === 'hello' && operation.answer?.kind === 'welcome') {
      const { maxCursor } = operation.answer;
      if (maxCursor < before || maxCursor > BigInt(started.size)) {
        const range = `max_cursor from ${before}, which had been shown, to ${started.size}, the number of blobs pushed`;
        findings.push(finding('welcome-max', range, `${maxCursor} in ${where}`));
      }
      epoch ??= operation.answer.epoch;
      if (operation.answer.epoch !== epoch) {
        findings.push(finding('epoch', 'the same epoch in every Welcome', `another one in ${where}`));
      }
    }
  }
  return findings;
}

/** One page, whatever went on beside it. */
function checkPage(pull: PullOperation, facts: Facts, before: bigint, maxPullLimit: number): HistoryFinding[] {
  if (pull.answer?.kind !== 'page') return [];
  const { answer } = pull;
  const where = `the answer to the ${describeOperation(pull)}`;
  const shape = judgeShape(pull, answer, maxPullLimit);
  if (shape) return [finding(shape.rule, shape.expected, shape.actual)];
  if (answer.hasMore && answer.blobs.length === 0) {
    return [finding('progress', 'at least one blob, or has_more false', `no blob and has_more true in ${where}`)];
  }

  const missing = firstMissing(pull);
  if (missing !== undefined) return [explainHole(missing, pull, facts, before)];

  const end = answer.maxCursor;
  if (!answer.hasMore && before > end) {
    return [
      finding('stale-read', `cursor ${end + 1n}, as ${before} had been shown before`, `an end at ${end} in ${where}`),
    ];
  }
  const early = answer.blobs.find((blob) => {
    const pushes = facts.blobs.get(blob.blobId)?.pushes ?? [];
    return (
      pushes.length > 0 && pushes.every((push) => push.connection === pull.connection && push.sequence > pull.sequence)
    );
  });
  if (early) {
    return [
      finding(
        'request-order',
        'only what was pushed before or elsewhere',
        `cursor ${early.cursor}, pushed later on this connection, in ${where}`,
      ),
    ];
  }
  return [];
}

/** The first cursor above after_cursor that a page leaves out, if it has blobs beyond it. */
function firstMissing(pull: PullOperation): bigint | undefined {
  if (pull.answer?.kind !== 'page') return undefined;
  let next = pull.after + 1n;
  for (const blob of pull.answer.blobs) {
    if (blob.cursor !== next) return next;
    next++;
  }
  return undefined;
}

/** A hole is a stale read if the blob was there already, a late one if it came afterwards, else a gap. */
function explainHole(cursor: bigint, pull: PullOperation, facts: Facts, before: bigint): HistoryFinding {
  const blob = facts.byCursor.get(cursor);
  const where = `a hole there in the answer to the ${describeOperation(pull)}`;
  if (!blob) return finding('gap', `cursor ${cursor} for one of the blobs`, where);
  if (blob.seen < pull.invoked)
    return finding('stale-read', `cursor ${cursor}, as ${before} had been shown before`, where);
  return finding(
    'late-cursor',
    `no cursor below ${pull.answer?.kind === 'page' ? pull.answer.maxCursor : 0n} afterwards`,
    `cursor ${cursor} later, and ${where}`,
  );
}

/** The requests of one connection take effect in the order sent, also where the answers were not waited for. */
function checkConnections(operations: readonly Operation[], facts: Facts): HistoryFinding[] {
  const findings: HistoryFinding[] = [];
  const highest = new Map<number, bigint>();
  for (const operation of [...operations].sort((a, b) => a.connection - b.connection || a.sequence - b.sequence)) {
    const before = highest.get(operation.connection) ?? 0n;
    if (operation.kind === 'push' && operation.answer?.kind === 'ack') {
      const { cursor } = operation.answer;
      if (isOnlyPush(operation, facts) && cursor <= before) {
        findings.push(
          finding(
            'request-order',
            `a cursor above ${before}, given to earlier requests`,
            `${cursor} for the ${describeOperation(operation)}`,
          ),
        );
      }
      if (cursor > before) highest.set(operation.connection, cursor);
    }
    if (operation.kind === 'pull' && operation.answer?.kind === 'page') {
      const { hasMore, maxCursor, blobs } = operation.answer;
      if (!hasMore && before > maxCursor && before > operation.after) {
        findings.push(
          finding(
            'request-order',
            `cursor ${before}, given to an earlier request`,
            `an end at ${maxCursor} in the answer to the ${describeOperation(operation)}`,
          ),
        );
      }
      const last = blobs.at(-1)?.cursor ?? 0n;
      if (last > before) highest.set(operation.connection, last);
    }
  }
  return findings;
}

function isOnlyPush(push: PushOperation, facts: Facts): boolean {
  return facts.blobs.get(push.blobId)!.pushes.length === 1;
}
