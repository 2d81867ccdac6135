/** Compares each answer with what had certainly happened before its request was sent, in one pass over the times. */
import { judgeShape } from '../model/page.ts';
import { type BlobFacts, type Facts, faultBetween, LONG_LIFE, liveness, seenAt } from './facts.ts';
import {
  completedAt,
  describeOperation,
  type HelloOperation,
  isRefused,
  type Notified,
  type Operation,
  type PullOperation,
  type PushOperation,
} from './history.ts';
import { finding, type HistoryFinding, type Rule } from './rules.ts';

/** The highest cursors that certain answers had shown by a moment, short-lived blobs left out. */
interface Shown {
  readonly acknowledged: bigint;
  readonly paged: bigint;
  readonly notified: bigint;
  /** Of any answer and any blob, Welcomes too: it has been given away. */
  readonly assigned: bigint;
}

/** What can be said of the highest cursor while an operation was under way. */
export interface Bounds {
  /** It had been shown before the operation began. */
  readonly least: bigint;
  /** No Push that was sent before the operation ended has a higher one. */
  readonly most: bigint;
}

export interface Timeline {
  readonly findings: readonly HistoryFinding[];
  /** Of every answered Hello. */
  readonly bounds: ReadonlyMap<Operation, Bounds>;
}

type Event = { readonly at: number } & (
  | { readonly kind: 'begin' | 'end'; readonly operation: Operation }
  | { readonly kind: 'notify'; readonly notify: Notified }
);

export function checkTimeline(facts: Facts): Timeline {
  const timeline = new Pass(facts);
  for (const event of eventsOf(facts)) timeline.take(event);
  return timeline;
}

function eventsOf({ operations, notifies }: Facts): Event[] {
  const events: Event[] = operations.map((operation) => ({ at: operation.invoked, kind: 'begin', operation }));
  for (const operation of operations) {
    if (operation.completed !== undefined) events.push({ at: operation.completed, kind: 'end', operation });
  }
  for (const notify of notifies) events.push({ at: notify.at, kind: 'notify', notify });
  return events.sort((a, b) => a.at - b.at);
}

const max = (a: bigint, b: bigint) => (a > b ? a : b);

class Pass implements Timeline {
  readonly findings: HistoryFinding[] = [];
  readonly bounds = new Map<Operation, Bounds>();
  readonly #facts: Facts;
  readonly #before = new Map<Operation, Shown>();
  #shown: Shown = { acknowledged: 0n, paged: 0n, notified: 0n, assigned: 0n };
  /** The highest cursor of all blobs that have been pushed by now. */
  #possible = 0n;
  /** How many different blobs have been pushed by now. */
  #pushed = 0;

  constructor(facts: Facts) {
    this.#facts = facts;
  }

  take(event: Event): void {
    if (event.kind === 'notify') this.#see('notified', event.notify.latest);
    else if (event.kind === 'begin') this.#begin(event.operation);
    else this.#end(event.operation);
  }

  #begin(operation: Operation): void {
    this.#before.set(operation, this.#shown);
    if (operation.kind !== 'push') return;
    const blob = this.#facts.blobs.get(operation.blobId)!;
    if (blob.pushes[0] !== operation) return;
    this.#pushed++;
    const { cursor } = blob;
    if (cursor === undefined) {
      // It may be stored all the same, where the relay did not say.
      if (!blob.pushes.every(isRefused)) this.#possible = max(this.#possible, BigInt(this.#pushed));
      return;
    }
    this.#possible = max(this.#possible, cursor);
    const { assigned } = this.#shown;
    // It is stored after its first Push was sent, so its cursor is new then.
    if (cursor > assigned) return;
    const rule = faultBetween(this.#facts, 0, operation.invoked) ? 'reused-cursor' : 'next-cursor';
    const witness = blob.pushes.find(({ answer }) => answer?.kind === 'ack') ?? operation;
    const actual = `${cursor} for the ${describeOperation(operation)}`;
    this.findings.push(finding(rule, `a cursor above ${assigned}, which had been shown`, actual, witness));
  }

