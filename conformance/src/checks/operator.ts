/** OPS: what a relay tells its operator, and what it tells everybody. */
import { METRICS } from '@0k-sync/spec';
import { type HttpAnswer, httpGet } from '../access/http.ts';
import { Unreachable } from '../access/link.ts';
import { type Metric, MetricsError, readMetrics } from '../access/prometheus.ts';
import type { Context } from '../context.ts';
import { check } from '../registry.ts';
import { Violation } from '../verdict.ts';
import { expired } from './expiry.ts';
import { spelled } from './leak.ts';
import { newPush } from './pushes.ts';

/** A path below an address, which may have a path of its own behind a proxy. */
function under(base: string, path: string): URL {
  const url = new URL(base);
  url.pathname = url.pathname.replace(/\/$/, '') + path;
  return url;
}

/** The public listener is where the WebSockets are, unless the target says otherwise. */
async function publicGet(ctx: Context, path: string): Promise<HttpAnswer> {
  const { httpUrl, url } = ctx.target;
  return await httpGet(under(httpUrl ?? url.replace(/^ws/, 'http'), path), ctx.link());
}

async function adminGet(ctx: Context, path: string): Promise<HttpAnswer> {
  const { admin } = ctx.target;
  if (admin === undefined) return ctx.inconclusive('the relay has not said where its admin listener is');
  try {
    return await httpGet(under(admin, path), ctx.link());
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    return ctx.inconclusive(`its admin listener at ${admin} cannot be reached: ${error.message}`);
  }
}

/** The JSON object in an answer. @throws Violation */
function objectIn(ctx: Context, { status, body }: HttpAnswer): Record<string, unknown> {
  ctx.equal(status, 200, 'HTTP status of /health');
  try {
    const value: unknown = JSON.parse(body);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // It is said below.
  }
  return ctx.fail({ expected: ['a JSON object'], actual: `${body.length} characters that are none` });
}

check('OPS-01', {
  title: 'GET /health is answered with {"status":"ok"}',
  requirements: ['OPS-02'],
  async run(ctx) {
    const health = objectIn(ctx, await publicGet(ctx, '/health'));
    ctx.equal(health['status'] as string, 'ok', 'status');
    ctx.equal(Object.keys(health).join(', '), 'status', 'the keys of the object', 'OPS-02');
  },
});

check('OPS-03', {
  title: '/metrics is not served to everybody',
  async run(ctx) {
    const { status, body } = await publicGet(ctx, '/metrics');
    const isServed = status === 200 && body.includes('sync_relay_');
    ctx.verify(!isServed, { expected: ['HTTP 404, or another refusal'], actual: 'the metrics' });
  },
});

/** The figures of /health, in the order of OPS-04. */
const FIGURES = [
  'connections',
  'groups',
  'uptime_seconds',
  'total_blobs',
  'storage_bytes',
  'groups_with_data',
] as const;

check('OPS-04', {
  title: '/health of the admin listener has all its figures, and they tell of a session and its blob',
  needs: ['admin'],
  async run(ctx) {
    const session = await ctx.join();
    await session.push(ctx.random.bytes(1000));
    const health = objectIn(ctx, await adminGet(ctx, '/health'));
    for (const key of ['status', 'version']) ctx.equal(typeof health[key], 'string', `the type of ${key}`);
    for (const key of FIGURES) {
      const value = health[key];
      const least = key === 'uptime_seconds' ? 0 : key === 'storage_bytes' ? 1000 : 1;
      const isFigure = typeof value === 'number' && value >= least;
      ctx.verify(isFigure, { expected: [`${key} of at least ${least}`], actual: `${JSON.stringify(value)}` });
    }
  },
});

