import { Inconclusive } from '../verdict.ts';

/** HTTP statuses by which a relay refuses an upgrade for want of room: they say nothing about the rule at hand. */
export const OVER_LIMIT_STATUS: ReadonlySet<number> = new Set([429, 503]);

/** The relay refused the kit for its rate, not for what it sent. */
export function overLimit(how: string): Inconclusive {
  return new Inconclusive(
    `the relay is over a limit (${how}): run it with lifted limits, see \`0k-conformance --help\``,
  );
}
