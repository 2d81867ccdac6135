import { REQUIREMENTS, type Requirement } from '@0k-sync/spec';
import type { Context } from '../context.ts';
import { nearest } from '../nearest.ts';
import type { Check } from '../registry.ts';
import { UsageError } from '../selection.ts';
import { TargetError } from '../target/target.ts';
import { CUT } from './cut.ts';
import { findToxiproxy, HOW_TO_INSTALL, isToxiproxy } from './find-toxiproxy.ts';
import { fold } from './fold.ts';
import { KILL } from './kill.ts';
import { CONTROL, LATENCY } from './latency.ts';
import { play } from './play.ts';
import { difference, type HeldBlob } from './replica.ts';
import { CHAOS_PROFILES, LONGEST_SECONDS, type Scenario, type Variant, type Workload } from './scenario.ts';
import { Toxiproxy, ToxiproxyError } from './toxiproxy.ts';
import { VERIFIED } from './verified.ts';

/** Long ones first: what runs beside them is then over before they are. */
export const SCENARIOS: readonly Scenario[] = [...CUT, CONTROL, ...LATENCY, ...KILL];

/** Chaos scenarios as checks, to be run like any other, and the proxy that they share. */
export interface Chaos {
  readonly checks: readonly Check[];
  /** Ends the proxy. */
  close(): Promise<void>;
}

/**
 * Starts Toxiproxy, and makes a check of each scenario. Where there is no Toxiproxy they are there too, and are not run.
 *
 * @param profiles - names of `CHAOS_PROFILES`.
 * @param named - the path of Toxiproxy's server; left out, it is looked for.
 * @throws UsageError for what is no profile, or not Toxiproxy; TargetError if it does not start
 */
export async function openChaos(profiles: readonly string[], named?: string): Promise<Chaos> {
  const unknown = profiles.find((name) => !(CHAOS_PROFILES as readonly string[]).includes(name));
  if (unknown !== undefined) {
    throw new UsageError(
      `--chaos ${unknown}: there is no such profile${nearest(unknown, CHAOS_PROFILES)}; there are ${CHAOS_PROFILES.join(', ')}`,
    );
  }
  if (named !== undefined && !(await isToxiproxy(named))) {
    throw new UsageError(`--toxiproxy ${named}: this is not the server of Toxiproxy; to get it: ${HOW_TO_INSTALL}`);
  }
  const file = named ?? (await findToxiproxy());
  const toxiproxy = file === undefined ? undefined : await start(file);
  return { checks: chaosChecks(profiles, toxiproxy), close: async () => await toxiproxy?.stop() };
}

/** The scenarios of some profiles as checks, which without a proxy are there to be read about, and are not run. */
export function chaosChecks(profiles: readonly string[] = CHAOS_PROFILES, toxiproxy?: Toxiproxy): Check[] {
  const chosen = SCENARIOS.filter(({ profile }) => profile === 'control' || profiles.includes(profile));
  return chosen.map((scenario) => checkOf(scenario, toxiproxy));
}

/** @throws TargetError */
async function start(file: string): Promise<Toxiproxy> {
  try {
    return await Toxiproxy.start(file);
  } catch (error) {
    if (error instanceof ToxiproxyError) throw new TargetError(error.message);
    throw error;
  }
}

function checkOf(scenario: Scenario, toxiproxy: Toxiproxy | undefined): Check {
  const needs = scenario.needs ?? [];
  return {
    id: scenario.id,
    title: scenario.title,
    requirements: VERIFIED[scenario.id]!.map(requirement),
    needs: ['lifted-limits', ...needs],
    area: 'CHAOS',
    profile: 'chaos',
    slow: true,
    waits: false,
    alone: needs.length > 0,
    seconds: LONGEST_SECONDS,
    run: async (ctx) => {
      if (!toxiproxy) return ctx.notRun(`needs Toxiproxy, on the PATH or named by --toxiproxy: ${HOW_TO_INSTALL}`);
      await runScenario(ctx, scenario, toxiproxy);
    },
  };
}

