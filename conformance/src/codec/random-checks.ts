import fc from 'fast-check';
import type { Context } from '../context.ts';
import type { CheckDefinition } from '../registry.ts';
import { Violation } from '../verdict.ts';
import { driverOf, show } from './driver-of.ts';
import { Limited } from './random/limited.ts';
import type { SampledTrial, Sampling } from './random/sampling.ts';
import { SAMPLINGS } from './random/samplings.ts';
import { attempt, type Failure } from './trial.ts';

/** How long a failure is made smaller, in milliseconds. */
const SHRINK_MS = 10_000;
/** What `--runs` counts in: with as many, each sampling has the runs that it asks for. */
export const USUAL_RUNS = 100;

/** A check for each kind of random requests: `WIRE-04/random-encode-bin`. */
export function randomChecks(): Map<string, CheckDefinition> {
  return new Map(SAMPLINGS.map((sampling) => [sampling.id, definitionOf(sampling)]));
}

function definitionOf(sampling: Sampling): CheckDefinition {
  const { title, requirements = [] } = sampling;
  return {
    title,
    requirements,
    profile: 'codec',
    seconds: (runs = USUAL_RUNS) => 300 * Math.max(1, runs / USUAL_RUNS),
    run: (ctx) => run(ctx, sampling),
  };
}

async function run(ctx: Context, { op, runs, trials }: Sampling): Promise<void> {
  const driver = driverOf(ctx, op);
  const wanted = Math.max(1, Math.round((runs * (ctx.plans ?? USUAL_RUNS)) / USUAL_RUNS));
  const seed = ctx.random.uint32() | 0;
  let smallest: { trial: SampledTrial; failure: Failure } | undefined;
  let shrinkUntil = Number.POSITIVE_INFINITY;
  let isCut = false;
  // What is no fault of the driver ends the search.
  let problem: { error: unknown } | undefined;
  let asked = 0;
  const isOver = () => problem !== undefined || (isCut ||= performance.now() > shrinkUntil);
  const property = fc.asyncProperty(new Limited(trials(), isOver), async (trial) => {
    if (isOver()) return;
    if (!smallest) asked++;
    let failure: Failure | undefined;
    try {
      failure = await attempt(driver, trial, ctx.signal);
    } catch (error) {
      problem = { error };
      return;
    }
    if (!failure) return;
    if (!smallest) shrinkUntil = performance.now() + SHRINK_MS;
    smallest = { trial, failure };
    throw new Error(failure.actual);
  });
  const details = await fc.check(property, { seed, numRuns: wanted });
  ctx.attach({ inputs: { vectors: [], random: asked } });
  if (!smallest) {
    if (problem) throw problem.error;
    return;
  }
  const { trial, failure } = smallest;
  const shrunk = `found by request ${asked}, made smaller in ${details.numShrinks} steps${isCut ? ', then the time was up' : ''}`;
  ctx.attach({
    request: { op: trial.op, input: trial.input },
    brokeDown: failure.isBroken,
    notes: [
      `random    ${shrunk}`,
      ...(trial.about === undefined ? [] : [`changed   ${trial.about}`]),
      ...show(trial, failure),
    ],
    property: {
      seed,
      runs: asked,
      ...(details.counterexamplePath && { path: details.counterexamplePath }),
    },
  });
  throw new Violation({
    ...(trial.requirement !== undefined && { requirement: trial.requirement }),
    expected: failure.expected,
    actual: failure.actual,
  });
}
