/** SES: what a session is, from Hello to its end. */
import { encodeFrame } from '@0k-sync/reference';
import type { Message } from '@0k-sync/spec';
import { describeFrameEvent } from '../access/frames.ts';
import { NOTHING } from '../access/inbox.ts';
import type { MessageConnection } from '../access/messages.ts';
import type { Context } from '../context.ts';
import { describeMessage } from '../describe.ts';
import { check } from '../registry.ts';
import { bin, bytes, name } from './bytes.ts';
import { newPush } from './pushes.ts';

const PULL: Message = { type: 'Pull', after_cursor: 0n, limit: 0 };
const MALFORMED = bytes('00000001 c1');

/** How many blobs a group has, seen by another device. */
async function stored(ctx: Context, group: ReturnType<Context['group']>): Promise<number> {
  const reader = await ctx.join({ group });
  return (await reader.pullAll()).length;
}

check('SES-01', {
  title: 'a valid Hello is answered with a Welcome, whatever its cursor and name',
  async run(ctx) {
    const group = ctx.group();
    await (await ctx.join({ group })).push(ctx.random.bytes(8));
    for (const last_cursor of [0n, 1n, 2n ** 63n, 2n ** 64n - 1n]) await ctx.join({ group, last_cursor });
    for (const device_name of ['', 'n', 'Müller’s 📱']) await ctx.join({ device_name });
  },
});

check('SES-02', {
  title: 'the first frame of a session is the Welcome, also where blobs wait',
  async run(ctx) {
    const group = ctx.group();
    await (await ctx.join({ group })).push(ctx.random.bytes(8));
    const session = await ctx.messages();
    session.sendHello({ group });
    const event = await session.next();
    const first = event !== NOTHING && 'type' in event ? event.type : describeFrameEvent(event as never, ctx.timeoutMs);
    ctx.equal(first, 'Welcome', 'the first frame');
  },
});

const id = new Uint8Array(16).fill(7);
const id32 = new Uint8Array(32).fill(7);

const REQUESTS: readonly Message[] = [
  { type: 'Push', blob_id: id, payload: new Uint8Array(3), ttl: 0 },
  PULL,
  { type: 'Presence', status: 0 },
];

const NEVER_FROM_A_CLIENT: readonly Message[] = [
  { type: 'Welcome', version: 1, max_cursor: 0n, pending_count: 0 },
  { type: 'PushAck', blob_id: id, cursor: 1n },
  { type: 'PullResponse', blobs: [], has_more: false, max_cursor: 0n },
  { type: 'Notify', latest_cursor: 1n, count: 1 },
  { type: 'Deleted', blob_id: id, cursor: 1n, deleted_by: id32 },
  { type: 'DeviceRevoked', device_id: id32, revoked_by: id32, timestamp: 0n, reason: 0 },
  { type: 'Devices', devices: [] },
  { type: 'Ok' },
  {
    type: 'ContentRef',
    content_hash: id32,
    encryption_nonce: new Uint8Array(24),
    content_size: 0n,
    encrypted_size: 0n,
  },
  { type: 'ContentAck', content_hash: id32 },
];

for (const message of REQUESTS) {
  check(`SES-03/${message.type.toLowerCase()}`, {
    title: `a ${message.type} before Hello is answered with Error 1002`,
    async run(ctx) {
      const session = await ctx.messages();
      session.send(message);
      await session.expectFatal(1002);
    },
  });
}

for (const message of NEVER_FROM_A_CLIENT) {
  check(`SES-07/${message.type.toLowerCase()}`, {
    title: `a ${message.type} from a client is refused`,
    async run(ctx) {
      const session = await ctx.join();
      session.send(message);
      await session.expectFatal(1000);
    },
  });
}

check('SES-04', {
  title: 'a Welcome or a ContentAck before Hello is refused',
  async run(ctx) {
    for (const message of [NEVER_FROM_A_CLIENT[0]!, NEVER_FROM_A_CLIENT.at(-1)!]) {
      const session = await ctx.messages();
      session.send(message);
      await session.expectFatal(1000, 1002);
    }
  },
});

check('SES-05', {
  title: 'a Bye before Hello ends the connection with 1000 and no frame',
  async run(ctx) {
    const session = await ctx.messages();
    session.send({ type: 'Bye', reason: null });
    await session.expectClosed(1000);
  },
});

check('SES-06', {
  title: 'a second Hello is refused, for the same group and for another',
  async run(ctx) {
    const group = ctx.group();
    for (const second of [group, ctx.group()]) {
      const session = await ctx.join({ group });
      session.sendHello({ group: second });
      await session.expectFatal(1000);
    }
  },
});

