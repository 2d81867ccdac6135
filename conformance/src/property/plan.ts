/**
 * A plan says what several devices do, as plain data: it can be saved, shrunk, printed and run again by another tool. What
 * it refers to (a blob, an acknowledged cursor) it names by a number, so that a plan from which something was taken away
 * still means something.
 */
export interface Plan {
  /** How many devices there are, from 1. */
  readonly devices: number;
  /** How many groups there are, from 1. */
  readonly groups: number;
  /** The size of each blob; a Push names its blob by the place in this list. */
  readonly blobs: readonly Size[];
  /** Done first, one after the other: every answer is determined. */
  readonly prefix: readonly PrefixStep[];
  /** Done at once, each in its own order. */
  readonly lanes: readonly Lane[];
  /** What happens to the relay meanwhile. */
  readonly faults: readonly Fault[];
}

export interface PrefixStep {
  /** The lane on whose connection it is done; modulo the number of lanes. */
  readonly lane: number;
  readonly op: Op;
}

export interface Lane {
  /** Modulo the number of devices: lanes may share a device, each on connections of its own. */
  readonly device: number;
  /** Modulo the number of groups. */
  readonly group: number;
  readonly ops: readonly Op[];
}

export interface Fault {
  readonly kind: 'restart' | 'kill';
  /** How many requests the lanes have sent when it comes: the last of them is still under way. */
  readonly after: number;
}

/** Of a payload, in bytes: `largest` is max_blob_size, `over` one byte more. */
export type Size = number | 'largest' | 'over';

/** Of a Push, in seconds: `largest` is max_ttl, `over` is more. 0 leaves it to the relay. */
export type Ttl = number | 'largest' | 'over';

/** A cursor to start from: 0, the last page of this lane, 2^63, 2^64−1, or that of the k-th acknowledgement. */
export type From = 'zero' | 'own' | 'middle' | 'end' | number;

/** Of a Pull: `exact` is as many blobs as there are, as far as the kit knows, `over` is more than a relay gives. */
export type PullLimit = number | 'exact' | 'over';

/** A request that has an answer. */
export type Request =
  /** A blob in the group of the lane: a new one, a repeat, or with another payload (`rival`) a conflict, as it comes. */
  | { readonly op: 'push'; readonly blob: number; readonly rival?: true; readonly ttl?: Ttl }
  | { readonly op: 'pull'; readonly from: From; readonly limit: PullLimit };

/** What a Hello says. */
export interface Greeting {
  readonly from: From;
  /** Left out, no epoch is named. */
  readonly epoch?: 'current' | 'stale';
  /** The blob_id at `from`, or another one; left out, none is named. */
  readonly blob?: 'right' | 'wrong';
}

export type Op =
  | Request
  /** Several requests without waiting for the answers. */
  | { readonly op: 'together'; readonly requests: readonly Request[] }
  /** Another connection of the device, on which the lane goes on; the one before stays open. */
  | ({ readonly op: 'connect' } & Greeting)
  /** The connection ends, by Bye or cut, and another one begins. */
  | ({ readonly op: 'reconnect'; readonly how: 'bye' | 'cut' } & Greeting)
  /** The connection ends; the lane goes on with the one before it, if that is open. */
  | { readonly op: 'close'; readonly how: 'bye' | 'cut' }
  /** A Push whose connection is cut before the answer. */
  | { readonly op: 'abandon'; readonly blob: number; readonly ttl?: Ttl }
  /** A Push whose connection is cut before its last byte. */
  | { readonly op: 'torn'; readonly blob: number }
  /** Fills the group, and sends one blob more. */
  | { readonly op: 'fill' }
  /** Waits until the blobs of the group that live only seconds must have expired. */
  | { readonly op: 'wait' };

/** What of a plan was carried out, each kind counted. An operation may be of several. */
export const KINDS = [
  ...['push', 'repeat', 'conflict', 'elsewhere', 'empty', 'largest', 'too-large', 'full', 'ttl-largest', 'ttl-over'],
  ...['pull-zero', 'pull-own', 'pull-ack', 'pull-2^63', 'pull-2^64−1'],
  ...['limit-0', 'limit-1', 'limit-exact', 'limit-over'],
  ...['together', 'reconnect', 'second', 'bye', 'cut', 'abandon', 'torn'],
  ...['hello-current', 'hello-wrong', 'hello-beyond', 'hello-stale'],
  ...['ttl-short', 'expired', 'restart', 'kill'],
] as const;
export type Kind = (typeof KINDS)[number];

