/** CUR, SES, WIRE, ERR: devices of a group, what each has acknowledged, deletion and revocation. */
import type { Identity } from '@0k-sync/reference';
import type { Device, Message } from '@0k-sync/spec';
import type { MessageConnection } from '../access/messages.ts';
import type { Context } from '../context.ts';
import type { TestGroup } from '../group.ts';
import { check } from '../registry.ts';
import { joinOpen } from './membership.ts';

/** Clean-up that comes more seldom is not waited for, in seconds. */
const LONGEST_CLEANUP = 5;

async function devicesOf(session: MessageConnection): Promise<Device[]> {
  session.send({ type: 'ListDevices' });
  return (await session.expect('Devices')).devices;
}

async function entryOf(ctx: Context, session: MessageConnection, { deviceId }: Identity): Promise<Device> {
  const entry = (await devicesOf(session)).find(({ device_id }) => Buffer.compare(device_id, deviceId) === 0);
  return ctx.present(entry, 'the device in Devices', 'SES-59');
}

async function expectPending(
  ctx: Context,
  session: MessageConnection,
  device: Identity,
  pending: number,
  after: string,
): Promise<void> {
  ctx.equal((await entryOf(ctx, session, device)).pending, pending, `pending of the reader after ${after}`);
}

/** A writer with two blobs in a group, and a reader that is connected since before them. */
async function writerAndReader(ctx: Context) {
  const group = ctx.group();
  const reader = await ctx.join({ group });
  const writer = await ctx.join({ group });
  const blobs = [await writer.push(ctx.random.bytes(8)), await writer.push(ctx.random.bytes(8))] as const;
  return { group, reader, writer, blobs };
}

async function ok(session: MessageConnection, ...requests: readonly Message[]): Promise<void> {
  session.send(...requests);
  for (const _ of requests) await session.expect('Ok');
}

async function revoke(session: MessageConnection, { deviceId }: Identity, reason = 0): Promise<void> {
  await ok(session, { type: 'RevokeDevice', device_id: deviceId, reason, clear_pending: false });
}

async function expectRevoked(ctx: Context, group: TestGroup, device: Identity): Promise<void> {
  const session = await ctx.messages({ device });
  session.sendHello({ group });
  await session.expectFatal(1003);
}

async function afterCleanUp(ctx: Context): Promise<void> {
  const interval = Number(ctx.limit('cleanup_interval_secs'));
  if (interval > LONGEST_CLEANUP)
    ctx.notRun(`cleanup_interval_secs is ${interval}; at most ${LONGEST_CLEANUP} is waited for`);
  await ctx.elapse(interval * 1500);
}

check('CUR-07', {
  title: 'the cursor of a deleted blob is not assigned again',
  async run(ctx) {
    const { writer, blobs } = await writerAndReader(ctx);
    await ok(writer, { type: 'Delete', blob_id: blobs[1].blob_id, force: true });
    ctx.equal((await writer.push(ctx.random.bytes(8))).cursor, 3n, 'the cursor of the next push');
  },
});

check('CUR-58', {
  title: 'what a device presents with Pull or Hello counts as acknowledged in its pending',
  async run(ctx) {
    const { group, reader, writer, blobs } = await writerAndReader(ctx);
    await expectPending(ctx, writer, reader.device, 2, 'nothing');
    await reader.pull(1n);
    await expectPending(ctx, writer, reader.device, 1, 'Pull {after_cursor: 1}');
    const ext = { epoch: reader.welcome.ext?.epoch, last_blob: blobs[1].blob_id };
    await ctx.join({ group, device: reader.device, last_cursor: 2n, ext });
    await expectPending(ctx, writer, reader.device, 0, 'Hello {last_cursor: 2}');
  },
});

