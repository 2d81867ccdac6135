/**
 * Checks a concurrent history as a history: not against one order of the operations, but for answers that no order could
 * explain. Cursors make that possible in time linear in the history, after sorting: each of them names a place in the
 * only order there is.
 *
 * The plans that make histories delete nothing, and one device never acknowledges anything, so that a relay may drop
 * nothing. Every cursor up to the highest therefore stands for a blob that is live, or that may have expired.
 */
import { checkContents, checkQuota } from './contents.ts';
import { checkEpochs, checkSharedEpochs } from './epochs.ts';
import { checkExpiredThrough } from './expiry.ts';
import { collectFacts, type Facts } from './facts.ts';
import type { History } from './history.ts';
import { checkNotifies } from './notifies.ts';
import { checkOrder } from './order.ts';
import type { HistoryFinding } from './rules.ts';
import { checkSequential } from './sequential.ts';
import { checkTimeline } from './timeline.ts';

/** Every broken rule, the ones that explain others first. Empty for a history that a correct relay could have given. */
export function checkHistory(history: History): HistoryFinding[] {
  const groups = factsByGroup(history);
  return [...groups.flatMap(checkGroup), ...checkSharedEpochs(groups)];
}

/** What the history says of each of its groups. */
export function factsByGroup({ operations, notifies, faults, limits }: History): Facts[] {
  const byGroup = Map.groupBy(operations, ({ group }) => group);
  const notifiesOf = Map.groupBy(notifies, ({ group }) => group);
  return [...byGroup].map(([group, ofGroup]) =>
    collectFacts(ofGroup, { notifies: notifiesOf.get(group) ?? [], faults, limits }),
  );
}

function checkGroup(facts: Facts): HistoryFinding[] {
  const contents = checkContents(facts);
  const timeline = checkTimeline(facts);
  return [
    ...contents,
    ...checkQuota(facts),
    ...checkNotifies(facts),
    ...timeline.findings,
    ...checkSequential(facts),
    ...checkOrder(facts),
    ...checkEpochs(facts, timeline.bounds),
    ...checkExpiredThrough(facts),
  ];
}
