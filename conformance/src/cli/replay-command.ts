import { registry } from '../checks/index.ts';
import type { Context } from '../context.ts';
import { nearest } from '../nearest.ts';
import { printable } from '../printable.ts';
import { NoPlan, parsePlan } from '../property/parse-plan.ts';
import { describePlan, type Plan, sizeOf } from '../property/plan.ts';
import { PlanRunner } from '../property/plan-runner.ts';
import type { Check } from '../registry.ts';
import { readReport } from '../report/read-report.ts';
import type { Report } from '../report/report.ts';
import { count } from '../report/style.ts';
import { UsageError } from '../selection.ts';
import { isOwnRelay } from '../target/own.ts';
import { quote } from '../target/remote.ts';
import { Violation } from '../verdict.ts';
import { COMMAND } from '../version.ts';
import { type RunCommandOptions, testRelay } from './run-command.ts';

/** How long a plan may be run again and again, in milliseconds. */
const REPLAY_MS = 60_000;

/** What of a check's property is read here. */
interface Property {
  readonly seed?: number;
  readonly plan?: unknown;
}

/** What a report may ask for, as the options have it: seconds, and plans. */
const LONGEST_TIMEOUT = 3600;
const MOST_RUNS = 100_000;

/**
 * Runs a check of a report again: its plan, if it failed with one, else the check with the seed of the report. Without a
 * target it is the relay of the report.
 *
 * @param given - the options that a person gave; what is left out is as in the report.
 * @throws UsageError
 */
export async function replayCommand(
  file: string,
  id: string,
  given: Partial<RunCommandOptions> & Pick<RunCommandOptions, 'jobs' | 'color'>,
): Promise<void> {
  const report = await readReport(file);
  const entry = report.checks.find((check) => check.id === id);
  if (!entry) {
    const ids = report.checks.map((check) => check.id);
    throw new UsageError(`${file} has no check "${id}"${printable(nearest(id, ids))}`);
  }
  const check = registry.get(id);
  if (!check) {
    const again = entry.replay === undefined ? '' : `; the report says: ${printable(entry.replay)}`;
    throw new UsageError(`"${id}" is no check that can be replayed${again}`);
  }
  const property: Property = entry.property ?? {};
  const plan = planOf(property.plan, `${file}: ${id}`);
  if (plan && given.runs !== undefined) {
    throw new UsageError('--runs is not for a plan, which is run again as often as it takes: leave it out');
  }
  const options = { ...fromReport(report, file), ...given, ...targetOf(report, file, given), only: [id] };
  const said = plan
    ? `the plan of ${count(sizeOf(plan), 'operation')} in ${file}`
    : `no plan in ${file}, so the check as a whole with its seed`;
  process.stdout.write(`${COMMAND}: ${said}\n`);
  const { relay, start, admin, ca, seed, timeout, runs } = given;
  const named = Object.entries({ relay, start, admin, ca, seed, timeout, runs }).flatMap(([option, value]) =>
    value === undefined ? [] : [`--${option} ${quote(String(value))}`],
  );
  const again = [COMMAND, 'replay', quote(file), id, ...named].join(' ');
  await testRelay([plan ? withPlan(check, plan, property.seed ?? 0) : check], { ...options, again, report: file });
}

/** The check that carries out this plan and nothing else. */
function withPlan(check: Check, plan: Plan, seed: number): Check {
  const needs = plan.faults.length > 0 ? (['lifted-limits', 'kill'] as const) : (['lifted-limits'] as const);
  return {
    ...check,
    needs,
    slow: false,
    alone: true,
    seconds: REPLAY_MS / 1000 + 60,
    run: (ctx) => replay(ctx, plan, seed),
  };
}

async function replay(ctx: Context, plan: Plan, seed: number): Promise<void> {
  const runner = new PlanRunner(ctx);
  const { failed, of, last } = await runner.confirm(plan, REPLAY_MS);
  const { linearizable, unknown, 'left-out': leftOut } = runner.orders;
  const counts = Object.fromEntries(runner.counts);
  const orders = { found: linearizable, unknown, leftOut };
  const property = { seed, runs: of - failed, counts, orders };
  if (!last) {
    ctx.attach({ property });
    process.stdout.write(`it did not fail: 0/${of}\n`);
    return;
  }
  ctx.attach({
    trace: last.trace,
    notes: describePlan(plan),
    property: { ...property, plan, confirmed: { failed, of } },
  });
  throw new Violation(last.found);
}

function planOf(value: unknown, where: string): Plan | undefined {
  if (value === undefined) return undefined;
  try {
    return parsePlan(value);
  } catch (error) {
    if (error instanceof NoPlan) throw new UsageError(`${where}: its plan cannot be read: ${error.message}`);
    throw error;
  }
}

/** What the report says of how it was run. @throws UsageError for what no run could have been asked for */
function fromReport({ seed, selection }: Report, file: string): Partial<RunCommandOptions> & { timeout: number } {
  const { timeoutSeconds = 10, runs, strict } = selection ?? {};
  if (timeoutSeconds > LONGEST_TIMEOUT) throw new UsageError(`${file}: timeoutSeconds is above ${LONGEST_TIMEOUT}`);
  if (runs !== undefined && runs > MOST_RUNS) throw new UsageError(`${file}: runs is above ${MOST_RUNS}`);
  return { seed: seed >>> 0, timeout: timeoutSeconds, ...(runs !== undefined && { runs }), ...(strict && { strict }) };
}

/**
 * The relay that a person names, else that of the report. The reference relay is what is started if nobody names one. A
 * command is taken from a person only: reports are passed around, and a file must not say what this machine runs.
 *
 * @throws UsageError that shows the command
 */
function targetOf({ target }: Report, file: string, given: Partial<RunCommandOptions>): Partial<RunCommandOptions> {
  if (given.relay !== undefined || given.start !== undefined) return {};
  const { startedBy, url } = target;
  if (startedBy === undefined) return url === undefined ? {} : { relay: url };
  if (isOwnRelay(startedBy)) return {};
  throw new UsageError(
    `${file} is about a relay that a command started. It is not run because a file says so; if you trust it, say it: --start ${quote(printable(startedBy))}`,
  );
}
