import { REQUIREMENTS } from '@0k-sync/spec';
import { describe, expect, it } from 'vitest';
import { selectionOf } from '../../test/sample-run.ts';
import { scripted } from '../../test/scripted.ts';
import { type Check, type CheckDefinition, Registry } from '../registry.ts';
import { remoteTarget } from '../target/remote.ts';
import { type Target, TargetError } from '../target/target.ts';
import { Interrupted } from '../verdict.ts';
import { runLegs } from './legs.ts';
import { verdictOf } from './result.ts';

const registry = new Registry(REQUIREMENTS);
const define = (id: string, more: Partial<CheckDefinition> = {}): Check =>
  registry.add(id, { title: id, run: async (ctx) => void (await ctx.join()), ...more });
const [first, second, third] = [define('CUR-01'), define('LIM-06', { needs: ['rates'] }), define('SES-01')];
const checks = [first, second, third];

/** A target that does not start. */
const broken: Target = {
  ...remoteTarget('ws://a/'),
  start: () => Promise.reject(new TargetError('no relay\nlast line')),
};

async function run(targets: [Target, Target], controller = new AbortController()) {
  const legs = [
    { target: targets[0], checks: [first, third] },
    { target: targets[1], checks: [second] },
  ];
  const result = await runLegs(legs, checks, {
    profiles: ['core', 'limits'],
    selection: selectionOf(checks, { timeoutSeconds: 1 }),
    seed: 1,
    signal: controller.signal,
    replay: ({ id }) => `again ${id}`,
  });
  const outcomes = result.checks.map(({ check, verdict }) => `${check.id} ${verdict}`);
  return { result, outcomes, verdict: verdictOf(result) };
}

describe('two relays in one run', () => {
  it('give one result, in the order of the checks, with what kept each from running', async () => {
    const { result, outcomes, verdict } = await run([remoteTarget(await scripted()), remoteTarget(await scripted())]);
    expect(outcomes).toEqual(['CUR-01 pass', 'LIM-06 not-run', 'SES-01 pass']);
    expect(verdict).toBe('inconclusive');
    // The first relay has no rates either, and nobody minds.
    expect(Object.keys(result.unmet)).toEqual(['rates']);
    expect(result.canary.passed).toBe(true);
  });

  it('are inconclusive if the second does not start, and what the first did stays', async () => {
    const { result, outcomes, verdict } = await run([remoteTarget(await scripted()), broken]);
    expect(outcomes).toEqual(['CUR-01 pass', 'LIM-06 not-run', 'SES-01 pass']);
    expect(result.problem).toEqual({ verdict: 'inconclusive', text: 'no relay', lines: ['last line'] });
    expect(result.checks[1]!.reason).toBe('no check could be run: no relay');
    expect(verdict).toBe('inconclusive');
  });

  it('are interrupted together', async () => {
    const controller = new AbortController();
    const target = remoteTarget(await scripted());
    // The first relay is done with.
    const ending: Target = { ...target, dispose: async () => controller.abort(new Interrupted('enough')) };
    let isStarted = false;
    const other: Target = { ...target, start: async () => void (isStarted = true) };
    const { result, outcomes } = await run([ending, other], controller);
    expect(outcomes).toEqual(['CUR-01 pass', 'LIM-06 not-run', 'SES-01 pass']);
    expect(result).toMatchObject({ interrupted: 'enough' });
    expect(result.problem).toBeUndefined();
    expect(isStarted).toBe(false);
  });
});
