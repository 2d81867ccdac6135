/** CUR: how pushes get their cursors, and what makes them idempotent. */
import { createHash } from 'node:crypto';
import { encodeFrame } from '@0k-sync/reference';
import type { Push } from '@0k-sync/spec';
import { NOTHING } from '../access/inbox.ts';
import type { MessageConnection } from '../access/messages.ts';
import type { Context } from '../context.ts';
import { check } from '../registry.ts';
import { cleanedUp, expired, SHORT_TTL } from './expiry.ts';
import { newPush, newPushes } from './pushes.ts';

const push = (ctx: Context, payload = ctx.random.bytes(8), ttl = 0): Push => ({ ...newPush(ctx, 0, ttl), payload });

/** Sends pushes without waiting and returns their cursors. */
async function pipeline(session: MessageConnection, pushes: readonly Push[]): Promise<bigint[]> {
  session.send(...pushes);
  const cursors: bigint[] = [];
  for (const _ of pushes) cursors.push((await session.expect('PushAck')).cursor);
  return cursors;
}

/** The answer to one push in a word; a Notify may stand before it. */
async function outcomeOfPush(ctx: Context, session: MessageConnection): Promise<string> {
  for (;;) {
    const event = await session.next();
    const overLimit = session.overLimit(event);
    if (overLimit) throw overLimit;
    if (event === NOTHING || !('type' in event)) ctx.fail({ expected: ['an answer'], actual: 'none' });
    else if (event.type !== 'Notify') return event.type === 'Error' ? `Error ${event.code}` : event.type;
  }
}

const run = (from: number, count: number) => Array.from({ length: count }, (_, index) => BigInt(from + index));

check('CUR-01', {
  title: 'the first cursor of a group is 1',
  async run(ctx) {
    ctx.equal((await (await ctx.join()).push(ctx.random.bytes(8))).cursor, 1n, 'the first cursor');
  },
});

check('CUR-02', {
  title: 'pushes of one connection get consecutive cursors, sent one by one and together',
  async run(ctx) {
    const session = await ctx.join();
    for (let cursor = 1n; cursor <= 5n; cursor++) {
      ctx.equal((await session.push(ctx.random.bytes(8))).cursor, cursor, 'the cursor');
    }
    const cursors = await pipeline(session, newPushes(ctx, 40));
    ctx.equal(cursors.join(), run(6, 40).join(), 'the cursors of 40 pushes');
  },
});

check('CUR-03', {
  title: 'pushes at once on four connections get a run of different cursors without a gap',
  async run(ctx) {
    ctx.requireDevices(4);
    const group = ctx.group();
    const sessions = [
      await ctx.join({ group }),
      await ctx.join({ group }),
      await ctx.join({ group }),
      await ctx.join({ group }),
    ];
    const cursors = await Promise.all(sessions.map((session) => pipeline(session, newPushes(ctx, 15))));
    const sorted = cursors.flat().sort((a, b) => Number(a - b));
    ctx.equal(sorted.join(), run(1, 60).join(), 'the cursors, sorted');
    for (const own of cursors) {
      ctx.verify(
        own.every((cursor, index) => index === 0 || cursor > own[index - 1]!),
        { requirement: 'SES-25', expected: ['rising cursors on one connection'], actual: own.join() },
      );
    }
  },
});

check('CUR-04', {
  title: 'a push that is refused or repeated uses no cursor',
  async run(ctx) {
    const session = await ctx.join();
    const first = push(ctx);
    session.send(first, first, { ...first, payload: ctx.random.bytes(9) }, push(ctx));
    await session.expect('PushAck');
    await session.expect('PushAck');
    await session.expectError(1006);
    ctx.equal((await session.expect('PushAck')).cursor, 2n, 'the cursor of the next push');
  },
});

check('CUR-06', {
  title: 'the cursor of an expired blob is not given again',
  waits: true,
  async run(ctx) {
    const session = await ctx.join();
    await session.push(ctx.random.bytes(8), { ttl: SHORT_TTL });
    await expired(ctx, session, SHORT_TTL);
    ctx.equal((await session.push(ctx.random.bytes(8))).cursor, 2n, 'the cursor after the expiry');
  },
});

check('CUR-08', {
  title: 'each group counts by itself',
  async run(ctx) {
    const [a, b] = [await ctx.join(), await ctx.join()];
    for (let cursor = 1n; cursor <= 3n; cursor++) {
      ctx.equal((await a.push(ctx.random.bytes(8))).cursor, cursor, 'the cursor in the first group');
      ctx.equal((await b.push(ctx.random.bytes(8))).cursor, cursor, 'the cursor in the second group');
    }
  },
});

check('CUR-09', {
  title: 'a repeated push gets the same cursor and digest, from any device of the group',
  async run(ctx) {
    const group = ctx.group();
    const session = await ctx.join({ group });
    const first = await session.push(ctx.random.bytes(50));
    await session.push(ctx.random.bytes(8));
    for (const connection of [session, await ctx.join({ group, device: session.device }), await ctx.join({ group })]) {
      const again = await connection.push(first.payload, { blob_id: first.blob_id });
      ctx.equal(again.cursor, first.cursor, 'the cursor of the repeat');
      ctx.equal(again.ext?.digest, first.ext?.digest, 'the digest of the repeat');
    }
    ctx.equal((await session.pullAll()).length, 2, 'blobs in the group');
  },
});

