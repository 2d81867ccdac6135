/** What the checks of rates share: token buckets, seen from outside. */
import type { ErrorMessage, LimitName, Message } from '@0k-sync/spec';
import type { MessageConnection } from '../access/messages.ts';
import { OverLimit } from '../access/over-limit.ts';
import type { Context } from '../context.ts';
import { Violation } from '../verdict.ts';

/** A token bucket: full at first, one token for each request. */
export interface Bucket {
  readonly size: number;
  /** Tokens that flow in. */
  readonly perSecond: number;
}

/** A larger bucket is not emptied. */
const LARGEST = 20_000;
/** A full bucket is waited for no longer, in seconds. */
const LONGEST_REFILL = 30;

/** The bucket of a rate, unless it is too large to be emptied. @throws NotRun */
export function bucketOf(ctx: Context, rate: LimitName, seconds: number, size: LimitName = rate): Bucket {
  const [each, most] = [Number(ctx.limit(rate)), Number(ctx.limit(size))];
  if (each === 0) ctx.unreachable(`${rate} is 0: there is no limit`);
  if (most > LARGEST || each / seconds > LARGEST) ctx.unreachable(`${size} is ${most}: too many to be reached`);
  return { size: most, perSecond: each / seconds };
}

/** The bucket of one device's requests. @throws NotRun if it has no limit, or one that it cannot reach by itself */
export function requestsOfDevice(ctx: Context): Bucket {
  const bucket = bucketOf(ctx, 'messages_per_minute', 60, 'messages_burst');
  const all = ctx.limit('global_requests_per_second');
  if (all === 0n || all >= 2 * tooMany(bucket)) return bucket;
  return ctx.unreachable(
    `global_requests_per_second is ${all}: a device that sends ${bucket.size} at once may meet that first`,
  );
}

/** The most that a bucket can have let through since a moment: all it held, what has flowed in, and one for the rounding. */
export function most({ size, perSecond }: Bucket, since: number): number {
  return Math.floor(size + (perSecond * (performance.now() - since)) / 1000 + 1);
}

/** Lets tokens flow in, and a little longer, since clocks differ. @throws NotRun if that takes too long */
export async function untilTokens(ctx: Context, { perSecond }: Bucket, tokens: number): Promise<void> {
  const seconds = tokens / perSecond;
  if (seconds > LONGEST_REFILL) ctx.unreachable(`${tokens} tokens take ${Math.round(seconds)} s to flow in`);
  const ms = seconds * 1100 + 50;
  ctx.requireTime(ms);
  await ctx.elapse(ms);
}

export const PULL: Message = { type: 'Pull', after_cursor: 0n, limit: 1 };

/** What became of requests that were sent at once: true for each that was answered, false where it was Error 2000. */
export interface Rush {
  readonly answered: readonly boolean[];
  readonly accepted: number;
  /** The last Error 2000. */
  readonly refusal: ErrorMessage | undefined;
}

/** Sends requests of one kind at once and reads all answers. */
export async function rush(
  session: MessageConnection,
  count: number,
  request: Message = PULL,
  answer: 'PullResponse' | 'PushAck' = 'PullResponse',
): Promise<Rush> {
  session.send(...Array.from({ length: count }, () => request));
  const answered: boolean[] = [];
  let refusal: ErrorMessage | undefined;
  for (let n = 0; n < count; n++) {
    const answering = session.expectOrLimited(answer);
    const message = await (refusal ? goingOn(answering) : answering);
    if (message.type === 'Error') refusal = message;
    answered.push(message.type !== 'Error');
  }
  return { answered, accepted: answered.filter(Boolean).length, refusal };
}

/** What an end of the session means where it should have gone on after Error 2000. @throws Violation */
async function goingOn<T>(answering: Promise<T>): Promise<T> {
  try {
    return await answering;
  } catch (error) {
    if (!(error instanceof OverLimit)) throw error;
    const expected = ['a session that goes on after Error 2000'];
    const actual = error.isClosed ? 'its end, as of one over a limit' : 'Error 2000 again when it was within its rate';
    throw new Violation({ requirement: 'ERR-04', expected, actual });
  }
}

/** A session that was refused something answers when it is within its rates again. @throws Violation if not */
export async function requireServed(session: MessageConnection): Promise<void> {
  await goingOn(session.roundTrip());
}

/** More requests than the bucket holds, even if the relay takes some seconds for them. */
export const tooMany = ({ size, perSecond }: Bucket): number => size + Math.ceil(5 * perSecond) + 10;

/**
 * Judges how many of so many were let through since a moment.
 *
 * @throws Violation if more than the bucket allows; Inconclusive if they came so slowly that it allows all
 */
export function requireLimited(
  ctx: Context,
  bucket: Bucket,
  { since, sent, accepted }: { since: number; sent: number; accepted: number },
  requirement?: string,
): void {
  const allowed = most(bucket, since);
  ctx.verify(accepted <= allowed, {
    ...(requirement !== undefined && { requirement }),
    expected: [`at most ${allowed} of ${sent} let through, and the others refused`],
    actual: `${accepted} let through`,
  });
  if (allowed >= sent) ctx.inconclusive(`${sent} took so long that the rate allows all of them`);
}

/** Brings a device over its rate. @returns the last Error 2000 @throws Violation if it is not refused */
export async function drain(
  ctx: Context,
  session: MessageConnection,
  bucket: Bucket,
  request: Message = PULL,
  answer: 'PullResponse' | 'PushAck' = 'PullResponse',
): Promise<ErrorMessage> {
  const since = performance.now();
  const sent = tooMany(bucket);
  const { accepted, refusal } = await rush(session, sent, request, answer);
  requireLimited(ctx, bucket, { since, sent, accepted }, 'LIM-06');
  return refusal!;
}

/** Milliseconds that an Error 2000 asks to wait; `expectOrLimited` has seen that it does. */
export const retryAfter = (refusal: ErrorMessage): number => Number(refusal.ext!.retry_after_ms);
