import { encodeBase64url } from '@0k-sync/reference';
import { SPEC_VERSION } from '@0k-sync/spec';
import type { DriverDescription } from '../codec/driver-target.ts';
import { CANARY_REQUIREMENTS, CANARY_TITLE } from '../run/canary.ts';
import { type CheckResult, confirmationOf, inputsOf, type RunResult, totalsOf, verdictOf } from '../run/result.ts';
import { COMMAND, KIT_VERSION } from '../version.ts';

/** The report of a run, in the form of `report.schema.json` of @0k-sync/spec. */
export function jsonReport(run: RunResult): object {
  const { canary, problem } = run;
  return {
    tool: COMMAND,
    version: KIT_VERSION,
    specVersion: SPEC_VERSION,
    target: {
      kind: run.kind ?? 'relay',
      ...(run.url !== undefined && { url: run.url }),
      ...(run.startedBy !== undefined && { startedBy: run.startedBy }),
      ...(run.driver && jsonDriver(run.driver)),
      ...(run.identity && { identity: encodeBase64url(run.identity) }),
      ...(run.limits.size > 0 && { limits: Object.fromEntries([...run.limits].map(([name, n]) => [name, String(n)])) }),
    },
    profiles: run.profiles,
    selection: run.selection,
    seed: run.seed,
    startedAt: run.startedAt.toISOString(),
    durationMs: run.ms,
    verdict: verdictOf(run),
    ...(problem && { problem: problem.text }),
    ...(run.interrupted !== undefined && { interrupted: run.interrupted }),
    totals: totalsOf(run.checks),
    notRun: notRunByReason(run.checks),
    ...(run.idle.length > 0 && { unusedKnownFailures: run.idle.map(({ pattern }) => pattern) }),
    canary: {
      passed: canary.passed,
      title: canary.about?.title ?? CANARY_TITLE,
      requirements: canary.about?.requirements ?? CANARY_REQUIREMENTS,
      ms: canary.ms,
      ...(canary.reason !== undefined && { reason: canary.reason }),
      ...(canary.finding && { expected: canary.finding.expected, actual: canary.finding.actual }),
      ...(canary.trace.length > 0 && { trace: canary.trace }),
    },
    ...(!canary.passed && { untrusted: true }),
    ...(run.kind === 'codec' && { inputs: inputsOf(run.checks) }),
    checks: run.checks.map(jsonCheck),
  };
}

function jsonDriver({ name, version, operations }: DriverDescription): object {
  return {
    ...(name !== undefined && { name }),
    ...(version !== undefined && { version }),
    operations: [...operations].sort(),
  };
}

function notRunByReason(checks: readonly CheckResult[]): object[] {
  const reasons = Map.groupBy(
    checks.filter(({ verdict }) => verdict === 'not-run'),
    ({ reason }) => reason!,
  );
  return [...reasons].map(([reason, results]) => {
    const { missing } = results[0]!;
    return { reason, ...(missing !== undefined && { need: missing }), checks: results.length };
  });
}

function jsonCheck(result: CheckResult): object {
  const { check, finding, known } = result;
  const confirmation = confirmationOf(result);
  return {
    id: check.id,
    profile: check.profile,
    requirements: check.requirements.map(({ id }) => id),
    title: check.title,
    verdict: result.verdict,
    ...(confirmation !== undefined && { confirmation }),
    ...(known && { knownFailing: known.pattern }),
    ms: result.ms,
    ...(result.reason !== undefined && { reason: result.reason }),
    ...(finding && { requirement: finding.requirement, expected: finding.expected, actual: finding.actual }),
    ...(result.trace.length > 0 && { trace: result.trace }),
    ...(result.verdict !== 'pass' && { replay: result.replay }),
    ...(result.property && { property: result.property }),
    ...(result.inputs && { inputs: inputsOf([result]) }),
    ...(result.request && { request: result.request }),
  };
}
