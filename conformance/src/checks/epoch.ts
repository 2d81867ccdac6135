/** SES: the epoch, by which a client finds out that a relay lost what it had. */
import type { Welcome } from '@0k-sync/spec';
import type { Context } from '../context.ts';
import { check } from '../registry.ts';
import { cleanedUp, SHORT_TTL } from './expiry.ts';

/** A group, and the one device that looks at it: a relay may keep few devices to a group. */
interface Looked {
  readonly group: ReturnType<Context['group']>;
  readonly device: ReturnType<Context['device']>;
}

const look = (ctx: Context): Looked => ({ group: ctx.group(), device: ctx.device() });

function epochOf(ctx: Context, { ext }: Welcome): Uint8Array {
  return ext?.epoch ?? ctx.fail({ requirement: 'SES-35', expected: ['an epoch in Welcome'], actual: 'none' });
}

/** The epoch that a Hello with these extensions is shown. */
async function epoch(
  ctx: Context,
  looked: Looked,
  last_cursor = 0n,
  ext: { epoch?: Uint8Array; last_blob?: Uint8Array } = {},
) {
  return epochOf(ctx, (await ctx.join({ ...looked, last_cursor, ext })).welcome);
}

/** A group with two blobs. */
async function groupWithState(ctx: Context) {
  const group = look(ctx);
  const writer = await ctx.join(group);
  const blobs = [await writer.push(ctx.random.bytes(8)), await writer.push(ctx.random.bytes(8))] as const;
  return { group, blobs, epoch: epochOf(ctx, writer.welcome) };
}

function differs(ctx: Context, a: Uint8Array, b: Uint8Array, what: string): void {
  ctx.verify(Buffer.compare(a, b) !== 0, { expected: [what], actual: 'the same epoch' });
}

check('SES-35', {
  title: 'each Welcome has an epoch, of 16 bytes',
  async run(ctx) {
    ctx.equal(epochOf(ctx, (await ctx.join()).welcome).length, 16, 'bytes of the epoch');
  },
});

check('SES-36', {
  title: 'every device and connection of a group is shown the same epoch',
  async run(ctx) {
    const { group, epoch: first } = await groupWithState(ctx);
    ctx.equal(await epoch(ctx, group), first, 'the epoch on another connection');
    ctx.equal(await epoch(ctx, group, 2n), first, 'the epoch after a Hello with last_cursor 2');
  },
});

check('SES-36/restart', {
  title: 'a group keeps its epoch over a restart',
  needs: ['restart'],
  async run(ctx) {
    const { group, epoch: first } = await groupWithState(ctx);
    await ctx.restart();
    ctx.equal(await epoch(ctx, group), first, 'the epoch after a restart');
  },
});

check('SES-36/kill', {
  title: 'a group keeps its epoch over SIGKILL',
  needs: ['kill'],
  async run(ctx) {
    const { group, epoch: first } = await groupWithState(ctx);
    await ctx.kill();
    await ctx.start();
    ctx.equal(await epoch(ctx, group), first, 'the epoch after SIGKILL');
  },
});

check('SES-37', {
  title: 'groups have different epochs, with and without state',
  async run(ctx) {
    differs(ctx, await epoch(ctx, look(ctx)), await epoch(ctx, look(ctx)), 'another epoch for another group');
    differs(
      ctx,
      (await groupWithState(ctx)).epoch,
      (await groupWithState(ctx)).epoch,
      'another epoch for another group',
    );
  },
});

check('SES-39', {
  title: 'a group without state is shown the same epoch each time, and keeps it when its state begins',
  requirements: ['SES-40'],
  async run(ctx) {
    const group = look(ctx);
    const first = await epoch(ctx, group);
    ctx.equal(await epoch(ctx, group), first, 'the epoch of a group without state');
    await (await ctx.join(group)).push(ctx.random.bytes(8));
    ctx.equal(await epoch(ctx, group), first, 'the epoch once there is state', 'SES-40');
  },
});

check('SES-41', {
  title: 'a group without state has another epoch after a restart',
  needs: ['restart'],
  async run(ctx) {
    const group = look(ctx);
    const first = await epoch(ctx, group);
    await ctx.restart();
    differs(ctx, await epoch(ctx, group), first, 'another epoch after a restart');
  },
});

