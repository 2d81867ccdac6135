/** HS: both directions of the secure channel go on after a rekey. */
import { setImmediate as nextTurn, setTimeout } from 'node:timers/promises';
import { encodeFrame, FrameReader } from '@0k-sync/reference';
import { FIXED_LIMITS, MAX_BODY } from '@0k-sync/spec';
import type { MessageConnection } from '../access/messages.ts';
import type { Context } from '../context.ts';
import { check } from '../registry.ts';
import { newPush } from './pushes.ts';

const REKEY = 65_536;

check('HS-19', {
  title: 'what the client sends is read on after 131,072 messages and two rekeys',
  seconds: 120,
  slow: true,
  async run(ctx) {
    const session = await ctx.join();
    const { noise } = session.frames;
    const nothing = new Uint8Array();
    // Over the second rekey too: a relay that rekeys once is wrong only there.
    for (let sent = 0; sent < 2 * REKEY + 10; sent++) {
      noise.send(nothing);
      // So that the socket is written out now and then, and memory stays small.
      if (sent % 4096 === 0) await session.roundTrip();
    }
    await session.roundTrip();
  },
});

check('HS-20', {
  title: 'what the relay sends is read on after 65,536 messages and a rekey',
  needs: ['lifted-limits'],
  seconds: 400,
  slow: true,
  async run(ctx) {
    if (ctx.limit('messages_per_minute') > 0n)
      ctx.notRun('the relay limits messages_per_minute, and this takes 65,536');
    // Over the first rekey only: so many answers take long.
    await openMessages(ctx, await ctx.join(), REKEY + 10);
  },
});

/** Requests under way at once: with one alone, kit and relay would wait for each other most of the time. */
const WINDOW = 4;
/** After so long, in milliseconds, it is known how fast a relay answers: less would tell of the checks beside this one. */
const TRIAL_MS = 10_000;
/** From one that sends fewer messages in that time as many answers are asked for as it reads requests ahead. */
const FEW = 3000;
/** By so many messages it is seen whether it puts many answers into one, and by as many more what brings most of them. */
const SAMPLE = 256;
/** That many, in the mean: then it is asked for what needs several messages. */
const MANY = 5;
/** Large pages under way at once: more than a relay may hold in its queue are not read. */
const PAGES = 2;

/**
 * Makes the relay send at least `count` Noise messages, and opens each. What they say is not looked at. Repeated pushes are
 * answered with little, and store nothing. But a relay may be slow, or far; and it may put answers that are ready together
 * into one Noise message.
 *
 * @throws Violation if one does not open or none comes.
 */
async function openMessages(ctx: Context, session: MessageConnection, count: number): Promise<void> {
  const { noise } = session.frames;
  const push = newPush(ctx);
  await session.push(push.payload, push);
  const answers = new FrameReader({ maxBody: MAX_BODY.bin });
  let request = encodeFrame(push, 'bin');
  let window: number = WINDOW;
  let isKnown = false;
  /** How many were opened when it was found slow; never, if it is not. */
  let slowFrom = Number.POSITIVE_INFINITY;
  /** Requests that come one by one keep their answers apart, but each takes a millisecond. */
  let isSpaced = false;
  let [underWay, answered] = [0, 0];
  let since = performance.now();
  /** The time since it was last asked for, in milliseconds. */
  const lap = () => {
    const before = since;
    since = performance.now();
    return since - before;
  };
  let spacedMs = 0;
  for (let opened = 0; opened < count; ) {
    if (underWay < window) {
      noise.send(request);
      underWay++;
      await (isSpaced ? setTimeout(1) : nextTurn());
      continue;
    }
    answers.push(await noise.receive('an answer'));
    opened++;
    while (answers.next()) [underWay, answered] = [underWay - 1, answered + 1];
    if (!isKnown && performance.now() - since > TRIAL_MS) {
      isKnown = true;
      if (opened < FEW) {
        slowFrom = opened;
        isSpaced = true;
        answered = 0;
        window = FIXED_LIMITS.max_unanswered_requests;
        lap();
      }
    } else if (opened === slowFrom + SAMPLE) {
      spacedMs = lap();
      isSpaced = false;
      if (answered > MANY * SAMPLE) {
        noise.sendStream(encodeFrame(newPush(ctx, ctx.payloadSize(2 ** 20)), 'bin'));
        underWay++;
        request = encodeFrame({ type: 'Pull', after_cursor: 1n, limit: 1 }, 'bin');
        window = PAGES;
      }
    } else if (opened === slowFrom + 2 * SAMPLE && window !== PAGES) isSpaced = spacedMs < lap();
  }
}
