import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Context, Evidence } from '../context.ts';
import { Inconclusive } from '../verdict.ts';
import { checkHistory, factsByGroup } from './checker.ts';
import { executePlan, type Found } from './execute.ts';
import { checkOneOrder } from './group-order.ts';
import type { History } from './history.ts';
import type { Kind, Plan } from './plan.ts';
import { planTrace } from './plan-trace.ts';

/** How often a failing plan is run again, to tell a failure from a race. */
export const CONFIRMATIONS = 5;

/** How many tries of a plan are under way at once: the relay can be killed for one of them only. */
export const triesAtOnce = ({ faults }: Plan): number => (faults.length > 0 ? 1 : 2);

/** A relay may take a client for gone from which no pong comes; its shortest timers are a few times as long as this, in milliseconds. */
const LONGEST_DELAY_MS = 700;
const MOST_TRIES = 3;
/** A clock that is kept in time is set by less at once, in milliseconds. */
const SMALL_STEP_MS = 100;

/**
 * What may have made a correct relay look wrong: it tells by the time of day when a blob expires, and what answers say stands
 * however late they were read, but that one is missing may be for want of a pong.
 *
 * @param step - by how much the time of day was set, in milliseconds.
 * @param delay - how long this process could not run while an answer was missing, in milliseconds.
 */
function excuseFor({ step, delay }: { step: number; delay: number }): string | undefined {
  const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
  if (Math.abs(step) > SMALL_STEP_MS) return `the clock of this machine was set by ${seconds(step)} meanwhile`;
  return delay >= LONGEST_DELAY_MS ? `the kit was kept from running for ${seconds(delay)}` : undefined;
}

/** By how much the time of day is ahead of the clock that is never set, in milliseconds. */
const wallClock = (): number => Date.now() - performance.now();

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

  /**
   * @returns the failure if the plan breaks a rule
   * @throws Inconclusive if this process was kept from running for so long that a relay may take it for gone, or its clock was
   * set
   */
  async run(plan: Plan): Promise<Failure | undefined> {
    for (let tries = 1; ; tries++) {
      const delay = monitorEventLoopDelay();
      delay.enable();
      const before = wallClock();
      const { failure, isSilence } = await this.#run(plan);
      const step = wallClock() - before;
      delay.disable();
      const excuse = excuseFor({ step, delay: isSilence ? delay.max / 1e6 : 0 });
      if (!failure || excuse === undefined) return failure;
      if (tries === MOST_TRIES) throw new Inconclusive(excuse);
    }
  }

  async #run(plan: Plan): Promise<{ failure: Failure | undefined; isSilence: boolean }> {
    const context = this.#context.fork(++this.#attempts);
    try {
      const { history, counts, found: missing } = await executePlan(context, plan);
      for (const [kind, count] of counts) this.counts.set(kind, (this.counts.get(kind) ?? 0) + count);
      const found = missing ?? checkHistory(history)[0] ?? this.#checkOrders(history);
      return { failure: found && { plan, found, trace: planTrace(history, found) }, isSilence: missing !== undefined };
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
      const several = Array.from({ length: Math.min(triesAtOnce(plan), times - of) }, () => this.run(plan));
      const failures = (await Promise.all(several)).filter((failure) => failure !== undefined);
      of += several.length;
      failed += failures.length;
      last = failures[0] ?? last;
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
