import type { DriverDescription } from '../codec/driver-target.ts';
import type { AskedInputs, AskedRequest, Limits, PropertyEvidence } from '../context.ts';
import type { Check } from '../registry.ts';
import type { Need } from '../target/target.ts';
import type { TraceStep } from '../trace.ts';
import { EXIT, type ExitCode, type Finding, type Verdict } from '../verdict.ts';
import type { KnownLine } from './known-failing.ts';

/** What one check came to. */
export interface CheckResult {
  readonly check: Check;
  readonly verdict: Verdict;
  /** Milliseconds. */
  readonly ms: number;
  /** Why it was not run or is inconclusive; with `pass`, a SHOULD that was not kept. */
  readonly reason?: string;
  /** What the target lacks, if it was not run for that. */
  readonly missing?: Need;
  /** The broken rule. */
  readonly finding?: Finding & { readonly requirement: string };
  /** Set if it failed because the target's process ended, or a driver gave no answer: that may have any cause. */
  readonly brokeDown?: true;
  /** The exchange that led there; empty for a pass. */
  readonly trace: readonly TraceStep[];
  /** Lines for people: a plan, the last lines of the relay. */
  readonly notes: readonly string[];
  readonly property?: PropertyEvidence;
  /** What a codec was asked. */
  readonly inputs?: AskedInputs;
  /** What it answered wrongly. */
  readonly request?: AskedRequest;
  /** The line of the list of known failures that says that it must fail. */
  readonly known?: KnownLine;
  /** The command that runs just this again. */
  readonly replay: string;
}

/** Whether the target refuses what nobody may grant. */
export interface CanaryResult {
  /** What was asked; left out, it is what relays are asked. */
  readonly about?: CanaryQuestion;
  readonly passed: boolean;
  readonly ms: number;
  /** What it granted. */
  readonly reason?: string;
  readonly finding?: Finding & { readonly requirement: string };
  readonly trace: readonly TraceStep[];
}

/** What a target is asked that nobody may grant. */
export interface CanaryQuestion {
  readonly title: string;
  readonly requirements: readonly string[];
  /** What is said to people if it was granted. */
  readonly granted: string;
}

/** What was asked of the kit. */
export interface RunSelection {
  /** The patterns of `--only`; undefined if the profiles were run in full. */
  readonly only?: readonly string[];
  readonly timeoutSeconds: number;
  /** How long the run could take; undefined if as long as it likes. */
  readonly maxTimeSeconds?: number;
  readonly jobs: number;
  /** Whether a SHOULD that is not kept is a failure. */
  readonly strict: boolean;
  /** Whether slow checks were left out. */
  readonly quick: boolean;
  /** How many plans were asked for. */
  readonly runs?: number;
  /** How many checks were chosen, of how many that the profiles have. */
  readonly selected: number;
  readonly available: number;
}

/** All that a run saw. */
export interface RunResult {
  /** Left out, a relay. */
  readonly kind?: 'codec';
  /** What a driver said of its codec. */
  readonly driver?: DriverDescription | undefined;
  /** Without fragment; undefined if the target never had one. */
  readonly url: string | undefined;
  /** The command that the kit started. */
  readonly startedBy: string | undefined;
  /** 32 bytes, once a handshake has shown it. */
  readonly identity: Uint8Array | undefined;
  /** The limits of its Welcome. */
  readonly limits: Limits;
  readonly profiles: readonly string[];
  readonly selection: RunSelection;
  readonly seed: number;
  readonly startedAt: Date;
  readonly ms: number;
  readonly canary: CanaryResult;
  /** Each check that was chosen. */
  readonly checks: readonly CheckResult[];
  /** What the relay would have to be given for the checks that were not run for want of it: its rates, as its Welcome states them. */
  readonly unmet: Unmet;
  /** Lines of the list of known failures that name none of these checks. */
  readonly idle: readonly KnownLine[];
  /** Set if no check could be run at all, and why, in one line. */
  readonly problem?: Problem;
  /** Why the run ended before all was done. */
  readonly interrupted: string | undefined;
}

/** What there is to say about a need that is not met, beyond its name: limits, each with what is wrong with it. */
export type Unmet = Partial<Record<Need, readonly string[]>>;

