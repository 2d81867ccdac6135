/** Notifies: where they may not come, and what they may say. That one comes in time is for whoever waits for it. */
import type { BlobFacts, Facts } from './facts.ts';
import { type Notified, placeOf } from './history.ts';
import { finding, type HistoryFinding } from './rules.ts';

/** A relay may send more of them than it must, and merge them: each is judged by itself. */
export function checkNotifies(facts: Facts): HistoryFinding[] {
  const own = ownCursors(facts);
  return facts.notifies.flatMap((notify) => {
    const { connection, latest, count } = notify;
    const blob = facts.byCursor.get(latest);
    const where = `latest_cursor ${latest} on ${placeOf(notify)}`;
    if (!blob?.pushes.some(({ invoked }) => invoked < notify.at)) {
      return [finding('notify-cursor', 'the cursor of a blob of this group', where, notify)];
    }
    // A superfluous one stands for nothing new (D-033).
    if (count === 0) return [];
    const mine = own.get(connection) ?? [];
    if (isOwn(blob, notify)) {
      const expected = 'no Notify for a Push on the connection that it came on';
      return [finding('own-notify', expected, where, notify)];
    }
    const most = latest - BigInt(countBelow(mine, latest));
    if (BigInt(count) <= most) return [];
    const expected = `a count of at most ${most}, the number of blobs up to cursor ${latest} that came elsewhere`;
    return [finding('notify-count', expected, `count ${count} with ${where}`, notify)];
  });
}

/** Whether the blob came on this connection and on no other. */
function isOwn(blob: BlobFacts, { connection }: Pick<Notified, 'connection'>): boolean {
  return blob.pushes.every((push) => push.connection === connection);
}

/** By connection, the cursors of the blobs that came on it and on no other, ascending. */
function ownCursors({ byCursor }: Facts): Map<number, bigint[]> {
  const own = new Map<number, bigint[]>();
  for (const [cursor, blob] of byCursor) {
    const connection = blob.pushes[0]?.connection;
    if (connection === undefined || !isOwn(blob, { connection })) continue;
    const cursors = own.get(connection);
    if (cursors) cursors.push(cursor);
    else own.set(connection, [cursor]);
  }
  for (const cursors of own.values()) cursors.sort((a, b) => (a < b ? -1 : 1));
  return own;
}

/** How many of ascending cursors are below one. */
function countBelow(cursors: readonly bigint[], bound: bigint): number {
  let [least, most] = [0, cursors.length];
  while (least < most) {
    const middle = (least + most) >> 1;
    if (cursors[middle]! < bound) least = middle + 1;
    else most = middle;
  }
  return least;
}

/** A Notify that is due on an open connection. */
export interface DueNotify {
  readonly latest: bigint;
  readonly rule: 'missing-notify' | 'missing-notify-own';
}

/**
 * The highest cursor of which a connection must have a Notify within 5 s: of a blob that was pushed elsewhere, for the first
 * time after the connection's Welcome, and past which it has not pulled.
 */
export function dueNotify(facts: Facts, connection: number): DueNotify | undefined {
  const mine = facts.operations.filter((operation) => operation.connection === connection);
  const welcome = mine.find(({ kind }) => kind === 'hello');
  if (welcome?.completed === undefined) return undefined;
  let pulled = 0n;
  for (const operation of mine) {
    if (operation.kind !== 'pull') continue;
    const end = operation.answer?.kind === 'page' ? operation.answer.maxCursor : operation.after;
    if (end > pulled) pulled = end;
  }
  let due: { cursor: bigint; blob: BlobFacts } | undefined;
  for (const [cursor, blob] of facts.byCursor) {
    if (cursor <= pulled || cursor <= (due?.cursor ?? 0n) || blob.acknowledged === Number.POSITIVE_INFINITY) continue;
    const isElsewhere = blob.pushes.every((push) => push.connection !== connection);
    const isLater = blob.pushes[0]!.invoked > welcome.completed;
    if (isElsewhere && isLater && blob.ttl.least >= 60) due = { cursor, blob };
  }
  if (!due) return undefined;
  const isSameDevice = due.blob.pushes.every(({ device }) => device === welcome.device);
  return { latest: due.cursor, rule: isSameDevice ? 'missing-notify-own' : 'missing-notify' };
}
