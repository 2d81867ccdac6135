import fc from 'fast-check';
import type { From, Op, Plan, Request } from './plan.ts';

/** A choice shrinks to its first alternative: large payloads to small ones, several requests at once to one. */
const SIMPLER_FIRST = { withCrossShrink: true } as const;

/** Sizes of payloads in bytes: mostly small, now and then so large that few fit in a page. */
const size = fc.oneof(
  SIMPLER_FIRST,
  { weight: 12, arbitrary: fc.integer({ min: 0, max: 40 }) },
  { weight: 2, arbitrary: fc.constant(3000) },
  { weight: 1, arbitrary: fc.constant(70_000) },
  { weight: 1, arbitrary: fc.constant(400_000) },
);
const from: fc.Arbitrary<From> = fc.oneof(
  SIMPLER_FIRST,
  fc.constantFrom<From>('zero', 'own', 'end'),
  fc.nat({ max: 20 }),
);
const reference = fc.nat({ max: 20 });
const limit = fc.constantFrom(0, 1, 2, 3, 1000, 4_294_967_295);

const request: fc.Arbitrary<Request> = fc.oneof(
  SIMPLER_FIRST,
  { weight: 4, arbitrary: fc.record({ op: fc.constant('push' as const), size }) },
  { weight: 2, arbitrary: fc.record({ op: fc.constant('repeat' as const), of: reference }) },
  { weight: 2, arbitrary: fc.record({ op: fc.constant('conflict' as const), of: reference }) },
  { weight: 4, arbitrary: fc.record({ op: fc.constant('pull' as const), from, limit }) },
);

const op: fc.Arbitrary<Op> = fc.oneof(
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

/** Plans of two or three devices with two to four lanes. */
export const plans: fc.Arbitrary<Plan> = fc.record({
  devices: fc.integer({ min: 2, max: 3 }),
  prefix: fc.array(fc.record({ lane: fc.nat({ max: 3 }), op }), { maxLength: 4, size: 'max' }),
  lanes: fc.array(
    fc.record({ device: fc.nat({ max: 2 }), ops: fc.array(op, { minLength: 1, maxLength: 6, size: 'max' }) }),
    { minLength: 2, maxLength: 4, size: 'max' },
  ),
});
