import { type Facts, liveness } from './facts.ts';
import { completedAt, describeOperation } from './history.ts';
import { finding, type HistoryFinding } from './rules.ts';

/** Welcome.expired_through is the highest cursor that has expired: not below one that surely has, and none that cannot have. */
export function checkExpiredThrough(facts: Facts): HistoryFinding[] {
  return facts.operations.flatMap((hello) => {
    if (hello.kind !== 'hello' || hello.answer?.kind !== 'welcome') return [];
    const { expiredThrough } = hello.answer;
    if (expiredThrough === undefined) return [];
    const expired = facts.shortLived.filter((blob) => liveness(blob, hello, completedAt(hello)) !== 'live');
    const least = expired
      .filter((blob) => liveness(blob, hello, completedAt(hello)) === 'gone')
      .reduce((highest, { cursor = 0n }) => (cursor > highest ? cursor : highest), 0n);
    const possible = new Set([0n, ...expired.map(({ cursor }) => cursor)]);
    if (expiredThrough >= least && possible.has(expiredThrough)) return [];
    const expected = `expired_through ${[...possible].filter((cursor) => cursor! >= least).join(' or ')}`;
    const actual = `${expiredThrough} in the answer to the ${describeOperation(hello)}`;
    return [finding('expired-through', expected, actual, hello)];
  });
}