check('CUR-59', {
  title: 'an acknowledgement without the current epoch, or without last_blob, does not count',
  async run(ctx) {
    const { group, reader, writer, blobs } = await writerAndReader(ctx);
    const { device } = reader;
    const epoch = reader.welcome.ext?.epoch;
    for (const [what, ext] of [
      ['without epoch', { last_blob: blobs[1].blob_id }],
      ['with another epoch', { epoch: ctx.random.bytes(16), last_blob: blobs[1].blob_id }],
      ['without last_blob', { epoch }],
    ] as const) {
      const session = await ctx.join({ group, device, last_cursor: 2n, ext });
      await expectPending(ctx, writer, device, 2, `Hello {last_cursor: 2} ${what}`);
      await session.pull(2n);
      await expectPending(ctx, writer, device, 2, `Pull {after_cursor: 2} on that connection`);
    }
  },
});

check('CUR-60', {
  title: 'a Hello with last_cursor 0 and no epoch stands for the epoch of its Welcome',
  async run(ctx) {
    const { reader, writer } = await writerAndReader(ctx);
    await reader.pull(2n);
    await expectPending(ctx, writer, reader.device, 0, 'Pull {after_cursor: 2}');
  },
});

check('CUR-61', {
  title: 'an acknowledgement above the highest cursor counts for nothing',
  async run(ctx) {
    const { reader, writer } = await writerAndReader(ctx);
    for (const beyond of [3n, 2n ** 63n, 2n ** 64n - 1n]) {
      await reader.pull(beyond);
      await expectPending(ctx, writer, reader.device, 2, `Pull {after_cursor: ${beyond}}`);
    }
    await writer.push(ctx.random.bytes(8));
    await expectPending(ctx, writer, reader.device, 3, 'the next Push');
  },
});

check('CUR-62', {
  title: 'an acknowledgement does not fall',
  async run(ctx) {
    const { reader, writer } = await writerAndReader(ctx);
    await reader.pull(2n);
    await reader.pull(0n);
    await expectPending(ctx, writer, reader.device, 0, 'Pull {after_cursor: 2} and Pull {after_cursor: 0}');
  },
});

check('CUR-63', {
  title: 'a device need not acknowledge its own blobs',
  async run(ctx) {
    const { writer } = await writerAndReader(ctx);
    ctx.equal((await entryOf(ctx, writer, writer.device)).pending, 0, 'pending of the writer');
  },
});

check('CUR-64', {
  title: 'a blob is not acknowledged by being handed out',
  async run(ctx) {
    const { reader, writer } = await writerAndReader(ctx);
    ctx.equal((await reader.pull()).blobs.length, 2, 'blobs handed out', 'CUR-29');
    await expectPending(ctx, writer, reader.device, 2, 'a PullResponse with both blobs');
  },
});

check('CUR-66', {
  title: 'a blob stays until every device has acknowledged it, one that is away included',
  async run(ctx) {
    ctx.requireDevices(3);
    const { group, reader, writer } = await writerAndReader(ctx);
    const away = await ctx.join({ group });
    await away.bye();
    await reader.pull(2n);
    await afterCleanUp(ctx);
    ctx.equal((await writer.pull()).blobs.length, 2, 'blobs that one device has not acknowledged');
  },
});

check('CUR-66/alone', {
  title: 'a blob stays while its group has one device',
  async run(ctx) {
    const writer = await ctx.join();
    await writer.push(ctx.random.bytes(8));
    await writer.pull(1n);
    await afterCleanUp(ctx);
    ctx.equal((await writer.pull()).blobs.length, 1, 'blobs of the only device');
  },
});

check('CUR-67', {
  title: 'acknowledged blobs of an open group stay',
  async run(ctx) {
    const id = ctx.random.bytes(32);
    const reader = await joinOpen(ctx, id);
    const writer = await joinOpen(ctx, id);
    await writer.push(ctx.random.bytes(8));
    await reader.pull(1n);
    await writer.pull(1n);
    await afterCleanUp(ctx);
    ctx.equal((await writer.pull()).blobs.length, 1, 'blobs that both devices have acknowledged');
  },
});