/** What plans are about. */
export type Theme =
  /** Several devices at once. */
  | 'lanes'
  /** Blobs that live a second or two. */
  | 'expiry'
  /** The relay is restarted or killed meanwhile. */
  | 'faults';

/** How many operations a plan has; each of several at once counts. */
export function sizeOf({ prefix, lanes, faults }: Plan): number {
  const ops = [...prefix.map(({ op }) => op), ...lanes.flatMap((lane) => lane.ops)];
  return faults.length + ops.reduce((sum, op) => sum + (op.op === 'together' ? op.requests.length : 1), 0);
}

/** The lane in whose name a step of the prefix is done. */
export function laneOf(plan: Plan, step: PrefixStep): number {
  return step.lane % plan.lanes.length;
}

/** The plan as a person reads it, one line for each operation. */
export function describePlan(plan: Plan): string[] {
  const { devices, groups, prefix, lanes, faults } = plan;
  const line = (when: string, index: number, op: Op) => {
    const { device, group } = lanes[index]!;
    const where = groups > 1 ? `, group ${group % groups}` : '';
    return `${when}  lane ${index} (device ${deviceName(device % devices)}${where}): ${describeOp(op, plan)}`;
  };
  const counted = (n: number, what: string) => `${n} ${what}${n === 1 ? '' : 's'}`;
  const parts = [counted(devices, 'device'), ...(groups > 1 ? [counted(groups, 'group')] : [])];
  return [
    `${parts.join(', ')}, ${counted(lanes.length, 'lane')} at once`,
    ...prefix.map((step) => line('first', laneOf(plan, step), step.op)),
    ...lanes.flatMap(({ ops }, index) => ops.map((op) => line('then ', index, op))),
    ...faults.map(({ kind, after }) => `meanwhile the relay is ${FAULTS[kind]}, when ${after} requests have been sent`),
  ];
}

export const FAULTS = { kill: 'killed and started again', restart: 'stopped in order and started again' } as const;

/** Devices are named by letters, as in the trace. */
export function deviceName(device: number): string {
  return String.fromCharCode(65 + (device % 26));
}

function describeOp(op: Op, plan: Plan): string {
  switch (op.op) {
    case 'push':
      return `push ${op.rival ? 'another payload as ' : ''}blob ${op.blob} (${describeSize(plan.blobs[op.blob])})${describeTtl(op.ttl)}`;
    case 'pull':
      return `pull from ${describeFrom(op.from)}, limit ${op.limit}`;
    case 'together':
      return `at once: ${op.requests.map((request) => describeOp(request, plan)).join('; ')}`;
    case 'connect':
      return `open another connection${describeGreeting(op)}`;
    case 'reconnect':
      return `${describeEnd(op.how)} and connect again${describeGreeting(op)}`;
    case 'close':
      return describeEnd(op.how);
    case 'abandon':
      return `push blob ${op.blob} (${describeSize(plan.blobs[op.blob])})${describeTtl(op.ttl)}, and cut the connection at once`;
    case 'torn':
      return `push blob ${op.blob} (${describeSize(plan.blobs[op.blob])}) but for its last byte, and cut the connection`;
    case 'fill':
      return 'fill the group, and push one blob more';
    case 'wait':
      return 'wait until what has a short ttl has expired';
  }
}

function describeEnd(how: 'bye' | 'cut'): string {
  return how === 'bye' ? 'say Bye' : 'cut the connection';
}

function describeSize(size: Size | undefined): string {
  if (size === 'largest') return 'as large as allowed';
  if (size === 'over') return 'one byte too large';
  return `${size ?? 0} byte${size === 1 ? '' : 's'}`;
}

function describeTtl(ttl: Ttl | undefined): string {
  if (ttl === undefined) return '';
  return `, ttl ${ttl === 'largest' ? 'max_ttl' : ttl === 'over' ? 'above max_ttl' : ttl}`;
}

function describeGreeting({ from, epoch, blob }: Greeting): string {
  const named = [
    ...(epoch ? [`${epoch === 'current' ? 'the current' : 'a stale'} epoch`] : []),
    ...(blob ? [`the ${blob} last_blob`] : []),
  ];
  return `, from ${describeFrom(from)}${named.length > 0 ? ` with ${named.join(' and ')}` : ''}`;
}

function describeFrom(from: From): string {
  switch (from) {
    case 'zero':
      return '0';
    case 'own':
      return 'where it is';
    case 'middle':
      return '2^63';
    case 'end':
      return '2^64−1';
    default:
      return `acknowledgement ${from}`;
  }
}
