import type { Check } from '../registry.ts';
import type { Need, Target } from '../target/target.ts';
import { keptOutBy, type RunResult, type Unmet } from './result.ts';
import { type RunOptions, run } from './run.ts';

/** A part of a run: a target of its own, and the checks that are for it. */
export interface Leg {
  readonly target: Target;
  readonly checks: readonly Check[];
}

/**
 * Runs the legs one after the other, as one run.
 *
 * @param legs - at least one; each check is in one of them.
 * @param checks - all of them, in their order.
 */
export async function runLegs(
  legs: readonly Leg[],
  checks: readonly Check[],
  options: Omit<RunOptions, keyof Leg>,
): Promise<RunResult> {
  const runs: RunResult[] = [];
  for (const leg of legs) runs.push(await run({ ...options, ...leg }));
  return merge(runs, checks);
}

function merge(runs: readonly RunResult[], checks: readonly Check[]): RunResult {
  const [first] = runs as readonly [RunResult, ...RunResult[]];
  const results = new Map(runs.flatMap((run) => run.checks.map((result) => [result.check, result])));
  // What was interrupted after it had begun has results.
  const problem = runs.find((run) => run.problem && (run === first || run.interrupted === undefined))?.problem;
  return {
    ...first,
    startedBy: first.startedBy && runs.map(({ startedBy }) => startedBy).join('; '),
    ms: runs.reduce((sum, { ms }) => sum + ms, 0),
    checks: checks.map((check) => results.get(check)!),
    canary: runs.find(({ canary }) => canary.finding)?.canary ?? first.canary,
    unmet: Object.assign({}, ...runs.map(unmetBy)),
    idle: first.idle.filter((line) => runs.every(({ idle }) => idle.includes(line))),
    interrupted: runs.find(({ interrupted }) => interrupted)?.interrupted,
    ...(problem && { problem }),
  };
}

/** What kept checks of a run out: a need that no check of it has may be met by another. */
function unmetBy(run: RunResult): Unmet {
  const needs = Object.entries(run.unmet) as [Need, readonly string[]][];
  return Object.fromEntries(needs.filter(([need]) => keptOutBy(run, need) > 0));
}
