import type { Context, Evidence } from '../context.ts';
import { checkHistory, factsByGroup } from './checker.ts';
import { executePlan, type Found } from './execute.ts';
import { checkOneOrder } from './group-order.ts';
import type { History } from './history.ts';
import type { Kind, Plan } from './plan.ts';
import { planTrace } from './plan-trace.ts';

/** How often a failing plan is run again, to tell a failure from a race. */
export const CONFIRMATIONS = 5;

/** A plan that broke a rule, and what was seen. */
export interface Failure {
  readonly plan: Plan;
  readonly found: Found;
  readonly trace: Evidence['trace'];
}

/** How often a plan failed when it was run again. */
export interface Confirmation {
  readonly failed: number;
  readonly of: number;
  readonly last: Failure | undefined;
}

/** Runs plans, each in a context of its own. */
export class PlanRunner {
  readonly counts = new Map<Kind, number>();
  /** How many groups had their operations put in one order, and of how many nothing can be said. */
  readonly orders = { linearizable: 0, 'left-out': 0, unknown: 0, 'not-linearizable': 0 };
  readonly #context: Context;
  #attempts = 0;

  constructor(context: Context) {
    this.#context = context;
  }

  /** @returns the failure if the plan breaks a rule */
  async run(plan: Plan): Promise<Failure | undefined> {
    const context = this.#context.fork(++this.#attempts);
    try {
      const { history, counts, found: missing } = await executePlan(context, plan);
      for (const [kind, count] of counts) this.counts.set(kind, (this.counts.get(kind) ?? 0) + count);
      const found = missing ?? checkHistory(history)[0] ?? this.#checkOrders(history);
      return found && { plan, found, trace: planTrace(history, found) };
    } finally {
      context.close();
    }
  }

  /**
   * Runs a plan several times, or as often as there is time for, and at least once.
   *
   * @param ms - after so much time it is not begun again.
   * @returns how often it failed, and the last failure.
   */
  async confirm(plan: Plan, ms: number, times = CONFIRMATIONS): Promise<Confirmation> {
    const until = performance.now() + ms;
    let [failed, of] = [0, 0];
    let last: Failure | undefined;
    do {
      of++;
      const failure = await this.run(plan);
      if (!failure) continue;
      failed++;
      last = failure;
    } while (of < times && performance.now() < until);
    return { failed, of, last };
  }

  #checkOrders(history: History): Found | undefined {
    for (const facts of factsByGroup(history)) {
      const { verdict, findings } = checkOneOrder(facts);
      this.orders[verdict]++;
      if (findings[0]) return findings[0];
    }
    return undefined;
  }
}
