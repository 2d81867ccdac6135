/** The search for one order that explains all that was seen of a group, by the model of a group. */
import { GroupModel } from '../model/group.ts';
import { judgeQuietPage } from '../model/page.ts';
import type { BlobFacts, Facts } from './facts.ts';
import {
  describeOperation,
  type HelloOperation,
  type Operation,
  type PullOperation,
  type PushOperation,
} from './history.ts';
import { type Linearization, linearize, type Specification } from './linearize.ts';
import { finding, type HistoryFinding, type Rule } from './rules.ts';

/** Longer histories are left to the other rules. */
const MOST_OPERATIONS = 80;
/** So many tried steps are far more than a history takes whose cursors say where each blob belongs. */
const MOST_STEPS = 50_000;

/** What came of it: `left-out` where the history is too long, or blobs expire in it, which happens at no one's request. */
export type OrderVerdict = Linearization<Operation>['verdict'] | 'left-out';

interface State {
  readonly model: GroupModel;
  /** The blobs that are stored, in their order. */
  readonly stored: string;
}

const RULE_OF: Record<Operation['kind'], Rule> = { push: 'next-cursor', pull: 'content', hello: 'pending-count' };

export function checkOneOrder(facts: Facts): { verdict: OrderVerdict; findings: HistoryFinding[] } {
  const operations = facts.operations.flatMap(asItMayHappen);
  if (operations.length > MOST_OPERATIONS || facts.shortLived.length > 0) return { verdict: 'left-out', findings: [] };
  const result = linearize(operations, orderOf(facts), MOST_STEPS);
  if (result.verdict !== 'not-linearizable') return { verdict: result.verdict, findings: [] };
  const { done, stuck } = result;
  const expected = `an answer that some order of the requests explains; ${done.length} of ${operations.length} have one`;
  const actual = `none for the ${describeOperation(stuck)}`;
  return { verdict: result.verdict, findings: [finding(RULE_OF[stuck.kind], expected, actual, stuck)] };
}

/**
 * What was cut short never happens; what was refused changes nothing, and may be refused for what is still being stored.
 * After Error 3002 it may have happened, as without an answer.
 */
function asItMayHappen(operation: Operation): Operation[] {
  if (operation.kind !== 'push') return operation.answer?.kind === 'error' || !operation.answer ? [] : [operation];
  if (operation.isTorn) return [];
  if (operation.answer?.kind !== 'error') return [operation];
  const { answer, completed, ...unanswered } = operation;
  return answer.code === 3002 ? [unanswered] : [];
}

function orderOf({ limits: { maxPullLimit }, blobs }: Facts): Specification<State, Operation> {
  // Quotas are judged by themselves: what is still being stored may count already.
  const unlimited = { quota: Number.POSITIVE_INFINITY, maxBlob: Number.POSITIVE_INFINITY };
  return {
    initial: { model: new GroupModel(unlimited), stored: '' },
    key: ({ stored }) => stored,
    step(state, operation, waiting) {
      if (operation.kind === 'push') return afterPush(state, operation, blobs.get(operation.blobId)!);
      const isExplained =
        operation.kind === 'pull'
          ? isPageOf(state.model, operation, maxPullLimit)
          : isWelcomeOf(state.model, operation, waiting);
      return isExplained ? [state] : [];
    },
  };
}

/** A blob is stored only where the relay says that it is, if it does: that leaves few orders. */
function afterPush(state: State, push: PushOperation, { cursor, digest }: BlobFacts): State[] {
  const model = state.model.clone();
  const answer = model.push(push.device, push.blobId, push.digest);
  const isAcknowledged = push.answer?.kind === 'ack';
  if (answer.kind !== 'stored' && answer.kind !== 'repeated') return isAcknowledged ? [] : [state];
  if (push.answer?.kind === 'ack' && push.answer.cursor !== answer.cursor) return [];
  if (answer.kind === 'repeated') return [state];
  if (cursor !== answer.cursor || digest !== push.digest) return [];
  return [{ model, stored: `${state.stored} ${push.blobId} ${push.device}` }];
}

function isPageOf(model: GroupModel, pull: PullOperation, maxPullLimit: number): boolean {
  if (pull.answer?.kind !== 'page') return true;
  return judgeQuietPage(pull, pull.answer, model.live(pull.after), maxPullLimit) === undefined;
}

/** A relay may count what it is still storing. */
function isWelcomeOf(model: GroupModel, hello: HelloOperation, waiting: readonly Operation[]): boolean {
  if (hello.answer?.kind !== 'welcome') return true;
  const { maxCursor, pendingCount } = model.hello(hello.device, hello.lastCursor);
  const underWay = waiting.filter(({ kind }) => kind === 'push').length;
  const { answer } = hello;
  return (
    answer.maxCursor >= maxCursor &&
    answer.maxCursor <= maxCursor + BigInt(underWay) &&
    answer.pendingCount >= pendingCount &&
    answer.pendingCount <= pendingCount + underWay
  );
}
