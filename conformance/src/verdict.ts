import type { Need } from './target/target.ts';
/** The four outcomes of a check. `inconclusive` beats `pass`: what was not seen is never counted as seen. */
export type Verdict = 'pass' | 'fail' | 'not-run' | 'inconclusive';

/** What a violated rule allowed and what came instead. */
export interface Finding {
  /** The requirement that is broken; left out, it is the first one of the check. */
  readonly requirement?: string;
  /** Every outcome the rule allows, often more than one. */
  readonly expected: readonly string[];
  /** What came. Never a payload, a key or a full id. */
  readonly actual: string;
}

/** The target broke a rule: the check's verdict is `fail`. */
export class Violation extends Error {
  override readonly name = 'Violation';
  readonly requirement: string | undefined;
  readonly expected: readonly string[];
  readonly actual: string;

  constructor(finding: Finding) {
    super(`expected ${finding.expected.join(' or ')}; got ${finding.actual}`);
    this.requirement = finding.requirement;
    this.expected = finding.expected;
    this.actual = finding.actual;
  }
}

/** Nothing can be said about the target: too little ran, it refused for want of capacity, or the kit itself failed. */
export class Inconclusive extends Error {
  override readonly name = 'Inconclusive';
}

/** The target lacks what the check needs, found out while it ran. */
export class NotRun extends Error {
  override readonly name = 'NotRun';
  /** What it is that the target lacks, where there is a name for it. */
  readonly missing: Need | undefined;

  constructor(reason: string, missing?: Need) {
    super(reason);
    this.missing = missing;
  }
}

/** The whole run has been ended, by a person or by its time: no verdict at all for the check at hand. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';

  constructor(why = 'interrupted') {
    super(why);
  }
}

/** Why a run was ended. */
export function interruption({ reason }: AbortSignal): Interrupted {
  return reason instanceof Interrupted ? reason : new Interrupted();
}

/** Exit codes of the command. Never a count of failures, which would wrap at 256. */
export const EXIT = { conformant: 0, notConformant: 1, usage: 2, inconclusive: 3 } as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
