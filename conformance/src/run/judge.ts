import { Unreachable } from '../access/link.ts';
import type { Check } from '../registry.ts';
import { Inconclusive, Interrupted, NotRun, Violation } from '../verdict.ts';
import type { CheckResult } from './result.ts';

/** What one run of a check came to, without what it was shown by. */
export type Outcome = Pick<CheckResult, 'verdict' | 'reason' | 'finding' | 'missing' | 'brokeDown'> & {
  readonly notes?: readonly string[];
};

/** How the target's process ended that nobody had asked to. */
export interface Death {
  /** `ended with exit code 7`. */
  readonly how: string;
  /** The last lines that it printed. */
  readonly lines: readonly string[];
}

/** What a check came to, by what it threw; undefined if it returned. `strict` makes a failure of a SHOULD that is not kept. */
export function judge(check: Check, thrown: unknown, strict = false): Outcome {
  if (thrown === undefined) return { verdict: 'pass' };
  if (thrown instanceof Violation) return judgeViolation(check, thrown, strict);
  if (thrown instanceof NotRun) {
    const { message: reason, missing } = thrown;
    return { verdict: 'not-run', reason, ...(missing !== undefined && { missing }) };
  }
  if (thrown instanceof Interrupted) return { verdict: 'not-run', reason: thrown.message };
  if (thrown instanceof Inconclusive) return { verdict: 'inconclusive', reason: thrown.message };
  if (thrown instanceof Unreachable)
    return { verdict: 'inconclusive', reason: `the relay cannot be reached any more: ${thrown.message}` };
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  return {
    verdict: 'inconclusive',
    reason: `the kit failed, not the relay: ${error.message}`,
    notes: (error.stack ?? '').split('\n').slice(1, 9),
  };
}

function judgeViolation(check: Check, thrown: Violation, strict: boolean): Outcome {
  const requirement = check.requirements.find(({ id }) => id === thrown.requirement) ?? check.requirements[0]!;
  const id = thrown.requirement ?? requirement.id;
  const finding = { requirement: id, expected: thrown.expected, actual: thrown.actual };
  // What a relay only should do it may leave out: that is said, and does not count against it unless all is asked.
  const counts = requirement.level === 'MUST' || (strict && requirement.level === 'SHOULD');
  if (requirement.id === id && !counts) {
    return { verdict: 'pass', reason: `${id} (${requirement.level}) is not kept: ${thrown.message}`, finding };
  }
  return { verdict: 'fail', finding };
}

/** What a check came to in which the target's process ended. */
export function judgeDeath(check: Check, death: Death): Outcome {
  return {
    verdict: 'fail',
    finding: {
      requirement: check.requirements[0]!.id,
      expected: ['a relay that goes on'],
      actual: `the relay's process ${death.how}`,
    },
    brokeDown: true,
    notes: lastWords(death),
  };
}

/** What a check came to that may have ended the target's process and may not: nothing can be said. */
export function suspect(death: Death, others: readonly Check[], since: string): Outcome {
  const beside = others.length === 0 ? '' : ` beside ${others.map(({ id }) => id).join(', ')}`;
  return {
    verdict: 'inconclusive',
    reason: `the relay's process ${death.how} while this ran${beside}; ${since}`,
    notes: lastWords(death),
  };
}

function lastWords({ lines }: Death): string[] {
  return ['The last lines of the relay:', ...lines.map((line) => `  ${line}`)];
}
