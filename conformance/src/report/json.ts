import { encodeBase64url } from '@0k-sync/reference';
import { SPEC_VERSION } from '@0k-sync/spec';
import { CANARY_REQUIREMENTS, CANARY_TITLE } from '../run/canary.ts';
import { type CheckResult, type RunResult, totalsOf, verdictOf } from '../run/result.ts';
import { COMMAND, KIT_VERSION } from '../version.ts';

/** The report of a run, in the form of `report.schema.json` of @0k-sync/spec. */
export function jsonReport(run: RunResult): object {
  const { canary, target } = run;
  return {
    tool: COMMAND,
    version: KIT_VERSION,
    specVersion: SPEC_VERSION,
    target: {
      kind: 'relay',
      ...(urlOf(run) && { url: urlOf(run) }),
      ...(target.command !== undefined && { startedBy: target.command }),
      ...(run.identity && { identity: encodeBase64url(run.identity) }),
    },
    profiles: run.profiles,
    selection: run.selection,
    seed: run.seed,
    startedAt: run.startedAt.toISOString(),
    durationMs: run.ms,
    verdict: verdictOf(run),
    totals: totalsOf(run.checks),
    canary: {
      passed: canary.passed,
      title: CANARY_TITLE,
      requirements: CANARY_REQUIREMENTS,
      ms: canary.ms,
      ...(canary.reason !== undefined && { reason: canary.reason }),
      ...(canary.finding && { expected: canary.finding.expected, actual: canary.finding.actual }),
      ...(canary.trace.length > 0 && { trace: canary.trace }),
    },
    ...(!canary.passed && { untrusted: true }),
    checks: run.checks.map(jsonCheck),
  };
}

function jsonCheck(result: CheckResult): object {
  const { check, finding } = result;
  return {
    id: check.id,
    requirements: check.requirements.map(({ id }) => id),
    title: check.title,
    verdict: result.verdict,
    ms: result.ms,
    ...(result.reason !== undefined && { reason: result.reason }),
    ...(finding && { requirement: finding.requirement, expected: finding.expected, actual: finding.actual }),
    ...(result.trace.length > 0 && { trace: result.trace }),
    ...(result.verdict !== 'pass' && { replay: result.replay }),
    ...(result.property && { property: result.property }),
  };
}

function urlOf(run: RunResult): string | undefined {
  try {
    return run.target.url;
  } catch {
    return undefined; // It never started.
  }
}
