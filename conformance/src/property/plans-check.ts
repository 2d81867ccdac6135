import type { LimitName } from '@0k-sync/spec';
import { latencyOf } from '../access/latency.ts';
import type { Context } from '../context.ts';
import { check } from '../registry.ts';
import { LEAST_PLANS, MAX_PLANS, paceFor } from './pace.ts';
import { RULES } from './rules.ts';
import type { Series } from './search.ts';

check('CUR-37/plans', {
  title: 'whatever several devices do at once, the history of their answers is one that the rules allow',
  requirements: [...new Set(Object.values(RULES))],
  needs: ['lifted-limits'],
  isProperty: true,
  // It makes as much load as it can, and its races are finer without others beside it.
  alone: true,
  seconds: (plans) => searchSeconds(plans) + 120,
  run: async (ctx) => {
    const session = await ctx.join();
    const pace = paceFor(await latencyOf(session));
    await session.bye();
    // So many as were asked for, no fewer; more only until every kind of operation was among them often enough.
    const asked = ctx.plans && { runs: Math.max(MOST_PLANS, ctx.plans), enough: ctx.plans, least: ctx.plans };
    await search(ctx, [
      { theme: 'lanes', runs: MOST_PLANS, least: LEAST_PLANS, ...pace, ...asked },
      // They wait more than they work.
      { theme: 'expiry', runs: MOST_PLANS, enough: EXPIRING_PLANS, least: EXPIRING_PLANS, atOnce: EXPIRING_PLANS },
    ]);
  },
});

check('CUR-26/plans', {
  title: 'the same where the relay is killed or restarted meanwhile: what was acknowledged stays as it was',
  requirements: ['CUR-05', 'CUR-17', 'CUR-28', 'CUR-29', 'SES-36'],
  needs: ['lifted-limits', 'kill'],
  isProperty: true,
  seconds: (plans) => searchSeconds(plans) + 120,
  // A kill and a restart.
  run: (ctx) => search(ctx, [{ theme: 'faults', runs: 20, enough: 2 }]),
});

/** Enough for every kind of operation to be among them often enough. */
const MOST_PLANS = 120;
/** At once; as many again if those were too few. */
const EXPIRING_PLANS = 6;

async function search(ctx: Context, themes: readonly Omit<Series, 'floors'>[]): Promise<void> {
  const { LEAST_MAX_TTL, LEAST_STORAGE } = await import('./generate.ts');
  const { floorsFor, impossibleKinds } = await import('./floors.ts');
  const { searchForViolation } = await import('./search.ts');
  // One device only looks on.
  ctx.requireDevices(2);
  ctx.requireQuota(LEAST_STORAGE);
  const maxBlob = limit(ctx, 'max_blob_size');
  const quota = limit(ctx, 'max_group_storage');
  const maxDevices = limit(ctx, 'max_devices_per_group');
  const maxTtl = limit(ctx, 'max_ttl');
  if (maxTtl !== undefined && maxTtl < LEAST_MAX_TTL) {
    ctx.notRun(`it needs blobs that may live for ${LEAST_MAX_TTL} s, and max_ttl is ${maxTtl}`);
  }
  const limits = {
    ...(maxBlob !== undefined && { maxBlob }),
    ...(quota !== undefined && { quota }),
    ...(maxDevices !== undefined && { maxDevices: maxDevices - 1 }),
  };
  const series = themes.map((one) => ({ ...one, floors: floorsFor(one.theme, limits) }));
  const times = { searchMs: searchSeconds(ctx.plans) * 1000, shrinkMs: 30_000 };
  const without = impossibleKinds(limits);
  await searchForViolation(ctx, { series, limits, without, ...times });
}

/** How long to look for a failure. */
function searchSeconds(plans = MAX_PLANS): number {
  return 90 * Math.max(1, plans / MAX_PLANS);
}

/** A limit as a number; one that is not stated is none. */
function limit(ctx: Context, name: LimitName): number | undefined {
  const value = ctx.limits.get(name);
  return value === undefined ? undefined : Number(value);
}
