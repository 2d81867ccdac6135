/** What is smaller than a plan and may fail like it. Plain data is taken away and made simpler, the largest parts first. */
import { type Lane, laneOf, type Op, type Plan, type PrefixStep, sizeOf } from './plan.ts';

/** Larger payloads take long, in bytes. */
const LARGEST_CHEAP = 100;

/** Plans that are smaller than a plan, each by one reduction, the boldest first. All are different from it. */
export function* reductionsOf(plan: Plan): Generator<Plan> {
  const { prefix, lanes, faults } = plan;
  yield* without(faults).map((fewer) => ({ ...plan, faults: fewer }));
  yield cheaper(plan);
  yield* beginnings(plan);
  if (prefix.length > 1) yield { ...plan, prefix: [] };
  for (const index of lanes.keys()) if (lanes.length > 1) yield withoutLane(plan, index);
  for (const [index, { ops }] of lanes.entries()) {
    if (ops.length > 0) yield withOps(plan, index, []);
    for (const half of halvesOf(ops)) yield withOps(plan, index, half);
  }
  yield* without(prefix).map((fewer) => ({ ...plan, prefix: fewer }));
  for (const [index, { ops }] of lanes.entries()) {
    if (ops.length > 1) for (const fewer of without(ops)) yield withOps(plan, index, fewer);
  }
  yield* simplerOps(plan);
  yield* merged(plan);
  yield* simplerShape(plan);
  yield* withoutPairs(plan);
}

/** Whether a plan is smaller than another: by its operations, by what happens at once, then by how much is said of them. */
export function isSmaller(plan: Plan, other: Plan): boolean {
  const [sizes, others] = [weightOf(plan), weightOf(other)];
  const at = sizes.findIndex((size, index) => size !== others[index]);
  return at >= 0 && sizes[at]! < others[at]!;
}

function weightOf(plan: Plan): number[] {
  const { lanes, devices, groups } = plan;
  const busy = lanes.filter(({ ops }) => ops.length > 0).length;
  const atOnce = lanes.reduce((sum, { ops }) => sum + ops.length, 0);
  return [sizeOf(plan), lanes.length, groups, devices, busy, atOnce, JSON.stringify(plan).length];
}

/** Without what takes a relay long. */
function cheaper(plan: Plan): Plan {
  const isCheap = (op: Op) => op.op !== 'fill';
  return {
    ...plan,
    blobs: plan.blobs.map((size) => (typeof size === 'number' && size <= LARGEST_CHEAP ? size : 1)),
    prefix: plan.prefix.filter(({ op }) => isCheap(op)),
    lanes: plan.lanes.map((lane) => ({ ...lane, ops: lane.ops.filter(isCheap) })),
  };
}

/** What the lanes do first, where nothing has made them drift apart. */
function* beginnings(plan: Plan): Generator<Plan> {
  for (const length of [1, 2]) {
    const lanes = plan.lanes.map((lane) => ({ ...lane, ops: lane.ops.slice(0, length) }));
    yield { ...plan, lanes, prefix: [] };
    yield { ...plan, lanes };
  }
}

/** The two halves of a list that is long enough for it. */
function halvesOf<T>(items: readonly T[]): T[][] {
  if (items.length < 3) return [];
  const middle = items.length >> 1;
  return [items.slice(0, middle), items.slice(middle)];
}

/** The list without each one of its items. */
function without<T>(items: readonly T[]): T[][] {
  return items.map((_, index) => items.toSpliced(index, 1));
}

function withOps(plan: Plan, index: number, ops: readonly Op[]): Plan {
  return { ...plan, lanes: plan.lanes.with(index, { ...plan.lanes[index]!, ops }) };
}

/** Steps of the prefix that were done in its name go with it. */
function withoutLane(plan: Plan, index: number): Plan {
  const prefix = plan.prefix
    .filter(({ lane }) => lane % plan.lanes.length !== index)
    .map((step) => {
      const lane = step.lane % plan.lanes.length;
      return { ...step, lane: lane > index ? lane - 1 : lane };
    });
  return { ...plan, prefix, lanes: plan.lanes.toSpliced(index, 1) };
}

/** Without one operation each of two lanes: what is as late in both may meet only as long as it is. */
function* withoutPairs(plan: Plan): Generator<Plan> {
  const { lanes } = plan;
  for (const [index, { ops }] of lanes.entries()) {
    for (const [other, { ops: others }] of lanes.entries()) {
      if (other <= index) continue;
      for (const fewer of without(ops)) {
        for (const less of without(others)) yield withOps(withOps(plan, index, fewer), other, less);
      }
    }
  }
}