/** All metrics at this moment. @throws Violation if they are not in the format */
async function metricsOf(ctx: Context): Promise<Map<string, Metric>> {
  const { status, type, body } = await adminGet(ctx, '/metrics');
  ctx.equal(status, 200, 'HTTP status of /metrics', 'OPS-05');
  const expected = ['the text format of Prometheus'];
  ctx.verify(/^text\/plain\b/.test(type), { requirement: 'OPS-05', expected, actual: type || 'no content-type' });
  try {
    return readMetrics(body);
  } catch (error) {
    if (!(error instanceof MetricsError)) throw error;
    return ctx.fail({ requirement: 'OPS-05', expected, actual: error.message });
  }
}

/** A figure over all its labels. */
function figure(metrics: ReadonlyMap<string, Metric>, name: string): number {
  return metrics.get(`sync_relay_${name}`)?.samples.reduce((sum, { value }) => sum + value, 0) ?? Number.NaN;
}

check('OPS-05', {
  title: '/metrics of the admin listener has every metric of the table, of its type and with its labels',
  needs: ['admin'],
  async run(ctx) {
    // An Error, so that there is one to be counted.
    const session = await ctx.join();
    const { blob_id } = await session.push(ctx.random.bytes(8));
    session.send({ ...newPush(ctx), blob_id });
    await session.expectError(1006);
    const metrics = await metricsOf(ctx);
    for (const { name, type, labels } of METRICS) {
      const metric = ctx.present(metrics.get(name), name);
      ctx.equal(metric.type, type, `the type of ${name}`);
      if (labels.length === 0)
        ctx.verify(metric.samples.length > 0, { expected: [`a sample of ${name}`], actual: 'none' });
      for (const label of labels) {
        const missing = metric.samples.filter((sample) => !sample.labels.has(label)).length;
        ctx.equal(missing, 0, `samples of ${name} without the label ${label}`);
      }
    }
    ctx.equal(figure(metrics, 'info'), 1, 'sync_relay_info');
    ctx.verify(figure(metrics, 'errors_total') >= 1, {
      expected: ['sync_relay_errors_total of at least 1'],
      actual: '0',
    });
  },
});

/** Figures when they stand still: what earlier checks left behind is over. */
async function settled(ctx: Context, ...names: readonly string[]): Promise<number[]> {
  const read = async () => {
    const metrics = await metricsOf(ctx);
    return names.map((name) => figure(metrics, name));
  };
  let before = await read();
  for (let tries = 0; tries < 50; tries++) {
    await ctx.elapse(100);
    const now = await read();
    if (now.join() === before.join()) return now;
    before = now;
  }
  return ctx.inconclusive(`${names.join(', ')} never stand still: does the relay serve somebody else?`);
}

/**
 * Does something that changes figures, and compares by how much they changed, once they have had time to.
 *
 * @param expected - by name, without `sync_relay_`.
 */
async function requireChange(
  ctx: Context,
  expected: Readonly<Record<string, number>>,
  change: () => Promise<void>,
): Promise<void> {
  const names = Object.keys(expected);
  const before = await settled(ctx, ...names);
  await change();
  // A relay that the kit did not start may serve others too.
  const isOurs = ctx.target.command !== undefined;
  const deadline = performance.now() + ctx.timeoutMs;
  for (;;) {
    const metrics = await metricsOf(ctx);
    const changes = names.map((name, index) => figure(metrics, name) - before[index]!);
    const wrong = names.findIndex((name, index) =>
      isOurs ? changes[index] !== expected[name] : Math.abs(changes[index]!) < Math.abs(expected[name]!),
    );
    if (wrong < 0) return;
    const name = names[wrong]!;
    ctx.verify(performance.now() < deadline, {
      expected: [`sync_relay_${name} changed by ${expected[name]}`],
      actual: `changed by ${changes[wrong]}`,
    });
    await ctx.elapse(50);
  }
}

check('OPS-06', {
  title: 'pushes are counted, those that are refused or repeated too, and blobs that are stored',
  needs: ['admin'],
  alone: true,
  async run(ctx) {
    const session = await ctx.join();
    const first = newPush(ctx);
    const tooLarge = new Uint8Array(Number(ctx.limit('max_blob_size')) + 1);
    await requireChange(ctx, { pushes_total: 5, blobs_stored_total: 2 }, async () => {
      session.send(first, newPush(ctx), first, { ...newPush(ctx, 9), blob_id: first.blob_id });
      for (let n = 0; n < 3; n++) await session.expect('PushAck');
      await session.expectError(1006);
      session.send({ ...newPush(ctx), payload: tooLarge });
      await session.expectError(2001);
    });
  },
});