check('CUR-10', {
  title: 'a repeated or refused push neither prolongs nor shortens the life of its blob',
  requirements: ['CUR-13'],
  waits: true,
  async run(ctx) {
    const session = await ctx.join();
    const short = await session.push(ctx.random.bytes(8), { ttl: SHORT_TTL });
    const repeated = await session.push(ctx.random.bytes(8));
    const refused = await session.push(ctx.random.bytes(8));
    await session.push(short.payload, { blob_id: short.blob_id, ttl: 3600 });
    await session.push(repeated.payload, { blob_id: repeated.blob_id, ttl: 1 });
    session.send({ ...push(ctx, ctx.random.bytes(9), 1), blob_id: refused.blob_id });
    await session.expectError(1006);
    await expired(ctx, session, SHORT_TTL);
    const cursors = (await session.pullAll()).map(({ cursor }) => cursor);
    ctx.equal(cursors.includes(short.cursor), false, 'the short-lived blob is there');
    ctx.equal(cursors.includes(repeated.cursor), true, 'the blob repeated with a shorter ttl is there');
    ctx.equal(cursors.includes(refused.cursor), true, 'the blob of the refused push is there', 'CUR-13');
  },
});

check('CUR-11', {
  title: 'the sender stays the one who pushed first',
  async run(ctx) {
    const group = ctx.group();
    const [first, second] = [await ctx.join({ group }), await ctx.join({ group })];
    const blob = await first.push(ctx.random.bytes(8));
    await second.push(blob.payload, { blob_id: blob.blob_id });
    const [seen] = (await second.pull()).blobs;
    ctx.equal<Uint8Array | undefined>(seen?.ext?.sender, first.device.deviceId, 'the sender');
  },
});

check('CUR-12', {
  title: 'a known blob_id with another payload is refused with Error 1006, and the session goes on',
  requirements: ['CUR-13', 'ERR-03'],
  async run(ctx) {
    const group = ctx.group();
    const [session, other] = [await ctx.join({ group }), await ctx.join({ group })];
    const blob = await session.push(ctx.random.bytes(8));
    for (const payload of [new Uint8Array(), ctx.random.bytes(8), ctx.random.bytes(9)]) {
      for (const connection of [session, other]) {
        connection.send({ ...push(ctx, payload), blob_id: blob.blob_id });
        await connection.expectError(1006);
      }
    }
    const [seen, ...others] = await session.pullAll();
    ctx.equal<Uint8Array | undefined>(seen?.payload, blob.payload, 'the stored payload', 'CUR-13');
    ctx.equal(seen?.cursor, blob.cursor, 'the stored cursor', 'CUR-13');
    ctx.equal<Uint8Array | undefined>(seen?.ext?.sender, session.device.deviceId, 'the stored sender', 'CUR-13');
    ctx.equal(others.length, 0, 'further blobs', 'CUR-13');
  },
});

/** Whether requests meet is chance, so they are sent again and again; to a relay with a rate less than a burst has. */
const roundsOf = (ctx: Context) => (ctx.limits.get('messages_per_minute') ? 5 : 20);

check('CUR-14', {
  title: 'one blob pushed at once on several connections is stored once',
  async run(ctx) {
    ctx.requireDevices(3);
    const group = ctx.group();
    const sessions = [await ctx.join({ group }), await ctx.join({ group }), await ctx.join({ group })];
    const rounds = roundsOf(ctx);
    for (let round = 0; round < rounds; round++) {
      // Each begins elsewhere, so that all are both first and later.
      const blobs = newPushes(ctx, 9);
      const turned = (by: number) => [...blobs.slice(by), ...blobs.slice(0, by)];
      const answers = await Promise.all(sessions.map((session, index) => pipeline(session, turned(3 * index))));
      const cursors = answers.map((own, index) => [...own.slice(9 - 3 * index), ...own.slice(0, 9 - 3 * index)]);
      for (const other of cursors) ctx.equal(other.join(), cursors[0]!.join(), 'the cursors on each connection');
    }
    ctx.equal((await sessions[0]!.pullAll()).length, rounds * 9, 'blobs in the group');
  },
});

check('CUR-15', {
  title: 'of different payloads pushed at once under one blob_id exactly one is taken',
  async run(ctx) {
    ctx.requireDevices(3);
    const group = ctx.group();
    const sessions = [await ctx.join({ group }), await ctx.join({ group }), await ctx.join({ group })];
    const rounds = roundsOf(ctx);
    const taken: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const blob_id = ctx.random.blobId();
      const outcomes = await Promise.all(
        sessions.map(async (session, index) => {
          session.send({ type: 'Push', blob_id, payload: Uint8Array.of(index), ttl: 0 });
          return await outcomeOfPush(ctx, session);
        }),
      );
      ctx.equal(outcomes.toSorted().join(', '), 'Error 1006, Error 1006, PushAck', 'the answers');
      taken.push(outcomes.indexOf('PushAck'));
    }
    const stored = await sessions[0]!.pullAll();
    ctx.equal(stored.length, rounds, 'blobs in the group');
    for (const [round, { payload }] of stored.entries()) {
      ctx.equal<Uint8Array>(payload, Uint8Array.of(taken[round]!), 'the stored payload', 'CUR-34');
    }
  },
});