check('SES-42', {
  title: 'a last_blob that the relay does not have there brings a new epoch',
  requirements: ['SES-47'],
  async run(ctx) {
    const { group, blobs, epoch: first } = await groupWithState(ctx);
    const second = await epoch(ctx, group, 2n, { epoch: first, last_blob: blobs[0].blob_id });
    differs(ctx, second, first, 'a new epoch');
    ctx.equal(await epoch(ctx, group), second, 'the epoch from then on', 'SES-36');
    const session = await ctx.join(group);
    ctx.equal((await session.pullAll()).length, 2, 'blobs in the group', 'SES-47');
    ctx.equal((await session.push(ctx.random.bytes(8))).cursor, 3n, 'the next cursor', 'SES-47');
  },
});

check('SES-43', {
  title: 'a last_cursor above the highest assigned brings a new epoch',
  async run(ctx) {
    const { group, blobs, epoch: first } = await groupWithState(ctx);
    differs(ctx, await epoch(ctx, group, 3n, { epoch: first, last_blob: blobs[1].blob_id }), first, 'a new epoch');
  },
});

check('SES-43/no-blob', {
  title: 'a last_cursor above the highest assigned brings a new epoch also without a last_blob',
  async run(ctx) {
    const { group, epoch: first } = await groupWithState(ctx);
    differs(ctx, await epoch(ctx, group, 9n, { epoch: first }), first, 'a new epoch');
  },
});

check('SES-44/expired', {
  title: 'the relay compares last_blob also with a blob that has expired and was cleaned up',
  requirements: ['SES-42'],
  waits: true,
  async run(ctx) {
    const group = look(ctx);
    const writer = await ctx.join(group);
    await writer.push(ctx.random.bytes(8));
    const { blob_id } = await writer.push(ctx.random.bytes(8), { ttl: SHORT_TTL });
    await cleanedUp(ctx, writer, SHORT_TTL);
    const first = epochOf(ctx, writer.welcome);
    ctx.equal(
      await epoch(ctx, group, 2n, { epoch: first, last_blob: blob_id }),
      first,
      'the epoch after the right last_blob',
    );
    const other = await epoch(ctx, group, 2n, { epoch: first, last_blob: ctx.random.blobId() });
    ctx.verify(Buffer.compare(other, first) !== 0, {
      requirement: 'SES-42',
      expected: ['a new epoch'],
      actual: 'the same',
    });
  },
});

check('SES-44', {
  title: 'the right last_blob keeps the epoch',
  async run(ctx) {
    const { group, blobs, epoch: first } = await groupWithState(ctx);
    for (const { cursor, blob_id } of blobs) {
      ctx.equal(await epoch(ctx, group, cursor, { epoch: first, last_blob: blob_id }), first, 'the epoch');
    }
  },
});

check('SES-46', {
  title: 'a Hello with an older epoch, or none, changes nothing',
  async run(ctx) {
    const { group, blobs, epoch: first } = await groupWithState(ctx);
    const wrong = { last_blob: ctx.random.blobId() };
    ctx.equal(
      await epoch(ctx, group, 2n, { epoch: ctx.random.bytes(16), ...wrong }),
      first,
      'the epoch after an older one',
    );
    ctx.equal(await epoch(ctx, group, 9n, wrong), first, 'the epoch after none');
    ctx.equal(
      await epoch(ctx, group, 2n ** 64n - 1n, { epoch: ctx.random.bytes(16), last_blob: blobs[0].blob_id }),
      first,
      'the epoch',
    );
  },
});

check('SES-48', {
  title: 'a group without state keeps its epoch whatever a Hello claims',
  async run(ctx) {
    const group = look(ctx);
    const first = await epoch(ctx, group);
    const again = await epoch(ctx, group, 5n, { epoch: first, last_blob: ctx.random.blobId() });
    ctx.equal(again, first, 'the epoch');
    ctx.equal((await ctx.join(group)).welcome.max_cursor, 0n, 'max_cursor');
  },
});
