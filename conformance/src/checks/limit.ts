/** LIM: what is stated, what a blob and a group may hold, and all groups together. */
import { LIMITS, type LimitName } from '@0k-sync/spec';
import { NoiseConnection } from '../access/noise.ts';
import { overLimit } from '../access/over-limit.ts';
import { Wire } from '../access/wire.ts';
import type { Context } from '../context.ts';
import { check } from '../registry.ts';
import { blaming } from './blame.ts';
import { expired } from './expiry.ts';
import { newPush } from './pushes.ts';
import { rush } from './rate.ts';

check('LIM-01', {
  title: 'Welcome states every limit',
  async run(ctx) {
    const limits = (await ctx.join()).welcome.ext?.limits ?? {};
    const missing = Object.keys(LIMITS).filter((limit) => limits[limit] === undefined);
    ctx.equal(missing.join(', '), '', 'limits that are missing');
  },
});

check('LIM-02', {
  title: 'a payload of exactly max_blob_size is taken',
  async run(ctx) {
    const session = await ctx.join();
    const { payload } = await session.push(new Uint8Array(Number(ctx.limit('max_blob_size'))).fill(0x5a));
    const [blob] = (await session.pull()).blobs;
    ctx.equal<Uint8Array | undefined>(blob?.payload, payload, 'the payload');
  },
});

check('LIM-03', {
  title: 'a payload one byte over max_blob_size is refused with Error 2001, and the session goes on',
  async run(ctx) {
    const session = await ctx.join();
    const payload = new Uint8Array(Number(ctx.limit('max_blob_size')) + 1);
    session.send({ type: 'Push', blob_id: ctx.random.blobId(), payload, ttl: 0 });
    await session.expectError(2001);
    ctx.equal((await session.push(ctx.random.bytes(8))).cursor, 1n, 'the cursor of the next push');
  },
});

check('LIM-04', {
  title: 'max_blob_size is at most 1,048,576',
  async run(ctx) {
    const size = ctx.limit('max_blob_size');
    ctx.verify(size <= 1_048_576n, { expected: ['at most 1,048,576'], actual: `${size}` });
  },
});

/** Quotas that are larger are not filled. */
const LARGEST_QUOTA = 16 * 2 ** 20;
const LARGEST_TOTAL = 64 * 2 ** 20;
/** What a blob counts beyond its payload. */
const OVERHEAD = 256;

function quotaOf(ctx: Context): number {
  const quota = Number(ctx.limit('max_group_storage'));
  if (quota > LARGEST_QUOTA) ctx.unreachable(`max_group_storage is ${quota} bytes; the check fills at most 16 MiB`);
  return quota;
}

check('LIM-05', {
  title: 'a group may be exactly full, and is refused one byte more with Error 2002',
  requirements: ['LIM-08', 'CUR-20'],
  needs: ['lifted-limits'],
  async run(ctx) {
    const quota = quotaOf(ctx);
    const largest = Number(ctx.limit('max_blob_size'));
    const session = await ctx.join();
    // When this is done, exactly the room of one empty blob is left.
    let room = quota;
    const put = async (size: number) => {
      room -= size + OVERHEAD;
      return await session.push(new Uint8Array(size));
    };
    const first = await put(1);
    while (room - (largest + OVERHEAD) >= 2 * OVERHEAD) await put(largest);
    if (room - 2 * OVERHEAD > largest) await put(OVERHEAD);
    await put(room - 2 * OVERHEAD);
    session.send({ type: 'Push', blob_id: ctx.random.blobId(), payload: new Uint8Array(1), ttl: 0 });
    await session.expectError(2002);
    session.send(newPush(ctx, 0), newPush(ctx, 0));
    const { type } = await session.expectOneOf('PushAck', 'Error');
    ctx.equal(type, 'PushAck', 'the answer to the Push that makes the group exactly full', 'LIM-08');
    await session.expectError(2002);
    const again = await blaming('CUR-20', session.push(first.payload, { blob_id: first.blob_id }));
    ctx.equal(again.cursor, 1n, 'the cursor of a repeat in a full group', 'CUR-20');
  },
});

/** Long enough to fill what is to be filled, in seconds. */
const FILLING = 5;

