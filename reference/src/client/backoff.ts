/**
 * When a client tries again, as pure functions: what happened and the random part give the wait. Connections and the requests of a
 * session have a count each (CLI-13 to CLI-19, ERR-18 to ERR-20).
 */
import { CLIENT, ERRORS } from '@0k-sync/spec';

const { first_ms, longest_ms, jitter_ms } = CLIENT.backoff;

/** The largest random part of a wait, ms: draw anew and evenly from 0 to it, both included (CLI-14). */
export const MAX_JITTER_MS = jitter_ms;

export type RetryEvent =
  /** The connection could not be made, or was lost. */
  | { readonly type: 'lost' }
  /** A Welcome; for a request, an answer other than Error 2000 or 3002. */
  | { readonly type: 'succeeded' }
  | { readonly type: 'error'; readonly code: number; readonly retry_after_ms?: bigint | undefined };

export type RetryAction =
  /** So many milliseconds. They may be more than a timer of the platform takes. */
  | { readonly type: 'wait'; readonly ms: bigint }
  /** Tell the user, and do not connect again by itself. */
  | { readonly type: 'stop' }
  /** Tell the app that the request failed for good. */
  | { readonly type: 'report' }
  | { readonly type: 'none' };

const reactions = new Map<number, string>(Object.values(ERRORS).map(({ code, client }) => [code, client]));

/**
 * The wait before an attempt, ms: min(30 s, 2^(attempt − 1) s) and the random part.
 * @param attempt how many in a row, this one included
 * @param jitter whole ms, 0 to `MAX_JITTER_MS`
 * @throws RangeError
 */
export function backoffDelay(attempt: number, jitter: number): number {
  if (!Number.isInteger(attempt) || attempt < 1) throw new RangeError('attempts are counted from 1');
  if (!Number.isInteger(jitter) || jitter < 0 || jitter > jitter_ms) {
    throw new RangeError(`the random part is 0 to ${jitter_ms} whole milliseconds`);
  }
  return Math.min(longest_ms, first_ms * 2 ** (attempt - 1)) + jitter;
}

/**
 * What to do after an event, and the new count.
 * @param attempts waits since the last success, 0 at the beginning
 * @param jitter as for `backoffDelay`
 */
export function retry(attempts: number, event: RetryEvent, jitter: number): { attempts: number; action: RetryAction } {
  if (event.type === 'succeeded') return { attempts: 0, action: { type: 'none' } };
  const reaction = event.type === 'error' ? reactions.get(event.code) : undefined;
  if (reaction === 'stop' || reaction === 'report') return { attempts, action: { type: reaction } };
  const backoff = BigInt(backoffDelay(attempts + 1, jitter));
  const told = event.type === 'error' && reaction === 'wait' ? (event.retry_after_ms ?? 0n) : 0n;
  return { attempts: attempts + 1, action: { type: 'wait', ms: told > backoff ? told : backoff } };
}
