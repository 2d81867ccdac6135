import { ERRORS } from '@0k-sync/spec';
import { newPush } from '../checks/pushes.ts';
import { Context, type Surroundings } from '../context.ts';
import { Inconclusive } from '../verdict.ts';

/** What the checks of a run store together stays below this, in bytes. */
const MOST_OF_A_RUN = 2 ** 30;
/** How long the blob lives that is pushed to find out, in seconds. */
const TTL = 60;

/**
 * Looks whether a relay is full as a whole (LIM-07): then it refuses pushes to groups that have room, rightly, and what a
 * check made of that says nothing. It is, if it refuses the largest blob to a new group.
 *
 * @returns what to throw instead of a violation; undefined if the relay has room.
 */
export async function fullness(surroundings: Surroundings): Promise<Inconclusive | undefined> {
  const { target, limits } = surroundings;
  const total = limits.get('max_total_storage');
  if (total === undefined || (target.command !== undefined && total >= MOST_OF_A_RUN)) return undefined;
  // What is asked here is no part of what led to the failure.
  const context = new Context(surroundings);
  try {
    const session = await context.join();
    session.send(newPush(context, context.payloadSize(2 ** 20), TTL));
    const answer = await session.expectOneOf('PushAck', 'Error');
    if (answer.type === 'PushAck' || answer.code !== ERRORS.QUOTA_EXCEEDED.code) return undefined;
  } catch {
    return undefined;
  } finally {
    context.close();
  }
  return new Inconclusive(
    `the relay as a whole is full, max_total_storage is ${total} bytes: raise it, or empty the relay`,
  );
}
