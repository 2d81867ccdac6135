import type { MessageConnection } from './messages.ts';

/** How long the relay takes for one answer, the way included: the quickest of three, in milliseconds. */
export async function latencyOf(session: MessageConnection): Promise<number> {
  let quickest = Number.POSITIVE_INFINITY;
  for (let n = 0; n < 3; n++) {
    const asked = performance.now();
    await session.roundTrip();
    quickest = Math.min(quickest, performance.now() - asked);
  }
  return quickest;
}