  #end(operation: Operation): void {
    const before = this.#before.get(operation)!;
    if (operation.kind === 'push' && operation.answer?.kind === 'ack') this.#acknowledged(operation);
    if (operation.kind === 'pull' && operation.answer?.kind === 'page') {
      const found = this.#judgePage(operation, before);
      if (found) this.findings.push(found);
      for (const { cursor } of operation.answer.blobs) this.#see('paged', cursor);
    }
    if (operation.kind === 'hello' && operation.answer?.kind === 'welcome') {
      this.#judgeWelcome(operation, before);
      this.#shown = { ...this.#shown, assigned: max(this.#shown.assigned, operation.answer.maxCursor) };
    }
  }

  #acknowledged(push: PushOperation): void {
    const { cursor } = push.answer as { cursor: bigint };
    if (cursor > BigInt(this.#pushed)) {
      const expected = `at most ${this.#pushed}: as many blobs had been pushed`;
      const actual = `cursor ${cursor} in the answer to the ${describeOperation(push)}`;
      this.findings.push(finding('gap', expected, actual, push));
    }
    this.#see('acknowledged', cursor);
  }

  #see(how: 'acknowledged' | 'paged' | 'notified', cursor: bigint): void {
    const blob = this.#facts.byCursor.get(cursor);
    const assigned = max(this.#shown.assigned, cursor);
    const lasts = blob === undefined || blob.ttl.least >= LONG_LIFE;
    this.#shown = { ...this.#shown, assigned, ...(lasts && { [how]: max(this.#shown[how], cursor) }) };
  }

  #judgeWelcome(hello: HelloOperation, before: Shown): void {
    const { maxCursor } = hello.answer as { maxCursor: bigint };
    const [least, most] = [before.assigned, this.#possible];
    this.bounds.set(hello, { least, most });
    if (maxCursor >= least && maxCursor <= most) return;
    const range = `max_cursor from ${least}, which had been shown, to ${most}, the highest cursor of what was pushed`;
    const actual = `${maxCursor} in the answer to the ${describeOperation(hello)}`;
    this.findings.push(finding('welcome-max', range, actual, hello));
  }

  /** One page, whatever went on beside it. */
  #judgePage(pull: PullOperation, before: Shown): HistoryFinding | undefined {
    if (pull.answer?.kind !== 'page') return undefined;
    const { answer } = pull;
    const facts = this.#facts;
    const where = `the answer to the ${describeOperation(pull)}`;
    const shape = judgeShape(pull, answer, facts.limits.maxPullLimit);
    if (shape) return finding(shape.rule, shape.expected, shape.actual, pull);
    if (answer.hasMore && answer.blobs.length === 0) {
      const actual = `no blob and has_more true in ${where}`;
      return finding('progress', 'at least one blob, or has_more false', actual, pull);
    }
    for (const { cursor } of answer.blobs) {
      const blob = facts.byCursor.get(cursor);
      if (!blob || livenessIn(blob, pull) !== 'gone') continue;
      const expected = `no blob ${blob.ttl.most} s after its PushAck`;
      return finding('expired', expected, `cursor ${cursor} in ${where}`, pull);
    }
    return this.#judgeHoles(pull, where) ?? this.#judgeEnd(pull, before, where) ?? judgeEarly(facts, pull, where);
  }

  /** Each cursor that a page steps over belongs to a blob that may have expired. */
  #judgeHoles(pull: PullOperation, where: string): HistoryFinding | undefined {
    if (pull.answer?.kind !== 'page') return undefined;
    const facts = this.#facts;
    let next = pull.after + 1n;
    for (const { cursor } of pull.answer.blobs) {
      for (; next < cursor; next++) {
        const blob = facts.byCursor.get(next);
        if (blob && livenessIn(blob, pull) !== 'live') continue;
        return explainHole(facts, next, blob, pull, where);
      }
      next++;
    }
    return undefined;
  }

  /** Nothing that had been shown may be missing behind the end of a last page, and a page that is not the last has one behind it. */
  #judgeEnd(pull: PullOperation, before: Shown, where: string): HistoryFinding | undefined {
    if (pull.answer?.kind !== 'page') return undefined;
    const { hasMore, maxCursor: end } = pull.answer;
    if (hasMore) {
      if (this.#possible > end) return undefined;
      return finding('no-more', `has_more false: nothing beyond ${end} had been pushed`, `true in ${where}`, pull);
    }
    const missing = (rule: Rule, cursor: bigint, how: string) =>
      finding(rule, `cursor ${cursor}, as it had been ${how} before`, `an end at ${end} in ${where}`, pull);
    if (before.acknowledged > end)
      return missing(this.#lost(before.acknowledged, pull), before.acknowledged, 'acknowledged');
    if (before.notified > end) return missing('early-notify', before.notified, 'announced by a Notify');
    if (before.paged > end) return missing('has-more', before.paged, 'shown by a Pull');
    const short = this.#facts.shortLived.find(
      (blob) => (blob.cursor ?? 0n) > end && blob.acknowledged < pull.invoked && livenessIn(blob, pull) === 'live',
    );
    return short && missing(this.#lost(short.cursor!, pull), short.cursor!, 'acknowledged');
  }

  #lost(cursor: bigint, pull: PullOperation): Rule {
    const blob = this.#facts.byCursor.get(cursor);
    return lostRule(this.#facts, blob?.acknowledged ?? 0, pull);
  }
}

