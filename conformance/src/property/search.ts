import fc from 'fast-check';
import type { Context, Evidence } from '../context.ts';
import { Inconclusive, Violation } from '../verdict.ts';
import { checkHistory } from './checker.ts';
import { executePlan } from './execute.ts';
import { describePlan, OP_KINDS, type OpKind, type Plan } from './plan.ts';

export interface SearchOptions {
  readonly plans: fc.Arbitrary<Plan>;
  /** The most plans to run. */
  readonly runs: number;
  /** After so many plans the search ends, if each kind of operation was carried out often enough; left out, after `runs`. */
  readonly enough?: number;
  /** With fewer plans than these nothing can be said, when the time is up; left out, with fewer than `enough`. */
  readonly least?: number;
  /** How many plans are carried out at once, each in a group of its own; one unless said. */
  readonly atOnce?: number;
  /** How long to look for a failure, in milliseconds. */
  readonly searchMs: number;
  /** How long to make a failing plan smaller, in milliseconds. */
  readonly shrinkMs: number;
  /** Each kind of operation has to be carried out so often, all runs together. */
  readonly floor: number;
}

/** How often a failing plan is run again, to tell a failure from a race; less often if that takes longer than the shrinking may. */
const CONFIRMATIONS = 5;

/** A plan that broke a rule, and what was seen. */
interface Failure {
  readonly plan: Plan;
  readonly violation: Violation;
  readonly trace: Evidence['trace'];
}

/**
 * Generates plans, carries each out in a group of its own, and checks the histories. A plan that breaks a rule is made
 * smaller, run again a few times, and shown with its exchange.
 *
 * @throws Violation of the smallest plan found; Inconclusive if too little ran
 */
export async function searchForViolation(context: Context, options: SearchOptions): Promise<void> {
  const search = new Search(context, options);
  const seed = context.random.uint32() | 0;
  const failedAt = await search.look(fc.sample(options.plans, { seed, numRuns: options.runs }));
  if (failedAt === undefined) {
    context.attach({ property: { seed: seed >>> 0, runs: search.runs } });
    return search.requireEnough();
  }
  // From the seed and the place fast-check draws the same plan again, and what is smaller.
  const details = await fc.check(
    fc.asyncProperty(options.plans, (plan) => search.shrink(plan)),
    { seed, path: String(failedAt), numRuns: 1 },
  );
  const { failed, tries } = await search.confirm();
  const { plan, violation, trace } = search.failure!;
  const shrunk = search.isShrinkingCut ? `, cut short after ${options.shrinkMs / 1000} s` : '';
  context.attach({
    trace,
    notes: [
      `plan ${failedAt + 1} of ${options.runs} failed; made smaller in ${details.numShrinks} steps${shrunk}`,
      `run again: ${failed === tries ? 'FAIL' : 'FLAKY'} ${failed}/${tries}`,
      ...describePlan(plan).map((line) => `  ${line}`),
    ],
    property: {
      seed: seed >>> 0,
      runs: search.runs,
      plan,
      ...(details.counterexamplePath && { path: details.counterexamplePath }),
    },
  });
  throw violation;
}

class Search {
  readonly #context: Context;
  readonly #options: SearchOptions;
  readonly #counts = new Map<OpKind, number>();
  #attempts = 0;
  #shrinkUntil: number | undefined;
  #stopped = false;
  /** Plans that were carried out without a failure. */
  runs = 0;
  failure: Failure | undefined;
  isShrinkingCut = false;

  constructor(context: Context, options: SearchOptions) {
    this.#context = context;
    this.#options = options;
  }

  /**
   * Carries plans out until one fails, they are enough, or the time is up.
   *
   * @returns the place of the plan that failed.
   * @throws what ended the search that is no failure of the relay
   */
  async look(plans: readonly Plan[]): Promise<number | undefined> {
    const { searchMs, atOnce = 1 } = this.#options;
    const until = performance.now() + searchMs;
    const queue = plans.entries();
    let failedAt: number | undefined;
    let reason: { error: unknown } | undefined;
    const isOver = () => failedAt !== undefined || reason || this.#isEnough() || performance.now() > until;
    const work = async () => {
      while (!isOver()) {
        const { value, done } = queue.next();
        if (done) return;
        const [index, plan] = value;
        try {
          const failure = await this.#execute(plan);
          if (!failure) this.runs++;
          else if (failedAt === undefined) [failedAt, this.failure] = [index, failure];
        } catch (error) {
          // Not the plan's fault: nothing would be learned from a smaller one.
          reason ??= { error };
        }
      }
    };
    await Promise.all(Array.from({ length: atOnce }, work));
    if (failedAt === undefined && reason) throw reason.error;
    return failedAt;
  }

  /** Runs a smaller plan; the first one is that which has failed already. @throws Violation, which fast-check takes as a failure */
  async shrink(plan: Plan): Promise<void> {
    if (this.#shrinkUntil === undefined) {
      this.#shrinkUntil = performance.now() + this.#options.shrinkMs;
      throw this.failure!.violation;
    }
    this.isShrinkingCut ||= performance.now() > this.#shrinkUntil;
    if (this.isShrinkingCut || this.#stopped) return;
    try {
      const failure = await this.#execute(plan);
      if (!failure) return;
      this.failure = failure;
    } catch {
      // The relay has gone, or has no room: the plan stays as large as it is.
      this.#stopped = true;
      return;
    }
    throw this.failure.violation;
  }

  /** Runs the smallest failing plan again, at least once. */
  async confirm(): Promise<{ failed: number; tries: number }> {
    const { plan } = this.failure!;
    const until = performance.now() + this.#options.shrinkMs;
    let failed = 0;
    let tries = 0;
    do {
      tries++;
      const failure = await this.#execute(plan);
      if (!failure) continue;
      failed++;
      this.failure = failure;
    } while (tries < CONFIRMATIONS && performance.now() < until);
    return { failed, tries };
  }

  /** Silence is no pass: so much must really have been carried out. */
  requireEnough(): void {
    const { runs, enough = runs, least = enough, searchMs, floor } = this.#options;
    if (this.runs < least) {
      throw new Inconclusive(`only ${this.runs} of ${enough} plans were carried out in ${searchMs / 1000} s`);
    }
    const rare = this.#rare();
    if (rare.length === 0) return;
    const counts = rare.map((kind) => `${kind} ${this.#counts.get(kind) ?? 0}`).join(', ');
    throw new Inconclusive(`too few operations were carried out: ${counts}, where ${floor} each are needed`);
  }

  #isEnough(): boolean {
    return this.runs >= (this.#options.enough ?? this.#options.runs) && this.#rare().length === 0;
  }

  /** The kinds of operations that were not carried out often enough. */
  #rare(): OpKind[] {
    return OP_KINDS.filter((kind) => (this.#counts.get(kind) ?? 0) < this.#options.floor);
  }

  /** Carries out a plan. @returns the failure if it breaks a rule */
  async #execute(plan: Plan): Promise<Failure | undefined> {
    const context = this.#context.fork(++this.#attempts);
    try {
      const { history, counts } = await executePlan(context, plan);
      const [first] = checkHistory(history);
      if (first) throw new Violation(first);
      for (const [kind, count] of counts) this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + count);
      return undefined;
    } catch (error) {
      if (error instanceof Violation) return { plan, violation: error, trace: context.trace.steps };
      throw error;
    } finally {
      context.close();
    }
  }
}
