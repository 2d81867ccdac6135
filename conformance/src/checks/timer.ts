/** FRAME, SES: pings, silence and clients that do not read. These checks wait for time to pass, since that is what they are about. */
import { NOTHING } from '../access/inbox.ts';
import type { MessageConnection } from '../access/messages.ts';
import { ABNORMAL_CLOSE, describeEvent, type Wire } from '../access/wire.ts';
import type { Context } from '../context.ts';
import { check } from '../registry.ts';
import { bytes, name } from './bytes.ts';

/** Longer times are not waited for, in seconds. */
const LONGEST = 15;

/** A time among the limits, in milliseconds. @throws NotRun if it is too long to be waited for */
function timeOf(ctx: Context, limit: 'hello_timeout_secs' | 'idle_timeout_secs' | 'ping_interval_secs'): number {
  const seconds = Number(ctx.limit(limit));
  if (seconds > LONGEST) ctx.unreachable(`${limit} is ${seconds}; at most ${LONGEST} s are waited for`);
  ctx.requireTime(seconds * 1000);
  return seconds * 1000;
}

/** A clock of whole seconds may be one ahead. */
const EARLY_MS = 1000;

/**
 * Reads up to the close, which has to have a code and not to come too early.
 *
 * @param since - the earliest moment at which the relay can have begun to count.
 * @param still - called every quarter of a second while it has not come.
 */
async function expectTimeout(
  ctx: Context,
  wire: Wire,
  { code, since, ms, still = () => {} }: { code: number; since: number; ms: number; still?: () => void },
): Promise<void> {
  const deadline = since + ms + ctx.timeoutMs;
  for (;;) {
    const event = await wire.next(250);
    const passed = performance.now() - since;
    const isClosed = event !== NOTHING && event.kind === 'close';
    if (isClosed || performance.now() > deadline) {
      const actual = isClosed ? describeEvent(event, 0) : 'no close';
      const expected = [`a close with ${code} after ${ms / 1000} s`];
      return ctx.verify(isClosed && event.code === code && passed >= ms - EARLY_MS, {
        expected,
        actual: `${actual} after ${(passed / 1000).toFixed(1)} s`,
      });
    }
    if (event === NOTHING) still();
  }
}

check('SES-51', {
  title: 'a connection that sends nothing is closed with 1008 after hello_timeout_secs',
  slow: true,
  async run(ctx) {
    const ms = timeOf(ctx, 'hello_timeout_secs');
    const since = performance.now();
    await expectTimeout(ctx, await ctx.raw(), { code: 1008, since, ms });
  },
});

check('SES-51/drop-by-drop', {
  title: 'a Hello of which a byte comes now and then is closed with 1008 after hello_timeout_secs',
  slow: true,
  async run(ctx) {
    const ms = timeOf(ctx, 'hello_timeout_secs');
    const since = performance.now();
    const { noise } = await ctx.frames();
    // A frame of 60,000 bytes, most of them a device_name.
    noise.send(bytes('0000ea60 96', name('Hello'), '01 da e000'));
    await expectTimeout(ctx, noise.wire, { code: 1008, since, ms, still: () => noise.send(bytes('61')) });
  },
});

/** So long a gap in the kit's own time says that the machine is too slow to judge the relay's, in milliseconds. */
const STALL_MS = 500;

check('FRAME-28', {
  title: 'pings come every ping_interval_secs',
  async run(ctx) {
    const ms = timeOf(ctx, 'ping_interval_secs');
    const { wire } = (await ctx.join()).frames.noise;
    const gaps = ms <= 2000 ? 3 : 1;
    const pingsWithin = async (count: number, most: number) => {
      const since = performance.now();
      for (let last = since; wire.pings < count; last = performance.now()) {
        await ctx.elapse(50);
        const now = performance.now();
        if (now - last > STALL_MS) ctx.inconclusive('the machine is too busy to tell how often pings come');
        const actual = `${wire.pings} in ${((now - since) / 1000).toFixed(1)} s`;
        ctx.verify(now - since < most, { expected: [`ping ${count} ${ms / 1000} s after the one before`], actual });
      }
    };
    await pingsWithin(1, 2 * ms + 1000);
    await pingsWithin(1 + gaps, (gaps + 0.5) * ms + 1000);
  },
});

check('FRAME-29', {
  title: 'a connection from which not even pongs come is closed with 1001 after idle_timeout_secs',
  async run(ctx) {
    const ms = timeOf(ctx, 'idle_timeout_secs');
    const session = await ctx.join({ answersPings: false });
    const since = performance.now();
    await session.roundTrip();
    await expectTimeout(ctx, session.frames.noise.wire, { code: 1001, since, ms });
  },
});

