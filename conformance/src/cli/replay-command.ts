import { readFile } from 'node:fs/promises';
import { registry } from '../checks/index.ts';
import type { Context } from '../context.ts';
import { nearest } from '../nearest.ts';
import { NoPlan, parsePlan } from '../property/parse-plan.ts';
import { describePlan, type Plan, sizeOf } from '../property/plan.ts';
import { PlanRunner } from '../property/plan-runner.ts';
import type { Check } from '../registry.ts';
import { count } from '../report/style.ts';
import { UsageError } from '../selection.ts';
import { quote } from '../target/remote.ts';
import { Violation } from '../verdict.ts';
import { COMMAND } from '../version.ts';
import { type RunCommandOptions, testRelay } from './run-command.ts';

/** How long a plan may be run again and again, in milliseconds. */
const REPLAY_MS = 60_000;

/** What of a report is needed to run one of its checks again. */
interface Report {
  readonly target: { readonly url?: string; readonly startedBy?: string };
  readonly seed: number;
  readonly selection?: { readonly timeoutSeconds?: number; readonly runs?: number; readonly strict?: boolean };
  readonly checks: readonly {
    readonly id: string;
    readonly replay?: string;
    readonly property?: { readonly seed?: number; readonly plan?: unknown };
  }[];
}

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
    throw new UsageError(`${file} has no check "${id}"${nearest(id, ids)}`);
  }
  const check = registry.get(id);
  if (!check) {
    const again = entry.replay === undefined ? '' : `; the report says: ${entry.replay}`;
    throw new UsageError(`"${id}" is no check that can be replayed${again}`);
  }
  const plan = planOf(entry.property?.plan, `${file}: ${id}`);
  const said = plan
    ? `the plan of ${count(sizeOf(plan), 'operation')} in ${file}`
    : `no plan in ${file}, so the check as a whole with its seed`;
  process.stdout.write(`${COMMAND}: ${said}\n`);
  const target = targetOf(report, given);
  const named = given.relay ?? given.start;
  const where = named === undefined ? '' : ` --${given.relay === undefined ? 'start' : 'relay'} ${quote(named)}`;
  const again = `${COMMAND} replay ${quote(file)} ${id}${where}`;
  const options = { ...fromReport(report), ...given, ...target, only: [id], again };
  const seed = entry.property?.seed ?? 0;
  await testRelay([plan ? withPlan(check, plan, seed) : check], options);
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

async function readReport(file: string): Promise<Report> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw new UsageError(`${file}: it cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
  try {
    const report = JSON.parse(text) as Report & { tool?: unknown };
    if (report?.tool === COMMAND && Array.isArray(report.checks) && Number.isInteger(report.seed)) return report;
  } catch {
    throw new UsageError(`${file}: that is no JSON; a report is written by --json`);
  }
  throw new UsageError(`${file}: that is no report of ${COMMAND}, which --json writes`);
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

/** What the report says of how it was run. */
function fromReport({ seed, selection = {} }: Report): Partial<RunCommandOptions> & { timeout: number } {
  const { timeoutSeconds = 10, runs, strict } = selection;
  return { seed, timeout: timeoutSeconds, ...(runs !== undefined && { runs }), ...(strict && { strict }) };
}

/** The relay that a person names, else that of the report. The reference relay is what is started if nobody names one. */
function targetOf({ target }: Report, { relay, start }: Partial<RunCommandOptions>): Partial<RunCommandOptions> {
  if (relay !== undefined || start !== undefined || target.startedBy?.includes('@0k-sync/relay')) return {};
  if (target.startedBy !== undefined) return { start: target.startedBy };
  return target.url === undefined ? {} : { relay: target.url };
}
