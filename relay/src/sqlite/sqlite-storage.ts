import { Worker } from 'node:worker_threads';
import type { Clock } from '../clock.ts';
import { type Storage, StorageOpenError } from '../storage.ts';
import type { Operation, OperationName, Requests } from './operations.ts';
import { unpackPage } from './packed-page.ts';
import type { FromWorker, ToWorker } from './sqlite-worker.ts';
import type { StoreOptions } from './store.ts';

interface Waiting {
  /** Takes the worker's answer. */
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** Payloads from this size on are handed to the worker without a copy. */
const TRANSFER_FROM = 64 * 1024;

/** Sources run as they stand, so the worker's file ends as this one does. */
const workerUrl = new URL(`./sqlite-worker${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url);

/**
 * Storage in a SQLite file, owned by a worker thread. The promises keep the process alive while they wait, the thread does not.
 * @throws StorageOpenError if the file cannot be used.
 */
export async function openSqliteStorage(options: StoreOptions, clock: Clock): Promise<Storage> {
  const worker = new Worker(workerUrl, {
    workerData: options,
    name: 'storage',
    // Node 22 calls node:sqlite experimental at each start.
    execArgv: [...process.execArgv, '--disable-warning=ExperimentalWarning'],
  });
  const first = await new Promise<FromWorker>((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
  if (first !== 'ready') {
    await worker.terminate();
    throw new StorageOpenError(
      typeof first === 'object' && 'refused' in first ? first.refused : 'storage did not start',
    );
  }
  return new SqliteStorage(worker, clock);
}

class SqliteStorage implements Storage {
  #worker: Worker;
  #clock: Clock;
  #waiting = new Map<number, Waiting>();
  #lastId = 0;
  #outgoing: Operation[] = [];
  #transfer: ArrayBuffer[] = [];
  #failure: Error | undefined;
  #failed = Promise.withResolvers<Error>();
  #closing = false;
  #closed = Promise.withResolvers<void>();

  constructor(worker: Worker, clock: Clock) {
    this.#worker = worker;
    this.#clock = clock;
    worker.unref();
    worker.on('message', (message: FromWorker) => this.#receive(message));
    worker.on('error', (error) => this.#fail(error instanceof Error ? error : new Error(String(error))));
    worker.on('exit', () => this.#fail(new Error('the storage thread ended')));
  }

  hello: Storage['hello'] = (request) => this.#ask('hello', request);
  pull: Storage['pull'] = (request) => this.#ask('pull', request, unpackPage);
  pending: Storage['pending'] = (group, device, after) => this.#ask('pending', { group, device, after });
  delete: Storage['delete'] = (request) => this.#ask('delete', request);
  revoke: Storage['revoke'] = (request) => this.#ask('revoke', request);
  devices: Storage['devices'] = (group, device) => this.#ask('devices', { group, device });
  setToken: Storage['setToken'] = (request) => this.#ask('setToken', request);
  cleanUp: Storage['cleanUp'] = () => this.#ask('cleanUp', null);
  forgetGroups: Storage['forgetGroups'] = (groups) => this.#ask('forgetGroups', groups);
  totals: Storage['totals'] = () => this.#ask('totals', null);

  push: Storage['push'] = (request) => {
    const { payload } = request;
    if (payload.byteLength < TRANSFER_FROM) return this.#ask('push', request);
    // The id may be a view of the buffer that goes away.
    const moved = { ...request, blobId: request.blobId.slice() };
    this.#transfer.push(payload.buffer as ArrayBuffer);
    return this.#ask('push', moved);
  };

  get failed(): Promise<Error> {
    return this.#failed.promise;
  }

  async close(): Promise<void> {
    if (this.#failure) return;
    this.#closing = true;
    this.#flush();
    this.#worker.postMessage('close' satisfies ToWorker);
    await this.#closed.promise;
  }

  // What is asked in one turn of the event loop travels as one message.
  #ask<Name extends OperationName, Result>(
    name: Name,
    request: Requests[Name],
    read = (answer: unknown) => answer as Result,
  ): Promise<Result> {
    if (this.#failure) return Promise.reject(this.#failure);
    const id = ++this.#lastId;
    if (this.#outgoing.length === 0) setImmediate(() => this.#flush());
    this.#outgoing.push({ id, name, now: this.#clock.now(), request });
    const { promise, resolve, reject } = Promise.withResolvers<Result>();
    this.#waiting.set(id, { resolve: (answer) => resolve(read(answer)), reject });
    return promise;
  }

  #flush(): void {
    if (this.#outgoing.length === 0) return;
    const message: ToWorker = this.#outgoing;
    this.#outgoing = [];
    this.#worker.postMessage(message, this.#transfer.splice(0));
  }

  #receive(message: FromWorker): void {
    if (message === 'closed') this.#closed.resolve();
    if (!Array.isArray(message)) return;
    for (const answer of message) {
      const waiting = this.#waiting.get(answer.id);
      this.#waiting.delete(answer.id);
      if ('error' in answer) waiting?.reject(new Error(answer.error));
      else waiting?.resolve(answer.value);
    }
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    if (!this.#closing) this.#failed.resolve(this.#failure);
    this.#closed.resolve();
    for (const { reject } of this.#waiting.values()) reject(this.#failure);
    this.#waiting.clear();
  }
}
