import { describe, expect, it } from 'vitest';
import { Random } from '../random.ts';
import { Coverage } from './coverage.ts';
import { nextPlan } from './generate.ts';
import { describePlan, type Op, type Plan, sizeOf } from './plan.ts';
import type { Failure } from './plan-runner.ts';
import { isSmaller, reductionsOf, tidied } from './reduce.ts';
import { shrink } from './shrink.ts';

const LIMITS = { maxBlob: 1_048_576, quota: 4_194_304, maxDevices: 3 };

function plansOf(seed: number, count: number, theme: 'lanes' | 'faults' | 'expiry' = 'lanes'): Plan[] {
  const random = new Random(seed);
  const coverage = new Coverage();
  return Array.from({ length: count }, () => nextPlan(random, theme, LIMITS, coverage));
}

const opsOf = ({ prefix, lanes }: Plan): Op[] => [...prefix.map(({ op }) => op), ...lanes.flatMap(({ ops }) => ops)];
const requestsOf = (plan: Plan): Op[] =>
  opsOf(plan).flatMap((op): Op[] => (op.op === 'together' ? [...op.requests] : [op]));

/** Shrinks by what the plan itself is, in place of a relay. */
async function smallest(plan: Plan, isWrong: (plan: Plan) => boolean) {
  const failure = (wrong: Plan): Failure => ({
    plan: wrong,
    found: { expected: [], actual: '', witnesses: [] },
    trace: [],
  });
  const run = async (tried: Plan) => (isWrong(tried) ? failure(tried) : undefined);
  return await shrink(failure(plan), run, Number.POSITIVE_INFINITY);
}

describe('the reductions of a plan', () => {
  it.each(['lanes', 'faults', 'expiry'] as const)('are plans whose numbers all mean something: %s', (theme) => {
    for (const plan of plansOf(1, 10, theme)) {
      for (const reduction of reductionsOf(plan)) {
        const tidy = tidied(reduction);
        expect(tidy.lanes.length).toBeGreaterThan(0);
        for (const { lane } of tidy.prefix) expect(lane).toBeLessThan(tidy.lanes.length);
        for (const { device, group } of tidy.lanes) {
          expect(device).toBeLessThan(tidy.devices);
          expect(group).toBeLessThan(tidy.groups);
        }
        for (const request of requestsOf(tidy)) {
          if ('blob' in request && typeof request.blob === 'number') expect(tidy.blobs[request.blob]).toBeDefined();
        }
        expect(tidied(tidy)).toEqual(tidy);
      }
    }
  });

  it('keep to the blob that is meant', () => {
    const plan: Plan = {
      devices: 3,
      groups: 1,
      blobs: [5, 'largest', 7],
      prefix: [{ lane: 0, op: { op: 'push', blob: 0 } }],
      lanes: [
        {
          device: 2,
          group: 0,
          ops: [
            { op: 'push', blob: 1 },
            { op: 'push', blob: 1, rival: true },
          ],
        },
      ],
      faults: [],
    };
    expect(tidied({ ...plan, prefix: [] })).toEqual({
      devices: 1,
      groups: 1,
      blobs: ['largest'],
      prefix: [],
      lanes: [
        {
          device: 0,
          group: 0,
          ops: [
            { op: 'push', blob: 0 },
            { op: 'push', blob: 0, rival: true },
          ],
        },
      ],
      faults: [],
    });
  });

  it('lead to the smallest plan that is still wrong', async () => {
    for (const plan of plansOf(2, 12)) {
      const isWrong = (tried: Plan) => tried.lanes.filter(({ ops }) => ops.some(({ op }) => op === 'push')).length >= 2;
      if (!isWrong(plan)) continue;
      const { failure, isCut } = await smallest(plan, isWrong);
      expect(isCut).toBe(false);
      expect(sizeOf(failure.plan)).toBe(2);
      expect(failure.plan).toMatchObject({ devices: 1, groups: 1, prefix: [], faults: [] });
    }
  });

  it('take a fault away, and leave it where it is needed', async () => {
    const [plan] = plansOf(3, 1, 'faults');
    const without = await smallest(plan!, () => true);
    expect(sizeOf(without.failure.plan)).toBe(0);
    const needed = await smallest(plan!, ({ faults }) => faults.length > 0);
    expect(needed.failure.plan.faults).toEqual(plan!.faults);
    expect(sizeOf(needed.failure.plan)).toBe(1);
  });

  it('prefer what comes one after the other to what happens at once', () => {
    const op: Op = { op: 'push', blob: 0 };
    const lane = (ops: Op[]) => ({ device: 0, group: 0, ops });
    const base = { devices: 1, groups: 1, blobs: [1], faults: [] };
    const inOrder: Plan = { ...base, prefix: [{ lane: 0, op }], lanes: [lane([])] };
    const atOnce: Plan = { ...base, prefix: [], lanes: [lane([op])] };
    expect(isSmaller(inOrder, atOnce)).toBe(true);
    expect(isSmaller(atOnce, inOrder)).toBe(false);
    expect(isSmaller(atOnce, atOnce)).toBe(false);
  });

  it('are tried again where the failure comes and goes', async () => {
    const [plan] = plansOf(4, 1);
    const random = new Random('now and then');
    const isWrong = (tried: Plan) => tried.lanes.length >= 2 && random.integer(1, 3) === 1;
    const { failure } = await smallest(plan!, isWrong);
    expect(sizeOf(failure.plan)).toBeLessThanOrEqual(1);
  });

  it('end when the relay is gone', async () => {
    const [plan] = plansOf(5, 1);
    const failure: Failure = { plan: plan!, found: { expected: [], actual: '', witnesses: [] }, trace: [] };
    const gone = shrink(failure, async () => Promise.reject(new Error('gone')), Number.POSITIVE_INFINITY);
    expect(await gone).toEqual({ failure, isCut: true });
  });
});