check('SES-08', {
  title: 'what follows Hello without waiting is served after the Welcome, large frames included',
  async run(ctx) {
    // The small one is there as soon as Hello is; the large one comes in pieces.
    for (const size of [8, ctx.payloadSize(100_000)]) {
      const session = await ctx.messages();
      session.sendHello({ group: ctx.group() }, newPush(ctx, size), PULL);
      await session.expect('Welcome');
      await session.expect('PushAck');
      ctx.equal((await session.expect('PullResponse')).blobs.length, 1, 'blobs in the page');
    }
  },
});

for (const version of [0, 2, 255]) {
  check(`SES-09/version-${version}`, {
    title: `a Hello of version ${version} is answered with Error 1005`,
    requirements: ['ERR-05'],
    async run(ctx) {
      const session = await ctx.messages();
      session.sendHello({ group: ctx.group(), version });
      await session.expectFatal(1005);
    },
  });
}

check('SES-10', {
  title: 'the version is judged before the proof',
  async run(ctx) {
    const session = await ctx.messages();
    const proof = { key: ctx.random.bytes(32), signature: ctx.random.bytes(64) };
    session.sendHello({ group: ctx.group(), version: 2, ext: { proof } });
    await session.expectFatal(1005);
  },
});

check('SES-11', {
  title: 'a Hello that does not decode is answered with Error 1000, whatever its version',
  async run(ctx) {
    const session = await ctx.messages();
    session.frames.sendFrame(
      bytes('96', name('Hello'), '02 a0', bin(ctx.group().id), '00 81', name('epoch'), `c40f${'07'.repeat(15)}`),
    );
    await session.expectFatal(1000);
  },
});

check('SES-17', {
  title: 'a device_name that is too long is cut, not refused',
  async run(ctx) {
    const length = Number(ctx.limit('max_device_name_len'));
    for (const device_name of ['n'.repeat(length + 1), '\u{1f4f1}'.repeat(length + 44)])
      await ctx.join({ device_name });
  },
});

check('SES-19', {
  title: 'a Notify after Welcome stands for all that waits',
  requirements: ['CUR-49'],
  async run(ctx) {
    const group = ctx.group();
    const writer = await ctx.join({ group });
    for (let count = 0; count < 3; count++) await writer.push(ctx.random.bytes(8));
    const reader = await ctx.join({ group, last_cursor: 1n });
    ctx.equal(reader.welcome.pending_count, 2, 'pending_count', 'CUR-49');
    const notify = await reader.expectNotify(3n, 'SES-19');
    ctx.equal(notify.count, 2, 'count');
    ctx.equal(notify.latest_cursor, 3n, 'latest_cursor');
  },
});

check('SES-20', {
  title: 'each connection of a device is notified, and closing one silences none',
  requirements: ['SES-21'],
  async run(ctx) {
    const group = ctx.group();
    const device = ctx.device();
    const writer = await ctx.join({ group });
    const [first, second, third] = [
      await ctx.join({ group, device }),
      await ctx.join({ group, device }),
      await ctx.join({ group, device }),
    ];
    await writer.push(ctx.random.bytes(8));
    for (const connection of [first, second, third]) await connection.expectNotify(1n, 'SES-20');
    await third.bye();
    second.terminate();
    await writer.push(ctx.random.bytes(8));
    await first.expectNotify(2n, 'SES-21');
  },
});

check('SES-22', {
  title: 'a group that the relay does not know is empty',
  async run(ctx) {
    const { welcome } = await ctx.join();
    ctx.equal(welcome.max_cursor, 0n, 'max_cursor');
    ctx.equal(welcome.pending_count, 0, 'pending_count');
    ctx.equal(welcome.ext?.expired_through, 0n, 'expired_through');
  },
});

check('SES-24', {
  title: 'answers stand in the order of requests of different kinds',
  async run(ctx) {
    const session = await ctx.join();
    const first = newPush(ctx);
    const tooLarge = newPush(ctx, Number(ctx.limit('max_blob_size')) + 1);
    session.send(first, PULL, { ...first, payload: new Uint8Array(1) }, tooLarge, newPush(ctx), {
      ...PULL,
      after_cursor: 1n,
    });
    await session.expect('PushAck');
    ctx.equal((await session.expect('PullResponse')).max_cursor, 1n, 'max_cursor of the first page');
    await session.expectError(1006);
    await session.expectError(2001);
    await session.expect('PushAck');
    ctx.equal((await session.expect('PullResponse')).max_cursor, 2n, 'max_cursor of the second page');
  },
});

check('SES-24/refused', {
  title: 'a refusal that takes no time does not overtake the answers to pushes that do',
  async run(ctx) {
    const largest = Number(ctx.limit('max_blob_size'));
    const refused = newPush(ctx, largest + 1);
    ctx.requireQuota(largest + 256);
    // By chance the relay may be done with the first before it has read the second.
    for (let round = 0; round < 10; round++) {
      const session = await ctx.join();
      session.send(newPush(ctx, largest), refused);
      await session.expect('PushAck');
      await session.expectError(2001);
      await session.bye();
    }
  },
});

