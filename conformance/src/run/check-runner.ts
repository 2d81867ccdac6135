import { Unreachable } from '../access/link.ts';
import { OverLimit } from '../access/over-limit.ts';
import type { Surroundings } from '../context.ts';
import type { Check } from '../registry.ts';
import { NEEDS, type Need } from '../target/target.ts';
import { Inconclusive, interruption } from '../verdict.ts';
import { Attempt, GRACE_MS, mostSeconds } from './attempt.ts';
import { type Death, judge, judgeDeath, type Outcome, suspect } from './judge.ts';
import type { CheckResult, Unmet } from './result.ts';

export interface RunnerOptions extends Omit<Surroundings, 'seed'> {
  readonly seed: number;
  /** What the target offers, `lifted-limits` and `rates` included. */
  readonly offers: ReadonlySet<Need>;
  /** What there is to say about a need that is not met, beyond its name. */
  readonly unmet?: Unmet;
  /** Whether a SHOULD that is not kept is a failure. */
  readonly strict?: boolean;
  /** How many checks may run at once. */
  readonly jobs: number;
  /** The command line that runs one check again. */
  replay(check: Check): string;
  onStart?(check: Check): void;
  onResult?(result: CheckResult): void;
}

/** After so many checks in a row that could not connect at all, the rest is not tried. */
const GIVE_UP_AFTER = 3;
/** After so many in a row that got no connection for a limit, too: to ask on would only be a nuisance. */
const REFUSED_AFTER = 20;

/** Who cannot connect to a relay that the kit started waits so long for the news that it has ended, in milliseconds. */
const NEWS_MS = 2000;

/**
 * Runs checks and returns their results in the order of the checks. Those that bear company come first, some of them at
 * once, and of these the longest first, so that nothing waits for them at the end; those that only wait for time to pass
 * beside them, all at once. Then those that have to be alone, one after the other.
 *
 * Where the target's process ends, no check is begun until it has been started again, and each that was under way is run
 * once more, alone: only in this way is it known which of them ended it.
 */
export async function runChecks(checks: readonly Check[], options: RunnerOptions): Promise<CheckResult[]> {
  const runner = new Runner({ errorTexts: new Map(), ...options });
  const { jobs } = options;
  const sociable = checks
    .filter((check) => !check.alone)
    .sort((a, b) => mostSeconds(b, options) - mostSeconds(a, options));
  const isAside = ({ waits }: Check) => waits && jobs > 1;
  await runner.run(
    sociable.filter((check) => !isAside(check)),
    { jobs, aside: sociable.filter(isAside) },
  );
  await runner.run(
    checks.filter((check) => check.alone),
    { jobs: 1 },
  );
  return checks.map((check) => runner.results.get(check)!);
}

/** The end of the target's process, and the checks that were under way. */
interface Crash extends Death {
  readonly underWay: Check[];
}

class Runner {
  readonly results = new Map<Check, CheckResult>();
  readonly #options: RunnerOptions;
  readonly #attempts = new Set<Attempt>();
  #unreachable = 0;
  #refused = 0;
  #crash: Crash | undefined;
  /** Why the target is gone for good, once it did not start again. */
  #gone: string | undefined;

  constructor(options: RunnerOptions) {
    this.#options = options;
  }

  /** @param aside - all of them at once, beside the others. */
  async run(checks: readonly Check[], { jobs, aside = [] }: { jobs: number; aside?: readonly Check[] }): Promise<void> {
    const queue = [...checks];
    const waiting = [...aside];
    while (queue.length + waiting.length > 0) {
      await Promise.all([
        ...Array.from({ length: waiting.length }, () => this.#work(waiting)),
        ...Array.from({ length: jobs }, () => this.#work(queue)),
      ]);
      // All workers have come to rest.
      await this.#settle();
    }
  }

  async #work(queue: Check[]): Promise<void> {
    while (!this.#crash) {
      const check = queue.shift();
      if (!check) return;
      await this.#begin(check);
    }
  }

  async #begin(check: Check): Promise<void> {
    const skipped = this.#reasonToSkip(check);
    if (skipped) return this.#finish(this.#withoutRunning(check, skipped));
    this.#options.onStart?.(check);
    const { attempt, thrown } = await this.#attempt(check);
    if (this.#crash) {
      this.#crash.underWay.push(check);
      return;
    }
    this.#unreachable = thrown instanceof Unreachable ? this.#unreachable + 1 : 0;
    this.#refused = thrown instanceof OverLimit && thrown.isClosed ? this.#refused + 1 : 0;
    this.#finish(attempt.result(this.#judge(check, thrown), this.#options.replay(check)));
    // A check that kills the relay may leave it dead.
    if (check.alone) await this.#revive();
  }

