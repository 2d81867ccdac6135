import { QUICK_RUNS } from '../../src/cli/run-command.ts';
import type { Check } from '../../src/registry.ts';
import type { Leg } from '../../src/run/legs.ts';
import { exitCodeOf, type RunResult, verdictOf } from '../../src/run/result.ts';
import { type RunOptions, run } from '../../src/run/run.ts';
import type { Target } from '../../src/target/target.ts';
import { EXIT, Interrupted } from '../../src/verdict.ts';
import { checksFor, legsOf } from './course.ts';
import { patchedLine } from './patch.ts';
import { isBroken, rulesOf, type Saboteur } from './saboteur.ts';

/** A check that failed, and the rule that it found broken. */
export interface Failure {
  /** `introduction` and `canary` are what comes before the checks. */
  readonly check: string;
  readonly requirement: string;
  /** Set if its process ended, and that is not how it breaks the rule: then nothing is known of the rule. */
  readonly isChance?: true;
}

/**
 * What the certifier made of a saboteur. Broken relays are `killed` if each rule that they break was found broken, else
 * `misjudged` if something else failed, else they `survived`; legal ones `passed` or were `accused`. `unknown` is a run
 * that could not be made, or that found nothing wrong with a legal one and not all right.
 */
export type Outcome = 'killed' | 'misjudged' | 'survived' | 'passed' | 'accused' | 'unknown';

export interface Grade {
  readonly saboteur: Saboteur;
  readonly outcome: Outcome;
  /** In the order in which they came; with an early stop, as far as it went. */
  readonly failures: readonly Failure[];
  /** Lines on what is wrong, of an outcome that should not be. */
  readonly notes: readonly string[];
  readonly ms: number;
}

export interface GradeOptions {
  readonly seed: number;
  /** To the end, and not only until each broken rule was found. */
  readonly full: boolean;
  /** Only the checks of the rules that it breaks. */
  readonly near?: boolean;
  /** Without the slow checks, as with `--quick` of the certifier. */
  readonly quick?: boolean;
  readonly signal: AbortSignal;
}

/** The longest wait for one answer, in seconds, and how many checks run at once: as in a run that nobody has told otherwise. */
const SELECTION = { timeoutSeconds: 10, jobs: 4, strict: false } as const;