function requirement(id: string): Requirement {
  const found = REQUIREMENTS.find((entry) => entry.id === id);
  if (!found) throw new Error(`a chaos scenario cites ${id}, which is no requirement`);
  return found;
}

/** Plays every variant as often as it says. The first that breaks a rule ends it. */
async function runScenario(ctx: Context, scenario: Scenario, toxiproxy: Toxiproxy): Promise<void> {
  requireFit(ctx, scenario);
  const plays = Array.from({ length: scenario.rounds }, () => scenario.variants).flat();
  for (const [index, variant] of plays.entries()) {
    const one = ctx.fork(index);
    try {
      const { blobs } = await play(one, variant, (upstream) => toxiproxy.proxy(upstream));
      if (scenario === CONTROL) requireNotice(blobs);
    } finally {
      ctx.attach({ trace: fold(one.evidence.trace), notes: [`play ${index + 1} of ${plays.length}: ${variant.name}`] });
      one.close();
    }
  }
}

/** @throws NotRun if the relay's limits do not let the scenario be what it is */
export function requireFit(ctx: Context, { takes, variants }: Scenario): void {
  if (new URL(ctx.target.url).protocol === 'wss:') {
    ctx.notRun('Toxiproxy cannot stand in front of wss://: give the ws:// address');
  }
  const workloads = variants.map(workloadsOf);
  const largest = Math.max(...workloads.flat().map(mostBytes));
  if (ctx.payloadSize(largest) < largest) {
    ctx.notRun(`it needs blobs of ${largest} bytes, and max_blob_size is ${ctx.limit('max_blob_size')}`);
  }
  ctx.requireDevices(1 + Math.max(...variants.map(({ devices }) => devices.length)));
  ctx.requireQuota(Math.max(...workloads.map(storedBytes)));
  if (!takes) return;
  const { limit, least = 0, most = Number.POSITIVE_INFINITY } = takes;
  const value = ctx.limit(limit);
  if (value < least || value > most) {
    const range = value < least ? `at least ${least}` : `at most ${most}`;
    ctx.notRun(`it takes the default timers: ${limit} is ${value}, and ${range} is needed`);
  }
}

/** All that a variant pushes, and the little that every play does. */
function workloadsOf({ stored, devices, timeline }: Variant): Workload[] {
  const queued = timeline.flatMap((step) => step.do.flatMap((action) => ('pushes' in action ? action.pushes : [])));
  return [
    ...(stored ? [stored] : []),
    ...devices.flatMap(({ pushes }) => pushes ?? []),
    ...queued,
    { count: 2, bytes: 100 },
  ];
}

const mostBytes = ({ bytes }: Workload) => (typeof bytes === 'number' ? bytes : bytes[1]);

/** With what a relay counts for each blob. */
function storedBytes(workloads: readonly Workload[]): number {
  return workloads.reduce((sum, workload) => sum + workload.count * (256 + mostBytes(workload)), 0);
}

/** The comparison that says that devices hold the same has to notice every way in which they may not. @throws Error if not */
function requireNotice(blobs: readonly HeldBlob[]): void {
  const [first, second] = [blobs[0]!, blobs[1]!];
  const planted: Record<string, readonly HeldBlob[]> = {
    'a missing blob': blobs.slice(0, -1),
    'a blob too many': [...blobs, first],
    'another payload': [{ ...first, digest: second.digest }, ...blobs.slice(1)],
    'another blob': [{ ...first, blobId: second.blobId }, ...blobs.slice(1)],
    'another cursor': [{ ...first, cursor: 2n }, ...blobs.slice(1)],
    'another order': [second, first, ...blobs.slice(2)],
  };
  for (const [what, wrong] of Object.entries(planted)) {
    if (!difference(blobs, wrong)) throw new Error(`the comparison of devices does not notice ${what}`);
  }
  if (difference(blobs, [...blobs]))
    throw new Error('the comparison of devices finds a difference where there is none');
}
