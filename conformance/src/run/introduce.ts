import type { LimitName, Welcome } from '@0k-sync/spec';
import { Unreachable, UpgradeRefused } from '../access/link.ts';
import type { Context, Limits } from '../context.ts';
import { Inconclusive, Violation } from '../verdict.ts';

/** What the kit learns of a target before the first check. */
export interface Introduction {
  readonly welcome: Welcome;
  readonly limits: Limits;
  /** The relay's identity, 32 bytes. */
  readonly identity: Uint8Array;
}

/** Something answers there, and it is no relay of this protocol. */
export class NotARelay extends Error {
  override readonly name = 'NotARelay';
}

/**
 * Connects, shakes hands and says Hello once. Whatever goes wrong here is said in terms of what was tried, because it is
 * most often a wrong address.
 *
 * @throws Unreachable if nobody answers; NotARelay if somebody else does; Inconclusive if it has no room
 */
export async function introduce(context: Context): Promise<Introduction> {
  const noise = await attempt('to a WebSocket upgrade', () => context.noise());
  const first = noise.writeHandshake();
  const second = await attempt('to the first handshake message', () =>
    noise.wire.receive('the second handshake message'),
  );
  if (Buffer.compare(first, second) === 0) throw new NotARelay('it sends back what it was sent: an echo server?');
  await attempt('to the first handshake message', async () => noise.process(second));
  const { pin } = context.target;
  if (pin && Buffer.compare(pin, noise.remote!.deviceId) !== 0) {
    throw new NotARelay('its identity is not the one in the address: another relay, or one with new keys');
  }
  await attempt('to the third handshake message', async () => {
    noise.writeHandshake();
    await noise.readHandshake();
  });
  const connection = context.messagesOver(noise);
  const welcome = await attempt('to Hello', () => connection.hello({ group: context.group() }));
  await attempt('to Bye', () => connection.bye());
  const limits = new Map(Object.entries(welcome.ext?.limits ?? {}));
  return { welcome, limits, identity: noise.remote!.deviceId };
}

/** The limits that are rates, and from where on no check of the kit meets them; 0 is no limit at all. */
export const RATES: ReadonlyMap<LimitName, bigint> = new Map<LimitName, bigint>([
  ['connections_per_minute', 1000n],
  ['messages_per_minute', 6000n],
  ['new_groups_per_hour', 10_000n],
  ['global_requests_per_second', 1000n],
]);
/** The most requests that a check sends at once, before the rate can fill the bucket again. */
const LEAST_BURST = 200n;

/**
 * The rates that stand in the way of a kit that connects and pushes as often as it likes, and what they would have to be.
 *
 * @returns nothing if all are lifted.
 */
export function unliftedLimits(limits: Limits): string[] {
  const unlifted = [...RATES].flatMap(([name, least]) => {
    const value = limits.get(name);
    if (value === 0n || (value !== undefined && value >= least)) return [];
    return [`${name} is ${value ?? 'not stated'}, 0 or at least ${least} is needed`];
  });
  const burst = limits.get('messages_burst') ?? LEAST_BURST;
  if (limits.get('messages_per_minute') !== 0n && burst < LEAST_BURST) {
    unlifted.push(`messages_burst is ${burst}, at least ${LEAST_BURST} is needed`);
  }
  return unlifted;
}

async function attempt<T>(what: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    if (error instanceof Violation)
      throw new NotARelay(`its answer ${what}: ${error.actual}; ${error.expected.join(' or ')} was expected`);
    if (error instanceof Inconclusive || error instanceof Unreachable || !(error instanceof UpgradeRefused))
      throw error;
    throw new NotARelay(`its answer ${what}: ${error.message}`);
  }
}
