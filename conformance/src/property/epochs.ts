/** The epochs that Welcomes name: one for each group, until a Hello shows that its device knows another history. */
import { type Facts, seenAt } from './facts.ts';
import { completedAt, describeOperation, type HelloOperation, type Operation } from './history.ts';
import { finding, type HistoryFinding } from './rules.ts';
import type { Bounds } from './timeline.ts';

type Welcomed = HelloOperation & { readonly answer: Extract<HelloOperation['answer'], { kind: 'welcome' }> };

/** What a Hello demands of the epoch: `may` where it depends on what happened at the same time. */
type Demand = 'none' | 'may' | 'blob' | 'beyond';

/** @param bounds - of the highest cursor during each answered Hello. */
export function checkEpochs(facts: Facts, bounds: ReadonlyMap<Operation, Bounds>): HistoryFinding[] {
  const hellos = facts.operations.filter((operation) => operation.kind === 'hello');
  const welcomes = hellos
    .filter((hello): hello is Welcomed => hello.answer?.kind === 'welcome' && hello.answer.epoch !== '')
    .sort((a, b) => completedAt(a) - completedAt(b));
  const named = new Set(welcomes.map(({ answer }) => answer.epoch));
  const demands = new Map(hellos.map((hello) => [hello, demandOf(facts, hello, named, bounds.get(hello))]));
  const kept = welcomes.flatMap((welcome) => judgeKept(welcome, demands.get(welcome)!));
  return kept.length > 0 ? kept : checkChanges(facts, welcomes, demands);
}

/** A Hello that certainly demands a new epoch is not answered with the one that it named. */
function judgeKept(welcome: Welcomed, demand: Demand): HistoryFinding[] {
  if (demand === 'none' || demand === 'may' || welcome.answer.epoch !== welcome.epoch) return [];
  const actual = `the same in the answer to the ${describeOperation(welcome)}`;
  return [finding(demand === 'beyond' ? 'kept-epoch-beyond' : 'kept-epoch', 'a new epoch', actual, welcome)];
}

/** There are no more epochs than were demanded, and none comes back. */
function checkChanges(
  facts: Facts,
  welcomes: readonly Welcomed[],
  demands: ReadonlyMap<HelloOperation, Demand>,
): HistoryFinding[] {
  /** When each may have been drawn: at the start, by a Hello that may demand it, or by a restart of a group without state. */
  const stateBegan = Math.min(...[...facts.blobs.values()].map(seenAt), Number.POSITIVE_INFINITY);
  const occasions = [
    0,
    ...[...demands].filter(([, demand]) => demand !== 'none').map(([{ invoked }]) => invoked),
    ...facts.faults.filter(({ began }) => began < stateBegan).map(({ began }) => began),
  ].sort((a, b) => a - b);
  /** A relay that forgets a group draws the epochs of all that have no state anew (D-044): once may be that. */
  let forgot = 0;
  /** Of each epoch, the first Welcome that named it. */
  const first = new Map<string, Welcomed>();
  let newest: Welcomed | undefined;
  for (const welcome of welcomes) {
    const { epoch } = welcome.answer;
    const where = `the answer to the ${describeOperation(welcome)}`;
    const known = first.get(epoch);
    if (!known) {
      first.set(epoch, welcome);
      if (first.size > occasions.filter((at) => at < completedAt(welcome)).length + forgot) {
        if (forgot === 1 || welcome.invoked >= stateBegan) {
          return [finding('epoch', 'the epoch that earlier Welcomes named', `another one in ${where}`, welcome)];
        }
        forgot = 1;
      }
      // Sure to be newer than those that were named before it was asked for.
      if (!newest || welcome.invoked > completedAt(newest)) newest = welcome;
    } else if (
      newest &&
      newest !== known &&
      welcome.invoked > completedAt(newest) &&
      completedAt(known) < newest.invoked
    ) {
      return [finding('epoch', 'the newest epoch', `an older one again in ${where}`, welcome)];
    }
  }
  return [];
}

function demandOf(facts: Facts, hello: HelloOperation, named: ReadonlySet<string>, bounds: Bounds | undefined): Demand {
  const { epoch, lastCursor, lastBlob } = hello;
  if (epoch === undefined || !named.has(epoch)) return 'none';
  const least = bounds?.least ?? 0n;
  const hasState = least > 0n;
  if (bounds && hasState && lastCursor > bounds.most) return 'beyond';
  const there = facts.byCursor.get(lastCursor)?.blobId;
  const isWrong = lastBlob !== undefined && lastCursor > 0n && there !== lastBlob;
  if (hasState && isWrong && there !== undefined && lastCursor <= least) return 'blob';
  return isWrong || lastCursor > least ? 'may' : 'none';
}

/** Different groups have different epochs. */
export function checkSharedEpochs(groups: readonly Facts[]): HistoryFinding[] {
  const owners = new Map<string, number>();
  for (const { operations } of groups) {
    for (const operation of operations) {
      if (operation.kind !== 'hello' || operation.answer?.kind !== 'welcome' || operation.answer.epoch === '') continue;
      const owner = owners.get(operation.answer.epoch) ?? operation.group;
      owners.set(operation.answer.epoch, owner);
      if (owner === operation.group) continue;
      const actual = `that of group ${owner} in the answer to the ${describeOperation(operation)}`;
      return [finding('shared-epoch', `an epoch of group ${operation.group} alone`, actual, operation)];
    }
  }
  return [];
}
