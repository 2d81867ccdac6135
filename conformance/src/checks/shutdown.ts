/** OPS, ERR: how a relay ends. */
import type { Push } from '@0k-sync/spec';
import { NOTHING } from '../access/inbox.ts';
import type { MessageConnection } from '../access/messages.ts';
import type { Context } from '../context.ts';
import { check } from '../registry.ts';
import { Interrupted } from '../verdict.ts';
import { newPushes } from './pushes.ts';

/** Ends the relay while something is done, and starts it again whatever comes of that. @returns how it ended, in words */
async function whileStopping(
  ctx: Context,
  action: () => Promise<void>,
  signal: 'SIGTERM' | 'SIGINT' = 'SIGTERM',
): Promise<string> {
  const stopped = ctx.stop(signal);
  try {
    await action();
  } finally {
    await stopped.catch(() => {});
    await ctx.start();
  }
  const { code, signal: by } = await stopped;
  return code === null ? `ended by ${by}` : `exit code ${code}`;
}

for (const [id, signal] of [
  ['OPS-11', 'SIGTERM'],
  ['OPS-12', 'SIGINT'],
] as const) {
  check(id, {
    title: `${signal} ends the relay with exit code 0, also where a session and a handshake are open`,
    needs: ['stop'],
    slow: true,
    async run(ctx) {
      await ctx.join();
      (await ctx.noise()).writeHandshake();
      ctx.equal(await whileStopping(ctx, async () => {}, signal), 'exit code 0', 'how it ended');
    },
  });
}

check('ERR-09', {
  title: 'every session is sent Error 3001 and closed with 1001 when the relay ends',
  needs: ['stop'],
  slow: true,
  async run(ctx) {
    const group = ctx.group();
    const sessions = [await ctx.join({ group }), await ctx.join({ group }), await ctx.join()];
    await whileStopping(ctx, async () => {
      for (const session of sessions) await session.expectFatal(3001);
    });
  },
});

check('OPS-13', {
  title: 'pushes under way when the relay ends are answered ahead of Error 3001, or not stored',
  needs: ['stop'],
  slow: true,
  async run(ctx) {
    const lanes = 4;
    ctx.requireDevices(lanes + 1);
    const each = ctx.limit('messages_per_minute') === 0n ? 100 : Number(ctx.limit('messages_burst')) - 2;
    const group = ctx.group();
    const sessions = await Promise.all(Array.from({ length: lanes }, () => ctx.join({ group })));
    const pushes = sessions.map(() => newPushes(ctx, each, ctx.payloadSize(5000)));
    ctx.requireQuota(lanes * each * (ctx.payloadSize(5000) + 256));
    const acknowledged = new Set<string>();
    const read = async (session: MessageConnection, sent: readonly Push[]) => {
      for (const { blob_id } of sent) {
        const answer = await session.expectOneOf('PushAck', 'Error');
        // "Storage failed, try again" is an answer too.
        if (answer.type === 'Error' && answer.code === 3002) continue;
        if (answer.type === 'Error') {
          ctx.equal(answer.code, 3001, 'the code of the Error');
          return await session.expectClosed(1001);
        }
        ctx.equal(answer.blob_id, blob_id, 'the blob_id of the next PushAck', 'SES-24');
        acknowledged.add(Buffer.from(blob_id).toString('hex'));
      }
      return await session.expectFatal(3001);
    };
    for (const [index, session] of sessions.entries()) session.send(...pushes[index]!);
    const first = pushes[0]!.shift()!;
    ctx.equal((await sessions[0]!.expect('PushAck')).blob_id, first.blob_id, 'the blob_id of the first PushAck');
    acknowledged.add(Buffer.from(first.blob_id).toString('hex'));
    await whileStopping(ctx, async () => {
      await Promise.all(sessions.map((session, index) => read(session, pushes[index]!)));
    });
    const blobs = await (await ctx.join({ group })).pullAll(0n, 1000);
    const stored = new Set(blobs.map(({ blob_id }) => Buffer.from(blob_id).toString('hex')));
    const lost = [...acknowledged].filter((id) => !stored.has(id)).length;
    ctx.equal(lost, 0, 'blobs that were acknowledged and are not there after the restart', 'CUR-26');
    const unanswered = [...stored].filter((id) => !acknowledged.has(id)).length;
    ctx.equal(unanswered, 0, 'blobs that are there and were not acknowledged ahead of Error 3001');
  },
});

/** Whether Hello on a connection is welcome. Of a relay that ends every other outcome is right, and that none can be opened. */
async function isWelcome(ctx: Context, open: () => Promise<MessageConnection>): Promise<boolean> {
  try {
    const session = await open();
    session.sendHello({ group: ctx.group() });
    const event = await session.next();
    return event !== NOTHING && 'type' in event && event.type === 'Welcome';
  } catch (error) {
    if (error instanceof Interrupted) throw error;
    return false;
  }
}

check('OPS-14', {
  title: 'no session begins once Error 3001 has been sent',
  needs: ['stop'],
  slow: true,
  async run(ctx) {
    // One does not read, so that the relay has to wait for it.
    const [deaf, witness] = [await ctx.join(), await ctx.join()];
    const prepared = await ctx.messages();
    await whileStopping(ctx, async () => {
      deaf.frames.noise.wire.pause();
      await witness.expectError(3001);
      const opening = [async () => prepared, ...Array(3).fill(() => ctx.messages())];
      const attempts = Promise.all(opening.map((open) => isWelcome(ctx, open)));
      // Those that hear nothing end when the relay does.
      await Promise.race([attempts, ctx.elapse(2000)]);
      deaf.frames.noise.wire.resume();
      const welcome = (await attempts).indexOf(true);
      ctx.verify(welcome < 0, {
        expected: ['an Error, a close, or no connection'],
        actual: welcome === 0 ? 'Welcome on a connection from before' : 'Welcome on a new connection',
      });
    });
  },
});
