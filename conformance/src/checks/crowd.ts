/** HS, LIM: how many connections, devices and revoked ids there may be at once. */
import { randomBytes } from 'node:crypto';
import type { UpgradeRefused } from '../access/link.ts';
import type { MessageConnection } from '../access/messages.ts';
import { NoiseConnection } from '../access/noise.ts';
import { Wire } from '../access/wire.ts';
import type { Context } from '../context.ts';
import { openGroup } from '../group.ts';
import { check } from '../registry.ts';
import { joinOpen } from './membership.ts';

/** How many connections are opened at once. */
export const LANES = 8;

/** Opens connections, from another address where one is over its rate, until there are so many or the relay has no room. */
async function fill(
  ctx: Context,
  count: number,
  use: (wire: Wire) => Promise<void> = async () => {},
): Promise<{ wires: Wire[]; refusal: UpgradeRefused | undefined }> {
  const wires: Wire[] = [];
  let opening = 0;
  let refusal: UpgradeRefused | undefined;
  let from: string | undefined;
  const lane = async () => {
    while (opening < count && !refusal) {
      opening++;
      const wire = await ctx.upgrade({ from });
      if (wire instanceof Wire) {
        wires.push(wire);
        await use(wire);
        continue;
      }
      opening--;
      if (wire.status === 503) refusal = wire;
      else {
        from = await ctx.unusedAddress();
        if (from === undefined) await ctx.elapse((wire.retryAfter ?? 1) * 1000);
      }
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return { wires, refusal };
}

/** Opens sessions, each of a new device in a new group, until there are so many or the relay has no room. */
export async function fillWithSessions(
  ctx: Context,
  count: number,
): Promise<{ sessions: MessageConnection[]; refusal: UpgradeRefused | undefined }> {
  const sessions: MessageConnection[] = [];
  const { refusal } = await fill(ctx, count, async (wire) => {
    const session = ctx.messagesOver(await new NoiseConnection(wire, ctx.device()).complete());
    await session.hello({ group: ctx.group() });
    sessions.push(session);
  });
  return { sessions, refusal };
}

/** A connection is accepted, if not at once then as soon as the relay knows that there is room. @throws Violation if not in time */
async function admitted(ctx: Context, since: string, requirement: string): Promise<Wire> {
  const deadline = performance.now() + ctx.timeoutMs;
  for (;;) {
    const { wires, refusal } = await fill(ctx, 1);
    if (wires[0]) return wires[0];
    ctx.verify(performance.now() < deadline, {
      requirement,
      expected: [`an upgrade that is accepted, ${since}`],
      actual: `HTTP ${refusal?.status} for ${ctx.timeoutMs / 1000} s`,
    });
    await ctx.elapse(50);
  }
}

const UNFINISHED = 256;

check('HS-26', {
  title: 'the 257th unfinished handshake is refused with HTTP 503, until the others are over',
  needs: ['lifted-limits'],
  alone: true,
  async run(ctx) {
    const sessions = ctx.limit('max_concurrent_sessions');
    if (sessions <= UNFINISHED) ctx.unreachable(`max_concurrent_sessions is ${sessions}: that limit would come first`);
    const since = performance.now();
    const { wires, refusal } = await fill(ctx, UNFINISHED + 1);
    if (!refusal && performance.now() - since > Number(ctx.limit('hello_timeout_secs')) * 1000 - 500) {
      ctx.inconclusive(`${UNFINISHED + 1} upgrades took so long that the first are over their time`);
    }
    const open = wires.filter((wire) => wire.isOpen).length;
    const actual = `${wires.length} upgrades accepted, of which ${open} are open`;
    if (!refusal) return ctx.fail({ expected: [`HTTP 503 after at most ${UNFINISHED} upgrades`], actual });
    ctx.present(refusal.retryAfter, 'Retry-After with HTTP 503');
    for (const wire of wires) wire.terminate();
    const wire = await admitted(ctx, `once all ${wires.length} unfinished handshakes are cut`, 'HS-26');
    await new NoiseConnection(wire, ctx.device()).complete();
  },
});

/** A relay is not filled with more sessions. */
const MOST_SESSIONS = 1000;

check('LIM-17', {
  title: 'an upgrade beyond max_concurrent_sessions is refused with HTTP 503, until a session ends',
  requirements: ['LIM-18'],
  needs: ['rates'],
  seconds: 180,
  async run(ctx) {
    const most = Number(ctx.limit('max_concurrent_sessions'));
    if (most > MOST_SESSIONS) ctx.unreachable(`max_concurrent_sessions is ${most}: too many to be opened`);
    const { sessions, ...full } = await fillWithSessions(ctx, most);
    // What an earlier check left behind may fill it sooner.
    const refusal = full.refusal ?? (await fill(ctx, 1)).refusal;
    if (!refusal) return ctx.fail({ expected: [`HTTP 503 after ${most} sessions`], actual: `${most + 1} connections` });
    ctx.present(refusal.retryAfter, 'Retry-After with HTTP 503');
    const served = [sessions[0]!, sessions.at(-1)!, ...Array.from({ length: 8 }, () => ctx.random.pick(sessions))];
    for (const session of served) await session.roundTrip();
    const ended = sessions.filter(({ frames }) => !frames.noise.wire.isOpen).length;
    ctx.equal(ended, 0, 'sessions that have ended');
    await sessions[0]!.bye();
    const wire = await admitted(ctx, 'once one session has ended', 'LIM-18');
    await ctx.messagesOver(await new NoiseConnection(wire, ctx.device()).complete()).hello({ group: ctx.group() });
  },
});

const REVOKED = 1024;

check('LIM-23', {
  title: 'the 1,025th revoked id of a group is refused with Error 2002, and the session goes on',
  needs: ['lifted-limits'],
  async run(ctx) {
    const session = await ctx.join();
    const revoke = (device_id: Uint8Array) =>
      ({ type: 'RevokeDevice', device_id, reason: 0, clear_pending: false }) as const;
    const first = revoke(randomBytes(32));
    session.send(first);
    const answer = await session.expectOneOf('Ok', 'Error');
    if (answer.type === 'Error') {
      ctx.equal(answer.code, 1000, 'the code of a relay that does not know RevokeDevice');
      ctx.notRun('the relay does not offer RevokeDevice');
    }
    // Less than a burst at once.
    for (let sent = 1; sent < REVOKED; sent += 93) {
      session.send(...Array.from({ length: 93 }, () => revoke(randomBytes(32))));
      for (let n = 0; n < 93; n++) await session.expect('Ok');
    }
    session.send(revoke(randomBytes(32)));
    await session.expectError(2002);
    session.send(first);
    await session.expect('Ok');
  },
});

check('LIM-24', {
  title: 'an open group that is full welcomes one device more',
  async run(ctx) {
    const most = Number(ctx.limit('max_devices_per_group'));
    if (most > 64) ctx.unreachable(`max_devices_per_group is ${most}; the check fills at most 64`);
    const group = openGroup();
    const first = await joinOpen(ctx, group.id);
    await first.push(ctx.random.bytes(8));
    for (let device = 1; device < most; device++) (await ctx.join({ group })).terminate();
    await (await ctx.join({ group })).roundTrip();
  },
});
