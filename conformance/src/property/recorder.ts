import type { Ending, FaultEvent, History, HistoryLimits, Notified, Operation } from './history.ts';

type Kind = Operation['kind'];
type Of<K extends Kind> = Extract<Operation, { kind: K }>;

/** Called with the answer, once that has been read. */
export type Answered<K extends Kind> = (answer: NonNullable<Of<K>['answer']>) => void;

/** Writes down what all connections of a run do and see, by one clock. */
export class Recorder {
  readonly #operations: Operation[] = [];
  readonly #notifies: Notified[] = [];
  readonly #endings: Ending[] = [];
  readonly #faults: FaultEvent[] = [];
  readonly #began = performance.now();
  #last = 0;

  /** To be called before the request is sent. */
  invoke<K extends Kind>(draft: { kind: K } & Omit<Of<K>, 'kind' | 'invoked' | 'completed' | 'answer'>): Answered<K> {
    const at = this.#operations.push({ ...draft, invoked: this.now() } as unknown as Operation) - 1;
    return (answer) => {
      this.#operations[at] = { ...this.#operations[at]!, completed: this.now(), answer } as Operation;
    };
  }

  notified(notify: Omit<Notified, 'kind' | 'at'>): void {
    this.#notifies.push({ kind: 'notify', ...notify, at: this.now() });
  }

  ended(ending: Omit<Ending, 'at'>): void {
    this.#endings.push({ ...ending, at: this.now() });
  }

  /** To be called before a fault. @returns to be called when the relay is back */
  fault(kind: FaultEvent['kind']): () => void {
    const began = this.now();
    return () => void this.#faults.push({ kind, began, ended: this.now() });
  }

  /** Milliseconds since the run began. No two calls give the same, so that the order is that of the calls. */
  now(): number {
    this.#last = Math.max(performance.now() - this.#began, this.#last + 1e-6);
    return this.#last;
  }

  get operations(): readonly Operation[] {
    return this.#operations;
  }

  history(limits: HistoryLimits): History {
    return {
      operations: [...this.#operations],
      notifies: [...this.#notifies],
      endings: [...this.#endings],
      faults: [...this.#faults],
      limits,
    };
  }
}
