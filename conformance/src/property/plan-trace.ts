/** What happened when a plan was carried out, as the steps of a trace: the plan's own operations, and what shows the failure. */
import type { Evidence } from '../context.ts';
import { nameOf } from '../model/page.ts';
import type { TraceStep } from '../trace.ts';
import type { Found } from './execute.ts';
import type { Ending, FaultEvent, History, Notified, Operation, PullOperation, PushOperation } from './history.ts';
import { FAULTS } from './plan.ts';

/** How many blobs of a page are written out. */
const SHOWN_BLOBS = 6;

type Step = Omit<TraceStep, 'n'>;

/** In order, with the connections as `A`, `A2`, `B`: that is where they go in columns. */
export function planTrace(history: History, { witnesses }: Found): Evidence['trace'] {
  const witnessed = new Set<unknown>(witnesses);
  const group = witnesses[0]?.group;
  const isOfGroup = (each: { readonly group: number }) => group === undefined || each.group === group;
  const isShown = (operation: Operation) => {
    if (witnessed.has(operation)) return true;
    return isOfGroup(operation) && !operation.isAside && (operation.exact !== 'final' || witnesses.length === 0);
  };
  const steps: Step[] = [
    ...history.operations.filter(isShown).flatMap((operation) => stepsOf(operation, history.operations)),
    ...history.notifies.filter((notify) => witnessed.has(notify)).map(stepOfNotify),
    ...history.endings.filter(isOfGroup).map(stepOfEnding),
    ...history.faults.flatMap(stepsOfFault),
  ];
  return steps
    .sort((a, b) => a.at - b.at)
    .map((step, index) => ({ n: index + 1, ...step, at: Math.round(step.at * 10) / 10 }));
}

function stepsOf(operation: Operation, operations: readonly Operation[]): Step[] {
  const { invoked, completed } = operation;
  const from = placeOf(operation);
  const request: Step = { at: invoked, from, direction: 'to-relay', text: requestOf(operation, operations) };
  const answer = answerOf(operation);
  if (completed === undefined || answer === undefined) return [request];
  return [request, { at: completed, from, direction: 'from-relay', text: answer }];
}

function placeOf({ where, connection }: Pick<Operation, 'where' | 'connection'>): string {
  return where ?? String(connection);
}

function requestOf(operation: Operation, operations: readonly Operation[]): string {
  switch (operation.kind) {
    case 'push': {
      const { size, ttl, isTorn } = operation;
      const parts = [
        `Push ${nameOf(operation)}${isRival(operation, operations) ? ' with another payload' : ''}`,
        `${size} byte${size === 1 ? '' : 's'}`,
        ...(ttl === 0 ? [] : [`ttl ${ttl}`]),
        ...(isTorn ? ['without its last byte'] : []),
      ];
      return parts.join(', ');
    }
    case 'pull':
      return `Pull after ${operation.after}, limit ${operation.limit}`;
    case 'hello': {
      const { lastCursor, epoch, lastBlob } = operation;
      const parts = [
        `Hello from ${lastCursor}`,
        ...(epoch === undefined ? [] : [`epoch ${epoch.slice(0, 8)}…`]),
        ...(lastBlob === undefined ? [] : [`last_blob ${nameOf({ blobId: lastBlob })}`]),
      ];
      return parts.join(', ');
    }
  }
}

/** Whether the first Push of this blob in the history had another payload. */
function isRival(push: PushOperation, operations: readonly Operation[]): boolean {
  const first = operations.find(
    (other): other is PushOperation => other.kind === 'push' && other.blobId === push.blobId,
  );
  return first !== undefined && first.digest !== push.digest;
}

function answerOf({ kind, answer }: Operation): string | undefined {
  if (answer === undefined) return undefined;
  switch (answer.kind) {
    case 'error':
      return `Error ${answer.code}`;
    case 'ack':
      return `PushAck cursor ${answer.cursor}`;
    case 'page':
      return pageOf(answer);
    case 'welcome': {
      const { maxCursor, pendingCount, epoch, expiredThrough } = answer;
      const expired = expiredThrough ? `, expired_through ${expiredThrough}` : '';
      return `Welcome max_cursor ${maxCursor}, pending_count ${pendingCount}${expired}, epoch ${epoch.slice(0, 8)}…`;
    }
    default:
      throw new Error(`no answer to a ${kind}`);
  }
}

function pageOf({ blobs, hasMore, maxCursor }: Extract<PullOperation['answer'], { kind: 'page' }>): string {
  const shown = blobs.slice(0, SHOWN_BLOBS).map((blob) => `${blob.cursor}: ${nameOf(blob)}`);
  const more = blobs.length > SHOWN_BLOBS ? [`… ${blobs.length - SHOWN_BLOBS} more`] : [];
  return `PullResponse [${[...shown, ...more].join(', ')}], has_more ${hasMore}, max_cursor ${maxCursor}`;
}

function stepOfNotify(notify: Notified): Step {
  const text = `Notify latest_cursor ${notify.latest}, count ${notify.count}`;
  return { at: notify.at, from: placeOf(notify), direction: 'from-relay', text };
}

function stepOfEnding(ending: Ending): Step {
  return {
    at: ending.at,
    from: placeOf(ending),
    direction: 'event',
    text: ending.how === 'bye' ? 'Bye' : 'cut by the kit',
  };
}

function stepsOfFault({ kind, began }: FaultEvent): Step[] {
  return [{ at: began, from: 'relay', direction: 'event', text: FAULTS[kind] }];
}