check('FRAME-30', {
  title: 'a connection on which only pongs come stays open for twice idle_timeout_secs, and is notified',
  slow: true,
  async run(ctx) {
    const ms = timeOf(ctx, 'idle_timeout_secs');
    if (timeOf(ctx, 'ping_interval_secs') >= ms) ctx.unreachable('ping_interval_secs is not below idle_timeout_secs');
    const group = ctx.group();
    const listener = await ctx.join({ group });
    await ctx.elapse(2 * ms + 1000);
    await (await ctx.join({ group })).push(ctx.random.bytes(8));
    await listener.expectNotify(1n, 'FRAME-30');
  },
});

/** The size of the blob that fills what lies between the relay and a client that does not read. */
const BULK = 1_000_000;
/** Longer than any of these checks, in seconds. */
const TTL = 120;
/** More than systems keep for a connection. */
const LEAST_PAGES = 40;

/**
 * Asks for so many large pages without reading that the relay has to keep some back. Whether it did is seen in the last page:
 * it tells of a blob that was pushed later.
 */
async function stuff(ctx: Context, session: MessageConnection): Promise<number> {
  const burst = ctx.limit('messages_per_minute') === 0n ? 60 : Number(ctx.limit('messages_burst')) - 3;
  const pages = Math.min(60, burst);
  if (pages < LEAST_PAGES || ctx.payloadSize(BULK) < BULK) {
    ctx.unreachable(`it needs ${LEAST_PAGES} pages of ${BULK} bytes: messages_burst or max_blob_size is too low`);
  }
  await session.push(ctx.random.bytes(BULK), { ttl: TTL });
  session.frames.noise.wire.pause();
  session.send(...Array.from({ length: pages }, () => ({ type: 'Pull', after_cursor: 0n, limit: 0 }) as const));
  return pages;
}

check('FRAME-26', {
  title: 'Notifies that wait for a connection that does not read are merged',
  async run(ctx) {
    ctx.requireDevices(2);
    const group = ctx.group();
    const [reader, writer, witness] = [await ctx.join({ group }), await ctx.join({ group }), await ctx.join()];
    const pages = await stuff(ctx, reader);
    // The relay has time to fill what lies between. Pongs show that the reader is there.
    for (let n = 0; n < 10; n++) {
      await ctx.elapse(100);
      reader.frames.noise.wire.beat();
      await witness.roundTrip();
    }
    const pushed = 15;
    for (let n = 0; n < pushed; n++) {
      await writer.push(ctx.random.bytes(8), { ttl: TTL });
      // Those that come together a relay may merge for everybody.
      await ctx.elapse(50);
      reader.frames.noise.wire.beat();
    }
    reader.frames.noise.wire.resume();
    let newest = 0n;
    for (let n = 0; n < pages; n++) newest = (await reader.expect('PullResponse')).max_cursor;
    if (newest <= pushed) ctx.inconclusive('the network took all pages before the blobs were pushed');
    await reader.expectNotify(newest);
    const notifies = reader.asides.filter(({ type }) => type === 'Notify').length;
    // One may have been under way already, and one between two pages that the network still took.
    ctx.verify(notifies <= 3, { expected: [`one Notify for ${pushed} blobs`], actual: `${notifies} of them` });
  },
});

/** The relay needs a moment to see that the time is up, in milliseconds. */
const SLOW_READER_MS = 35_000;

check('FRAME-27', {
  title: 'a connection to which nothing could be sent for 30 s is closed with 1008',
  seconds: 120,
  slow: true,
  async run(ctx) {
    ctx.requireDevices(2);
    const group = ctx.group();
    const [reader, writer] = [await ctx.join({ group }), await ctx.join({ group })];
    const { wire } = reader.frames.noise;
    const pages = await stuff(ctx, reader);
    const since = performance.now();
    await ctx.elapse(2000);
    await writer.push(ctx.random.bytes(8), { ttl: TTL });
    while (performance.now() - since < SLOW_READER_MS) {
      wire.beat();
      await ctx.elapse(500);
    }
    wire.resume();
    let newest = 0n;
    for (let n = 0; n < pages; ) {
      const event = await reader.next();
      if (event === NOTHING || 'kind' in event) {
        // The code stands behind all that could not be sent: who does not wait for it to be read cuts the connection.
        const isClosed = event !== NOTHING && event.kind === 'close' && [1008, ABNORMAL_CLOSE].includes(event.code);
        return ctx.verify(isClosed, { expected: ['a close with 1008'], actual: describeEvent(event, ctx.timeoutMs) });
      }
      if (event.type !== 'PullResponse') continue;
      newest = event.max_cursor;
      n++;
    }
    if (newest < 2n) ctx.inconclusive('the network took all pages before anything could wait');
    ctx.fail({ expected: ['a close with 1008'], actual: `all ${pages} pages, ${SLOW_READER_MS / 1000} s later` });
  },
});
