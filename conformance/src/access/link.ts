import type { Random } from '../random.ts';
import type { Trace } from '../trace.ts';
import { OVER_LIMIT_STATUS } from './over-limit.ts';

/** What every connection of a check is given: where to, for how long, and where to write down what passes. */
export interface Link {
  /** `ws://` or `wss://`, without a fragment. */
  readonly url: string;
  /** The name of the connection in the trace: A, B, …. */
  readonly name: string;
  readonly trace: Trace;
  /** Aborted when the check is over, so that nothing outlives it. */
  readonly signal: AbortSignal;
  /** The longest wait for one answer, in milliseconds. */
  readonly timeoutMs: number;
  readonly random: Random;
  /** The text of each error code, as it was first seen in this run. */
  readonly errorTexts: Map<number, string>;
}

/** The target could not be reached at all: nothing listens there, the name is unknown, the network is down. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable';
}

/** The target answered the upgrade with something else than a WebSocket. */
export class UpgradeRefused extends Error {
  override readonly name = 'UpgradeRefused';
  /** The HTTP status; 0 if what came was not HTTP, or no valid upgrade. */
  readonly status: number;
  /** Seconds, of a Retry-After header. */
  readonly retryAfter: number | undefined;

  constructor(status: number, what: string, retryAfter?: number) {
    super(what);
    this.status = status;
    this.retryAfter = retryAfter;
  }

  /** Whether the target is a relay that has no room now, rather than no relay. */
  get isOverLimit(): boolean {
    return OVER_LIMIT_STATUS.has(this.status);
  }
}
