/** CUR: notifications, to whom, when, and what they say. */
import type { MessageConnection } from '../access/messages.ts';
import { check } from '../registry.ts';
import { quiet } from './expiry.ts';
import { newPushes } from './pushes.ts';

/** How many blobs the notifications stand for that came so far. */
const counted = (session: MessageConnection) =>
  session.asides.reduce((sum, aside) => sum + (aside.type === 'Notify' ? aside.count : 0), 0);

check('CUR-68', {
  title: 'a push is notified to every other connection of the group, the pusher’s others included, and not to its own',
  requirements: ['CUR-69', 'CUR-70', 'CUR-72', 'CUR-73'],
  async run(ctx) {
    const group = ctx.group();
    const writer = await ctx.join({ group });
    const second = await ctx.join({ group, device: writer.device });
    const other = await ctx.join({ group });
    await writer.push(ctx.random.bytes(8));
    for (const [connection, requirement] of [
      [other, 'CUR-68'],
      [second, 'CUR-69'],
    ] as const) {
      const notify = await connection.expectNotify(1n, requirement);
      ctx.equal(notify.latest_cursor, 1n, 'latest_cursor', 'CUR-72');
      ctx.equal(notify.count, 1, 'count', requirement === 'CUR-68' ? 'CUR-73' : requirement);
    }
    await writer.expectNothing();
  },
});

check('CUR-70/pipelined', {
  title: 'the connection that pushes many blobs in a row is not notified of its own, not even later',
  async run(ctx) {
    const group = ctx.group();
    const [writer, witness] = [await ctx.join({ group }), await ctx.join({ group })];
    const pushes = newPushes(ctx, 30);
    writer.send(...pushes);
    for (const _ of pushes) await writer.expect('PushAck');
    await witness.expectNotify(30n);
    await quiet(writer);
    await writer.expectNothing();
  },
});

check('CUR-71', {
  title: 'the blob of a Notify can be pulled as soon as the Notify is there',
  seconds: 120,
  async run(ctx) {
    const group = ctx.group();
    const [writer, reader] = [await ctx.join({ group }), await ctx.join({ group })];
    for (let cursor = 1n; cursor <= 5n; cursor++) {
      const payload = ctx.random.bytes(ctx.payloadSize(2000));
      writer.send({ type: 'Push', blob_id: ctx.random.blobId(), payload, ttl: 0 });
      // It may come before PushAck, and has 5 s from then on.
      const acknowledged = writer.expect('PushAck');
      // Meanwhile nobody waits for it: what is wrong with it is said below.
      acknowledged.catch(() => {});
      await reader.expectNotify(cursor).catch(() => acknowledged.then(() => reader.expectNotify(cursor)));
      ctx.equal((await reader.pull(cursor - 1n)).blobs.length, 1, 'blobs after the one before');
      await acknowledged;
    }
  },
});

check('CUR-73', {
  title: 'the counts of all notifications add up to the blobs pushed',
  requirements: ['CUR-68', 'CUR-72'],
  async run(ctx) {
    const group = ctx.group();
    const [writer, reader] = [await ctx.join({ group }), await ctx.join({ group })];
    // Several times: a Notify that stands for one blob alone says little.
    for (let cursor = 10n; cursor <= 100n; cursor += 10n) {
      const pushes = newPushes(ctx, 10);
      writer.send(...pushes);
      for (const _ of pushes) await writer.expect('PushAck');
      const last = await reader.expectNotify(cursor);
      ctx.equal(last.latest_cursor, cursor, 'latest_cursor', 'CUR-72');
    }
    await reader.roundTrip();
    ctx.equal(counted(reader), 100, 'the sum of the counts');
  },
});

check('CUR-74', {
  title: 'a push that is refused or repeated is not notified',
  async run(ctx) {
    const group = ctx.group();
    const [writer, reader] = [await ctx.join({ group }), await ctx.join({ group })];
    const first = await writer.push(ctx.random.bytes(8));
    await reader.expectNotify(1n);
    await writer.push(first.payload, { blob_id: first.blob_id });
    writer.send({ type: 'Push', blob_id: first.blob_id, payload: ctx.random.bytes(9), ttl: 0 });
    await writer.expectError(1006);
    // The next push is notified after what came before it: by then a wrong Notify has been seen.
    await writer.push(ctx.random.bytes(8));
    await reader.expectNotify(2n);
    ctx.equal(counted(reader), 2, 'the sum of the counts');
  },
});

check('CUR-75', {
  title: 'a push is not notified to another group',
  async run(ctx) {
    const [group, other] = [ctx.group(), ctx.group()];
    const [writer, stranger, witness] = [
      await ctx.join({ group }),
      await ctx.join({ group: other }),
      await ctx.join({ group }),
    ];
    await writer.push(ctx.random.bytes(8));
    await witness.expectNotify(1n);
    await quiet(stranger);
    await stranger.expectNothing();
  },
});

check('CUR-76', {
  title: 'a connection in the background is not notified, and is told once when it is active again',
  requirements: ['CUR-77'],
  async run(ctx) {
    ctx.requireDevices(2);
    const [group, device] = [ctx.group(), ctx.device()];
    // The witness is the same device's other connection: what one says of itself does not silence the other (D-031).
    const [writer, reader, witness] = [
      await ctx.join({ group }),
      await ctx.join({ group, device }),
      await ctx.join({ group, device }),
    ];
    // What a connection presented counts, so the round trips here are pulls that a client would make.
    reader.send({ type: 'Presence', status: 1 });
    await reader.pull(0n);
    await writer.push(ctx.random.bytes(8));
    await writer.push(ctx.random.bytes(8));
    await witness.expectNotify(2n);
    await quiet(reader);
    ctx.equal((await reader.pull(0n, 1)).max_cursor, 1n, 'max_cursor of a page of one blob', 'CUR-41');
    ctx.equal(counted(reader), 0, 'blobs notified in the background');
    reader.send({ type: 'Presence', status: 0 });
    const notify = await reader.expectNotify(2n, 'CUR-77');
    ctx.equal(notify.latest_cursor, 2n, 'latest_cursor', 'CUR-77');
    ctx.equal(notify.count, 1, 'count', 'CUR-77');
  },
});
