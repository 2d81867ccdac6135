import { randomInt, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { openChaos } from '../chaos/chaos.ts';
import { registry } from '../checks/index.ts';
import { type DriverDescription, DriverTarget } from '../codec/driver-target.ts';
import { printable, printableName } from '../printable.ts';
import type { Check } from '../registry.ts';
import { jsonReport, jsonText } from '../report/json.ts';
import { Progress } from '../report/progress.ts';
import { type Colors, count, terminalColors } from '../report/style.ts';
import { renderRun } from '../report/text.ts';
import { readKnownFailing } from '../run/known-failing.ts';
import { type Leg, runLegs } from '../run/legs.ts';
import { exitCodeOf, type RunSelection } from '../run/result.ts';
import { DEFAULT_PROFILES, select, UsageError } from '../selection.ts';
import { ChildTarget, shellLaunch } from '../target/child.ts';
import { ownRelay, readLimits } from '../target/own.ts';
import { quote, remoteTarget } from '../target/remote.ts';
import { type Target, TargetError, type TargetOptions } from '../target/target.ts';
import { EXIT, Inconclusive, Interrupted } from '../verdict.ts';
import { COMMAND } from '../version.ts';
import { type CertifyOptions, certifier } from './certify.ts';
import { reportWriters, requireDistinct } from './report-writers.ts';

export interface RunCommandOptions extends CertifyOptions {
  readonly relay?: string;
  readonly start?: string;
  readonly codec?: string;
  readonly admin?: string;
  readonly ca?: string;
  readonly profile?: readonly string[];
  readonly only?: readonly string[];
  readonly chaos?: readonly string[];
  readonly toxiproxy?: string;
  readonly quick?: boolean;
  readonly strict?: boolean;
  readonly knownFailing?: string;
  readonly runs?: number;
  readonly seed?: number;
  /** Seconds. */
  readonly timeout: number;
  /** Seconds. */
  readonly maxTime?: number;
  readonly jobs: number;
  readonly json?: string;
  readonly junit?: string;
  readonly html?: string;
  readonly color: boolean;
  /** The command line that runs this again, where it is not one of its own options. */
  readonly again?: string;
  /** The report that is replayed. */
  readonly report?: string;
}

/** As many plans as --quick has, if none are asked for. */
export const QUICK_RUNS = 5;

/** Tests a relay, tells how, and sets the exit code. @throws UsageError */
export async function runCommand(options: RunCommandOptions): Promise<void> {
  const { chaos: profiles, toxiproxy, codec, profile = ['codec'] } = options;
  if (codec !== undefined) {
    const { codecRegistry } = await import('../codec/checks.ts');
    // One driver answers one request at a time.
    const profiles = profile.includes('all') ? ['codec'] : profile;
    return await testRelay(codecRegistry.all(), { ...options, profile: profiles, jobs: 1 });
  }
  if (profiles === undefined) {
    if (toxiproxy !== undefined) throw new UsageError('--toxiproxy is for --chaos: say which profiles');
    return await testRelay(registry.all(), options);
  }
  const chaos = await openChaos(profiles, toxiproxy);
  try {
    await testRelay(chaos.checks, { ...options, profile: ['chaos'] });
  } finally {
    await chaos.close();
  }
}

/** @param all - what there is to choose from. */
export async function testRelay(all: readonly Check[], options: RunCommandOptions): Promise<void> {
  const checks = select(all, {
    ...(options.profile && { profiles: options.profile }),
    ...(options.only && { only: options.only }),
  });
  if (checks.length === 0) throw new UsageError('there is nothing to run');
  await requireDistinct(options);
  const known = options.knownFailing === undefined ? undefined : await readKnown(options.knownFailing, all);
  const legs = legsFor(checks, options, { admin: options.admin, ca: await readCa(options.ca) });
  const writers = await reportWriters(options);
  const certify = await certifier(options);
  const seed = options.seed ?? randomInt(2 ** 32);
  const output = process.stdout;
  const colors = terminalColors(options.color);
  const profiles = profilesOf(checks, options);
  const progress = new Progress(output, colors, checks.length);

  announce(legs, checks, seed, options);
  const interruption = interruptible(options.maxTime);
  const strays = collectStrays();
  try {
    const result = await runLegs(legs, checks, {
      profiles,
      selection: selectionOf(checks, all, profiles, options),
      ...(known && { known }),
      seed,
      signal: interruption.signal,
      replay: (check) => options.again ?? replayCommand(check, legs[0]!.target, seed, options),
      onIntroduced({ welcome }, target) {
        progress.end();
        announceRelay(target, welcome.ext?.relay, colors);
      },
      onDescribed(about) {
        progress.end();
        announceDriver(about, colors);
      },
      onStart: (check) => progress.started(check),
      onResult: (outcome) => progress.finished(outcome),
    });
    progress.end();
    process.exitCode = exitCodeOf(result);
    output.write(`\n${renderRun(result, colors, await certifiedLimits())}`);
    const lost: string[] = [];
    for (const { option, write } of writers) if (!(await write(result))) lost.push(option);
    const kitFailed = strays.report();
    if (kitFailed) process.exitCode ||= EXIT.inconclusive;
    // It names the report by its digest.
    const unreported = lost.includes('--json') ? 'the report that it would be of was not written' : undefined;
    await certify?.(
      jsonReport(result),
      jsonText(result),
      kitFailed ? 'a check did not wait for its own end' : unreported,
    );
  } finally {
    progress.end();
    interruption.end();
    strays.end();
  }
}

/**
 * What is started, if anything, and for which checks. Of the reference relay there are two: the checks of profile limits
 * want rates that they can reach, and all others want none.
 */
function legsFor(checks: readonly Check[], options: RunCommandOptions, given: TargetOptions): Leg[] {
  const { relay, start, chaos, codec } = options;
  if (codec !== undefined) return [{ target: new DriverTarget(codec, options.timeout * 1000), checks }];
  if (relay !== undefined) return [{ target: remoteTarget(relay, given), checks }];
  if (start !== undefined) return [{ target: new ChildTarget(shellLaunch(start), given), checks }];
  if (given.admin !== undefined || given.ca !== undefined) {
    throw new UsageError('--admin and --ca are about a relay of yours: name it with --relay or --start');
  }
  if (chaos !== undefined) return [{ target: new ChildTarget(ownRelay('chaos.toml')), checks }];
  const { rated = [], free = [] } = Object.groupBy(checks, (check) => (wantsRates(check) ? 'rated' : 'free'));
  const legs: Leg[] = [
    { target: new ChildTarget(ownRelay('certify.toml')), checks: free },
    { target: new ChildTarget(ownRelay('certify-limits.toml')), checks: rated },
  ];
  return legs.filter((leg) => leg.checks.length > 0);
}

/** Whether a check is for a relay whose rates can be reached. */
export function wantsRates({ profile, needs }: Check): boolean {
  return needs.includes('rates') || (profile === 'limits' && !needs.includes('lifted-limits'));
}

function selectionOf(
  checks: readonly Check[],
  all: readonly Check[],
  profiles: readonly string[],
  options: RunCommandOptions,
): RunSelection {
  const { only, quick = false, strict = false, runs = quick ? QUICK_RUNS : undefined } = options;
  return {
    ...(only && { only }),
    timeoutSeconds: options.timeout,
    ...(options.maxTime !== undefined && { maxTimeSeconds: options.maxTime }),
    jobs: options.jobs,
    strict,
    quick,
    ...(runs !== undefined && { runs }),
    selected: checks.length,
    available: all.filter(({ profile }) => profiles.includes(profile)).length,
  };
}

function announce(legs: readonly Leg[], checks: readonly Check[], seed: number, options: RunCommandOptions): void {
  const isNamed = [options.relay, options.start, options.codec].some((name) => name !== undefined);
  const how = !isNamed ? 'no relay named, so this starts ' : '';
  const targets = legs.map(({ target }) => printable(target.description)).join(', and then ');
  process.stdout.write(`${COMMAND}: ${how}${targets}\n${count(checks.length, 'check')}, seed ${seed}\n`);
}

function announceRelay(target: Target, name: string | undefined, colors: Colors): void {
  const called = name === undefined ? '' : ` ${printableName(JSON.stringify(name))}`;
  process.stdout.write(`${colors.dim(`relay${called} at ${printable(target.url)}`)}\n\n`);
}

function announceDriver({ name = 'a codec', version, operations }: DriverDescription, colors: Colors): void {
  const called = [name, ...(version === undefined ? [] : [version])].map(printableName).join(' ');
  process.stdout.write(`${colors.dim(`${called}, with ${count(operations.size, 'operation')}`)}\n\n`);
}

/** The profiles that the verdict speaks of: those asked for, else the default ones and those that the checks belong to. */
function profilesOf(checks: readonly Check[], { profile, only }: RunCommandOptions): string[] {
  if (profile && !profile.includes('all')) return [...new Set(profile)];
  const known = new Set(registry.all().map((check) => check.profile));
  if (profile) return [...known];
  const chosen = only ? checks.map((check) => check.profile) : [];
  return [...new Set([...DEFAULT_PROFILES, ...chosen])].filter((name) => known.has(name));
}

function replayCommand(check: Check, target: Target, seed: number, options: RunCommandOptions): string {
  const { admin, ca, chaos, toxiproxy, timeout, runs, strict } = options;
  const words = [
    target.option,
    admin !== undefined && `--admin ${quote(admin)}`,
    ca !== undefined && `--ca ${quote(ca)}`,
    chaos !== undefined && `--chaos ${chaos.join(',')}`,
    toxiproxy !== undefined && `--toxiproxy ${quote(toxiproxy)}`,
    `--only ${check.id}`,
    `--seed ${seed}`,
    timeout !== 10 && `--timeout ${timeout}`,
    runs !== undefined && `--runs ${runs}`,
    strict && '--strict',
  ];
  return [COMMAND, ...words.filter(Boolean)].join(' ');
}

async function readKnown(file: string, checks: readonly Check[]) {
  return readKnownFailing(await readGiven('--known-failing', file), file, checks);
}

/** The text of a file with certificates. @throws UsageError */
async function readCa(file: string | undefined): Promise<string | undefined> {
  if (file === undefined) return undefined;
  const pem = await readGiven('--ca', file);
  try {
    new X509Certificate(pem);
  } catch {
    throw new UsageError(`--ca ${file}: there is no certificate in it, which begins with -----BEGIN CERTIFICATE-----`);
  }
  return pem;
}

async function readGiven(option: string, file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new UsageError(`${option} ${file}: it cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
}

/** The limits that a relay has that is made for the test; none if they cannot be read, which only spoils a hint. */
async function certifiedLimits(): Promise<ReadonlyMap<string, bigint>> {
  try {
    return await readLimits('certify.toml');
  } catch (error) {
    if (error instanceof TargetError) return new Map();
    throw error;
  }
}

/**
 * A signal that Ctrl-C aborts, and the end of the time. A second Ctrl-C ends the process at once; the relay's process is
 * killed then too.
 */
export function interruptible(maxTime: number | undefined): { signal: AbortSignal; end(): void } {
  const controller = new AbortController();
  const interrupt = () => {
    if (controller.signal.aborted) process.exit(130);
    controller.abort(new Interrupted());
  };
  const stop = () => controller.abort(new Interrupted(`stopped after ${maxTime} s (--max-time)`));
  const timer = maxTime === undefined ? undefined : setTimeout(stop, maxTime * 1000);
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, interrupt);
  return {
    signal: controller.signal,
    end() {
      clearTimeout(timer);
      for (const signal of signals) process.off(signal, interrupt);
    },
  };
}

/**
 * Rejections that nobody waited for: a check that forgot an `await` may have passed for that, so they are said and spoil a
 * pass. Waits that ended with their check are none.
 */
export function collectStrays(): { report(): boolean; end(): void } {
  const strays: unknown[] = [];
  const collect = (error: unknown) => {
    if (!(error instanceof Interrupted) && !(error instanceof Inconclusive)) strays.push(error);
  };
  process.on('unhandledRejection', collect);
  return {
    report() {
      for (const error of strays) {
        process.stderr.write(`${COMMAND}: a check did not wait for this: ${(error as Error)?.stack ?? error}\n`);
      }
      return strays.length > 0;
    },
    end: () => void process.off('unhandledRejection', collect),
  };
}
