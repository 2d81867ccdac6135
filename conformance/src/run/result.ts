import type { PropertyEvidence } from '../context.ts';
import type { Check } from '../registry.ts';
import type { Need, Target } from '../target/target.ts';
import type { TraceStep } from '../trace.ts';
import { EXIT, type ExitCode, type Finding, type Verdict } from '../verdict.ts';

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
  /** The exchange that led there; empty for a pass. */
  readonly trace: readonly TraceStep[];
  /** Lines for people: a plan, the last lines of the relay. */
  readonly notes: readonly string[];
  readonly property?: PropertyEvidence;
  /** The command that runs just this again. */
  readonly replay: string;
}

/** Whether the target refuses what nobody may grant. */
export interface CanaryResult {
  readonly passed: boolean;
  readonly ms: number;
  /** What it granted. */
  readonly reason?: string;
  readonly finding?: Finding & { readonly requirement: string };
  readonly trace: readonly TraceStep[];
}

/** What was asked of the kit. */
export interface RunSelection {
  /** The patterns of `--only`; undefined if the profiles were run in full. */
  readonly only?: readonly string[];
  readonly timeoutSeconds: number;
  readonly jobs: number;
  /** How many checks were chosen, of how many that the profiles have. */
  readonly selected: number;
  readonly available: number;
}

/** All that a run saw. */
export interface RunResult {
  readonly target: Target;
  /** 32 bytes, once a handshake has shown it. */
  readonly identity: Uint8Array | undefined;
  /** The name that the relay gives itself. */
  readonly relayName: string | undefined;
  readonly profiles: readonly string[];
  readonly selection: RunSelection;
  readonly seed: number;
  readonly startedAt: Date;
  readonly ms: number;
  readonly canary: CanaryResult;
  readonly checks: readonly CheckResult[];
  /** The limits that the relay would have to lift, as its Welcome states them. */
  readonly unlifted: readonly string[];
  /** Set if no check could be run at all, and why. */
  readonly problem?: { readonly verdict: 'not-conformant' | 'inconclusive'; readonly text: string };
  readonly interrupted: boolean;
}

export interface Totals {
  readonly pass: number;
  readonly fail: number;
  readonly notRun: number;
  readonly inconclusive: number;
}

export function totalsOf(checks: readonly CheckResult[]): Totals {
  const count = (verdict: Verdict) => checks.filter((result) => result.verdict === verdict).length;
  return { pass: count('pass'), fail: count('fail'), notRun: count('not-run'), inconclusive: count('inconclusive') };
}

/**
 * The one word on the target, for what was selected. A failure beats everything; without one, anything unknown beats the
 * passes. What a check needs and an address alone cannot offer may stay out, but not what a relay's configuration can.
 */
export function verdictOf(run: RunResult): 'conformant' | 'not-conformant' | 'inconclusive' {
  const totals = totalsOf(run.checks);
  if (totals.fail > 0) return 'not-conformant';
  if (run.problem) return run.problem.verdict;
  if (!run.canary.passed) return 'not-conformant';
  if (run.interrupted || totals.inconclusive > 0 || totals.pass === 0 || keptOut(run) > 0) return 'inconclusive';
  return 'conformant';
}

/** How many checks were not run because the relay's rates are not lifted. */
export function keptOut(run: RunResult): number {
  return run.checks.filter(({ missing }) => missing === 'lifted-limits').length;
}

export function exitCodeOf(run: RunResult): ExitCode {
  switch (verdictOf(run)) {
    case 'conformant':
      return EXIT.conformant;
    case 'not-conformant':
      return EXIT.notConformant;
    case 'inconclusive':
      return EXIT.inconclusive;
  }
}
