import { Interrupted } from '../verdict.ts';

/** Marks a wait that ended because nothing came in time. */
export const NOTHING = Symbol('nothing came in time');

/** Takes events as they come and gives them out in order, one at a time, to whoever waits. */
export class Inbox<T> {
  readonly #events: T[] = [];
  readonly #signal: AbortSignal;
  #wake: (() => void) | undefined;

  /** @param signal - once aborted, every wait ends with `Interrupted`. */
  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  put(event: T): void {
    this.#events.push(event);
    this.#wake?.();
  }

  /** The next event, left where it is. */
  peek(): T | undefined {
    return this.#events[0];
  }

  get length(): number {
    return this.#events.length;
  }

  /** The next event, or `NOTHING` after `ms` milliseconds. One caller at a time. */
  async take(ms: number): Promise<T | typeof NOTHING> {
    if (this.#events.length === 0) await this.#wait(ms);
    this.#throwIfAborted();
    const event = this.#events.shift();
    return event === undefined ? NOTHING : event;
  }

  #wait(ms: number): Promise<void> {
    if (this.#wake) throw new Error('two callers wait on one connection');
    this.#throwIfAborted();
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.#signal.removeEventListener('abort', done);
        this.#wake = undefined;
        resolve();
      };
      const timer = setTimeout(done, ms);
      this.#signal.addEventListener('abort', done);
      this.#wake = done;
    });
  }

  #throwIfAborted(): void {
    if (!this.#signal.aborted) return;
    throw this.#signal.reason instanceof Error ? this.#signal.reason : new Interrupted();
  }
}
