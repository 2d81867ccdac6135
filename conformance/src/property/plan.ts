/**
 * A plan says what several devices do, as plain data: it can be saved, shrunk, printed and run again by another tool. What
 * it refers to (an earlier push, an acknowledged cursor) it names by a number, taken modulo how many there are, so that
 * every plan means something.
 */
export interface Plan {
  /** How many devices there are, from 1. */
  readonly devices: number;
  /** Done first, one after the other: every answer is determined. */
  readonly prefix: readonly PrefixStep[];
  /** Done at once, each in its own order. */
  readonly lanes: readonly Lane[];
}

export interface PrefixStep {
  /** The lane on whose connection it is done; modulo the number of lanes. */
  readonly lane: number;
  readonly op: Op;
}

export interface Lane {
  /** Modulo the number of devices: lanes may share a device, each on connections of its own. */
  readonly device: number;
  readonly ops: readonly Op[];
}

/** A cursor to start from: 0, the last page of this lane, the highest there can be, or that of the k-th acknowledgement. */
export type From = 'zero' | 'own' | 'end' | number;

/** A request that has an answer. */
export type Request =
  /** A new blob with a payload of `size` bytes. */
  | { readonly op: 'push'; readonly size: number }
  /** The blob of the `of`-th push of the plan once more, which may be under way, or not even begun. */
  | { readonly op: 'repeat'; readonly of: number }
  /** Another payload under the blob_id of the `of`-th push. */
  | { readonly op: 'conflict'; readonly of: number }
  | { readonly op: 'pull'; readonly from: From; readonly limit: number };

export type Op =
  | Request
  /** Several requests without waiting for the answers. */
  | { readonly op: 'together'; readonly requests: readonly Request[] }
  /** The connection ends, by Bye or cut, and another one begins. */
  | { readonly op: 'reconnect'; readonly how: 'bye' | 'cut'; readonly from: From }
  /** Another connection of the device, on which the lane goes on; the one before stays open. */
  | { readonly op: 'second'; readonly from: From }
  /** A push whose connection is cut before the answer. */
  | { readonly op: 'abandon'; readonly size: number };

/** The kinds of operations, of each of which a run has to do some. */
export const OP_KINDS = ['push', 'repeat', 'conflict', 'pull', 'together', 'reconnect', 'second', 'abandon'] as const;
export type OpKind = (typeof OP_KINDS)[number];

/** An operation with its place, and the number of the first blob that it pushes. */
export interface NumberedOp {
  readonly lane: number;
  readonly op: Op;
  readonly firstBlob: number;
}

/** A plan whose new blobs are numbered in the order prefix, first lane, second lane, …: what `repeat` and `conflict` refer to. */
export interface NumberedPlan {
  readonly prefix: readonly NumberedOp[];
  readonly lanes: readonly (readonly NumberedOp[])[];
  /** The size of each blob, in bytes. */
  readonly sizes: readonly number[];
}

export function numberPlan(plan: Plan): NumberedPlan {
  const sizes: number[] = [];
  const number = (lane: number, op: Op): NumberedOp => {
    const firstBlob = sizes.length;
    sizes.push(...sizesOf(op));
    return { lane, op, firstBlob };
  };
  return {
    prefix: plan.prefix.map(({ lane, op }) => number(lane % plan.lanes.length, op)),
    lanes: plan.lanes.map((lane, index) => lane.ops.map((op) => number(index, op))),
    sizes,
  };
}

function sizesOf(op: Op): number[] {
  if (op.op === 'together') return op.requests.flatMap(sizesOf);
  return op.op === 'push' || op.op === 'abandon' ? [op.size] : [];
}

/** The plan as a person reads it, one line for each operation. */
export function describePlan(plan: Plan): string[] {
  const { prefix, lanes } = numberPlan(plan);
  const line = (when: string, { lane, op, firstBlob }: NumberedOp) => {
    const device = plan.lanes[lane]!.device % plan.devices;
    return `${when}  lane ${lane} (device ${device}): ${describeOp(op, firstBlob)}`;
  };
  return [
    `${plan.devices} devices, ${plan.lanes.length} lanes at once`,
    ...prefix.map((op) => line('first', op)),
    ...lanes.flat().map((op) => line('then ', op)),
  ];
}

function describeOp(op: Op, blob: number): string {
  switch (op.op) {
    case 'push':
      return `push blob ${blob} (${op.size} bytes)`;
    case 'repeat':
      return `push blob ${op.of} again`;
    case 'conflict':
      return `push another payload as blob ${op.of}`;
    case 'pull':
      return `pull from ${describeFrom(op.from)}, limit ${op.limit}`;
    case 'together': {
      let next = blob;
      return `at once: ${op.requests.map((request) => describeOp(request, request.op === 'push' ? next++ : next)).join(', ')}`;
    }
    case 'reconnect':
      return `${op.how === 'bye' ? 'say Bye' : 'cut the connection'} and connect again, from ${describeFrom(op.from)}`;
    case 'second':
      return `open another connection, from ${describeFrom(op.from)}`;
    case 'abandon':
      return `push blob ${blob} (${op.size} bytes), cut the connection at once and connect again`;
  }
}

function describeFrom(from: From): string {
  switch (from) {
    case 'zero':
      return '0';
    case 'own':
      return 'where it is';
    case 'end':
      return '2^64−1';
    default:
      return `acknowledgement ${from}`;
  }
}
