/** LIM, ERR: how many requests a device may send, and all devices together. */
import { OverLimit } from '../access/over-limit.ts';
import { check } from '../registry.ts';
import { fillWithSessions } from './crowd.ts';
import { newPush } from './pushes.ts';
import {
  bucketOf,
  drain,
  most,
  PULL,
  requestsOfDevice,
  requireLimited,
  requireServed,
  retryAfter,
  rush,
  tooMany,
  untilTokens,
} from './rate.ts';

for (const [id, title, kind] of [
  ['LIM-06', 'Pulls', 'Pull'],
  ['LIM-06/push', 'Pushes', 'Push'],
] as const) {
  check(id, {
    title: `${title} over the rate of the device are refused with Error 2000, and the session goes on`,
    requirements: ['LIM-10', 'ERR-04', 'ERR-12'],
    needs: ['rates'],
    async run(ctx) {
      const bucket = requestsOfDevice(ctx);
      const session = await ctx.join();
      const since = performance.now();
      const sent = tooMany(bucket);
      const rushed = kind === 'Pull' ? await rush(session, sent) : await rush(session, sent, newPush(ctx), 'PushAck');
      const first = rushed.answered.slice(0, bucket.size).filter(Boolean).length;
      ctx.equal(first, bucket.size, `answers to the first ${bucket.size} requests`, 'LIM-10');
      requireLimited(ctx, bucket, { since, sent, accepted: rushed.accepted });
      await untilTokens(ctx, bucket, 1);
      await requireServed(session);
    },
  });
}

check('LIM-10/refilled', {
  title: 'messages_burst requests at once are answered again when the bucket has had time to fill',
  needs: ['rates'],
  alone: false,
  slow: true,
  async run(ctx) {
    const bucket = requestsOfDevice(ctx);
    const session = await ctx.join();
    await drain(ctx, session, bucket);
    await untilTokens(ctx, bucket, bucket.size);
    ctx.equal((await rush(session, bucket.size)).accepted, bucket.size, 'requests that are answered');
  },
});

check('LIM-11', {
  title: 'two connections of one device share its rate',
  needs: ['rates'],
  async run(ctx) {
    const bucket = requestsOfDevice(ctx);
    const device = ctx.device();
    const [first, second] = [await ctx.join({ device }), await ctx.join({ device })];
    const since = performance.now();
    const half = Math.floor(bucket.size / 2);
    const sent = tooMany(bucket);
    const accepted = (await rush(first, half)).accepted + (await rush(second, sent - half)).accepted;
    requireLimited(ctx, bucket, { since, sent, accepted });
  },
});

check('LIM-12', {
  title: 'requests that were refused cost nothing',
  needs: ['rates'],
  async run(ctx) {
    const bucket = requestsOfDevice(ctx);
    const session = await ctx.join();
    await drain(ctx, session, bucket);
    await rush(session, 2 * tooMany(bucket));
    await untilTokens(ctx, bucket, 5);
    ctx.equal((await rush(session, 5)).accepted, 5, 'requests that are answered after the time of 5');
  },
});

check('LIM-13', {
  title: 'Hello and Bye do not count against the requests of a device',
  needs: ['rates'],
  async run(ctx) {
    const bucket = requestsOfDevice(ctx);
    const device = ctx.device();
    const since = performance.now();
    const reconnects = 10;
    await Promise.all(Array.from({ length: reconnects }, async () => await (await ctx.join({ device })).bye()));
    const session = await ctx.join({ device });
    const { accepted } = await rush(session, bucket.size);
    ctx.equal(accepted, bucket.size, `requests that are answered after ${reconnects} Hellos and Byes`);
    // What has flowed in meanwhile could have made up for what they cost.
    const spare = most({ ...bucket, size: 0 }, since);
    if (spare >= reconnects) ctx.inconclusive('connecting took so long that the bucket could have filled again');
  },
});

