import { randomInt } from 'node:crypto';
import { constants } from 'node:fs';
import { access, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { registry } from '../checks/index.ts';
import type { Check } from '../registry.ts';
import { jsonReport } from '../report/json.ts';
import { Progress } from '../report/progress.ts';
import { type Colors, colorsFor, count } from '../report/style.ts';
import { renderRun } from '../report/text.ts';
import { exitCodeOf, type RunResult } from '../run/result.ts';
import { run } from '../run/run.ts';
import { DEFAULT_PROFILES, select, UsageError } from '../selection.ts';
import { ChildTarget, shellLaunch } from '../target/child.ts';
import { ownRelay } from '../target/own.ts';
import { remoteTarget } from '../target/remote.ts';
import type { Target } from '../target/target.ts';
import { EXIT, Inconclusive, Interrupted } from '../verdict.ts';
import { COMMAND } from '../version.ts';

export interface RunCommandOptions {
  readonly relay?: string;
  readonly start?: string;
  readonly profile?: readonly string[];
  readonly only?: readonly string[];
  readonly seed?: number;
  /** Seconds. */
  readonly timeout: number;
  readonly jobs: number;
  readonly json?: string;
  readonly color: boolean;
}

/** Tests a relay, tells how, and sets the exit code. @throws UsageError */
export async function runCommand(options: RunCommandOptions): Promise<void> {
  const checks = select(registry.all(), {
    ...(options.profile && { profiles: options.profile }),
    ...(options.only && { only: options.only }),
  });
  if (checks.length === 0) throw new UsageError('there is nothing to run');
  const target = chooseTarget(options);
  if (options.json !== undefined) await requireWritable(options.json);
  const seed = options.seed ?? randomInt(2 ** 32);
  const output = process.stdout;
  const colors = colorsFor(options.color && (output.isTTY ?? false) && !process.env['NO_COLOR']);
  const profiles = profilesOf(checks, options);
  const progress = new Progress(output, colors, checks.length);

  announce(target, checks, seed, options);
  const interruption = interruptible();
  const strays = collectStrays();
  try {
    const result = await run({
      target,
      checks,
      profiles,
      selection: {
        ...(options.only && { only: options.only }),
        timeoutSeconds: options.timeout,
        jobs: options.jobs,
        selected: checks.length,
        available: registry.all().filter(({ profile }) => profiles.includes(profile)).length,
      },
      seed,
      timeoutMs: options.timeout * 1000,
      jobs: options.jobs,
      signal: interruption.signal,
      replay: (check) => replayCommand(check, target, seed, options),
      onIntroduced: ({ welcome }) => announceRelay(target, welcome.ext?.relay, colors),
      onStart: (check) => progress.started(check),
      onResult: (outcome) => progress.finished(outcome),
    });
    progress.end();
    process.exitCode = exitCodeOf(result);
    output.write(`\n${renderRun(result, colors)}`);
    if (options.json !== undefined) await write(options.json, result);
    if (strays.report()) process.exitCode ||= EXIT.inconclusive;
  } finally {
    progress.end();
    interruption.end();
    strays.end();
  }
}

function chooseTarget(options: RunCommandOptions): Target {
  if (options.relay !== undefined) return remoteTarget(options.relay);
  return new ChildTarget(options.start === undefined ? ownRelay() : shellLaunch(options.start));
}

function announce(target: Target, checks: readonly Check[], seed: number, options: RunCommandOptions): void {
  const how = options.relay === undefined && options.start === undefined ? 'no relay named, so this starts ' : '';
  process.stdout.write(`${COMMAND}: ${how}${target.description}\n${count(checks.length, 'check')}, seed ${seed}\n`);
}

function announceRelay(target: Target, name: string | undefined, colors: Colors): void {
  const called = name === undefined ? '' : ` ${JSON.stringify(name)}`;
  process.stdout.write(`${colors.dim(`relay${called} at ${target.url}`)}\n\n`);
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
  const timeout = options.timeout === 10 ? '' : `--timeout ${options.timeout}`;
  return [COMMAND, target.option, `--only ${check.id}`, `--seed ${seed}`, timeout].filter(Boolean).join(' ');
}

async function requireWritable(file: string): Promise<void> {
  const folder = dirname(resolve(file));
  try {
    await access(folder, constants.W_OK);
  } catch {
    throw new UsageError(`--json ${file}: there is no folder ${folder} that can be written to`);
  }
}

async function write(file: string, result: RunResult): Promise<void> {
  try {
    await writeFile(file, `${JSON.stringify(jsonReport(result), null, 2)}\n`);
  } catch (error) {
    process.stderr.write(`${COMMAND}: the report was not written: ${(error as Error).message}\n`);
    process.exitCode ||= EXIT.inconclusive;
  }
}

/** A signal that Ctrl-C aborts. A second Ctrl-C ends the process at once; the relay's process is killed then too. */
function interruptible(): { signal: AbortSignal; end(): void } {
  const controller = new AbortController();
  const interrupt = () => {
    if (controller.signal.aborted) process.exit(130);
    controller.abort(new Interrupted());
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, interrupt);
  return {
    signal: controller.signal,
    end() {
      for (const signal of signals) process.off(signal, interrupt);
    },
  };
}

/**
 * Rejections that nobody waited for: a check that forgot an `await` may have passed for that, so they are said and spoil a
 * pass. Waits that ended with their check are none.
 */
function collectStrays(): { report(): boolean; end(): void } {
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
