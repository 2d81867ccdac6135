import { Inconclusive } from '../verdict.ts';

/** HTTP statuses by which a relay refuses an upgrade for want of room: they say nothing about the rule at hand. */
export const OVER_LIMIT_STATUS: ReadonlySet<number> = new Set([429, 503]);

/** The close code by which a relay refuses for want of room. */
export const OVER_LIMIT_CLOSE = 1013;

/** The relay refused the kit for its rate, not for what it sent. */
export class OverLimit extends Inconclusive {
  /** Whether it took no connection, rather than refuse a request on one. */
  readonly isClosed: boolean;

  constructor(how: string, isClosed: boolean) {
    super(`the relay is over a limit (${how}): lift its limits, \`0k-conformance explain config\` shows what to set`);
    this.isClosed = isClosed;
  }
}

export function overLimit(how: string, isClosed = true): OverLimit {
  return new OverLimit(how, isClosed);
}

/** What to throw where an event is the close of a relay that has no room: undefined for every other event. */
export function closedOverLimit(event: object | symbol): OverLimit | undefined {
  const isThat = typeof event === 'object' && 'kind' in event && event.kind === 'close' && 'code' in event;
  return isThat && event.code === OVER_LIMIT_CLOSE ? overLimit(`a close with ${OVER_LIMIT_CLOSE}`) : undefined;
}