check('LIM-07', {
  title: 'all groups together are refused more than max_total_storage with Error 2002, until blobs expire',
  requirements: ['LIM-09'],
  needs: ['rates'],
  slow: true,
  async run(ctx) {
    const [total, quota, size] = [Number(ctx.limit('max_total_storage')), quotaOf(ctx), ctx.payloadSize(2 ** 20)];
    if (total > LARGEST_TOTAL) ctx.unreachable(`max_total_storage is ${total} bytes; the check fills at most 64 MiB`);
    const each = Math.floor(quota / (size + OVERHEAD));
    const since = performance.now();
    for (let stored = 0; ; ) {
      const session = await ctx.join();
      session.send(...Array.from({ length: each }, () => newPush(ctx, size, FILLING)));
      let refused = 0;
      for (let n = 0; n < each; n++) {
        const answer = await session.expectOneOf('PushAck', 'Error');
        if (answer.type === 'PushAck') stored += size + OVERHEAD;
        else ctx.equal(answer.code, 2002, 'the code of the Error in a group that is not full');
        if (answer.type === 'Error') refused++;
      }
      if (performance.now() - since > (FILLING - 1) * 1000) ctx.inconclusive('the first blobs may have expired');
      const expected = [`Error 2002 when ${total} bytes are full`];
      ctx.verify(stored <= total, { expected, actual: `${stored} stored` });
      if (refused === 0) continue;
      await session.roundTrip();
      await expired(ctx, session, FILLING);
      session.send(newPush(ctx, size, FILLING));
      const { type } = await session.expectOneOf('PushAck', 'Error');
      return ctx.equal(type, 'PushAck', 'the answer to a Push when the others have expired', 'LIM-09');
    }
  },
});

check('LIM-09', {
  title: 'expired blobs make room in their group before they are cleaned up',
  needs: ['rates'],
  alone: false,
  slow: true,
  async run(ctx) {
    const quota = quotaOf(ctx);
    const size = Math.min(quota - OVERHEAD, Number(ctx.limit('max_blob_size')));
    const ttl = 2;
    // Clean-up that comes by chance in time does so for one of them only.
    const groups = [0, 1, 2].map(async (n) => {
      await ctx.elapse(n * 1700);
      const session = await ctx.join();
      for (let room = quota; room >= size + OVERHEAD; room -= size + OVERHEAD) {
        await session.push(new Uint8Array(size), { ttl });
      }
      await expired(ctx, session, ttl);
      session.send(newPush(ctx, size, ttl));
      const { type } = await session.expectOneOf('PushAck', 'Error');
      ctx.equal(type, 'PushAck', 'the answer to a Push when all other blobs have expired');
    });
    await Promise.all(groups);
  },
});

check('LIM-20', {
  title: 'a rate that is stated as 0 refuses no connection, request or new group',
  needs: ['lifted-limits'],
  async run(ctx) {
    const isOff = (name: LimitName) => ctx.limit(name) === 0n;
    const refusal = (what: string, name: LimitName) =>
      ctx.fail({ expected: [`no refusal, since ${name} is 0`], actual: `a refusal of ${what}` });
    // Somewhat more than people are usually allowed.
    const device = ctx.device();
    for (let n = 1; n <= 15; n++) {
      const wire = await ctx.upgrade();
      if (!(wire instanceof Wire)) {
        if (wire.status === 429 && isOff('connections_per_minute')) refusal(`upgrade ${n}`, 'connections_per_minute');
        throw overLimit(wire.message);
      }
      const session = ctx.messagesOver(await new NoiseConnection(wire, device).complete());
      session.sendHello({ group: ctx.group() });
      if ((await session.expectOrLimited('Welcome')).type === 'Error' && isOff('connections_per_minute')) {
        refusal(`Hello ${n} of a device`, 'connections_per_minute');
      }
      session.send(newPush(ctx));
      if ((await session.expectOrLimited('PushAck')).type === 'Error' && isOff('new_groups_per_hour')) {
        refusal(`the first Push in group ${n}`, 'new_groups_per_hour');
      }
    }
    const isRequestsOff = isOff('messages_per_minute') && isOff('global_requests_per_second');
    const { refusal: limited } = await rush(await ctx.join({ device }), isRequestsOff ? 1_100 : 0);
    if (limited) refusal('one of 1,100 requests', 'messages_per_minute');
  },
});

/** A default_ttl that is longer is not waited for, in seconds. */
const LONGEST_TTL = 10;

check('CUR-50', {
  title: 'a blob with ttl 0 lives as long as default_ttl says',
  needs: ['rates'],
  alone: false,
  slow: true,
  async run(ctx) {
    const ttl = Number(ctx.limit('default_ttl'));
    if (ttl > LONGEST_TTL) ctx.unreachable(`default_ttl is ${ttl} s; at most ${LONGEST_TTL} s are waited for`);
    const session = await ctx.join();
    // A relay with a clock of whole seconds may take one off (D-036).
    const surely = performance.now() + (ttl - 1) * 1000;
    await session.push(ctx.random.bytes(8));
    const acknowledged = performance.now();
    await session.push(ctx.random.bytes(8), { ttl: 10 * ttl });
    let seen = 0;
    for (;;) {
      const { length } = (await session.pull()).blobs;
      if (performance.now() >= surely) break;
      ctx.equal(length, 2, `blobs before ${ttl - 1} s have passed`);
      seen = performance.now();
      await ctx.elapse(200);
    }
    if (seen < surely - 1500)
      ctx.inconclusive('the relay answered so seldom that nothing is known of the last seconds');
    await ctx.elapse(acknowledged + ttl * 1000 + 150 - performance.now());
    ctx.equal((await session.pull()).blobs.length, 1, `blobs after ${ttl} s, one of them with another ttl`);
  },
});
