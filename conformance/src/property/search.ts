import fc from 'fast-check';
import type { Context, Evidence } from '../context.ts';
import { Inconclusive, Violation } from '../verdict.ts';
import { plans } from './arbitrary.ts';
import { checkHistory } from './checker.ts';
import { executePlan } from './execute.ts';
import { describePlan, OP_KINDS, type OpKind, type Plan } from './plan.ts';

export interface SearchOptions {
  /** How many plans to run. */
  readonly runs: number;
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
  const details = await fc.check(
    fc.asyncProperty(plans, (plan) => search.attempt(plan)),
    { seed, numRuns: options.runs },
  );
  search.throwIfStopped();
  if (!search.failure) {
    context.attach({ property: { seed, runs: search.runs } });
    return search.requireEnough();
  }
  const { failed, tries } = await search.confirm();
  const { plan, violation, trace } = search.failure;
  const shrunk = search.isShrinkingCut ? `, cut short after ${options.shrinkMs / 1000} s` : '';
  context.attach({
    trace,
    notes: [
      `plan ${search.failedAt} of ${options.runs} failed; made smaller in ${details.numShrinks} steps${shrunk}`,
      `run again: ${failed === tries ? 'FAIL' : 'FLAKY'} ${failed}/${tries}`,
      ...describePlan(plan).map((line) => `  ${line}`),
    ],
    property: {
      seed,
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
  readonly #began = performance.now();
  /** What ended the search that is no failure of the relay. */
  #stopped: unknown;
  #shrinkUntil = Number.POSITIVE_INFINITY;
  #attempts = 0;
  /** Plans that were carried out before a failure was found. */
  runs = 0;
  failure: Failure | undefined;
  failedAt = 0;
  isShrinkingCut = false;

  constructor(context: Context, options: SearchOptions) {
    this.#context = context;
    this.#options = options;
  }

  /** One run, of a new plan or a smaller one. @throws Violation, which fast-check takes as a failure */
  async attempt(plan: Plan): Promise<void> {
    if (this.#stopped !== undefined || this.#isTimeUp()) return;
    try {
      await this.#execute(plan);
    } catch (error) {
      if (!(error instanceof Violation)) {
        // Not the plan's fault: nothing would be learned from a smaller one.
        this.#stopped = error;
        return;
      }
      if (this.failedAt === 0) {
        this.failedAt = this.runs + 1;
        this.#shrinkUntil = performance.now() + this.#options.shrinkMs;
      }
      throw error;
    } finally {
      if (this.failedAt === 0) this.runs++;
    }
  }

  /** Runs the smallest failing plan again, at least once. */
  async confirm(): Promise<{ failed: number; tries: number }> {
    const { plan } = this.failure!;
    const until = performance.now() + this.#options.shrinkMs;
    let failed = 0;
    let tries = 0;
    do {
      tries++;
      try {
        await this.#execute(plan);
      } catch (error) {
        if (!(error instanceof Violation)) throw error;
        failed++;
      }
    } while (tries < CONFIRMATIONS && performance.now() < until);
    return { failed, tries };
  }

  throwIfStopped(): void {
    if (this.#stopped !== undefined && !this.failure) throw this.#stopped;
  }

  /** Silence is no pass: so much must really have been carried out. */
  requireEnough(): void {
    const { runs, searchMs, floor } = this.#options;
    if (this.runs < runs) {
      throw new Inconclusive(`only ${this.runs} of ${runs} plans were carried out in ${searchMs / 1000} s`);
    }
    const rare = OP_KINDS.filter((kind) => (this.#counts.get(kind) ?? 0) < floor);
    if (rare.length === 0) return;
    const counts = rare.map((kind) => `${kind} ${this.#counts.get(kind) ?? 0}`).join(', ');
    throw new Inconclusive(`too few operations were carried out: ${counts}, where ${floor} each are needed`);
  }

  async #execute(plan: Plan): Promise<void> {
    const context = this.#context.fork(++this.#attempts);
    try {
      const { history, counts } = await executePlan(context, plan);
      const [first] = checkHistory(history);
      if (first) throw new Violation(first);
      for (const [kind, count] of counts) this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + count);
    } catch (error) {
      if (error instanceof Violation) this.failure = { plan, violation: error, trace: context.trace.steps };
      throw error;
    } finally {
      context.close();
    }
  }

  #isTimeUp(): boolean {
    if (this.failure) {
      this.isShrinkingCut ||= performance.now() > this.#shrinkUntil;
      return this.isShrinkingCut;
    }
    return performance.now() - this.#began > this.#options.searchMs;
  }
}
