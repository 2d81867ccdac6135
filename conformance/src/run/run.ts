import { Unreachable } from '../access/link.ts';
import { Context, type Surroundings } from '../context.ts';
import type { Check } from '../registry.ts';
import type { Need, Target } from '../target/target.ts';
import { TargetError } from '../target/target.ts';
import { Inconclusive, Interrupted, Violation } from '../verdict.ts';
import { askForTheImpossible } from './canary.ts';
import { runChecks } from './check-runner.ts';
import { type Introduction, introduce, NotARelay, unliftedLimits } from './introduce.ts';
import type { CanaryResult, CheckResult, RunResult, RunSelection } from './result.ts';

export interface RunOptions {
  readonly target: Target;
  /** Selected already, in their order. */
  readonly checks: readonly Check[];
  readonly profiles: readonly string[];
  /** What the person asked for, to be told along. */
  readonly selection: RunSelection;
  readonly seed: number;
  readonly timeoutMs: number;
  readonly jobs: number;
  /** Aborted when the person has had enough. */
  readonly signal: AbortSignal;
  replay(check: Check): string;
  /** Called when the relay has introduced itself. */
  onIntroduced?(introduction: Introduction): void;
  onStart?(check: Check): void;
  onResult?(result: CheckResult): void;
}

/** Starts the target, asks who it is, sets the canary, runs the checks, and stops the target, whatever happens. */
export async function run(asked: RunOptions): Promise<RunResult> {
  // Earlier versions printed seeds as signed numbers: what is drawn from one is the same either way.
  const options = { ...asked, seed: asked.seed | 0, errorTexts: new Map<number, string>() };
  const { target } = options;
  const startedAt = new Date();
  const began = performance.now();
  const base = {
    target,
    profiles: options.profiles,
    selection: options.selection,
    unlifted: [] as readonly string[],
    seed: asked.seed >>> 0,
    startedAt,
    identity: undefined as Uint8Array | undefined,
    relayName: undefined as string | undefined,
    checks: [] as readonly CheckResult[],
    canary: { passed: false, ms: 0, reason: 'it was not reached', trace: [] } as CanaryResult,
  };
  const end = (rest: Partial<RunResult>): RunResult => ({
    ...base,
    ms: Math.round(performance.now() - began),
    interrupted: options.signal.aborted,
    ...rest,
  });
  try {
    await unlessInterrupted(target.start(), options.signal);
    const introduction = await inContext(options, 'introduction', introduce);
    base.identity = introduction.identity;
    base.relayName = introduction.welcome.ext?.relay;
    options.onIntroduced?.(introduction);
    base.canary = await canary(options, introduction);
    const offers = new Set<Need>(target.offers);
    base.unlifted = unliftedLimits(introduction.limits);
    if (base.unlifted.length === 0) offers.add('lifted-limits');
    const unmet = { 'lifted-limits': base.unlifted.join(', ') };
    base.checks = await runChecks(options.checks, { ...options, limits: introduction.limits, offers, unmet });
    return end({});
  } catch (error) {
    if (error instanceof Interrupted || options.signal.aborted) {
      return end({
        interrupted: true,
        problem: { verdict: 'inconclusive', text: 'interrupted before the first check' },
      });
    }
    return end({ problem: problemOf(error, target) });
  } finally {
    await target.stop();
  }
}

async function canary(
  options: RunOptions & Pick<Surroundings, 'errorTexts'>,
  introduction: Introduction,
): Promise<CanaryResult> {
  const began = performance.now();
  return await inContext({ ...options, limits: introduction.limits }, 'canary', async (context) => {
    const finding = await askForTheImpossible(context);
    const ms = Math.round(performance.now() - began);
    if (!finding) return { passed: true, ms, trace: [] };
    return {
      passed: false,
      ms,
      reason: `it granted what no relay may grant: ${finding.actual}`,
      finding,
      trace: context.trace.steps,
    };
  });
}

async function inContext<T>(
  options: Omit<Surroundings, 'seed' | 'limits'> & { seed: number; limits?: Surroundings['limits'] },
  name: string,
  action: (context: Context) => Promise<T>,
): Promise<T> {
  const context = new Context({ limits: new Map(), ...options, seed: [options.seed, name] });
  try {
    return await action(context);
  } finally {
    context.close();
  }
}

/** Waits for something that cannot be interrupted itself. Whatever comes of it after an interruption is of no interest. */
async function unlessInterrupted<T>(action: Promise<T>, signal: AbortSignal): Promise<T> {
  action.catch(() => {});
  let interrupt: (() => void) | undefined;
  const interrupted = new Promise<never>((_, reject) => {
    interrupt = () => reject(new Interrupted());
    signal.addEventListener('abort', interrupt);
  });
  try {
    signal.throwIfAborted();
    return await Promise.race([action, interrupted]);
  } finally {
    signal.removeEventListener('abort', interrupt!);
  }
}

/** Why no check could be run, and what that says about the target. What is unexpected here is a fault of the kit, and is thrown on. */
function problemOf(error: unknown, target: Target): NonNullable<RunResult['problem']> {
  if (error instanceof TargetError) return { verdict: 'inconclusive', text: error.message };
  if (target.died !== undefined) {
    const lines = (target.lastLines?.() ?? []).map((line) => `\n  ${line}`);
    return {
      verdict: 'not-conformant',
      text: `the relay ${target.died} before the first check. Its last lines:${lines.join('')}`,
    };
  }
  if (error instanceof NotARelay) {
    return { verdict: 'not-conformant', text: `${target.url} is not a 0k-Sync relay: ${error.message}` };
  }
  if (error instanceof Unreachable)
    return { verdict: 'inconclusive', text: `${target.url} cannot be reached: ${error.message}` };
  if (error instanceof Violation) {
    return { verdict: 'not-conformant', text: `${target.url} served one session and then failed: ${error.message}` };
  }
  if (error instanceof Inconclusive) return { verdict: 'inconclusive', text: error.message };
  throw error;
}
