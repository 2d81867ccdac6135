import { fileURLToPath } from 'node:url';
import { codecRegistry } from '../../../src/codec/checks.ts';
import { DriverTarget } from '../../../src/codec/driver-target.ts';
import type { RunResult } from '../../../src/run/result.ts';
import { run } from '../../../src/run/run.ts';
import { select } from '../../../src/selection.ts';
import { quote } from '../../../src/target/remote.ts';
import { Interrupted } from '../../../src/verdict.ts';
import { type Failure, type Outcome, outcomeOfLegal } from '../grade.ts';
import type { Patch } from '../saboteur.ts';
import type { Codec } from './all.ts';

/** What the certifier made of a codec. `failures` are the checks that failed, and the rule that each found broken. */
export interface CodecGrade {
  readonly codec: Codec;
  /** As of relays: broken ones are killed by a check of each rule that they break, legal ones pass. */
  readonly outcome: Outcome;
  readonly failures: readonly Failure[];
  readonly notes: readonly string[];
  readonly ms: number;
}

export interface CodecGradeOptions {
  readonly seed: number;
  /** With all checks, and not only those of the rules that it breaks: no check of a codec depends on another. */
  readonly full: boolean;
  readonly signal: AbortSignal;
}

/** The command of a driver whose sources are changed as Node loads them. */
export function driverCommand(patches: readonly Patch[] = []): string {
  const hook = new URL('../patch-hook.ts', import.meta.url);
  hook.searchParams.set('patches', JSON.stringify(patches));
  const driver = fileURLToPath(new URL('driver.ts', import.meta.url));
  return [process.execPath, '--conditions=source', '--no-warnings', '--import', hook.href, driver].map(quote).join(' ');
}

/** Certifies a codec. @throws Interrupted */
export async function gradeCodec(codec: Codec, { seed, full, signal }: CodecGradeOptions): Promise<CodecGrade> {
  const began = performance.now();
  const breaks: readonly string[] = 'breaks' in codec ? codec.breaks : [];
  const only = 'breaks' in codec ? (full ? undefined : breaks) : codec.only;
  const checks = select(codecRegistry.all(), { profiles: ['codec'], ...(only && { only }) });
  const wanted = new Set(breaks);
  const enough = new AbortController();
  const failures: Failure[] = [];
  const result = await run({
    target: new DriverTarget(driverCommand(codec.patches), 10_000),
    checks,
    profiles: ['codec'],
    selection: {
      timeoutSeconds: 10,
      jobs: 1,
      strict: false,
      quick: false,
      selected: checks.length,
      available: checks.length,
    },
    seed,
    signal: AbortSignal.any([signal, enough.signal]),
    replay: ({ id }) => id,
    onResult({ check, verdict, finding, brokeDown = false }) {
      if (verdict !== 'fail') return;
      const { requirement } = finding!;
      const isChance = brokeDown && !('breaksDown' in codec && codec.breaksDown);
      failures.push({ check: check.id, requirement, ...(isChance && { isChance }) });
      if (!isChance) wanted.delete(requirement);
      if (!full && breaks.length > 0 && wanted.size === 0) enough.abort(new Interrupted('found'));
    },
  });
  signal.throwIfAborted();
  if (result.canary.finding) {
    failures.unshift({ check: 'canary', requirement: result.canary.finding.requirement });
    wanted.delete(result.canary.finding.requirement);
  }
  const common = { codec, failures, ms: Math.round(performance.now() - began) };
  if (breaks.length === 0) {
    const outcome = outcomeOfLegal([result]);
    return { ...common, outcome, notes: outcome === 'passed' ? [] : complaints(result) };
  }
  if (wanted.size === 0) return { ...common, outcome: 'killed', notes: [] };
  const notes = [`not found broken: ${[...wanted].join(', ')}`, ...complaints(result)];
  if (result.problem) return { ...common, outcome: 'unknown', notes };
  return { ...common, outcome: failures.length > 0 ? 'misjudged' : 'survived', notes };
}

function complaints({ problem, checks }: RunResult): string[] {
  return [
    ...(problem ? [problem.text, ...(problem.lines ?? [])] : []),
    ...checks.flatMap(({ check, verdict, finding, reason }) =>
      verdict === 'fail' || verdict === 'inconclusive'
        ? [
            `${check.id} ${verdict}: ${finding ? `${finding.expected.join(' or ')} was expected, got ${finding.actual}` : reason}`,
          ]
        : [],
    ),
  ];
}