/** One operation made simpler. */
function* simplerOps(plan: Plan): Generator<Plan> {
  for (const [index, { op }] of plan.prefix.entries()) {
    for (const simpler of simplifications(op))
      yield { ...plan, prefix: plan.prefix.with(index, { ...plan.prefix[index]!, op: simpler }) };
  }
  for (const [index, { ops }] of plan.lanes.entries()) {
    for (const [at, op] of ops.entries())
      for (const each of simplifications(op)) yield withOps(plan, index, ops.with(at, each));
  }
}

/** What is simpler than an operation. */
function simplifications(op: Op): Op[] {
  switch (op.op) {
    case 'together':
      return op.requests.length === 1
        ? [op.requests[0]!]
        : [...halvesOf(op.requests), ...without(op.requests)].map((requests) => ({ op: 'together', requests }));
    case 'push': {
      const { rival, ttl, ...plain } = op;
      return [
        ...(ttl === undefined ? [] : [{ ...plain, ...(rival && { rival }) }]),
        ...(rival === undefined ? [] : [{ ...plain, ...(ttl !== undefined && { ttl }) }]),
      ];
    }
    case 'pull':
      return [
        ...(op.from === 'zero' ? [] : [{ ...op, from: 'zero' as const }]),
        ...(op.limit === 0 ? [] : [{ ...op, limit: 0 }]),
      ];
    case 'reconnect':
    case 'connect': {
      const { epoch, blob, ...plain } = op;
      return [
        ...(epoch === undefined && blob === undefined ? [] : [plain]),
        ...(op.from === 'zero' ? [] : [{ ...op, from: 'zero' as const }]),
      ];
    }
    case 'abandon':
    case 'torn':
      return [{ op: 'push', blob: op.blob }];
    default:
      return [];
  }
}

/** Two lanes made one, or what was done at once done first: fewer things happen at the same time. */
function* merged(plan: Plan): Generator<Plan> {
  const { lanes, prefix } = plan;
  for (const [index, { ops }] of lanes.entries()) {
    const [first, ...rest] = ops;
    if (first) yield { ...withOps(plan, index, rest), prefix: [...prefix, { lane: index, op: first }] };
    for (const other of lanes.keys()) {
      if (other <= index) continue;
      const together = withOps(plan, index, [...ops, ...lanes[other]!.ops]);
      yield withoutLane(
        { ...together, prefix: prefix.map((step) => redirected(step, other, index, lanes.length)) },
        other,
      );
    }
  }
}

/** A step of the prefix of one lane, done in another. */
function redirected(step: PrefixStep, from: number, to: number, lanes: number): PrefixStep {
  return step.lane % lanes === from ? { ...step, lane: to } : step;
}

/** Fewer devices and groups, and smaller payloads. */
function* simplerShape(plan: Plan): Generator<Plan> {
  const { devices, groups, blobs } = plan;
  if (groups > 1) yield { ...plan, groups: groups - 1 };
  if (devices > 1) yield { ...plan, devices: devices - 1 };
  for (const [index, size] of blobs.entries()) {
    if (size !== 1 && size !== 0) yield { ...plan, blobs: blobs.with(index, 1) };
  }
}

/** The same plan without what it does not use: blobs that nobody pushes, devices and groups without a lane. */
export function tidied(plan: Plan): Plan {
  const blobs = new Numbers();
  const devices = new Numbers();
  const groups = new Numbers();
  const renamed = <T extends Op>(op: T): T => {
    if (op.op === 'together') return { ...op, requests: op.requests.map(renamed) };
    return 'blob' in op && typeof op.blob === 'number' ? { ...op, blob: blobs.of(op.blob) } : op;
  };
  const prefix: PrefixStep[] = plan.prefix.map((step) => ({ lane: laneOf(plan, step), op: renamed(step.op) }));
  const lanes: Lane[] = plan.lanes.map(({ device, group, ops }) => ({
    device: devices.of(device % plan.devices),
    group: groups.of(group % plan.groups),
    ops: ops.map(renamed),
  }));
  const sizes = blobs.all.map((blob) => plan.blobs[blob] ?? 0);
  return { ...plan, devices: devices.all.length, groups: groups.all.length, blobs: sizes, prefix, lanes };
}

/** Numbers things anew, in the order in which they are met. */
class Numbers {
  readonly all: number[] = [];

  of(old: number): number {
    const known = this.all.indexOf(old);
    return known >= 0 ? known : this.all.push(old) - 1;
  }
}
