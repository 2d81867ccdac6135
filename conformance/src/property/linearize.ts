/**
 * Whether a concurrent history is linearizable: whether its operations can be put in one order that respects time and the
 * order on each connection, and that explains every answer. The search of Wing and Gong, with the memory of Lowe: a state
 * that was reached with the same operations done is not searched again.
 */

/** What the operations do to a state. States are values: a step makes new ones. */
export interface Specification<State, Operation> {
  readonly initial: State;
  /** The states in which an operation may leave this one, given its answer; none if it cannot have happened here. */
  step(state: State, operation: Operation, waiting: readonly Operation[]): readonly State[];
  /** The same for equal states, and for no others. */
  key(state: State): string;
}

/** An operation as the search sees it. */
export interface Timed {
  readonly invoked: number;
  /** Left out, there was no answer: it may have happened at any time since, or not at all. */
  readonly completed?: number;
  /** Operations of one connection happen in the order of their `sequence`. */
  readonly connection: number;
  readonly sequence: number;
}

export type Linearization<Operation> =
  | { readonly verdict: 'linearizable' }
  /** `stuck` is what no order could go on with after the longest beginning of one. */
  | { readonly verdict: 'not-linearizable'; readonly done: readonly Operation[]; readonly stuck: Operation }
  /** The search ended before all orders had been tried. */
  | { readonly verdict: 'unknown' };

/** @param mostSteps - after so many tried steps nothing is said. */
export function linearize<State, Operation extends Timed>(
  operations: readonly Operation[],
  specification: Specification<State, Operation>,
  mostSteps: number,
): Linearization<Operation> {
  const sorted = [...operations].sort((a, b) => a.invoked - b.invoked);
  const search = new Search(sorted, specification, mostSteps);
  return search.run();
}

class Search<State, Operation extends Timed> {
  readonly #operations: readonly Operation[];
  readonly #specification: Specification<State, Operation>;
  /** Of each operation, the one that comes before it on its connection; −1 for the first. */
  readonly #previous: readonly number[];
  readonly #done: boolean[];
  readonly #order: number[] = [];
  readonly #visited = new Set<string>();
  #longest: readonly number[] = [];
  #steps: number;

  constructor(operations: readonly Operation[], specification: Specification<State, Operation>, mostSteps: number) {
    this.#operations = operations;
    this.#specification = specification;
    this.#steps = mostSteps;
    this.#done = operations.map(() => false);
    this.#previous = operations.map(({ connection, sequence }) => {
      const earlier = operations.filter((other) => other.connection === connection && other.sequence < sequence);
      const last = earlier.reduce<Operation | undefined>((a, b) => (a && a.sequence > b.sequence ? a : b), undefined);
      return last ? operations.indexOf(last) : -1;
    });
  }

  run(): Linearization<Operation> {
    const found = this.#from(this.#specification.initial);
    if (found) return { verdict: 'linearizable' };
    if (this.#steps < 0) return { verdict: 'unknown' };
    const done = this.#longest.map((index) => this.#operations[index]!);
    const left = this.#operations.filter((operation) => !done.includes(operation) && operation.completed !== undefined);
    const stuck = left.reduce((a, b) => (a.completed! <= b.completed! ? a : b));
    return { verdict: 'not-linearizable', done, stuck };
  }

  #from(state: State): boolean {
    const operations = this.#operations;
    // What began after an operation ended that is still to be placed comes after it.
    const bound = Math.min(
      ...operations.flatMap(({ completed }, index) =>
        completed !== undefined && !this.#done[index] ? [completed] : [],
      ),
    );
    if (bound === Number.POSITIVE_INFINITY) return true;
    const waiting = operations.filter(({ invoked }, index) => !this.#done[index] && invoked < bound);
    const changes: { index: number; next: State }[] = [];
    const key = this.#specification.key(state);
    for (const [index, operation] of operations.entries()) {
      if (operation.invoked > bound) break;
      if (this.#done[index] || this.#isHeldBack(index)) continue;
      if (this.#steps-- < 0) return false;
      for (const next of this.#specification.step(state, operation, waiting)) {
        // What fits here and changes nothing may as well happen here: no other order can do better.
        if (this.#specification.key(next) === key) return this.#enter(index, next);
        changes.push({ index, next });
      }
    }
    return changes.some(({ index, next }) => this.#enter(index, next));
  }

  /** Only what has an answer holds back what comes after it on its connection: the rest may never have happened. */
  #isHeldBack(index: number): boolean {
    const previous = this.#previous[index]!;
    if (previous < 0 || this.#done[previous]) return false;
    return this.#operations[previous]!.completed !== undefined || this.#isHeldBack(previous);
  }

  #enter(index: number, state: State): boolean {
    this.#done[index] = true;
    this.#order.push(index);
    const key = `${this.#done.map(Number).join('')} ${this.#specification.key(state)}`;
    const isNew = !this.#visited.has(key);
    this.#visited.add(key);
    const answered = (order: readonly number[]) =>
      order.filter((each) => this.#operations[each]!.completed !== undefined).length;
    if (answered(this.#order) > answered(this.#longest)) this.#longest = [...this.#order];
    if (isNew && this.#from(state)) return true;
    this.#order.pop();
    this.#done[index] = false;
    return false;
  }
}