/** Why no check could be run. */
export interface Problem {
  readonly verdict: 'not-conformant' | 'inconclusive';
  /** One line. */
  readonly text: string;
  /** Set if the target is something else than a relay. */
  readonly isNoRelay?: true;
  /** The last lines of the relay. */
  readonly lines?: readonly string[];
}

/** How much all checks asked of a codec. A vector counts once, however many rules it bears on. */
export function inputsOf(checks: readonly Pick<CheckResult, 'inputs'>[]): { vectors: number; random: number } {
  const vectors = new Set(checks.flatMap(({ inputs }) => inputs?.vectors ?? []));
  return { vectors: vectors.size, random: checks.reduce((total, { inputs }) => total + (inputs?.random ?? 0), 0) };
}

export interface Totals {
  /** Those with a warning too. */
  readonly pass: number;
  /** Passes in which a SHOULD is not kept. */
  readonly warned: number;
  /** Without the known ones. */
  readonly fail: number;
  readonly knownFailing: number;
  readonly notRun: number;
  readonly inconclusive: number;
}

export function totalsOf(checks: readonly CheckResult[]): Totals {
  const count = (test: (result: CheckResult) => boolean) => checks.filter(test).length;
  return {
    pass: count(({ verdict }) => verdict === 'pass'),
    warned: count(isWarning),
    fail: count(({ verdict, known }) => verdict === 'fail' && !known),
    knownFailing: count(({ verdict, known }) => verdict === 'fail' && known !== undefined),
    notRun: count(({ verdict }) => verdict === 'not-run'),
    inconclusive: count(({ verdict }) => verdict === 'inconclusive'),
  };
}

/** `FAIL 5/5`, or `FLAKY 2/5`: how often a plan that failed did so again; undefined of a check without one. */
export function confirmationOf({ property }: CheckResult): string | undefined {
  if (!property?.confirmed) return undefined;
  const { failed, of } = property.confirmed;
  return `${failed === of ? 'FAIL' : 'FLAKY'} ${failed}/${of}`;
}

/** Whether a check passed although what the relay only should do it does not. */
export function isWarning({ verdict, finding }: CheckResult): boolean {
  return verdict === 'pass' && finding !== undefined;
}

/** Whether a check passed that is listed as one that fails. What is only advice may be listed for the sake of `--strict`. */
export function isUnexpectedPass(result: CheckResult): boolean {
  return result.known !== undefined && result.verdict === 'pass' && !isWarning(result);
}

/** The one word on a target. Only `conformant` speaks of its profiles as a whole. */
export type RunVerdict =
  | 'conformant'
  /** Nothing failed in what was run, which was a part. */
  | 'passed'
  /** Nothing failed but what is listed. */
  | 'known-failures'
  /** Nothing failed, and something that is listed did not either. */
  | 'unexpected-pass'
  | 'not-conformant'
  | 'inconclusive';

/**
 * A failure beats everything; without one, anything unknown beats the passes. What a check needs and an address alone cannot
 * offer may stay out, but not what a relay's configuration can.
 */
export function verdictOf(run: RunResult): RunVerdict {
  const totals = totalsOf(run.checks);
  if (totals.fail > 0) return 'not-conformant';
  if (run.problem) return run.problem.verdict;
  if (!run.canary.passed) return 'not-conformant';
  if (run.checks.some(isUnexpectedPass)) return 'unexpected-pass';
  const ran = totals.pass + totals.knownFailing;
  const keptOut = CONFIGURABLE.some((need) => keptOutBy(run, need) > 0);
  if (run.interrupted !== undefined || totals.inconclusive > 0 || ran === 0 || keptOut) return 'inconclusive';
  if (totals.knownFailing > 0) return 'known-failures';
  return run.selection.only || run.selection.quick ? 'passed' : 'conformant';
}

/** What a relay's configuration can offer. */
const CONFIGURABLE: readonly Need[] = ['lifted-limits', 'rates', 'values'];

/** How many checks were not run for want of something. */
export function keptOutBy(run: RunResult, need: Need): number {
  return run.checks.filter(({ missing }) => missing === need).length;
}

export function exitCodeOf(run: RunResult): ExitCode {
  switch (verdictOf(run)) {
    case 'conformant':
    case 'passed':
    case 'known-failures':
      return EXIT.conformant;
    case 'not-conformant':
    case 'unexpected-pass':
      return EXIT.notConformant;
    case 'inconclusive':
      return EXIT.inconclusive;
  }
}