check('ERR-07', {
  title: 'a revoked device is told so, closed with 4003 and not let in again',
  requirements: ['WIRE-51'],
  async run(ctx) {
    const { group, reader, writer } = await writerAndReader(ctx);
    await revoke(writer, reader.device);
    await reader.expectFatal(1003);
    await expectRevoked(ctx, group, reader.device);
  },
});

check('SES-16', {
  title: 'a revoked device is told so also in a full group',
  needs: ['lifted-limits'],
  async run(ctx) {
    const most = Number(ctx.limit('max_devices_per_group'));
    if (most > 64) ctx.notRun(`max_devices_per_group is ${most}; the check fills at most 64`);
    const group = ctx.group();
    const first = await ctx.join({ group });
    await first.push(ctx.random.bytes(8));
    const revoked = await ctx.join({ group });
    await revoke(first, revoked.device);
    let devices = 1;
    for (; devices <= most; devices++) {
      const session = await ctx.messages();
      session.sendHello({ group });
      if ((await session.expectOneOf('Welcome', 'Error')).type === 'Error') break;
      await session.bye();
    }
    ctx.trace.record('kit', 'event', `the group is full at ${devices} devices`);
    await expectRevoked(ctx, group, revoked.device);
  },
});

check('SES-18', {
  title: 'a device_name is cut at max_device_name_len Unicode scalar values, and not within one',
  async run(ctx) {
    const most = Number(ctx.limit('max_device_name_len'));
    const group = ctx.group();
    // Two UTF-16 units and four bytes each: any other measure than scalar values cuts elsewhere.
    const name = '\u{1F511}'.repeat(most);
    const long = await ctx.join({ group, device_name: `${name}\u{1F512}` });
    const exact = await ctx.join({ group, device_name: name });
    await exact.push(ctx.random.bytes(8));
    for (const { device } of [long, exact]) {
      const { device_name } = await entryOf(ctx, exact, device);
      ctx.equal(device_name === name, true, `the first ${most} scalar values of the name, and no more`);
    }
  },
});

check('SES-59', {
  title: 'devices that are connected when a group begins are recorded',
  async run(ctx) {
    const { reader, writer } = await writerAndReader(ctx);
    await reader.bye();
    const entry = await entryOf(ctx, writer, reader.device);
    ctx.equal(entry.revoked, false, 'revoked of the device that has gone');
    ctx.equal((await devicesOf(writer)).length, 2, 'devices in the list');
  },
});

check('WIRE-51', {
  title: 'Delete and RevokeDevice that are carried out are answered with Ok',
  async run(ctx) {
    const { reader, writer, blobs } = await writerAndReader(ctx);
    await ok(writer, { type: 'Delete', blob_id: blobs[0].blob_id, force: false });
    await ok(writer, { type: 'Delete', blob_id: blobs[0].blob_id, force: true });
    await ok(writer, { type: 'Delete', blob_id: blobs[0].blob_id, force: true });
    await revoke(writer, reader.device);
    await revoke(writer, reader.device, 1);
  },
});

check('WIRE-62', {
  title: 'cursors of a group ascend',
  async run(ctx) {
    const { writer, reader, blobs } = await writerAndReader(ctx);
    const third = await reader.push(ctx.random.bytes(8));
    const fourth = await writer.push(ctx.random.bytes(8));
    const cursors = [...blobs, third, fourth].map(({ cursor }) => cursor);
    const ascend = cursors.every((cursor, index) => index === 0 || cursor > cursors[index - 1]!);
    ctx.verify(ascend, { expected: ['strictly ascending cursors'], actual: cursors.join(', ') });
  },
});

check('WIRE-63', {
  title: 'another device of the group is notified of a push',
  async run(ctx) {
    const { reader } = await writerAndReader(ctx);
    await reader.expectNotify(2n, 'WIRE-63');
  },
});