check('SES-25', {
  title: 'a Pull sent right behind a Push sees its blob',
  async run(ctx) {
    const session = await ctx.join();
    for (let round = 1n; round <= 10n; round++) {
      session.send(newPush(ctx, ctx.payloadSize(2000)), { ...PULL, after_cursor: round - 1n });
      await session.expect('PushAck');
      ctx.equal((await session.expect('PullResponse')).max_cursor, round, 'max_cursor of the page');
    }
  },
});

check('SES-26', {
  title: 'requests behind one that was refused are served in order',
  async run(ctx) {
    const session = await ctx.join();
    const first = newPush(ctx);
    await session.push(first.payload, { blob_id: first.blob_id });
    session.send({ ...first, payload: ctx.random.bytes(9) }, newPush(ctx), { ...PULL, after_cursor: 1n });
    await session.expectError(1006);
    ctx.equal((await session.expect('PushAck')).cursor, 2n, 'cursor of the next Push');
    ctx.equal((await session.expect('PullResponse')).max_cursor, 2n, 'max_cursor of the page');
  },
});

check('SES-27', {
  title: 'what was sent before an offending frame is answered before the Error',
  async run(ctx) {
    const session = await ctx.join();
    const frames = [newPush(ctx), newPush(ctx), PULL].map((message) => encodeFrame(message, 'bin'));
    session.frames.sendBytes(bytes(...frames, MALFORMED));
    await session.expect('PushAck');
    await session.expect('PushAck');
    await session.expect('PullResponse');
    await session.expectFatal(1000);
  },
});

check('SES-28', {
  title: 'nothing behind an offending frame takes effect',
  async run(ctx) {
    const group = ctx.group();
    const session = await ctx.join({ group });
    session.frames.sendBytes(bytes(MALFORMED, encodeFrame(newPush(ctx), 'bin')));
    await session.expectFatal(1000);
    ctx.equal(await stored(ctx, group), 0, 'blobs in the group');
  },
});

/** The next event is the close: not even a Notify stands before it. */
async function expectCloseNext(ctx: Context, session: MessageConnection): Promise<void> {
  const event = await session.next();
  if (event !== NOTHING && 'kind' in event && event.kind === 'close') return;
  const actual =
    event !== NOTHING && 'type' in event ? describeMessage(event) : describeFrameEvent(event, ctx.timeoutMs);
  ctx.fail({ expected: ['the close, and no frame before it'], actual });
}

check('SES-29', {
  title: 'no frame follows a fatal Error',
  async run(ctx) {
    const session = await ctx.join();
    session.frames.sendBytes(bytes(MALFORMED, encodeFrame(PULL, 'bin'), MALFORMED));
    await session.expectError(1000);
    await expectCloseNext(ctx, session);
  },
});

check('SES-30', {
  title: 'a Bye is answered with no frame, after the answers to what stood before it',
  async run(ctx) {
    const session = await ctx.join();
    session.send(newPush(ctx), PULL, { type: 'Bye', reason: 'done' });
    await session.expect('PushAck');
    await session.expect('PullResponse');
    await session.expectClosed(1000);
  },
});

check('SES-31', {
  title: 'nothing behind a Bye takes effect',
  async run(ctx) {
    const group = ctx.group();
    const session = await ctx.join({ group });
    session.send({ type: 'Bye', reason: null }, newPush(ctx));
    await session.expectClosed(1000);
    ctx.equal(await stored(ctx, group), 0, 'blobs in the group');
  },
});

check('SES-32', {
  title: 'an Error from the client ends the session with 1000 and no Error in return',
  async run(ctx) {
    for (const code of [1000, 2001, 4_000_000]) {
      const session = await ctx.join();
      session.send({ type: 'Error', code, message: 'invalid message' });
      const event = await session.next();
      // A Bye may stand before the close (D-016).
      if (event !== NOTHING && 'type' in event && event.type === 'Bye') await session.expectClosed(1000);
      else if (event === NOTHING || !('kind' in event) || event.kind !== 'close' || event.code !== 1000) {
        const actual =
          event !== NOTHING && 'type' in event ? describeMessage(event) : describeFrameEvent(event, ctx.timeoutMs);
        ctx.fail({ expected: ['a close with 1000'], actual });
      }
    }
  },
});

check('SES-33', {
  title: 'a Presence gets no answer',
  async run(ctx) {
    const session = await ctx.join();
    session.send({ type: 'Presence', status: 0 }, { type: 'Presence', status: 1 });
    await session.expectNothing();
  },
});

check('SES-34', {
  title: 'a Presence of an unknown status changes nothing',
  async run(ctx) {
    const group = ctx.group();
    const session = await ctx.join({ group });
    session.send({ type: 'Presence', status: 2 }, { type: 'Presence', status: 255 });
    // Not with the kit's usual round trip, which pulls past everything: then no Notify would be due.
    await session.pull(0n);
    await (await ctx.join({ group })).push(ctx.random.bytes(8));
    await session.expectNotify(1n, 'SES-34');
  },
});
