/** What the checks of expiry share: they wait for time to pass, because that is what they are about. */
import type { MessageConnection } from '../access/messages.ts';
import type { Context } from '../context.ts';

/** A life long enough to be seen, in seconds: a relay with a clock of whole seconds may take one off (D-036). */
export const SHORT_TTL = 2;

/** For the way between the two clocks, in milliseconds. */
const TOLERANCE_MS = 150;

/** Resolves when a blob of this ttl, acknowledged before the call, must have expired; at once if the run is interrupted. */
export async function expired(ctx: Context, session: MessageConnection, ttlSeconds: number): Promise<void> {
  const end = performance.now() + ttlSeconds * 1000 + TOLERANCE_MS;
  for (let left = end - performance.now(); left > 0; left = end - performance.now()) await session.next(left);
  ctx.trace.record('kit', 'event', `${ttlSeconds} s have passed`);
}
