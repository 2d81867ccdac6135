/** OPS: what a relay must not write to its output. */
import type { Context } from '../context.ts';
import { check } from '../registry.ts';
import { bytes, name } from './bytes.ts';
import { leaked, spelled } from './leak.ts';
import { newPush } from './pushes.ts';

/** A text that occurs nowhere else. */
const canary = (ctx: Context) => Buffer.from(ctx.random.bytes(24)).toString('hex');

interface Planted {
  readonly secrets: Readonly<Record<string, string>>;
  readonly ids: Readonly<Record<string, Uint8Array>>;
}

/** Does all kinds of things that a relay might log, right and wrong ones, and ends it, so that all it has to say is said. */
async function provoke(ctx: Context, from?: string): Promise<Planted & { output: string }> {
  const [payload, device_name, token] = [canary(ctx), canary(ctx), canary(ctx)];
  const group = ctx.group();
  const options = { group, device_name, from };
  const session = await ctx.join(options);
  const push = { ...newPush(ctx), payload: Buffer.from(payload) };
  session.send(push, { ...push, payload: Buffer.from(`${payload}.`) }, { type: 'Presence', status: 0 });
  await session.expect('PushAck');
  await session.expectError(1006);
  await session.pull();
  const other = await ctx.join(options);
  other.send({ type: 'Delete', blob_id: push.blob_id, force: true });
  await other.expectOneOf('Ok', 'Error');
  // Each of these ends its session.
  const outdated = await ctx.messages({ from });
  outdated.sendHello({ ...options, version: 9 });
  await outdated.expectFatal(1005);
  const stranger = await ctx.messages({ from });
  stranger.sendHello({ ...options, ext: { proof: ctx.group().proofFor(stranger.device.deviceId)! } });
  await stranger.expectFatal(1002);
  for (const body of [bytes('91', name(payload.slice(0, 24))), bytes('93', name('Push'), push.blob_id)]) {
    const wrong = await ctx.join(options);
    wrong.frames.sendFrame(body);
    await wrong.expectFatal(1000);
  }
  // A relay that does not offer this ends the session.
  const app = await ctx.join(options);
  app.send({ type: 'RegisterPush', token, platform: 0, app_id: null });
  await app.expectOneOf('Ok', 'Error');
  const text = await ctx.raw({ from });
  text.sendText(payload);
  await text.next();
  await ctx.stop();
  const output = (ctx.target.output ?? []).join('\n');
  await ctx.start();
  return {
    output,
    secrets: { 'a payload': payload, 'a device name': device_name, 'a push token': token },
    ids: { 'a group': group.id, 'a device': session.device.deviceId, 'a blob': push.blob_id },
  };
}

check('OPS-15', {
  title: 'no payload, device name or push token gets into the output, be it as text or as bytes',
  needs: ['process', 'stop'],
  slow: true,
  async run(ctx) {
    const { output, secrets } = await provoke(ctx);
    for (const [what, secret] of Object.entries(secrets)) {
      const how = leaked(output, secret);
      ctx.verify(how === undefined, { expected: ['output without any of it'], actual: `${what}, or a part, ${how}` });
    }
  },
});

check('OPS-16', {
  title: 'no id of a group, device or blob gets into the output in full',
  needs: ['process', 'stop'],
  slow: true,
  async run(ctx) {
    const { output, ids } = await provoke(ctx);
    for (const [what, id] of Object.entries(ids)) {
      const how = spelled(output, id);
      ctx.verify(how === undefined, { expected: ['output without whole ids'], actual: `the id of ${what} ${how}` });
    }
  },
});

check('OPS-17', {
  title: 'the address of a client does not get into the output',
  needs: ['process', 'stop'],
  slow: true,
  async run(ctx) {
    const from = await ctx.unusedAddress();
    if (from === undefined) return ctx.notRun('the kit has no address that is not also the relay’s own');
    const { output } = await provoke(ctx, from);
    ctx.verify(!output.includes(from), {
      expected: ['output without addresses of clients'],
      actual: 'the kit’s address',
    });
  },
});