function livenessIn(blob: BlobFacts, pull: PullOperation) {
  return liveness(blob, pull, completedAt(pull));
}

function lostRule(facts: Facts, acknowledged: number, pull: PullOperation): 'lost-by-kill' | 'stale-read' {
  return faultBetween(facts, acknowledged, pull.invoked, 'kill') ? 'lost-by-kill' : 'stale-read';
}

/** A hole is a stale read if the blob was there already, a late one if it came afterwards, else a gap. */
function explainHole(
  facts: Facts,
  cursor: bigint,
  blob: BlobFacts | undefined,
  pull: PullOperation,
  where: string,
): HistoryFinding {
  const actual = `a hole there in ${where}`;
  if (!blob) return finding('gap', `cursor ${cursor} for one of the blobs`, actual, pull);
  if (blob.acknowledged < pull.invoked) {
    const expected = `cursor ${cursor}, as it had been acknowledged before`;
    return finding(lostRule(facts, blob.acknowledged, pull), expected, actual, pull);
  }
  if (seenAt(blob) < pull.invoked) {
    return finding('content', `cursor ${cursor}, as it had been shown before`, actual, pull);
  }
  const end = pull.answer?.kind === 'page' ? pull.answer.maxCursor : 0n;
  const later = facts.placements.find((placement) => placement.blob === blob)?.operation;
  const witnesses = later ? [pull, later] : [pull];
  const expected = `no cursor below ${end} afterwards`;
  return finding('late-cursor', expected, `cursor ${cursor} later, and ${actual}`, ...witnesses);
}

/** The requests of one connection take effect in the order sent: a page has nothing that was pushed after it alone. */
function judgeEarly(facts: Facts, pull: PullOperation, where: string): HistoryFinding | undefined {
  if (pull.answer?.kind !== 'page') return undefined;
  const early = pull.answer.blobs.find(({ blobId }) => {
    const pushes = facts.blobs.get(blobId)?.pushes ?? [];
    const isLater = (push: PushOperation) => push.connection === pull.connection && push.sequence > pull.sequence;
    return pushes.length > 0 && pushes.every(isLater);
  });
  if (!early) return undefined;
  const actual = `cursor ${early.cursor}, pushed later on this connection, in ${where}`;
  return finding('request-order', 'only what was pushed before or elsewhere', actual, pull);
}
