import { type Op, type Plan, sizeOf } from './plan.ts';

/** So many operations more or less make no difference. */
const ORDINARY = 10;

/** What plans have had so far: kinds of operations, which of them stood one behind the other, and which stood side by side. */
export class Coverage {
  /** How many plans there were. */
  plans = 0;
  readonly #seen = new Map<string, number>();

  /** How many different features there were. */
  get size(): number {
    return this.#seen.size;
  }

  /** How much a plan has that was rare so far, for its size: what is small finds races as well. */
  novelty(plan: Plan): number {
    let sum = 0;
    for (const feature of featuresOf(plan)) sum += 1 / (1 + (this.#seen.get(feature) ?? 0)) ** 2;
    return sum / (ORDINARY + sizeOf(plan));
  }

  add(plan: Plan): void {
    this.plans++;
    for (const feature of featuresOf(plan)) this.#seen.set(feature, (this.#seen.get(feature) ?? 0) + 1);
  }
}

/** The features of a plan, each once. */
export function featuresOf(plan: Plan): Set<string> {
  const features = new Set<string>();
  const groupOf = (lane: number) => plan.lanes[lane]!.group % plan.groups;
  const lanes = plan.lanes.map(({ ops }) => ops.map((op) => kindsOf(op, plan)));
  const add = (kinds: readonly string[], how: string, others: readonly string[]) => {
    for (const kind of kinds) for (const other of others) features.add(`${kind} ${how} ${other}`);
  };
  for (const step of plan.prefix) {
    for (const kind of kindsOf(step.op, plan)) features.add(kind);
  }
  for (const [index, ops] of lanes.entries()) {
    for (const [at, kinds] of ops.entries()) {
      for (const kind of kinds) features.add(kind);
      if (at > 0) add(ops[at - 1]!, 'then', kinds);
    }
    for (const [other, others] of lanes.entries()) {
      if (other > index && groupOf(other) === groupOf(index)) add([...ops.flat()], 'beside', [...others.flat()]);
    }
  }
  for (const { kind } of plan.faults) add([kind], 'beside', lanes.flat(2));
  return features;
}

/** The kinds of an operation, as far as the plan alone tells them. */
function kindsOf(op: Op, plan: Plan): string[] {
  switch (op.op) {
    case 'together':
      return ['together', ...op.requests.flatMap((request) => kindsOf(request, plan))];
    case 'push': {
      const size = plan.blobs[op.blob];
      const edge = size === 0 ? ['empty'] : typeof size === 'string' ? [size] : [];
      return [op.rival ? 'rival' : 'push', ...edge, ...(op.ttl === undefined ? [] : [`ttl ${op.ttl}`])];
    }
    case 'pull':
      return [`pull ${typeof op.from === 'number' ? 'ack' : op.from}`, `limit ${op.limit}`];
    case 'connect':
    case 'reconnect':
      return [op.op === 'connect' ? op.op : `${op.op} ${op.how}`, `hello ${op.epoch} ${op.blob}`];
    case 'close':
      return [`close ${op.how}`];
    default:
      return [op.op];
  }
}
