/** LIM, SES, HS: how many connections an address and a device may open, and how many groups an address may begin. */
import type { UpgradeRefused } from '../access/link.ts';
import type { MessageConnection } from '../access/messages.ts';
import { NoiseConnection } from '../access/noise.ts';
import { OverLimit } from '../access/over-limit.ts';
import { Wire } from '../access/wire.ts';
import type { ConnectOptions, Context } from '../context.ts';
import { check } from '../registry.ts';
import { LANES } from './crowd.ts';
import { type Bucket, bucketOf, most, requireLimited, requireServed, untilTokens } from './rate.ts';

/** What is held back so that a device can be over its rate before its address is. */
const SPARE = 4;
/** How often HTTP 503 may come while connections are cut. */
const PATIENCE = 50;
/** A relay is not asked to open more. */
const MOST_CONNECTIONS = 1000;

function connections(ctx: Context): Bucket {
  const bucket = bucketOf(ctx, 'connections_per_minute', 60);
  if (bucket.size > MOST_CONNECTIONS)
    ctx.unreachable(`connections_per_minute is ${bucket.size}: too many to be opened`);
  return bucket;
}

/** A local address whose bucket is full: one of its own, or the usual one after a minute in which it opens nothing. */
async function restedAddress(ctx: Context): Promise<string | undefined> {
  const address = await ctx.unusedAddress();
  if (address === undefined) {
    ctx.requireTime(60_000);
    await ctx.elapse(60_000);
  }
  return address;
}

/**
 * Opens connections until the relay refuses one for the rate of its address.
 *
 * @param use - what is done with each; then it is cut.
 * @returns the refusal, and how many there were before it.
 * @throws Violation if there are more than the rate allows
 */
async function exhaust(
  ctx: Context,
  options: () => ConnectOptions,
  { use = async () => {}, requirement = 'LIM-16' }: { use?: (wire: Wire) => Promise<void>; requirement?: string } = {},
): Promise<{ refusal: UpgradeRefused; opened: number }> {
  const bucket = connections(ctx);
  const since = performance.now();
  const expected = () => [`HTTP 429 after at most ${most(bucket, since)} upgrades from one address`];
  let opened = 0;
  let crowded = 0;
  let refusal: UpgradeRefused | undefined;
  const lane = async () => {
    while (!refusal) {
      const wire = await ctx.upgrade(options());
      if (wire instanceof Wire) {
        opened++;
        await use(wire);
        wire.terminate();
        const actual = `${opened} upgrades with none refused`;
        ctx.verify(opened <= most(bucket, since), { requirement, expected: expected(), actual });
      } else if (wire.status === 429) refusal = wire;
      else {
        // No room at the moment: those that were cut may still be counted.
        ctx.verify(++crowded < PATIENCE, { requirement, expected: expected(), actual: `HTTP ${wire.status}` });
        await ctx.elapse(100);
      }
    }
    return refusal;
  };
  const [refused] = await Promise.all(Array.from({ length: LANES }, lane));
  return { refusal: refused!, opened };
}

check('LIM-16', {
  title: 'an upgrade over the rate of its address is answered with HTTP 429 and Retry-After',
  needs: ['rates'],
  seconds: 180,
  async run(ctx) {
    const from = await restedAddress(ctx);
    const { refusal } = await exhaust(ctx, () => ({ from }));
    ctx.present(refusal.retryAfter, 'Retry-After with HTTP 429');
  },
});

check('LIM-12/upgrades', {
  title: 'upgrades that were refused cost nothing',
  needs: ['rates'],
  seconds: 180,
  async run(ctx) {
    const bucket = connections(ctx);
    const from = await restedAddress(ctx);
    await exhaust(ctx, () => ({ from }));
    for (let n = 0; n < bucket.size; n++) await ctx.upgrade({ from });
    await untilTokens(ctx, bucket, 3);
    for (let n = 1; n <= 3; n++) {
      const wire = await ctx.upgrade({ from });
      const actual = wire instanceof Wire ? '' : `HTTP ${wire.status} for number ${n}`;
      ctx.verify(wire instanceof Wire, { expected: ['3 upgrades accepted after the time of 3'], actual });
    }
  },
});

check('LIM-21', {
  title: 'an address that a client gives itself in a header does not free it from its rate',
  needs: ['rates'],
  seconds: 180,
  async run(ctx) {
    const from = await restedAddress(ctx);
    const disguised = () => {
      const address = `198.18.${ctx.random.integer(0, 255)}.${ctx.random.integer(1, 254)}`;
      const names = ['X-Forwarded-For', 'X-Real-IP', 'CF-Connecting-IP', 'True-Client-IP'];
      const headers = Object.fromEntries(names.map((name) => [name, address]));
      return { from, headers: { ...headers, Forwarded: `for=${address}` } };
    };
    await exhaust(ctx, disguised, { requirement: 'LIM-21' });
  },
});

