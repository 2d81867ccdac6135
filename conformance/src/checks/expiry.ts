/** What the checks of expiry share: they wait for time to pass, because that is what they are about. */
import type { MessageConnection } from '../access/messages.ts';
import type { Context } from '../context.ts';

/** A life long enough to be seen, in seconds: a relay with a clock of whole seconds may take one off (D-036). */
export const SHORT_TTL = 2;

/** For the way between the two clocks, in milliseconds. */
const TOLERANCE_MS = 150;

/** Clean-up that comes more seldom is not waited for, in seconds. */
const LONGEST_CLEANUP = 5;

/** Resolves when a blob of this ttl, acknowledged before the call, must have expired. @throws NotRun if no blob lives so long */
export async function expired(ctx: Context, session: MessageConnection, ttlSeconds: number): Promise<void> {
  if (ctx.limit('max_ttl') <= BigInt(SHORT_TTL)) ctx.notRun(`max_ttl is not above ${SHORT_TTL} s`);
  await passed(session, ttlSeconds * 1000 + TOLERANCE_MS);
  ctx.trace.record('kit', 'event', `${ttlSeconds} s have passed`);
}

/** The same, and then time for the relay to clean up once, where it does so often enough to be waited for. */
export async function cleanedUp(ctx: Context, session: MessageConnection, ttlSeconds: number): Promise<void> {
  await expired(ctx, session, ttlSeconds);
  await timeToCleanUp(ctx, session);
}

/** Time for the relay to clean up once, where it does so often enough to be waited for. */
export async function timeToCleanUp(ctx: Context, session: MessageConnection): Promise<void> {
  const interval = Number(ctx.limit('cleanup_interval_secs'));
  if (interval <= LONGEST_CLEANUP) await passed(session, interval * 1500);
}

/** Time in which something that must not come would come; what comes all the same is kept with what came unasked. */
export async function quiet(session: MessageConnection): Promise<void> {
  await passed(session, 300);
}

async function passed(session: MessageConnection, milliseconds: number): Promise<void> {
  const end = performance.now() + milliseconds;
  for (let left = milliseconds; left > 0; left = end - performance.now()) {
    const event = await session.next(left);
    if (typeof event === 'object' && 'type' in event && event.type === 'Notify') session.asides.push(event);
  }
}
