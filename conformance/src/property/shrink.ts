import type { Plan } from './plan.ts';
import { type Failure, triesAtOnce } from './plan-runner.ts';
import { isSmaller, reductionsOf, tidied } from './reduce.ts';

/** How often the plan is run again before it is made smaller, to learn how often it fails. */
const TRIALS = 3;
/** A smaller plan that fails so often as the whole one is missed no more often than this. */
const MISSED = 0.1;
const MOST_TRIES = 12;
/** A plan that always failed may become a race when it is made smaller. */
const LEAST_TRIES = 3;
/** What fails as often as this has to fail twice when it is smaller, so that it does not become what hardly ever fails. */
const OFTEN = 0.5;

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
  let probability = 1;
  const fails = async (plan: Plan): Promise<Failure | undefined> => {
    const atOnce = triesAtOnce(plan);
    const tries = triesFor(probability, plan);
    let wanted = isConcurrent(plan) && probability >= OFTEN ? 2 : 1;
    let last: Failure | undefined;
    // What has failed once may take as many tries again.
    for (let tried = 0; tried < (last ? 2 * tries : tries); tried += atOnce) {
      const several = Array.from({ length: atOnce }, () => attempt(plan));
      const failed = (await Promise.all(several)).filter((each) => each !== undefined);
      last = failed[0] ?? last;
      wanted -= failed.length;
      if (wanted <= 0) return last;
    }
    return undefined;
  };

  let seen = 0;
  for (let trial = 0; trial < TRIALS; trial++) if (await attempt(failure.plan)) seen++;
  probability = seen / TRIALS;
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

/** How often to try a plan that may fail as often as the whole one did. */
function triesFor(probability: number, plan: Plan): number {
  if (probability === 1) return isConcurrent(plan) ? LEAST_TRIES : 1;
  if (probability === 0) return MOST_TRIES;
  const needed = Math.ceil(Math.log(MISSED) / Math.log(1 - probability));
  return Math.min(MOST_TRIES, Math.max(LEAST_TRIES, needed));
}

/** Whether anything happens at the same time: what follows in order fails each time, or never. */
function isConcurrent({ lanes, faults }: Plan): boolean {
  return faults.length > 0 || lanes.filter(({ ops }) => ops.length > 0).length > 1;
}