describe('plans', () => {
  it('follow from the seed, and are plain data that survives JSON', () => {
    const plans = plansOf(7, 20);
    expect(plansOf(7, 20)).toEqual(plans);
    expect(plansOf(8, 20)).not.toEqual(plans);
    expect(JSON.parse(JSON.stringify(plans))).toEqual(plans);
  });

  it('have every kind of operation, and each beside and behind others, before long', () => {
    const coverage = new Set<string>();
    for (const plan of plansOf(9, 30)) {
      for (const op of opsOf(plan)) {
        coverage.add(op.op);
        if (op.op === 'pull') coverage.add(`from ${typeof op.from}`).add(`limit ${op.limit}`);
        if (op.op === 'push') coverage.add(`rival ${op.rival}`).add(`ttl ${op.ttl}`).add(`size ${plan.blobs[op.blob]}`);
      }
      if (plan.groups > 1) coverage.add('groups');
    }
    for (const kind of ['push', 'pull', 'together', 'connect', 'reconnect', 'close', 'abandon', 'torn', 'fill']) {
      expect(coverage, kind).toContain(kind);
    }
    for (const edge of ['limit over', 'limit exact', 'limit 1', 'ttl largest', 'ttl over', 'size 0', 'size largest']) {
      expect(coverage, edge).toContain(edge);
    }
    for (const edge of ['rival true', 'size over', 'groups', 'from number']) expect(coverage, edge).toContain(edge);
  });

  it('have more that is new when they are chosen by what there was', () => {
    const pairs = (plans: readonly Plan[]) => {
      const coverage = new Coverage();
      for (const plan of plans) coverage.add(plan);
      return coverage.size;
    };
    const chosen = plansOf(10, 30);
    // One candidate in place of several is no choice.
    const random = new Random(10);
    const blind = Array.from({ length: 30 }, () => nextPlan(random, 'lanes', LIMITS, new Coverage(), 1));
    const perOperation = (plans: readonly Plan[]) => pairs(plans) / plans.reduce((sum, plan) => sum + sizeOf(plan), 0);
    expect(perOperation(chosen)).toBeGreaterThan(perOperation(blind));
  });

  it('keep to what the relay has room for', () => {
    const random = new Random(11);
    const coverage = new Coverage();
    for (let n = 0; n < 40; n++) {
      const plan = nextPlan(random, 'lanes', { quota: 20_000, maxDevices: 1 }, coverage);
      expect(plan.devices).toBe(1);
      expect(plan.blobs.every((size) => typeof size === 'number' && size <= 40)).toBe(true);
      expect(opsOf(plan).some(({ op }) => op === 'fill')).toBe(false);
    }
  });

  it('of expiry wait for something, and those of faults kill and restart in turn', () => {
    for (const plan of plansOf(12, 20, 'expiry')) {
      expect(plan.prefix.at(-1)!.op).toMatchObject({ op: 'push', ttl: 1 });
      expect(opsOf(plan).some(({ op }) => op === 'wait')).toBe(true);
    }
    expect(plansOf(13, 4, 'faults').map(({ faults }) => faults[0]!.kind)).toEqual([
      'kill',
      'restart',
      'kill',
      'restart',
    ]);
  });

  it('can be read', () => {
    const plan: Plan = {
      devices: 2,
      groups: 2,
      blobs: [2, 'largest', 'over'],
      prefix: [{ lane: 3, op: { op: 'push', blob: 0, ttl: 1 } }],
      lanes: [
        {
          device: 0,
          group: 0,
          ops: [
            {
              op: 'together',
              requests: [
                { op: 'push', blob: 1, rival: true },
                { op: 'pull', from: 'middle', limit: 'exact' },
              ],
            },
            { op: 'wait' },
          ],
        },
        {
          device: 3,
          group: 1,
          ops: [
            { op: 'abandon', blob: 2 },
            { op: 'reconnect', how: 'bye', from: 3, epoch: 'current', blob: 'wrong' },
            { op: 'close', how: 'cut' },
          ],
        },
      ],
      faults: [{ kind: 'kill', after: 2 }],
    };
    expect(describePlan(plan)).toEqual([
      '2 devices, 2 groups, 2 lanes at once',
      'first  lane 1 (device B, group 1): push blob 0 (2 bytes), ttl 1',
      'then   lane 0 (device A, group 0): at once: push another payload as blob 1 (as large as allowed); pull from 2^63, limit exact',
      'then   lane 0 (device A, group 0): wait until what has a short ttl has expired',
      'then   lane 1 (device B, group 1): push blob 2 (one byte too large), and cut the connection at once',
      'then   lane 1 (device B, group 1): say Bye and connect again, from acknowledgement 3 with the current epoch and the wrong last_blob',
      'then   lane 1 (device B, group 1): cut the connection',
      'meanwhile the relay is killed and started again, when 2 requests have been sent',
    ]);
  });
});
