import { NOTHING } from '../access/inbox.ts';
import type { MessageConnection } from '../access/messages.ts';
import type { Context } from '../context.ts';
import { describeMessage } from '../describe.ts';
import type { Finding } from '../verdict.ts';

/** A break of the canary: the target granted what nobody may grant. */
export type CanaryFinding = Finding & { readonly requirement: string };

export const CANARY_TITLE = 'an unknown message and an unknown version are refused';
export const CANARY_REQUIREMENTS = ['WIRE-28', 'SES-09'] as const;

/**
 * Asks for two things that cannot exist. A target that says yes to them would say yes to anything, so none of its passes
 * means a thing.
 *
 * @returns what it granted, if it did.
 */
export async function askForTheImpossible(context: Context): Promise<CanaryFinding | undefined> {
  return (await unknownMessage(context)) ?? (await unknownVersion(context));
}

async function unknownMessage(context: Context): Promise<CanaryFinding | undefined> {
  const connection = await context.join();
  const name = `Q${context.random.uint32().toString(36).padStart(7, 'z')}`;
  // A MessagePack array of one string of 8 bytes.
  connection.frames.sendFrame(Uint8Array.of(0x91, 0xa8, ...Buffer.from(name)));
  connection.send({ type: 'Pull', after_cursor: 0n, limit: 1 });
  return await refusal(connection, 'WIRE-28', ['Error 1000, fatal, for a message of an unknown name']);
}

async function unknownVersion(context: Context): Promise<CanaryFinding | undefined> {
  const connection = await context.messages();
  connection.sendHello({ group: context.group(), version: context.random.integer(2, 255) });
  return await refusal(connection, 'SES-09', ['Error 1005, fatal, for a Hello of an unknown version']);
}

/**
 * Any Error and any close is a refusal here: whether it is the right one is for the checks.
 *
 * @throws Inconclusive if the relay has no room: that refuses everything, the possible too
 */
async function refusal(
  connection: MessageConnection,
  requirement: string,
  expected: readonly string[],
): Promise<CanaryFinding | undefined> {
  for (;;) {
    const event = await connection.next();
    const over = connection.overLimit(event);
    if (over) throw over;
    if (event === NOTHING) return { requirement, expected, actual: 'nothing, and the connection left open' };
    if (!('type' in event) || event.type === 'Error') return undefined;
    if (event.type !== 'Notify') return { requirement, expected, actual: describeMessage(event) };
  }
}
