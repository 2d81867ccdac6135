import type { RunSelection, RunVerdict, Totals } from '../run/result.ts';
import type { TraceStep } from '../trace.ts';
import type { Verdict } from '../verdict.ts';

/** A report as plain data, in the form of `report.schema.json` of @0k-sync/spec: what every page and table about a run is made of. */
export interface Report {
  readonly tool: string;
  readonly version: string;
  readonly specVersion: string;
  readonly target: ReportTarget;
  readonly profiles: readonly string[];
  /** Reports of the first versions have none. */
  readonly selection?: RunSelection;
  readonly seed: number;
  /** RFC 3339, in UTC. */
  readonly startedAt: string;
  readonly durationMs: number;
  readonly verdict: RunVerdict;
  readonly problem?: string;
  readonly interrupted?: string;
  readonly totals: Totals;
  readonly notRun: readonly { readonly reason: string; readonly need?: string; readonly checks: number }[];
  readonly unusedKnownFailures?: readonly string[];
  readonly canary: ReportFinding & {
    readonly passed: boolean;
    readonly title?: string;
    readonly requirements?: readonly string[];
    readonly ms?: number;
  };
  readonly untrusted?: true;
  /** Of a codec: those of all checks. */
  readonly inputs?: Inputs;
  readonly checks: readonly ReportCheck[];
}

export interface ReportTarget {
  readonly kind: string;
  /** What a codec's driver calls it. */
  readonly name?: string;
  readonly version?: string;
  /** Those that a codec's driver has. */
  readonly operations?: readonly string[];
  readonly url?: string;
  readonly startedBy?: string;
  /** 32 bytes as base64url. */
  readonly identity?: string;
  readonly limits?: Readonly<Record<string, string>>;
}

/** What was allowed, what came, and how it came to that. */
export interface ReportFinding {
  readonly reason?: string;
  readonly expected?: string | readonly string[];
  readonly actual?: string;
  readonly trace?: readonly TraceStep[];
}

export interface ReportCheck extends ReportFinding {
  readonly id: string;
  readonly profile: string;
  readonly requirements: readonly string[];
  readonly title: string;
  readonly verdict: Verdict;
  readonly knownFailing?: string;
  readonly ms: number;
  /** The broken requirement. */
  readonly requirement?: string;
  readonly replay?: string;
  readonly property?: object;
  readonly inputs?: Inputs;
  /** What a codec answered wrongly. */
  readonly request?: object;
}

/** How much a codec was asked. */
export interface Inputs {
  readonly vectors: number;
  readonly random: number;
}

/** The area of a check: the letters of its id. */
export function areaOf({ id }: Pick<ReportCheck, 'id'>): string {
  return /^[A-Z]+/.exec(id)?.[0] ?? '';
}

/** A check in one word: `warned` is a pass in which a SHOULD was not kept, `known` a failure that was listed. */
export type Outcome = 'pass' | 'warned' | 'fail' | 'known' | 'not-run' | 'inconclusive';

export function outcomeOf({ verdict, actual, knownFailing }: ReportCheck): Outcome {
  if (verdict === 'pass') return actual === undefined ? 'pass' : 'warned';
  if (verdict === 'fail') return knownFailing === undefined ? 'fail' : 'known';
  return verdict;
}

export const OUTCOME_WORDS: Readonly<Record<Outcome, string>> = {
  pass: 'passed',
  warned: 'passed with a warning',
  fail: 'failed',
  known: 'known failure',
  'not-run': 'not run',
  inconclusive: 'inconclusive',
};

/** Who was tested, in a few words. */
export function nameOf({ name, version, url, startedBy, identity, kind }: ReportTarget): string {
  if (name !== undefined) return [name, version].filter(Boolean).join(' ');
  return startedBy ?? url ?? identity ?? `a ${kind}`;
}