/**
 * Connections that are open while their address, but not yet the device that they are of, has what they cost again: so one
 * address can bring one device over its rate.
 *
 * @throws NotRun if the relay does not hold them for so long
 */
async function holdBack<T>(ctx: Context, open: () => Promise<T>): Promise<T[]> {
  const bucket = connections(ctx);
  const held: T[] = [];
  while (held.length < SPARE) held.push(await open());
  if (SPARE / bucket.perSecond > Number(ctx.limit('hello_timeout_secs')) / 2) {
    ctx.unreachable('hello_timeout_secs is too short for connections to be held until others are allowed');
  }
  await untilTokens(ctx, bucket, SPARE);
  return held;
}

/** @throws Inconclusive if what is held may have been closed meanwhile for its silence */
function requireInTime(ctx: Context, heldSince: number): void {
  const seconds = (performance.now() - heldSince) / 1000;
  if (seconds > Number(ctx.limit('hello_timeout_secs')) - 1)
    ctx.inconclusive('the connections took too long to be opened');
}

/** Hello of a device that may be over its rate. @returns whether it was within */
async function greets(ctx: Context, session: MessageConnection, version = 1): Promise<boolean> {
  session.sendHello({ group: ctx.group(), version });
  if (version !== 1) {
    const { code, ext } = await session.expectError(2000, 1005);
    if (code === 1005) return true;
    ctx.present(ext?.retry_after_ms, 'retry_after_ms with Error 2000', 'ERR-12');
  } else if ((await session.expectOrLimited('Welcome')).type === 'Welcome') return true;
  await session.expectClosed(1013);
  return false;
}

for (const [id, what, version] of [
  ['SES-12', 'a Hello', 1],
  ['SES-13', 'an outdated Hello', 9],
] as const) {
  check(id, {
    title: `${what} over the connection rate of its device is refused with Error 2000, and a close with 1013`,
    requirements: ['ERR-12'],
    needs: ['rates'],
    seconds: 180,
    async run(ctx) {
      const bucket = connections(ctx);
      const device = ctx.device();
      const options = { device, from: await restedAddress(ctx) };
      const heldSince = performance.now();
      const held = await holdBack(ctx, () => ctx.messages(options));
      const since = performance.now();
      let accepted = 0;
      const use = async (wire: Wire) => {
        const session = ctx.messagesOver(await new NoiseConnection(wire, device).complete());
        if (await greets(ctx, session)) accepted++;
      };
      const { opened } = await exhaust(ctx, () => options, { use });
      requireInTime(ctx, heldSince);
      for (const session of held) if (await greets(ctx, session, version)) accepted++;
      requireLimited(ctx, bucket, { since, sent: opened + held.length, accepted });
    },
  });
}

check('HS-25', {
  title: 'handshakes in the name of a device, with no message after them, cost it nothing',
  needs: ['rates'],
  seconds: 180,
  async run(ctx) {
    const bucket = connections(ctx);
    const device = ctx.device();
    const from = await restedAddress(ctx);
    const heldSince = performance.now();
    const held = await holdBack(ctx, () => ctx.raw({ from }));
    const since = performance.now();
    const use = async (wire: Wire) => void (await new NoiseConnection(wire, device).complete());
    const { opened } = await exhaust(ctx, () => ({ from }), { use });
    requireInTime(ctx, heldSince);
    try {
      let last: NoiseConnection | undefined;
      for (const wire of held) last = await new NoiseConnection(wire, device).complete();
      if (await greets(ctx, ctx.messagesOver(last!))) {
        if (opened + held.length <= most(bucket, since))
          ctx.inconclusive('the handshakes took so long that the rate allows all');
        return;
      }
    } catch (error) {
      if (!(error instanceof OverLimit)) throw error;
    }
    ctx.fail({ expected: ['Welcome for the only Hello of the device'], actual: 'a refusal for its rate' });
  },
});

check('LIM-19', {
  title: 'a Push that would begin one group too many of its address is refused with Error 2000',
  requirements: ['ERR-04', 'ERR-12'],
  needs: ['rates'],
  async run(ctx) {
    const bucket = bucketOf(ctx, 'new_groups_per_hour', 3600);
    if (bucket.size > MOST_CONNECTIONS) ctx.unreachable(`new_groups_per_hour is ${bucket.size}: too many to be begun`);
    const from = await ctx.unusedAddress();
    if (from === undefined)
      return ctx.notRun('it would use up the new groups of an hour of an address that is not its own');
    const since = performance.now();
    for (let begun = 0; ; begun++) {
      const session = await ctx.join({ from });
      session.send({ type: 'Push', blob_id: ctx.random.blobId(), payload: ctx.random.bytes(8), ttl: 0 });
      const answer = await session.expectOrLimited('PushAck');
      if (answer.type === 'Error') return await requireServed(session);
      session.terminate();
      const allowed = most(bucket, since);
      ctx.verify(begun < allowed, {
        expected: [`Error 2000 after at most ${allowed} new groups`],
        actual: `${begun + 1} groups begun from one address`,
      });
    }
  },
});
