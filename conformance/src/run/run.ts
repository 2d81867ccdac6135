import { Unreachable } from '../access/link.ts';
import type { DriverDescription } from '../codec/driver-target.ts';
import { Context, type Surroundings } from '../context.ts';
import type { Check } from '../registry.ts';
import type { Need, Target } from '../target/target.ts';
import { TargetError } from '../target/target.ts';
import { Inconclusive, Interrupted, interruption, Violation } from '../verdict.ts';
import { askForTheImpossible, type CanaryFinding } from './canary.ts';
import { runChecks } from './check-runner.ts';
import { type Introduction, introduce, NotARelay, RATES, unliftedLimits } from './introduce.ts';
import type { KnownLine } from './known-failing.ts';
import type { CanaryResult, CheckResult, Problem, RunResult, RunSelection, Unmet } from './result.ts';

export interface RunOptions {
  readonly target: Target;
  /** Selected already, in their order. */
  readonly checks: readonly Check[];
  readonly profiles: readonly string[];
  /** What the person asked for. */
  readonly selection: RunSelection;
  /** The lines of a list of known failures, by the ids of the checks that they name. */
  readonly known?: ReadonlyMap<string, KnownLine>;
  readonly seed: number;
  /** Aborted when the person has had enough, or the time is up. */
  readonly signal: AbortSignal;
  replay(check: Check): string;
  /** Called when the relay has introduced itself. */
  onIntroduced?(introduction: Introduction, target: Target): void;
  /** Called when a driver has said what it is. */
  onDescribed?(about: DriverDescription): void;
  onStart?(check: Check): void;
  onResult?(result: CheckResult): void;
}

/** How long the news may take that the target has ended, in milliseconds. */
const NEWS_MS = 1000;

/** Starts the target, asks who it is, sets the canary, runs the checks, and stops the target, whatever happens. */
export async function run(asked: RunOptions): Promise<RunResult> {
  const { target, checks, profiles, selection, known, signal } = asked;
  const { timeoutSeconds, jobs, strict, quick, runs: plans } = selection;
  const mark = (result: CheckResult): CheckResult => {
    const line = known?.get(result.check.id);
    return line ? { ...result, known: line } : result;
  };
  const options = {
    ...asked,
    // Earlier versions printed seeds as signed numbers: what is drawn from one is the same either way.
    seed: asked.seed | 0,
    timeoutMs: timeoutSeconds * 1000,
    errorTexts: new Map<number, string>(),
    ...{ jobs, strict, quick, plans },
    onResult: (result: CheckResult) => asked.onResult?.(mark(result)),
  };
  const startedAt = new Date();
  const began = performance.now();
  const named = new Set(checks.map(({ id }) => known?.get(id)));
  const base = {
    profiles,
    selection,
    ...(target.codec && { kind: 'codec' as const }),
    driver: target.codec?.about,
    startedBy: target.command,
    identity: undefined as Uint8Array | undefined,
    limits: new Map<string, bigint>() as RunResult['limits'],
    unmet: {} as Unmet,
    idle: [...new Set(known?.values())].filter((line) => !named.has(line)),
    seed: asked.seed >>> 0,
    startedAt,
    canary: { passed: false, ms: 0, reason: 'it was not reached', trace: [] } as CanaryResult,
  };
  const end = (results: readonly CheckResult[], problem?: Problem): RunResult => ({
    ...base,
    url: urlOf(target),
    ms: Math.round(performance.now() - began),
    checks: results.map(mark),
    interrupted: signal.aborted ? interruption(signal).message : undefined,
    ...(problem && { problem }),
  });
  try {
    signal.throwIfAborted();
    await unlessInterrupted(target.start(), signal);
    const { codec } = target;
    if (codec) {
      base.driver = codec.about;
      asked.onDescribed?.(codec.about);
      const answered = await canary(options, new Map(), (context) => codec.greet(context));
      base.canary = { ...answered, about: codec.canary };
      return end(await runChecks(checks, { ...options, limits: new Map(), offers: target.offers }));
    }
    const introduction = await inContext(options, 'introduction', introduce);
    base.identity = introduction.identity;
    base.limits = introduction.limits;
    asked.onIntroduced?.(introduction, target);
    base.canary = await canary(options, introduction.limits, askForTheImpossible);
    const unlifted = unliftedLimits(introduction.limits);
    const off = [...RATES.keys()].filter((name) => !introduction.limits.get(name));
    base.unmet = { 'lifted-limits': unlifted, rates: off.map((name) => `${name} is off`) };
    // Whether its values can be reached each check finds out for itself.
    const offers = new Set<Need>([...target.offers, 'values']);
    if (unlifted.length === 0) offers.add('lifted-limits');
    if (off.length < RATES.size) offers.add('rates');
    return end(await runChecks(checks, { ...options, limits: introduction.limits, offers, unmet: base.unmet }));
  } catch (error) {
    // The connections of a process that crashes end before its end is known.
    if (!signal.aborted) await target.endsWithin?.(NEWS_MS);
    const problem: Problem =
      error instanceof Interrupted || signal.aborted
        ? { verdict: 'inconclusive', text: `${interruption(signal).message} before the first check` }
        : problemOf(error, target);
    const reason = `no check could be run: ${problem.text}`;
    const untried = { verdict: 'not-run', reason, ms: 0, trace: [], notes: [] } as const;
    return end(
      checks.map((check) => ({ check, ...untried, replay: asked.replay(check) })),
      problem,
    );
  } finally {
    await target.dispose();
  }
}

async function canary(
  options: RunOptions & Pick<Surroundings, 'errorTexts' | 'timeoutMs'>,
  limits: RunResult['limits'],
  ask: (context: Context) => Promise<CanaryFinding | undefined>,
): Promise<CanaryResult> {
  const began = performance.now();
  return await inContext({ ...options, limits }, 'canary', async (context) => {
    const finding = await ask(context);
    const ms = Math.round(performance.now() - began);
    if (!finding) return { passed: true, ms, trace: [] };
    return {
      passed: false,
      ms,
      reason: `it granted what nobody may grant: ${finding.actual}`,
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
function problemOf(error: unknown, target: Target): Problem {
  if (error instanceof TargetError) {
    const [text = '', ...lines] = error.message.split('\n');
    return { verdict: 'inconclusive', text, lines };
  }
  if (target.died !== undefined) {
    const lines = (target.lastLines?.() ?? []).map((line) => `  ${line}`);
    return {
      verdict: 'not-conformant',
      text: `the relay ${target.died} before the first check`,
      lines: ['Its last lines:', ...lines],
    };
  }
  if (error instanceof NotARelay) {
    const text = `${target.url} is not a 0k-Sync relay: ${error.message}`;
    return { verdict: 'not-conformant', isNoRelay: true, text };
  }
  if (error instanceof Unreachable)
    return { verdict: 'inconclusive', text: `${target.url} cannot be reached: ${error.message}` };
  if (error instanceof Violation) {
    return { verdict: 'not-conformant', text: `${target.url} served one session and then failed: ${error.message}` };
  }
  if (error instanceof Inconclusive) return { verdict: 'inconclusive', text: error.message };
  throw error;
}

function urlOf(target: Target): string | undefined {
  try {
    return target.url;
  } catch {
    return undefined; // It never started.
  }
}