  #judge(check: Check, thrown: unknown): Outcome {
    return judge(check, thrown, this.#options.strict);
  }

  /** Runs a check, and takes notice if the target's process ended. */
  async #attempt(check: Check): Promise<{ attempt: Attempt; thrown: unknown }> {
    const { seed, target } = this.#options;
    const attempt = new Attempt(check, { ...this.#options, seed: [seed, check.id] });
    this.#attempts.add(attempt);
    const thrown = await attempt.run();
    this.#attempts.delete(attempt);
    // The connections of a process that crashes end before its end is known.
    if (thrown !== undefined) await target.endsWithin?.(thrown instanceof Unreachable ? NEWS_MS : GRACE_MS);
    if (target.died !== undefined && !this.#crash) {
      this.#crash = { how: target.died, lines: target.lastLines?.() ?? [], underWay: [] };
      for (const other of this.#attempts) other.cut(new Inconclusive("the relay's process ended"));
    }
    return { attempt, thrown };
  }

  /** Starts the target again after a crash, and finds out which check it was. */
  async #settle(): Promise<void> {
    const crash = this.#crash;
    if (!crash) return;
    const { replay } = this.#options;
    const acquitted: { check: Check; result: CheckResult }[] = [];
    let isExplained = false;
    for (const check of crash.underWay) {
      await this.#revive();
      const skipped = this.#reasonToSkip(check);
      if (skipped) {
        this.#finish(this.#withoutRunning(check, this.#gone === undefined ? skipped : goneIn(crash, check)));
        continue;
      }
      const { attempt, thrown } = await this.#attempt(check);
      const again = this.#crash;
      if (again) {
        isExplained = true;
        this.#finish(attempt.result(judgeDeath(check, again), replay(check)));
      } else {
        acquitted.push({ check, result: attempt.result(this.#judge(check, thrown), replay(check)) });
      }
    }
    await this.#revive();
    for (const { check, result } of acquitted) {
      // Something ended it. Where nothing alone does, no pass of those that ran at that moment is to be relied upon.
      const stands = isExplained || result.verdict === 'fail';
      const others = crash.underWay.filter((other) => other !== check);
      const doubt = suspect(crash, others, 'run again alone it did not end it');
      this.#finish(stands ? result : { ...result, ...doubt, notes: doubt.notes ?? [] });
    }
  }

  /** Starts a child again that is dead. Never called while checks are under way. */
  async #revive(): Promise<void> {
    this.#crash = undefined;
    const { target, signal } = this.#options;
    if (signal.aborted || this.#gone !== undefined || target.command === undefined || target.pid !== undefined) return;
    try {
      await target.start();
    } catch (error) {
      this.#gone = `not tried: ${(error as Error).message}`;
    }
  }

  #reasonToSkip(check: Check): Outcome | undefined {
    const { signal, offers, unmet, quick } = this.#options;
    if (signal.aborted) return { verdict: 'not-run', reason: interruption(signal).message };
    if (quick && check.slow) return { verdict: 'not-run', reason: 'it takes seconds: left out by --quick' };
    const missing = check.needs.find((need) => !offers.has(need));
    if (missing) {
      const more = unmet?.[missing] ?? [];
      const reason = [`needs ${NEEDS[missing]}`, ...(more.length > 0 ? [more.join(', ')] : [])].join(': ');
      return { verdict: 'not-run', reason, missing };
    }
    if (this.#gone !== undefined) return { verdict: 'inconclusive', reason: this.#gone };
    if (this.#unreachable >= GIVE_UP_AFTER) {
      return { verdict: 'inconclusive', reason: 'not tried: the relay cannot be reached any more' };
    }
    if (this.#refused >= REFUSED_AFTER) {
      return {
        verdict: 'inconclusive',
        reason: `not tried: for a limit it took no connection of ${REFUSED_AFTER} checks in a row`,
      };
    }
    return undefined;
  }

  #withoutRunning(check: Check, outcome: Outcome): CheckResult {
    return { check, notes: [], ...outcome, ms: 0, trace: [], replay: this.#options.replay(check) };
  }

  #finish(result: CheckResult): void {
    this.results.set(result.check, result);
    this.#options.onResult?.(result);
  }
}

/** What a check came to after which the target did not even start again: its fault, if nothing ran beside it. */
function goneIn(crash: Crash, check: Check): Outcome {
  if (crash.underWay.length === 1) return judgeDeath(check, crash);
  const others = crash.underWay.filter((other) => other !== check);
  return suspect(crash, others, 'it did not start again');
}