check('LIM-14', {
  title: 'Presence 0 takes effect over the rate, and no Presence is answered',
  needs: ['rates'],
  async run(ctx) {
    const bucket = requestsOfDevice(ctx);
    const group = ctx.group();
    const [reader, writer] = [await ctx.join({ group }), await ctx.join({ group })];
    // Its own blob, pushed again and again, uses up the rate and does not move what it has seen.
    const own = newPush(ctx);
    reader.send({ type: 'Presence', status: 1 });
    await drain(ctx, reader, bucket, own, 'PushAck');
    await writer.push(ctx.random.bytes(8));
    reader.send(own, own, own, { type: 'Presence', status: 1 }, { type: 'Presence', status: 0 }, own);
    for (let n = 0; n < 3; n++) await reader.expectOrLimited('PushAck');
    const after = await reader.expectOrLimited('PushAck');
    if (after.type !== 'Error') ctx.inconclusive('it took so long that the device was not over its rate any more');
    await reader.expectNotify(2n, 'LIM-14').catch((error) => {
      if (error instanceof OverLimit) ctx.fail({ expected: ['no answer to Presence'], actual: 'Error 2000' });
      throw error;
    });
    await untilTokens(ctx, bucket, 2);
    const answer = (await rush(reader, 1)).accepted;
    ctx.equal(answer, 1, 'answers to a Pull, with none to Presence before it');
  },
});

/** More devices are not brought. */
const CROWD = 60;

check('LIM-15', {
  title: 'requests over global_requests_per_second are refused with Error 2000, and the sessions go on',
  requirements: ['ERR-04', 'ERR-12'],
  needs: ['rates'],
  async run(ctx) {
    const bucket = bucketOf(ctx, 'global_requests_per_second', 1);
    const own = requestsOfDevice(ctx);
    const devices = Math.ceil((3.5 * bucket.size) / own.size);
    if (devices > CROWD) ctx.unreachable(`it takes ${devices} devices to send so many requests at once`);
    const { sessions } = await fillWithSessions(ctx, devices);
    if (sessions.length < devices) ctx.unreachable(`max_concurrent_sessions leaves no room for ${devices} devices`);
    const since = performance.now();
    const rushes = await Promise.all(sessions.map((session) => rush(session, own.size)));
    const accepted = rushes.reduce((sum, each) => sum + each.accepted, 0);
    requireLimited(ctx, bucket, { since, sent: devices * own.size, accepted });
    await untilTokens(ctx, own, 1);
    for (const session of sessions.slice(0, 5)) await requireServed(session);
  },
});

check('ERR-13', {
  title: 'a request that was refused is accepted after retry_after_ms',
  requirements: ['ERR-12'],
  needs: ['rates'],
  async run(ctx) {
    const session = await ctx.join();
    const wait = retryAfter(await drain(ctx, session, requestsOfDevice(ctx)));
    if (wait > 30_000) ctx.unreachable(`retry_after_ms is ${wait}; the check waits at most 30 s`);
    // A timer may be a millisecond early.
    await ctx.elapse(wait + 2);
    ctx.equal((await rush(session, 1)).accepted, 1, `answers to a request after ${wait} ms`);
  },
});

check('CUR-21', {
  title: 'a Push over the rate is refused with Error 2000 also when it is too large',
  needs: ['rates'],
  async run(ctx) {
    const bucket = requestsOfDevice(ctx);
    const session = await ctx.join();
    await drain(ctx, session, bucket);
    const since = performance.now();
    const payload = new Uint8Array(Number(ctx.limit('max_blob_size')) + 1);
    const sent = 8;
    let accepted = 0;
    for (let n = 0; n < sent; n++) {
      session.send(PULL, { type: 'Push', blob_id: ctx.random.blobId(), payload, ttl: 0 });
      await session.expectOrLimited('PullResponse');
      if ((await session.expectError(2000, 2001)).code === 2001) accepted++;
    }
    requireLimited(ctx, { ...bucket, size: 0 }, { since, sent, accepted });
  },
});