/** Certifies a saboteur's relay. @throws Interrupted */
export async function grade(saboteur: Saboteur, options: GradeOptions): Promise<Grade> {
  const { seed, full, near = false, quick = false, signal } = options;
  const began = performance.now();
  const enough = new AbortController();
  const rules = rulesOf(saboteur);
  const isNear = (check: Check) => check.requirements.some(({ id }) => rules.includes(id));
  const offered = checksFor(saboteur);
  const checks = offered.filter((check) => !(quick && check.slow) && (!near || !isBroken(saboteur) || isNear(check)));
  const legs = legsOf(saboteur, checks);
  const stopsEarly = !full && isBroken(saboteur);
  const failures: Failure[] = [];
  const wanted = new Set(isBroken(saboteur) ? saboteur.breaks : []);
  const unpatched = new Set<string>();
  // By now it has loaded all that it is made of.
  const lookForPatches = ({ output = [] }: Target): void => {
    for (const { file } of saboteur.patches ?? []) if (!output.includes(patchedLine(file))) unpatched.add(file);
  };
  const failed = (failure: Failure): void => {
    failures.push(failure);
    if (!failure.isChance) wanted.delete(failure.requirement);
    if (stopsEarly && wanted.size === 0) enough.abort(new Interrupted('all that is broken was found'));
  };

  const runOptions: Omit<RunOptions, keyof Leg> = {
    profiles: [...new Set(checks.map(({ profile }) => profile))],
    selection: {
      ...SELECTION,
      quick,
      ...(quick && { runs: QUICK_RUNS }),
      selected: checks.length,
      available: offered.length,
    },
    seed,
    signal: AbortSignal.any([signal, enough.signal]),
    replay: ({ id }) => id,
    onIntroduced: (_, target) => lookForPatches(target),
    onResult({ check, verdict, finding, brokeDown = false }) {
      if (verdict !== 'fail') return;
      const isChance = brokeDown && !(isBroken(saboteur) && saboteur.breaksDown);
      failed({ check: check.id, requirement: finding!.requirement, ...(isChance && { isChance }) });
    },
  };
  const results: RunResult[] = [];
  const certify = async (some: readonly Leg[]) => {
    results.push(...(await Promise.all(some.map(certifyLeg))));
  };
  const certifyLeg = async (leg: Leg): Promise<RunResult> => {
    const result = await run({ ...runOptions, ...leg });
    // One that never introduced itself has printed all that it will.
    if (result.problem && result.interrupted === undefined) lookForPatches(leg.target);
    return result;
  };
  if (stopsEarly) {
    // Most are found by what takes a moment: only for the others relays are started that wait for seconds.
    const [first, ...rest] = legs.filter((leg) => leg.checks.some(isNear));
    await certify(first ? [first] : legs);
    if (wanted.size > 0) await certify(rest);
  } else await certify(legs);
  signal.throwIfAborted();

  const canary = results.find((result) => result.canary.finding)?.canary.finding;
  if (canary) {
    failures.unshift({ check: 'canary', requirement: canary.requirement });
    wanted.delete(canary.requirement);
  }
  const problem = results.find((result) => result.problem && result.interrupted === undefined)?.problem;
  const isNoRelay = results.some((result) => result.problem?.isNoRelay) && unpatched.size === 0;
  if (isNoRelay && isBroken(saboteur) && saboteur.isNoRelay) {
    for (const requirement of wanted) failures.push({ check: 'introduction', requirement });
    wanted.clear();
  }
  const ms = Math.round(performance.now() - began);
  const common = { saboteur, failures, ms };
  const complaints = results.flatMap(complaintsOf);
  if (unpatched.size > 0) {
    const files = Array.from(unpatched, (file) => `${file} was not loaded with its change`);
    return { ...common, outcome: 'unknown', notes: [...files, ...complaints] };
  }

  if (!isBroken(saboteur)) {
    const outcome = outcomeOfLegal(results);
    return { ...common, outcome, notes: outcome === 'passed' ? [] : complaints };
  }
  if (wanted.size === 0) return { ...common, outcome: 'killed', notes: [] };
  const notes = [`not found broken: ${[...wanted].join(', ')}`, ...complaints];
  if (problem) return { ...common, outcome: 'unknown', notes };
  return { ...common, outcome: failures.length > 0 ? 'misjudged' : 'survived', notes };
}

/** What became of a legal one: what only left open whether it is right accuses nobody. */
export function outcomeOfLegal(results: readonly RunResult[]): 'passed' | 'accused' | 'unknown' {
  if (results.every((result) => exitCodeOf(result) === EXIT.conformant)) return 'passed';
  const isAccused = results.some(
    ({ canary, checks, problem }) =>
      canary.finding !== undefined ||
      problem?.verdict === 'not-conformant' ||
      checks.some(({ verdict }) => verdict === 'fail'),
  );
  return isAccused ? 'accused' : 'unknown';
}

/** All that was not as with a correct relay, a line each. */
function complaintsOf(result: RunResult): string[] {
  const { problem } = result;
  return [
    ...(problem ? [problem.text, ...(problem.lines ?? [])] : []),
    ...result.checks
      .filter(({ verdict }) => verdict === 'fail' || verdict === 'inconclusive')
      .map(({ check, verdict, finding, reason }) =>
        finding
          ? `${check.id} ${verdict}: ${finding.requirement}: ${finding.expected.join(' or ')} was expected, got ${finding.actual}`
          : `${check.id} ${verdict}: ${reason}`,
      ),
    ...(problem ? [] : [`a part of the run: ${verdictOf(result)}`]),
  ];
}
