import { Unreachable } from '../access/link.ts';
import { condense } from '../condense.ts';
import { Context, type Surroundings } from '../context.ts';
import type { Check } from '../registry.ts';
import { NEEDS, type Need } from '../target/target.ts';
import { Inconclusive, Interrupted, NotRun, Violation } from '../verdict.ts';
import type { CheckResult } from './result.ts';

export interface RunnerOptions extends Omit<Surroundings, 'seed'> {
  readonly seed: number;
  /** What the target offers, `lifted-limits` included. */
  readonly offers: ReadonlySet<Need>;
  /** How many checks may run at once. */
  readonly jobs: number;
  /** The command line that runs one check again. */
  replay(check: Check): string;
  onStart?(check: Check): void;
  onResult?(result: CheckResult): void;
}

/** After so many checks in a row that could not connect at all, the rest is not tried. */
const GIVE_UP_AFTER = 3;

/** How long the end of something is waited for that should have ended already, in milliseconds. */
const GRACE_MS = 200;

/**
 * Runs checks and returns their results in the order of the checks. Those that bear company come first, some of them at
 * once; then those that have to be alone, one after the other.
 */
export async function runChecks(checks: readonly Check[], options: RunnerOptions): Promise<CheckResult[]> {
  const results = new Map<Check, CheckResult>();
  let unreachable = 0;

  const runOne = async (check: Check) => {
    let result = reasonToSkip(check, options, unreachable);
    if (!result) {
      options.onStart?.(check);
      const ran = await runCheck(check, options);
      unreachable = ran.wasUnreachable ? unreachable + 1 : 0;
      result = ran.result;
    }
    results.set(check, result);
    options.onResult?.(result);
  };
  const queue = checks.filter((check) => !check.alone);
  const worker = async () => {
    for (let check = queue.shift(); check; check = queue.shift()) await runOne(check);
  };
  await Promise.all(Array.from({ length: options.jobs }, worker));
  for (const check of checks) if (check.alone) await runOne(check);
  return checks.map((check) => results.get(check)!);
}

function reasonToSkip(check: Check, options: RunnerOptions, unreachable: number): CheckResult | undefined {
  const skipped = (verdict: 'not-run' | 'inconclusive', reason: string): CheckResult => ({
    check,
    verdict,
    ms: 0,
    reason,
    trace: [],
    notes: [],
    replay: options.replay(check),
  });
  if (options.signal.aborted) return skipped('not-run', 'interrupted');
  const missing = check.needs.find((need) => !options.offers.has(need));
  if (missing) return skipped('not-run', `needs ${NEEDS[missing]}`);
  if (unreachable >= GIVE_UP_AFTER) return skipped('inconclusive', 'not tried: the relay cannot be reached any more');
  return undefined;
}

async function runCheck(
  check: Check,
  options: RunnerOptions,
): Promise<{ result: CheckResult; wasUnreachable: boolean }> {
  const began = performance.now();
  const context = new Context({ ...options, seed: [options.seed, check.id] });
  const seconds = check.seconds ?? Math.max(60, (6 * options.timeoutMs) / 1000);
  let thrown: unknown;
  try {
    await within(seconds, context, check.run(context));
  } catch (error) {
    thrown = error ?? new Error('the check threw nothing');
  }
  context.close();
  const { trace, notes, property } = context.evidence;
  const died = await revive(options, thrown !== undefined);
  const wasInterrupted = options.signal.aborted && thrown !== undefined && !(thrown instanceof Violation);
  const outcome = judge(check, wasInterrupted ? new Interrupted() : thrown, died);
  const failed = outcome.verdict !== 'pass';
  const result: CheckResult = {
    check,
    ...outcome,
    ms: Math.round(performance.now() - began),
    trace: failed ? condense(trace) : [],
    notes: [...(failed ? notes : []), ...(outcome.notes ?? [])],
    ...(property && { property }),
    replay: options.replay(check),
  };
  return { result, wasUnreachable: thrown instanceof Unreachable };
}

type Outcome = Pick<CheckResult, 'verdict' | 'reason' | 'finding'> & { notes?: readonly string[] };

function judge(check: Check, thrown: unknown, died: { how: string; lines: readonly string[] } | undefined): Outcome {
  if (died) {
    const finding = {
      requirement: check.requirements[0]!.id,
      expected: ['a relay that goes on'],
      actual: `its process ${died.how}`,
    };
    return {
      verdict: 'fail',
      finding,
      notes: ['The last lines of the relay:', ...died.lines.map((line) => `  ${line}`)],
    };
  }
  if (thrown === undefined) return { verdict: 'pass' };
  if (thrown instanceof Violation) {
    const requirement = check.requirements.find(({ id }) => id === thrown.requirement) ?? check.requirements[0]!;
    const id = thrown.requirement ?? requirement.id;
    const finding = { requirement: id, expected: thrown.expected, actual: thrown.actual };
    // What a relay only should do it may leave out: that is said, and does not count against it.
    if (requirement.id === id && requirement.level !== 'MUST') {
      return { verdict: 'pass', reason: `${id} (${requirement.level}) is not kept: ${thrown.message}`, finding };
    }
    return { verdict: 'fail', finding };
  }
  if (thrown instanceof NotRun) return { verdict: 'not-run', reason: thrown.message };
  if (thrown instanceof Interrupted) return { verdict: 'not-run', reason: 'interrupted' };
  if (thrown instanceof Inconclusive) return { verdict: 'inconclusive', reason: thrown.message };
  if (thrown instanceof Unreachable)
    return { verdict: 'inconclusive', reason: `the relay cannot be reached any more: ${thrown.message}` };
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  return {
    verdict: 'inconclusive',
    reason: `the kit failed, not the relay: ${error.message}`,
    notes: (error.stack ?? '').split('\n').slice(1, 9),
  };
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

/** Starts a child again that ended by itself or was left dead, and says how it ended if that was not the check's doing. */
async function revive(
  { target, signal }: RunnerOptions,
  wentWrong: boolean,
): Promise<{ how: string; lines: readonly string[] } | undefined> {
  // The connections of a process that crashes end before its end is known.
  if (wentWrong) await target.endsWithin?.(GRACE_MS);
  const how = target.died;
  const lines = target.lastLines?.() ?? [];
  if (!signal.aborted && target.command !== undefined && target.pid === undefined) {
    // If it does not start, the next check cannot connect and says so.
    await target.start().catch(() => {});
  }
  return how === undefined ? undefined : { how, lines };
}
