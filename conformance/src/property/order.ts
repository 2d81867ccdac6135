import { type Facts, LONG_LIFE } from './facts.ts';
import { describeOperation } from './history.ts';
import { finding, type HistoryFinding } from './rules.ts';

/** The requests of one connection take effect in the order sent, also where the answers were not waited for. */
export function checkOrder({ operations, blobs, byCursor }: Facts): HistoryFinding[] {
  const findings: HistoryFinding[] = [];
  /** The highest cursor of a blob that does not expire, by connection. */
  const highest = new Map<number, bigint>();
  const raise = (connection: number, cursor: bigint) => {
    const lasts = (byCursor.get(cursor)?.ttl.least ?? 0) >= LONG_LIFE;
    if (lasts && cursor > (highest.get(connection) ?? 0n)) highest.set(connection, cursor);
  };
  for (const operation of [...operations].sort((a, b) => a.connection - b.connection || a.sequence - b.sequence)) {
    const { connection } = operation;
    const before = highest.get(connection) ?? 0n;
    if (operation.kind === 'push' && operation.answer?.kind === 'ack') {
      const { cursor } = operation.answer;
      const isOnly = blobs.get(operation.blobId)!.pushes.length === 1;
      if (isOnly && cursor <= before) {
        const expected = `a cursor above ${before}, given to earlier requests`;
        findings.push(
          finding('request-order', expected, `${cursor} for the ${describeOperation(operation)}`, operation),
        );
      }
      raise(connection, cursor);
    }
    if (operation.kind === 'pull' && operation.answer?.kind === 'page') {
      const { hasMore, maxCursor, blobs: read } = operation.answer;
      if (!hasMore && before > maxCursor && before > operation.after) {
        const actual = `an end at ${maxCursor} in the answer to the ${describeOperation(operation)}`;
        findings.push(finding('request-order', `cursor ${before}, given to an earlier request`, actual, operation));
      }
      for (const { cursor } of read) raise(connection, cursor);
    }
  }
  return findings;
}
