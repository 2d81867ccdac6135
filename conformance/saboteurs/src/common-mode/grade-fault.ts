import type { GradeOptions, Outcome } from '../grade.ts';
import { certifyTogether } from './certify.ts';
import type { Fault } from './fault.ts';
import { failingTest, TestsNotRun } from './tests.ts';

/** A fault of kit and relay, and what found it. */
export interface FaultRow {
  readonly name: string;
  readonly breaks: readonly string[];
  readonly what: string;
  readonly outcome: Extract<Outcome, 'killed' | 'survived' | 'misjudged' | 'unknown'>;
  /** The first test that failed, or the checks of a default run. */
  readonly killedBy: readonly string[];
}

export interface FaultGrade extends FaultRow {
  /** Lines on what is wrong, of an outcome that should not be. */
  readonly notes: readonly string[];
  readonly ms: number;
}

/** Tries the tests of `npm test` on a fault, and where they are blind to it, a default run. */
export async function gradeFault(fault: Fault, options: Omit<GradeOptions, 'full'>): Promise<FaultGrade> {
  const began = performance.now();
  const { name, breaks, what } = fault;
  const end = (
    outcome: FaultRow['outcome'],
    killedBy: readonly string[],
    notes: readonly string[] = [],
  ): FaultGrade => {
    return { name, breaks, what, outcome, killedBy, notes, ms: Math.round(performance.now() - began) };
  };
  try {
    const test = await failingTest(fault, options.signal);
    if (test !== undefined) return end('killed', [test]);
  } catch (error) {
    if (!(error instanceof TestsNotRun)) throw error;
    return end('unknown', [], [error.message]);
  }
  const { outcome, failures, notes } = await certifyTogether(fault, options);
  const found = failures.filter(({ requirement }) => breaks.includes(requirement)).map(({ check }) => check);
  return end(outcome as FaultRow['outcome'], [...new Set(found)].sort(), notes);
}
