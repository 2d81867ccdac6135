import { type Fault, type Greeting, type Op, type Plan, type Request, sizeOf } from './plan.ts';

/** A plan that was read from a file is none, and where. */
export class NoPlan extends Error {
  override readonly name = 'NoPlan';
}

type Reader<T> = (value: unknown, where: string) => T;

// Far above what plans have: a file must not take the memory or the time of this process.
/** Devices, or groups: each has its keys and its connections. */
const MOST_MEMBERS = 64;
/** Connections and operations together. */
const MOST_STEPS = 10_000;
/** Of a payload, in bytes: above what any relay takes. */
const LARGEST_BLOB = 16 * 1024 * 1024;
const MAX_U32 = 0xffff_ffff;

/** A plan as a report carries it. @throws NoPlan that says where something is wrong, or too much to carry out */
export function parsePlan(value: unknown): Plan {
  const plan = readPlan(value);
  const steps = plan.lanes.length + sizeOf(plan);
  if (steps > MOST_STEPS) throw new NoPlan(`it has ${steps} lanes and operations, and ${MOST_STEPS} are the most`);
  const ops = [...plan.prefix.map(({ op }) => op), ...plan.lanes.flatMap((lane) => lane.ops)];
  const lost = ops
    .flatMap<Op>((op) => (op.op === 'together' ? op.requests : op))
    .find((op) => 'blob' in op && typeof op.blob === 'number' && op.blob >= plan.blobs.length);
  if (lost && 'blob' in lost) {
    throw new NoPlan(`blob ${lost.blob} is pushed, and there are ${plan.blobs.length}, from 0`);
  }
  return plan;
}

function readPlan(value: unknown): Plan {
  const plan = objectIn(value, 'plan');
  return {
    devices: number(1, MOST_MEMBERS)(plan['devices'], 'devices'),
    groups: number(1, MOST_MEMBERS)(plan['groups'], 'groups'),
    blobs: list(oneOf(number(0, LARGEST_BLOB), words('largest', 'over')))(plan['blobs'], 'blobs'),
    prefix: list((step, where) => {
      const { lane, op } = objectIn(step, where);
      return { lane: number(0)(lane, `${where}.lane`), op: parseOp(op, `${where}.op`) };
    })(plan['prefix'], 'prefix'),
    lanes: atLeastOne(
      list((lane, where) => {
        const { device, group, ops } = objectIn(lane, where);
        return {
          device: number(0)(device, `${where}.device`),
          group: number(0)(group, `${where}.group`),
          ops: list(parseOp)(ops, `${where}.ops`),
        };
      })(plan['lanes'], 'lanes'),
    ),
    faults: list<Fault>((fault, where) => {
      const { kind, after } = objectIn(fault, where);
      return { kind: words('restart', 'kill')(kind, `${where}.kind`), after: number(0)(after, `${where}.after`) };
    })(plan['faults'], 'faults'),
  };
}

const parseRequest: Reader<Request> = (value, where) => {
  const fields = objectIn(value, where);
  const op = words('push', 'pull')(fields['op'], `${where}.op`);
  if (op === 'pull') {
    const limit = oneOf(number(0, MAX_U32), words('exact', 'over'))(fields['limit'], `${where}.limit`);
    return { op, from: parseFrom(fields['from'], `${where}.from`), limit };
  }
  return { op, ...parseBlob(fields, where), ...(fields['rival'] === true && { rival: true }) };
};

const parseOp: Reader<Op> = (value, where) => {
  const fields = objectIn(value, where);
  const how = () => words('bye', 'cut')(fields['how'], `${where}.how`);
  switch (fields['op']) {
    case 'together':
      return { op: 'together', requests: list(parseRequest)(fields['requests'], `${where}.requests`) };
    case 'connect':
      return { op: 'connect', ...parseGreeting(fields, where) };
    case 'reconnect':
      return { op: 'reconnect', how: how(), ...parseGreeting(fields, where) };
    case 'close':
      return { op: 'close', how: how() };
    case 'abandon':
      return { op: 'abandon', ...parseBlob(fields, where) };
    case 'torn':
      return { op: 'torn', blob: number(0)(fields['blob'], `${where}.blob`) };
    case 'fill':
      return { op: 'fill' };
    case 'wait':
      return { op: 'wait' };
    default:
      return parseRequest(value, where);
  }
};

function parseBlob(fields: Record<string, unknown>, where: string) {
  const blob = number(0)(fields['blob'], `${where}.blob`);
  if (fields['ttl'] === undefined) return { blob };
  return { blob, ttl: oneOf(number(0, MAX_U32), words('largest', 'over'))(fields['ttl'], `${where}.ttl`) };
}

function parseGreeting({ from, epoch, blob }: Record<string, unknown>, where: string): Greeting {
  return {
    from: parseFrom(from, `${where}.from`),
    ...(epoch !== undefined && { epoch: words('current', 'stale')(epoch, `${where}.epoch`) }),
    ...(blob !== undefined && { blob: words('right', 'wrong')(blob, `${where}.blob`) }),
  };
}

const parseFrom = oneOf(number(0), words('zero', 'own', 'middle', 'end'));

function objectIn(value: unknown, where: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new NoPlan(`${where} is no object`);
}

function number(least: number, most = Number.MAX_SAFE_INTEGER): Reader<number> {
  return (value, where) => {
    if (Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most) return value as number;
    const end = most === Number.MAX_SAFE_INTEGER ? '' : ` to ${most}`;
    throw new NoPlan(`${where} is no whole number from ${least}${end}`);
  };
}

function words<W extends string>(...allowed: readonly W[]): Reader<W> {
  return (value, where) => {
    if (allowed.includes(value as W)) return value as W;
    throw new NoPlan(`${where} is none of ${allowed.join(', ')}`);
  };
}

function oneOf<A, B>(first: Reader<A>, second: Reader<B>): Reader<A | B> {
  return (value, where) => (typeof value === 'number' ? first(value, where) : second(value, where));
}

function list<T>(item: Reader<T>): Reader<T[]> {
  return (value, where) => {
    if (!Array.isArray(value)) throw new NoPlan(`${where} is no list`);
    return value.map((each, index) => item(each, `${where}[${index}]`));
  };
}

function atLeastOne<T>(items: readonly T[]): readonly T[] {
  if (items.length === 0) throw new NoPlan('lanes is empty');
  return items;
}
