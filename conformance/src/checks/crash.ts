/** CUR: what a relay keeps when it is stopped, and when it is killed while it works. */
import type { Push } from '@0k-sync/spec';
import { NOTHING } from '../access/inbox.ts';
import { check } from '../registry.ts';
import { cleanedUp, SHORT_TTL } from './expiry.ts';
import { newPushes } from './pushes.ts';

check('CUR-17', {
  title: 'blobs, cursors and known blob_ids outlive a restart',
  requirements: ['CUR-05', 'CUR-26'],
  needs: ['restart'],
  async run(ctx) {
    const group = ctx.group();
    const before = await ctx.join({ group });
    const first = await before.push(ctx.random.bytes(100));
    await before.push(ctx.random.bytes(100));
    await ctx.restart();
    const session = await ctx.join({ group });
    ctx.equal(session.welcome.max_cursor, 2n, 'max_cursor', 'CUR-05');
    ctx.equal((await session.pullAll()).length, 2, 'blobs in the group', 'CUR-26');
    const again = await session.push(first.payload, { blob_id: first.blob_id });
    ctx.equal(again.cursor, first.cursor, 'the cursor of a repeat');
    ctx.equal((await session.push(ctx.random.bytes(8))).cursor, 3n, 'the next cursor', 'CUR-05');
  },
});

check('CUR-26', {
  title: 'no acknowledged blob is lost when the relay is killed in the middle of pushes',
  requirements: ['CUR-05', 'CUR-28'],
  needs: ['kill'],
  async run(ctx) {
    ctx.requireDevices(3);
    const group = ctx.group();
    const sessions = [await ctx.join({ group }), await ctx.join({ group })];
    const acknowledged = new Map<bigint, Push>();
    const sent: Push[] = [];
    const enough = Promise.withResolvers<void>();
    const load = sessions.map(async (session) => {
      for (;;) {
        const pushes = newPushes(ctx, 20, ctx.payloadSize(1000));
        sent.push(...pushes);
        session.send(...pushes);
        for (let waiting = [...pushes]; waiting.length > 0; ) {
          const event = await session.next();
          if (event === NOTHING || !('type' in event)) return;
          const overLimit = session.overLimit(event);
          if (overLimit) throw overLimit;
          if (event.type === 'Error') ctx.notRun(`the relay refused a push of the load with Error ${event.code}`);
          if (event.type !== 'PushAck') continue;
          acknowledged.set(event.cursor, waiting.shift()!);
          if (acknowledged.size >= 100) enough.resolve();
        }
      }
    });
    await Promise.race([enough.promise, Promise.all(load)]);
    // The next pushes are on their way then: how far, is a matter of chance.
    await ctx.elapse(ctx.random.integer(20, 150));
    await ctx.kill();
    await Promise.all(load);
    await ctx.start();
    ctx.verify(acknowledged.size >= 100, {
      expected: ['100 acknowledged pushes before the kill'],
      actual: `${acknowledged.size}`,
    });

    const reader = await ctx.join({ group });
    const blobs = await reader.pullAll(0n, 1000);
    const byCursor = new Map(blobs.map((blob) => [blob.cursor, blob]));
    for (const [cursor, push] of acknowledged) {
      const blob = byCursor.get(cursor);
      ctx.equal<Uint8Array | undefined>(
        blob?.blob_id,
        push.blob_id,
        `the blob_id at the acknowledged cursor ${cursor}`,
      );
      ctx.equal<Uint8Array | undefined>(
        blob?.payload,
        push.payload,
        `the payload at the acknowledged cursor ${cursor}`,
      );
    }
    // A push without an answer is there whole or not at all, under a cursor of its own, and leaves no hole.
    const pushed = new Map(sent.map((push) => [Buffer.from(push.blob_id).toString('hex'), push.payload]));
    for (const [index, blob] of blobs.entries()) {
      ctx.equal(blob.cursor, BigInt(index + 1), 'the cursors in the group', 'CUR-02');
      ctx.equal<Uint8Array | undefined>(
        blob.payload,
        pushed.get(Buffer.from(blob.blob_id).toString('hex')),
        'the payload',
        'CUR-28',
      );
    }
    ctx.equal((await reader.push(ctx.random.bytes(8))).cursor, BigInt(blobs.length + 1), 'the next cursor', 'CUR-05');
  },
});

for (const [slug, how, need] of [
  ['expired', 'a restart', 'restart'],
  ['killed', 'a SIGKILL', 'kill'],
] as const) {
  check(`CUR-05/${slug}`, {
    title: `after ${how} the cursors of expired blobs stay used, and what is known of them stays known`,
    requirements: ['CUR-06', 'CUR-16', 'CUR-48', 'CUR-55'],
    needs: [need],
    slow: true,
    async run(ctx) {
      const group = ctx.group();
      const before = await ctx.join({ group });
      await before.push(ctx.random.bytes(8));
      const blob = await before.push(ctx.random.bytes(8), { ttl: SHORT_TTL });
      await cleanedUp(ctx, before, SHORT_TTL);
      if (need === 'restart') await ctx.restart();
      else {
        await ctx.kill();
        await ctx.start();
      }
      const session = await ctx.join({ group });
      ctx.equal((await session.push(ctx.random.bytes(8))).cursor, 3n, 'the next cursor');
      ctx.equal(session.welcome.max_cursor, 2n, 'max_cursor', 'CUR-48');
      ctx.equal(session.welcome.ext?.expired_through, 2n, 'expired_through', 'CUR-55');
      const again = await session.push(blob.payload, { blob_id: blob.blob_id });
      ctx.equal(again.cursor, 2n, 'the cursor of a repeat', 'CUR-16');
    },
  });
}