check('OPS-07', {
  title: 'pulls are counted',
  needs: ['admin'],
  alone: true,
  async run(ctx) {
    const session = await ctx.join();
    await requireChange(ctx, { pulls_total: 3 }, async () => {
      for (let n = 0; n < 3; n++) await session.pull();
    });
  },
});

check('OPS-08', {
  title: 'connections are counted from the upgrade until they end, however they end',
  needs: ['admin'],
  alone: true,
  async run(ctx) {
    const open: { close(): void }[] = [];
    await requireChange(ctx, { connections_active: 3, connections_total: 3 }, async () => {
      const [wire, cut, orderly] = [await ctx.raw(), await ctx.join(), await ctx.join()];
      open.push({ close: () => wire.terminate() }, { close: () => cut.terminate() });
      open.push({ close: () => orderly.send({ type: 'Bye', reason: null }) });
    });
    await requireChange(ctx, { connections_active: -3, connections_total: 0 }, async () => {
      for (const connection of open) connection.close();
    });
  },
});

check('OPS-09', {
  title: 'what is stored is in the figures of storage, and out of them once it is cleaned up',
  needs: ['admin'],
  alone: true,
  slow: true,
  async run(ctx) {
    const interval = Number(ctx.limit('cleanup_interval_secs'));
    if (interval > 10) ctx.notRun(`cleanup_interval_secs is ${interval}; at most 10 s are waited for`);
    const session = await ctx.join();
    const ttl = 2;
    const [before] = await settled(ctx, 'storage_blobs');
    for (let tries = 1; ; tries++) {
      try {
        await requireChange(ctx, { storage_blobs: 2, storage_bytes: 1000 + 5000 + 2 * 256 }, async () => {
          await session.push(ctx.random.bytes(1000), { ttl });
          await session.push(ctx.random.bytes(5000), { ttl });
        });
        break;
      } catch (error) {
        // Blobs of an earlier check may have gone at that moment.
        if (!(error instanceof Violation) || tries === 2) throw error;
      }
    }
    await expired(ctx, session, ttl);
    await ctx.elapse(interval * 1000);
    const deadline = performance.now() + ctx.timeoutMs;
    for (;;) {
      const now = figure(await metricsOf(ctx), 'storage_blobs');
      if (now <= before!) return;
      ctx.verify(performance.now() < deadline, {
        expected: [`sync_relay_storage_blobs of ${before}, as before, after clean-up`],
        actual: `${now}`,
      });
      await ctx.elapse(50);
    }
  },
});

check('OPS-10', {
  title: 'the metrics hold no id, no device name and no address of a client',
  needs: ['admin'],
  async run(ctx) {
    const from = await ctx.unusedAddress();
    const name = Buffer.from(ctx.random.bytes(12)).toString('hex');
    const group = ctx.group();
    const session = await ctx.join({ group, device_name: name, from });
    const { blob_id } = await session.push(ctx.random.bytes(8));
    session.send({ ...newPush(ctx), blob_id });
    await session.expectError(1006);
    const { body } = await adminGet(ctx, '/metrics');
    const secrets = { 'a group id': group.id, 'a device id': session.device.deviceId, 'a blob id': blob_id };
    for (const [what, id] of Object.entries(secrets)) {
      const how = spelled(body, id);
      ctx.verify(how === undefined, { expected: ['metrics without ids'], actual: `${what} ${how}` });
    }
    ctx.verify(!body.includes(name), { expected: ['metrics without a device name'], actual: 'one' });
    const isShown = from !== undefined && body.includes(from);
    ctx.verify(!isShown, { expected: ['metrics without addresses of clients'], actual: 'one' });
  },
});
