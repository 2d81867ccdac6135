import type { Context, PropertyEvidence } from '../context.ts';
import { Random } from '../random.ts';
import { Inconclusive, Violation } from '../verdict.ts';
import { Coverage } from './coverage.ts';
import { nextPlan, type PlanLimits } from './generate.ts';
import { describePlan, type Kind, sizeOf, type Theme } from './plan.ts';
import { type Failure, PlanRunner } from './plan-runner.ts';
import { shrink } from './shrink.ts';

/** Plans of one theme. */
export interface Series {
  readonly theme: Theme;
  /** The most plans to run. */
  readonly runs: number;
  /** After so many plans the search ends, if each kind of operation was carried out often enough; left out, after `runs`. */
  readonly enough?: number;
  /** With fewer plans than these nothing can be said, when the time is up; left out, with fewer than `enough`. */
  readonly least?: number;
  /** How many plans are carried out at once, each in groups of its own; one unless said. */
  readonly atOnce?: number;
  /** How often each kind of operation has to be carried out. */
  readonly floors: ReadonlyMap<Kind, number>;
}

export interface SearchOptions {
  /** Carried out beside each other. */
  readonly series: readonly Series[];
  readonly limits: PlanLimits;
  /** How long to look for a failure, in milliseconds. */
  readonly searchMs: number;
  /** How long to make a failing plan smaller, in milliseconds. */
  readonly shrinkMs: number;
  /** Kinds of operations that the relay's limits leave no room for: they are said. */
  readonly without?: readonly Kind[];
}

/** How long a failing plan may be run again, in milliseconds. */
const CONFIRM_MS = 20_000;

/**
 * Makes plans, carries each out in groups of its own, and checks the histories. A plan that breaks a rule is made smaller,
 * run again a few times, and shown with what happened.
 *
 * @throws Violation of the smallest plan found; Inconclusive if too little ran
 */
export async function searchForViolation(context: Context, options: SearchOptions): Promise<void> {
  const search = new Search(context, options);
  const failure = await search.look();
  const property = (more: Partial<PropertyEvidence> = {}) =>
    context.attach({ property: { ...search.evidence, ...more } });
  if (!failure) {
    property();
    return search.requireEnough();
  }
  const until = performance.now() + options.shrinkMs;
  const runner = new PlanRunner(context);
  const shrunk = await shrink(failure, (plan) => runner.run(plan), until);
  const { failed, of, last = shrunk.failure } = await runner.confirm(shrunk.failure.plan, CONFIRM_MS);
  const { plan, found, trace } = last;
  property({ plan, confirmed: { failed, of } });
  context.attach({
    trace,
    notes: [
      `a plan failed after ${search.runs} that did not, of ${sizeOf(failure.plan)} operations; the smallest that does has ${sizeOf(plan)}${shrunk.isCut ? `, as far as could be found in ${options.shrinkMs / 1000} s` : ''}`,
      ...describePlan(plan).map((line) => `  ${line}`),
    ],
  });
  throw new Violation(found);
}

class Search {
  readonly #runner: PlanRunner;
  readonly #options: SearchOptions;
  /** That of the plans. */
  readonly #seed: number;
  /** Plans that were carried out without a failure, by theme. */
  readonly #runs = new Map<Theme, number>();

  constructor(context: Context, options: SearchOptions) {
    this.#options = options;
    this.#seed = context.random.uint32();
    this.#runner = new PlanRunner(context);
  }

  /** Plans that were carried out without a failure. */
  get runs(): number {
    return [...this.#runs.values()].reduce((sum, runs) => sum + runs, 0);
  }

  get evidence(): PropertyEvidence {
    const { linearizable, unknown, 'left-out': leftOut } = this.#runner.orders;
    const counts = Object.fromEntries([...this.#runner.counts].sort(([a], [b]) => (a < b ? -1 : 1)));
    const { without = [] } = this.#options;
    const orders = { found: linearizable, unknown, leftOut };
    return { seed: this.#seed, runs: this.runs, counts, orders, ...(without.length > 0 && { without }) };
  }

  /**
   * Carries plans out until one fails, they are enough, or the time is up.
   *
   * @throws what ended the search that is no failure of the relay
   */
  async look(): Promise<Failure | undefined> {
    const { searchMs, series, limits } = this.#options;
    const until = performance.now() + searchMs;
    let failure: Failure | undefined;
    let reason: { error: unknown } | undefined;
    const searches = series.map(async (one) => {
      const { theme, runs, enough = runs, atOnce = 1 } = one;
      const random = new Random(this.#seed, theme);
      const coverage = new Coverage();
      const isOver = () => failure || reason || coverage.plans >= runs || performance.now() > until;
      const work = async (most: number) => {
        while (!isOver() && coverage.plans < most) {
          const plan = nextPlan(random, theme, limits, coverage);
          try {
            const failed = await this.#runner.run(plan);
            if (!failed) this.#runs.set(theme, (this.#runs.get(theme) ?? 0) + 1);
            else failure ??= failed;
          } catch (error) {
            // Not the plan's fault: nothing would be learned from a smaller one.
            reason ??= { error };
          }
        }
      };
      // What is still under way may be all that is needed: more begin only when it is not.
      while (!isOver() && !this.#isEnough(one)) {
        const most = Math.max(enough, coverage.plans + atOnce);
        await Promise.all(Array.from({ length: atOnce }, () => work(most)));
      }
    });
    await Promise.all(searches);
    if (!failure && reason) throw reason.error;
    return failure;
  }

  /** Silence is no pass: so much must really have been carried out. */
  requireEnough(): void {
    const { searchMs, series } = this.#options;
    for (const { theme, runs, enough = runs, least = enough } of series) {
      const done = this.#runs.get(theme) ?? 0;
      if (done >= least) continue;
      throw new Inconclusive(`only ${done} of ${enough} plans were carried out in ${searchMs / 1000} s`);
    }
    const { unknown } = this.#runner.orders;
    if (unknown > 0) {
      throw new Inconclusive(`of ${unknown} groups it could not be found out whether one order explains them`);
    }
    const counts = series.flatMap(({ floors }) =>
      this.#rare(floors).map((kind) => `${kind} ${this.#runner.counts.get(kind) ?? 0} of ${floors.get(kind)}`),
    );
    if (counts.length === 0) return;
    throw new Inconclusive(`too few operations were carried out: ${counts.join(', ')}`);
  }

  #isEnough({ theme, runs, enough = runs, floors }: Series): boolean {
    return (this.#runs.get(theme) ?? 0) >= enough && this.#rare(floors).length === 0;
  }

  /** The kinds of operations that were not carried out often enough. */
  #rare(floors: ReadonlyMap<Kind, number>): Kind[] {
    return [...floors].flatMap(([kind, floor]) => ((this.#runner.counts.get(kind) ?? 0) < floor ? [kind] : []));
  }
}
