import type { Identity } from '@0k-sync/reference';
import { NOTHING } from '../access/inbox.ts';
import { type Link, Unreachable, UpgradeRefused } from '../access/link.ts';
import { NoiseConnection } from '../access/noise.ts';
import { overLimit } from '../access/over-limit.ts';
import { describeEvent, Wire, type WireEvent } from '../access/wire.ts';
import { broken } from './ledger.ts';
import type { DeviceEvent } from './scenario.ts';

/** How long whoever waits looks away at most, in milliseconds. */
export const TICK_MS = 100;
/** A relay that has sent Close ends the connection soon, unless the network does not let it; in milliseconds. */
const CLOSING_MS = 2000;
const OVER_LIMIT_CLOSE = 1013;

/** Close codes with which a relay blames its client. The proxy changes no byte, and the client is the kit. */
const isBlame = (code: number) => [1002, 1003, 1007, 1009].includes(code) || (code >= 4000 && code < 4100);

/** The connection is gone, or of no use. What had no answer is indeterminate. */
export class LinkLost extends Error {
  override readonly name = 'LinkLost';
}

/** Opens a WebSocket. @throws LinkLost; Inconclusive if the relay has no room; Violation if what answers is no relay */
export async function open(link: Link): Promise<Wire> {
  try {
    return await Wire.open(link);
  } catch (error) {
    if (error instanceof UpgradeRefused) {
      if (error.isOverLimit) throw overLimit(error.message);
      if (error.status !== 0) throw broken('FRAME-10', 'a WebSocket, or no connection', error.message);
    } else if (!(error instanceof Unreachable)) throw error;
    throw new LinkLost(error.message);
  }
}

/** The handshake over an open WebSocket. `reached` is called where a step may belong. @throws LinkLost; Violation */
export async function shakeHands(
  wire: Wire,
  identity: Identity,
  reached: (event: DeviceEvent) => Promise<void>,
): Promise<NoiseConnection> {
  const noise = new NoiseConnection(wire, identity);
  for (const event of ['message 2', 'message 4'] as const) {
    noise.writeHandshake();
    const message = await next(wire, (ms) => wire.next(ms), wire.link.timeoutMs);
    if (message === NOTHING) throw silence(wire);
    if (message.kind !== 'message') throw ended(message);
    noise.process(message.data);
    await reached(event);
  }
  return noise;
}

/**
 * What comes next, or `NOTHING` after `ms` milliseconds.
 *
 * @throws LinkLost if the relay is closing the connection, and the network does not let it end
 */
export async function next<T>(
  wire: Wire,
  take: (ms: number) => Promise<T | typeof NOTHING>,
  ms: number,
): Promise<T | typeof NOTHING> {
  for (const deadline = performance.now() + ms; ; ) {
    const left = deadline - performance.now();
    const event = await take(Math.max(0, Math.min(left, TICK_MS)));
    if (event !== NOTHING) return event;
    if (!wire.isOpen) {
      const end = await take(CLOSING_MS);
      if (end !== NOTHING) return end;
      throw new LinkLost('the relay closes it');
    }
    if (left <= TICK_MS) return NOTHING;
  }
}

export function silence(wire: Wire): LinkLost {
  return new LinkLost(`no answer in ${wire.link.timeoutMs / 1000} s`);
}

/** What to throw for a connection that ended. */
export function ended(event: Exclude<WireEvent, { kind: 'message' }>): Error {
  const how = describeEvent(event, 0);
  if (event.kind === 'text') return broken('FRAME-16', 'binary messages', how);
  if (event.code === OVER_LIMIT_CLOSE) return overLimit(how);
  return isBlame(event.code) ? broken('ERR-01', 'a session that goes on', how) : new LinkLost(how);
}
