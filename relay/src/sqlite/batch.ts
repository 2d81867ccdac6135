import { adviceFor } from './database.ts';
import { devices, revoke, setToken } from './devices.ts';
import { hello } from './hello.ts';
import { forgetGroups } from './idle-groups.ts';
import type { Answer, Operation, OperationName, Requests } from './operations.ts';
import { pending, pull } from './pull.ts';
import { push } from './push.ts';
import { cleanUp, deleteBlob } from './removal.ts';
import type { Store } from './store.ts';

type Serve = { [Name in OperationName]: (request: Requests[Name]) => unknown };

function operationsOn(store: Store): Serve {
  return {
    hello: (request) => hello(store, request),
    push: (request) => push(store, request),
    pull: (request) => pull(store, request),
    pending: (request) =>
      store.refusal(request.group, request.device) ?? pending(store, request.group, request.device, request.after),
    delete: (request) => store.refusal(request.group, request.device) ?? deleteBlob(store, request),
    revoke: (request) => store.refusal(request.group, request.by) ?? revoke(store, request),
    devices: (request) => store.refusal(request.group, request.device) ?? devices(store, request.group),
    setToken: (request) => store.refusal(request.group, request.device) ?? setToken(store, request),
    cleanUp: () => {
      const idle = cleanUp(store, store.cleaning);
      return { done: store.cleaning.done, idle };
    },
    forgetGroups: (groups) => forgetGroups(store, groups),
    totals: () => ({
      blobs: store.blobs,
      bytes: store.bytes,
      groups: Number(store.db.one<{ n: bigint }>('SELECT count(*) AS n FROM groups')!.n),
    }),
  };
}

/** Group commit: a batch is one transaction, and every answer that depends on it leaves after its commit. */
export function batchesOn(store: Store, answer: (answers: Answer[]) => void): (batch: Operation[]) => void {
  const serve = operationsOn(store);

  function run(operation: Operation): Answer {
    store.now = Math.max(store.now, operation.now);
    return { id: operation.id, value: serve[operation.name](operation.request as never) };
  }

  function runBatch(batch: Operation[]): void {
    for (let rest = batch; rest.length > 0; ) rest = runUntilFailure(rest);
  }

  /** Runs a batch up to an operation that fails; returns those behind it, which go on as a batch of their own. */
  function runUntilFailure(batch: Operation[]): Operation[] {
    let answers: Answer[] = [];
    let first = 0;
    try {
      for (const [index, operation] of batch.entries()) {
        const wasWriting = store.writing;
        const result = run(operation);
        if (store.writing && !wasWriting) {
          // What was read before the first write need not wait for the commit.
          answer(answers);
          answers = [];
          first = index;
        }
        answers.push(result);
      }
      if (store.writing) store.commit();
      answer(answers);
      return [];
    } catch (error) {
      const at = first + answers.length;
      const failed = batch[at];
      if (!store.writing) {
        answer([...answers, failure(failed!, error)]);
        return batch.slice(at + 1);
      }
      // Nothing is stored.
      store.rollback();
      if (!failed) {
        // The commit itself: each operation gets a transaction of its own, and what fits still succeeds on a full disk.
        for (const operation of batch.slice(first)) runAlone(operation);
        return [];
      }
      runBatch(batch.slice(first, at));
      runAlone(failed);
      return batch.slice(at + 1);
    }
  }

  function runAlone(operation: Operation): void {
    try {
      const result = run(operation);
      if (store.writing) store.commit();
      answer([result]);
    } catch (error) {
      if (store.writing) store.rollback();
      answer([failure(operation, error)]);
    }
  }

  return runBatch;
}

function failure(operation: Operation, error: unknown): Answer {
  const advice = adviceFor(error);
  return {
    id: operation.id,
    error: `${operation.name}: ${advice ? `the database ${advice}` : (error as Error).message}`,
  };
}