check('CUR-16', {
  title: 'a blob_id is known after its blob has expired',
  waits: true,
  async run(ctx) {
    const session = await ctx.join();
    const blob = await session.push(ctx.random.bytes(8), { ttl: SHORT_TTL });
    await cleanedUp(ctx, session, SHORT_TTL);
    const again = await session.push(blob.payload, { blob_id: blob.blob_id });
    ctx.equal(again.cursor, blob.cursor, 'the cursor of the repeat');
    ctx.equal(again.ext?.digest, blob.ext?.digest, 'the digest of the repeat');
    session.send({ ...push(ctx), blob_id: blob.blob_id });
    await session.expectError(1006);
    ctx.equal((await session.pullAll()).length, 0, 'blobs in the group');
  },
});

check('CUR-18', {
  title: 'the same blob_id in two groups is two blobs',
  async run(ctx) {
    const [a, b] = [await ctx.join(), await ctx.join()];
    // Both groups have something before: who begins a group may look for nothing.
    for (const session of [a, b]) await session.push(ctx.random.bytes(8));
    const blob_id = ctx.random.blobId();
    const [first, second] = [
      await a.push(ctx.random.bytes(8), { blob_id }),
      await b.push(ctx.random.bytes(9), { blob_id }),
    ];
    for (const [session, blob] of [
      [a, first],
      [b, second],
    ] as const) {
      ctx.equal(blob.cursor, 2n, 'the cursor in its group');
      const [seen] = (await session.pull(1n)).blobs;
      ctx.equal<Uint8Array | undefined>(seen?.payload, blob.payload, 'the payload in its group');
    }
  },
});

check('CUR-19', {
  title: 'a payload that is too large is refused as such also under a known blob_id',
  async run(ctx) {
    const session = await ctx.join();
    const { blob_id } = await session.push(ctx.random.bytes(8));
    session.send({ ...push(ctx, new Uint8Array(Number(ctx.limit('max_blob_size')) + 1)), blob_id });
    await session.expectError(2001);
  },
});

check('CUR-23', {
  title: 'a push that was refused leaves nothing behind',
  async run(ctx) {
    const session = await ctx.join();
    const tooLarge = push(ctx, new Uint8Array(Number(ctx.limit('max_blob_size')) + 1));
    session.send(tooLarge);
    await session.expectError(2001);
    const blob = await session.push(ctx.random.bytes(8), { blob_id: tooLarge.blob_id });
    ctx.equal(blob.cursor, 1n, 'the cursor of the next push under its blob_id');
  },
});

check('CUR-25', {
  title: 'a PushAck carries the SHA-256 of the payload',
  async run(ctx) {
    const session = await ctx.join();
    for (const size of [0, 1, ctx.payloadSize(70_000)]) {
      const { payload, ext } = await session.push(ctx.random.bytes(size));
      ctx.equal<Uint8Array | undefined>(
        ext?.digest,
        createHash('sha256').update(payload).digest(),
        `the digest of ${size} bytes`,
      );
    }
  },
});

check('CUR-38', {
  title: 'a device that pulls on while two others push misses nothing that it passed',
  async run(ctx) {
    ctx.requireDevices(3);
    const group = ctx.group();
    const writers = [await ctx.join({ group }), await ctx.join({ group })];
    const reader = await ctx.join({ group });
    let isWritten = false;
    const writing = Promise.all(writers.map((session) => pipeline(session, newPushes(ctx, 30))));
    writing.finally(() => (isWritten = true)).catch(() => {});
    const seen: bigint[] = [];
    for (let after = 0n; ; ) {
      const isLast = isWritten;
      const page = await reader.pull(after);
      seen.push(...page.blobs.map(({ cursor }) => cursor));
      after = page.max_cursor;
      if (isLast && !page.has_more) break;
    }
    await writing;
    const all = (await reader.pullAll()).map(({ cursor }) => cursor);
    ctx.equal(seen.join(), all.join(), 'the cursors that it got, without going back');
  },
});

check('CUR-29', {
  title: 'a push cut off before its last byte is not stored',
  async run(ctx) {
    const group = ctx.group();
    const session = await ctx.join({ group });
    session.frames.sendBytes(encodeFrame(push(ctx, ctx.random.bytes(ctx.payloadSize(100_000))), 'bin').subarray(0, -1));
    // An orderly close is answered only after all that was sent before it has been read.
    const { wire } = session.frames.noise;
    wire.close();
    for (let event = await wire.next(); event !== NOTHING && event.kind !== 'close'; ) event = await wire.next();
    const reader = await ctx.join({ group });
    ctx.equal((await reader.pullAll()).length, 0, 'blobs in the group');
    ctx.equal((await reader.push(ctx.random.bytes(8))).cursor, 1n, 'the next cursor');
  },
});
