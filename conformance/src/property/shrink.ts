import type { Plan } from './plan.ts';
import { isSmaller, reductionsOf, tidied } from './reduce.ts';
import type { Failure } from './search.ts';

/** How often the plan is run again before it is made smaller, to learn how often it fails. */
const TRIALS = 4;
/** A smaller plan that fails so often as the whole one is missed no more often than this. */
const MISSED = 0.1;
const MOST_TRIES = 12;
/** So many tries of a plan are under way at once where it does not always fail. */
const AT_ONCE = 2;

/** A smaller plan that fails, and whether there was no time to look for the smallest. */
export interface Shrunk {
  readonly failure: Failure;
  readonly isCut: boolean;
}

/**
 * Makes a failing plan smaller as long as something smaller fails. What does not fail at once is tried again, more often the
 * more seldom the whole plan fails: races come and go.
 *
 * @param run - carries a plan out; undefined if it breaks no rule.
 * @param until - when to stop, by the clock of the process.
 */
export async function shrink(
  failure: Failure,
  run: (plan: Plan) => Promise<Failure | undefined>,
  until: number,
): Promise<Shrunk> {
  const isLate = () => performance.now() > until;
  /** Whether the relay has gone, or has no room: the plan stays as large as it is. */
  let isStopped = false;
  const attempt = async (plan: Plan): Promise<Failure | undefined> => {
    if (isStopped || isLate()) return undefined;
    try {
      return await run(plan);
    } catch {
      isStopped = true;
      return undefined;
    }
  };
  let tries = 1;
  const fails = async (plan: Plan): Promise<Failure | undefined> => {
    for (let left = tries; left > 0; left -= AT_ONCE) {
      const several = Array.from({ length: Math.min(left, AT_ONCE) }, () => attempt(plan));
      const failed = (await Promise.all(several)).find((each) => each);
      if (failed) return failed;
    }
    return undefined;
  };

  let seen = 0;
  for (let trial = 0; trial < TRIALS; trial++) if (await attempt(failure.plan)) seen++;
  tries = triesFor(seen / TRIALS);
  let smallest = failure;
  const tried = new Set<string>();
  const step = async (): Promise<boolean> => {
    for (const reduction of reductionsOf(smallest.plan)) {
      const plan = tidied(reduction);
      const text = JSON.stringify(plan);
      if (tried.has(text) || !isSmaller(plan, smallest.plan)) continue;
      tried.add(text);
      const failed = await fails(plan);
      if (failed) {
        smallest = failed;
        return true;
      }
      if (isStopped || isLate()) return false;
    }
    return false;
  };
  while (await step());
  return { failure: smallest, isCut: isStopped || isLate() };
}

/** How often to try what may fail with this probability. */
function triesFor(probability: number): number {
  if (probability === 1) return 1;
  if (probability === 0) return MOST_TRIES;
  return Math.min(MOST_TRIES, Math.ceil(Math.log(MISSED) / Math.log(1 - probability)));
}
