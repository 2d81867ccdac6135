import type { History, Operation } from './history.ts';

type Kind = Operation['kind'];
type Of<K extends Kind> = Extract<Operation, { kind: K }>;

/** Called with the answer, once that has been read. */
export type Answered<K extends Kind> = (answer: NonNullable<Of<K>['answer']>) => void;

/** Writes down the operations of all connections of a run, with ticks of one counter. */
export class Recorder {
  readonly #operations: Operation[] = [];
  #tick = 0;

  /** To be called before the request is sent. */
  invoke<K extends Kind>(draft: { kind: K } & Omit<Of<K>, 'kind' | 'invoked' | 'completed' | 'answer'>): Answered<K> {
    const at = this.#operations.push({ ...draft, invoked: ++this.#tick } as unknown as Operation) - 1;
    return (answer) => {
      this.#operations[at] = { ...this.#operations[at]!, completed: ++this.#tick, answer } as Operation;
    };
  }

  history(maxPullLimit: number): History {
    return { operations: [...this.#operations], maxPullLimit };
  }
}
