import { condense } from '../condense.ts';
import { Context, type Surroundings } from '../context.ts';
import type { Check } from '../registry.ts';
import { Inconclusive, interruption, Violation } from '../verdict.ts';
import { fullness } from './fullness.ts';
import type { Outcome } from './judge.ts';
import type { CheckResult } from './result.ts';

/** How long the end of something is waited for that should have ended already, in milliseconds. */
export const GRACE_MS = 200;

/** How long a check may take, in seconds. */
export function mostSeconds(
  { seconds }: Check,
  { timeoutMs, plans }: Pick<Surroundings, 'timeoutMs' | 'plans'>,
): number {
  return typeof seconds === 'function' ? seconds(plans) : (seconds ?? Math.max(60, (6 * timeoutMs) / 1000));
}

/** One run of one check: its context, bounded in time, and what it ended with. */
export class Attempt {
  readonly check: Check;
  readonly #surroundings: Surroundings;
  readonly #context: Context;
  readonly #began = performance.now();

  constructor(check: Check, surroundings: Surroundings) {
    this.check = check;
    this.#surroundings = surroundings;
    this.#context = new Context(surroundings);
  }

  /** Runs the check to its end. @returns what it threw; undefined if it returned */
  async run(): Promise<unknown> {
    const { signal } = this.#surroundings;
    let thrown: unknown;
    try {
      await within(mostSeconds(this.check, this.#surroundings), this.#context, this.check.run(this.#context));
    } catch (error) {
      thrown = error ?? new Error('the check threw nothing');
    }
    if (thrown instanceof Violation && !this.check.requirements.some(({ id }) => id === 'LIM-07')) {
      thrown = (await fullness(this.#surroundings)) ?? thrown;
    }
    this.#context.close();
    const wasInterrupted = signal.aborted && thrown !== undefined && !(thrown instanceof Violation);
    return wasInterrupted ? interruption(signal) : thrown;
  }

  /** Ends every wait of the check. What comes of it is of no interest. */
  cut(reason: Inconclusive): void {
    this.#context.close(reason);
  }

  /** The result, with what the check leaves as evidence. */
  result(outcome: Outcome, replay: string): CheckResult {
    const { trace, notes, property, inputs, request, brokeDown } = this.#context.evidence;
    const passed = outcome.verdict === 'pass';
    return {
      check: this.check,
      ...outcome,
      ms: Math.round(performance.now() - this.#began),
      trace: passed ? [] : condense(trace),
      notes: [...(passed ? [] : notes), ...(outcome.notes ?? [])],
      ...(property && { property }),
      ...(inputs && { inputs }),
      ...(request && !passed && { request }),
      ...(brokeDown && !passed && { brokeDown: true as const }),
      replay,
    };
  }
}

/** Bounds a check in time. What it still waits for ends with it. */
async function within(seconds: number, context: Context, run: Promise<void>): Promise<void> {
  const tooLong = new Inconclusive(`it took longer than ${seconds} s`);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      // Ends the waits of the check, and so the check, unless it waits for something of its own.
      context.close(tooLong);
      timer = setTimeout(() => reject(tooLong), GRACE_MS);
    }, seconds * 1000);
  });
  try {
    await Promise.race([run, late]);
  } finally {
    clearTimeout(timer);
  }
}
