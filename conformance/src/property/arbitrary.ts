import fc from 'fast-check';
import { type From, numberPlan, type Op, type Plan, type Request } from './plan.ts';

/** A choice shrinks to its first alternative: large payloads to small ones, several requests at once to one. */
const SIMPLER_FIRST = { withCrossShrink: true } as const;

/** What a plan may ask of a relay. */
export interface PlanLimits {
  /** Of one payload, in bytes. */
  readonly maxPayload?: number;
  /** What a group may store, in bytes: each payload and 256 bytes more. */
  readonly maxStorage?: number;
  /** Of the plan, from 1. */
  readonly maxDevices?: number;
}

/** The most blobs of a plan: four steps and four lanes of six operations, each with five pushes at once. */
const MAX_BLOBS = 4 * 5 + 4 * 6 * 5;
/** What a blob counts for beyond its payload, and one byte for a rival of nothing. */
const BLOB_BYTES = 257;
/** Every plan fits in a group that may store so many bytes. */
export const LEAST_STORAGE = MAX_BLOBS * (BLOB_BYTES + 40);

const from: fc.Arbitrary<From> = fc.oneof(
  SIMPLER_FIRST,
  fc.constantFrom<From>('zero', 'own', 'end'),
  fc.nat({ max: 20 }),
);
const reference = fc.nat({ max: 20 });
const limit = fc.constantFrom(0, 1, 2, 3, 1000, 4_294_967_295);

/** Sizes of payloads in bytes: mostly small, now and then so large that few fit in a page. */
function sizesUpTo(most: number): fc.Arbitrary<number> {
  const large = (bytes: number) => fc.constant(Math.min(bytes, most));
  return fc.oneof(
    SIMPLER_FIRST,
    { weight: 12, arbitrary: fc.integer({ min: 0, max: Math.min(40, most) }) },
    { weight: 2, arbitrary: large(3000) },
    { weight: 1, arbitrary: large(70_000) },
    { weight: 1, arbitrary: large(400_000) },
  );
}

function requests(size: fc.Arbitrary<number>): fc.Arbitrary<Request> {
  return fc.oneof(
    SIMPLER_FIRST,
    { weight: 4, arbitrary: fc.record({ op: fc.constant('push' as const), size }) },
    { weight: 2, arbitrary: fc.record({ op: fc.constant('repeat' as const), of: reference }) },
    { weight: 2, arbitrary: fc.record({ op: fc.constant('conflict' as const), of: reference }) },
    { weight: 4, arbitrary: fc.record({ op: fc.constant('pull' as const), from, limit }) },
  );
}

function operations(size: fc.Arbitrary<number>): fc.Arbitrary<Op> {
  const request = requests(size);
  return fc.oneof(
    SIMPLER_FIRST,
    { weight: 8, arbitrary: request },
    {
      weight: 3,
      arbitrary: fc.record({
        op: fc.constant('together' as const),
        requests: fc.array(request, { minLength: 2, maxLength: 5 }),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        op: fc.constant('reconnect' as const),
        how: fc.constantFrom('bye' as const, 'cut' as const),
        from,
      }),
    },
    { weight: 1, arbitrary: fc.record({ op: fc.constant('second' as const), from }) },
    { weight: 1, arbitrary: fc.record({ op: fc.constant('abandon' as const), size }) },
  );
}

/** Plans of two or three devices, or of one if there may be no more, with two to four lanes, that a relay has room for. */
export function plansWithin({ maxPayload, maxStorage, maxDevices = 3 }: PlanLimits = {}): fc.Arbitrary<Plan> {
  const op = operations(sizesUpTo(maxPayload ?? Number.POSITIVE_INFINITY));
  return fc
    .record({
      devices: fc.integer({ min: Math.min(2, maxDevices), max: Math.min(3, maxDevices) }),
      prefix: fc.array(fc.record({ lane: fc.nat({ max: 3 }), op }), { maxLength: 4, size: 'max' }),
      lanes: fc.array(
        fc.record({ device: fc.nat({ max: 2 }), ops: fc.array(op, { minLength: 1, maxLength: 6, size: 'max' }) }),
        { minLength: 2, maxLength: 4, size: 'max' },
      ),
    })
    .map((plan) => fitted(plan, maxStorage ?? Number.POSITIVE_INFINITY));
}

/** The plan with payloads so small that all of them fit in a group; as it is if they do already, as most do. */
function fitted(plan: Plan, maxStorage: number): Plan {
  const { sizes } = numberPlan(plan);
  if (sizes.reduce((sum, size) => sum + size + BLOB_BYTES, 0) <= maxStorage) return plan;
  const most = Math.floor(maxStorage / sizes.length) - BLOB_BYTES;
  const fit = <T extends Op>(op: T): T => {
    if (op.op === 'together') return { ...op, requests: op.requests.map(fit) };
    return 'size' in op ? { ...op, size: Math.min(op.size, most) } : op;
  };
  return {
    ...plan,
    prefix: plan.prefix.map((step) => ({ ...step, op: fit(step.op) })),
    lanes: plan.lanes.map((lane) => ({ ...lane, ops: lane.ops.map(fit) })),
  };
}
