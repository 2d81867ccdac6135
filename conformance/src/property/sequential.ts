import { GroupModel } from '../model/group.ts';
import { judgeQuietPage } from '../model/page.ts';
import type { BlobFacts, Facts } from './facts.ts';
import { describeOperation, type History, type Operation, type PushOperation } from './history.ts';
import { finding, type HistoryFinding } from './rules.ts';

/**
 * Compares with the model every answer that only one order of things allows: those of the prefix, where one request
 * follows the other, and those of the final phase, where nothing is stored any more.
 */
export function checkSequential(history: History, facts: Facts): HistoryFinding[] {
  const operations = [...history.operations].sort((a, b) => a.invoked - b.invoked);
  const prefix = operations.filter((operation) => operation.exact === 'prefix');
  const final = operations.filter((operation) => operation.exact === 'final');
  const inPrefix = compare(prefix, new GroupModel(), facts, history.maxPullLimit);
  if (final.length === 0) return inPrefix;
  return [...inPrefix, ...compare(final, modelOf(facts, final[0]!.invoked), facts, history.maxPullLimit)];
}

/** The model of a group that has stored all that had been seen at a tick. */
function modelOf(facts: Facts, tick: number): GroupModel {
  const model = new GroupModel();
  const stored = [...facts.byCursor.values()].filter((blob) => blob.seen < tick);
  for (const blob of stored.sort((a, b) => (a.cursor! < b.cursor! ? -1 : 1))) {
    model.push(senderOf(blob) ?? '', blob.blobId, blob.digest!);
  }
  return model;
}

/** Who sent a blob: as the relay says, or the only device that ever pushed it. */
function senderOf(blob: BlobFacts): string | undefined {
  if (blob.sender !== undefined) return blob.sender;
  const devices = new Set(blob.pushes.map((push) => push.device));
  return devices.size === 1 ? blob.pushes[0]!.device : undefined;
}

/** Stops at the first difference: what follows it would only repeat it. */
function compare(
  operations: readonly Operation[],
  model: GroupModel,
  facts: Facts,
  maxPullLimit: number,
): HistoryFinding[] {
  const sendersKnown = [...facts.byCursor.values()].every((blob) => senderOf(blob) !== undefined);
  for (const operation of operations) {
    const found = compareOne(operation, model, sendersKnown, maxPullLimit);
    if (found) return [found];
  }
  return [];
}

function compareOne(
  operation: Operation,
  model: GroupModel,
  sendersKnown: boolean,
  maxPullLimit: number,
): HistoryFinding | undefined {
  // An unanswered Push of the prefix is sent again at once: the answer to that is the one that counts.
  if (operation.answer === undefined) return undefined;
  const where = `the answer to the ${describeOperation(operation)}`;
  if (operation.kind === 'push') return comparePush(operation, model, where);
  if (operation.kind === 'pull' && operation.answer.kind === 'page') {
    const found = judgeQuietPage(operation, operation.answer, model.live(operation.after), maxPullLimit);
    return found && finding(found.rule, found.expected, found.actual);
  }
  if (operation.kind === 'hello' && operation.answer.kind === 'welcome') {
    const { maxCursor, pendingCount } = model.hello(operation.device, operation.lastCursor);
    if (operation.answer.maxCursor !== maxCursor) {
      return finding('welcome-max', `max_cursor ${maxCursor}`, `${operation.answer.maxCursor} in ${where}`);
    }
    if (sendersKnown && operation.answer.pendingCount !== pendingCount) {
      return finding('pending-count', `pending_count ${pendingCount}`, `${operation.answer.pendingCount} in ${where}`);
    }
  }
  return undefined;
}

function comparePush(operation: PushOperation, model: GroupModel, where: string): HistoryFinding | undefined {
  const { answer } = operation;
  // After 3002 nothing is stored; any other unexpected error is found with the facts.
  if (!answer || (answer.kind === 'error' && answer.code !== 1006)) return undefined;
  const got = answer.kind === 'ack' ? `cursor ${answer.cursor} in ${where}` : `Error 1006 in ${where}`;
  const expected = model.push(operation.device, operation.blobId, operation.digest);
  switch (expected.kind) {
    case 'conflict':
      return answer.kind === 'ack' ? finding('missed-conflict', 'Error 1006', got) : undefined;
    case 'repeated':
      if (answer.kind === 'ack' && answer.cursor === expected.cursor) return undefined;
      return finding(answer.kind === 'ack' ? 'moved-blob' : 'false-conflict', `cursor ${expected.cursor} again`, got);
    case 'stored':
      if (answer.kind === 'ack' && answer.cursor === expected.cursor) return undefined;
      return finding(answer.kind === 'ack' ? 'next-cursor' : 'false-conflict', `cursor ${expected.cursor}`, got);
  }
}
