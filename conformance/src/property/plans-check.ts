import type { Context } from '../context.ts';
import { check } from '../registry.ts';
import { LEAST_PLANS, MAX_PLANS, paceFor } from './pace.ts';
import { RULES } from './rules.ts';

check('CUR-37/plans', {
  title: 'whatever several devices do at once, the history of their answers is one that the rules allow',
  requirements: [...new Set(Object.values(RULES))],
  needs: ['lifted-limits'],
  // It makes as much load as it can, and its races are finer without others beside it.
  alone: true,
  seconds: (plans) => searchSeconds(plans) + 90,
  async run(ctx) {
    const { LEAST_STORAGE, plansWithin } = await import('./arbitrary.ts');
    const { searchForViolation } = await import('./search.ts');
    // One device only looks on.
    ctx.requireDevices(2);
    ctx.requireQuota(LEAST_STORAGE);
    const plans = plansWithin({
      maxPayload: limit(ctx, 'max_blob_size'),
      maxStorage: limit(ctx, 'max_group_storage'),
      maxDevices: limit(ctx, 'max_devices_per_group') - 1,
    });
    const pace = paceFor(await roundTripMs(ctx));
    const times = { searchMs: searchSeconds(ctx.plans) * 1000, shrinkMs: 20_000 };
    // So many as were asked for, no fewer; more only until every kind of operation was among them often enough.
    const asked = ctx.plans && { runs: Math.max(MAX_PLANS, ctx.plans), enough: ctx.plans, least: ctx.plans };
    const runs = { runs: MAX_PLANS, least: LEAST_PLANS, ...pace, ...asked };
    await searchForViolation(ctx, { plans, ...runs, ...times, floor: 3 });
  },
});

/** How long to look for a failure. */
function searchSeconds(plans = MAX_PLANS): number {
  return 90 * Math.max(1, plans / MAX_PLANS);
}

/** A limit as a number; one that is not stated is none. */
function limit(ctx: Context, name: 'max_blob_size' | 'max_group_storage' | 'max_devices_per_group'): number {
  return Number(ctx.limits.get(name) ?? Number.POSITIVE_INFINITY);
}

/** The quickest of three answers. */
async function roundTripMs(ctx: Context): Promise<number> {
  const session = await ctx.join();
  let quickest = Number.POSITIVE_INFINITY;
  for (let n = 0; n < 3; n++) {
    const asked = performance.now();
    await session.roundTrip();
    quickest = Math.min(quickest, performance.now() - asked);
  }
  await session.bye();
  return quickest;
}
