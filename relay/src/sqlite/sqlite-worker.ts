import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { batchesOn } from './batch.ts';
import type { Answer, Operation, Requests } from './operations.ts';
import { buffersOf, isPage, packPage } from './packed-page.ts';
import { Store, type StoreOptions } from './store.ts';

// The thread that owns the database. Everything that has arrived becomes one batch; while the disk syncs, the next
// batch gathers in the port.

/** Bounds of one batch, so that nobody waits long for its commit. */
const MOST_OPERATIONS = 1000;
const MOST_BYTES = 16 * 1024 * 1024;
/** What devices told, and no other write takes along, is written after this time, in ms. */
const TELLING_DELAY = 1000;

/** What arrives: operations in order, or the request to end. */
export type ToWorker = Operation[] | 'close';
export type FromWorker = Answer[] | 'ready' | 'closed' | { refused: string };

const port = parentPort!;
const send = (message: FromWorker, transfer: ArrayBuffer[] = []) => port.postMessage(message, transfer);

function answer(answers: Answer[]): void {
  if (answers.length === 0) return;
  const whole: ArrayBuffer[] = [];
  for (const result of answers) {
    if (!('value' in result) || !isPage(result.value)) continue;
    const packed = packPage(result.value);
    whole.push(...buffersOf(packed));
    result.value = packed;
  }
  send(answers, whole);
}

function serve(store: Store): void {
  const runBatch = batchesOn(store, answer);
  let timer: NodeJS.Timeout | undefined;

  function writeTold(): void {
    timer = undefined;
    try {
      store.write();
      store.commit();
    } catch {
      if (store.writing) store.rollback();
    }
    endIfLost();
  }

  function endIfLost(): void {
    if (store.lost) throw new Error('another relay has written into the database: let only one run');
  }

  function close(): void {
    clearTimeout(timer);
    store.close();
    send('closed');
    port.close();
  }

  port.on('message', (message: ToWorker) => {
    const batch: Operation[] = [];
    let bytes = 0;
    let next: ToWorker | undefined = message;
    while (next && next !== 'close') {
      for (const operation of next) {
        batch.push(operation);
        if (operation.name === 'push') bytes += (operation.request as Requests['push']).payload.byteLength;
      }
      if (batch.length >= MOST_OPERATIONS || bytes >= MOST_BYTES) break;
      next = receiveMessageOnPort(port)?.message;
    }
    if (batch.length > 0) runBatch(batch);
    endIfLost();
    if (next === 'close') close();
    else if (store.hasTold) timer ??= setTimeout(writeTold, TELLING_DELAY);
  });
  send('ready');
}

try {
  serve(new Store(workerData as StoreOptions));
} catch (error) {
  send({ refused: (error as Error).message });
}
