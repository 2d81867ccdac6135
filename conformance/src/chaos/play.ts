import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import type { Identity } from '@0k-sync/reference';
import type { Push } from '@0k-sync/spec';
import { FrameConnection } from '../access/frames.ts';
import { MessageConnection } from '../access/messages.ts';
import { NoiseConnection } from '../access/noise.ts';
import { Wire } from '../access/wire.ts';
import type { Context } from '../context.ts';
import type { TestGroup } from '../group.ts';
import { TargetError } from '../target/target.ts';
import { Inconclusive, Violation } from '../verdict.ts';
import { Device } from './device.ts';
import { broken, Ledger } from './ledger.ts';
import { difference, type HeldBlob, Replica } from './replica.ts';
import type { Action, Toxic, Variant, Workload } from './scenario.ts';
import { draw, Overdue, Stage } from './stage.ts';
import type { DrawnToxic } from './toxiproxy.ts';

/** So many times the wait for one answer may devices take, after the last step, until they hold the same. */
const SETTLE = 4.5;
/** A machine on which the kit stands still for so long says nothing about the times of others, in milliseconds. */
const STALL_MS = 1000;
/** Nor does one on which a device that nothing happens to waits so long for a session, in milliseconds. */
const SLOW_MS = 5000;

/** The way of a device to the relay, and the faults on it. */
export interface Way {
  /** `host:port`. */
  readonly address: string;
  add(toxic: DrawnToxic): Promise<void>;
  cut(): Promise<void>;
  heal(): Promise<void>;
  /** Leads to another `host:port`. */
  lead(upstream: string): Promise<void>;
  remove(): Promise<void>;
}

/** Makes a way that leads to `host:port`. */
export type MakeWay = (upstream: string) => Promise<Way>;

/** What a play leaves to look at beyond its verdict. */
export interface Ending {
  /** What the relay holds, as a device read it that nothing happened to. */
  readonly blobs: readonly HeldBlob[];
}

/**
 * Plays one variant of a scenario in a group of its own: arrange, inject, heal, and then the rules: every acknowledged blob
 * is there, whole, once, at its cursor, cursors have no gap, and every device holds the same without having read anything twice.
 *
 * @throws Violation of the rule that is broken; Inconclusive if nothing can be said
 */
export async function play(context: Context, variant: Variant, makeWay: MakeWay): Promise<Ending> {
  const lag = monitorEventLoopDelay({ resolution: 10 });
  lag.enable();
  const own = context.fork();
  const run = new Play(own, variant, makeWay);
  try {
    return await run.run();
  } catch (error) {
    if (error instanceof Overdue) await requireQuickMachine(context, lag.max / 1e6);
    throw error;
  } finally {
    lag.disable();
    context.attach({ trace: own.trace.steps });
    own.close();
    await run.clear();
  }
}

/** @throws Inconclusive if it is this machine that is slow */
export async function requireQuickMachine(context: Context, stallMs: number): Promise<void> {
  const tooSlow = (how: string) => new Inconclusive(`this machine was too slow to say: ${how}`);
  if (stallMs > STALL_MS) throw tooSlow(`the kit itself stood still for ${Math.round(stallMs)} ms`);
  const control = context.fork('control');
  const began = performance.now();
  try {
    await (await control.join()).roundTrip();
  } catch {
    return; // The relay answers nobody: that is no matter of speed.
  } finally {
    control.close();
  }
  const ms = Math.round(performance.now() - began);
  if (ms > SLOW_MS) throw tooSlow(`a session without any fault took ${ms} ms to begin`);
}

class Play {
  readonly #context: Context;
  readonly #variant: Variant;
  readonly #makeWay: MakeWay;
  readonly #group: TestGroup;
  readonly #ledger = new Ledger();
  readonly #devices: Device[] = [];
  readonly #ways = new Map<string, Way>();
  /** Connected before the first push, and reads only at the end: no relay may drop a blob before that. */
  readonly #witness: Identity;
  #witnessConnections = 0;

  constructor(context: Context, variant: Variant, makeWay: MakeWay) {
    this.#context = context;
    this.#variant = variant;
    this.#makeWay = makeWay;
    this.#group = context.group();
    this.#witness = context.device();
  }

  async run(): Promise<Ending> {
    const { stored = { count: 1, bytes: 100 }, timeline } = this.#variant;
    const witness = await this.#witnessJoins();
    for (const push of this.#pushes(stored)) {
      this.#ledger.made(push, 'W');
      this.#ledger.acknowledged(push, await witness.push(push.payload, push));
    }
    await this.#perform(await this.#arrange());
    const isUndisturbed = !timeline.some((step) => step.do.some((action) => !('to' in action)));
    return await this.#judge(witness, isUndisturbed);
  }

  /** Takes the proxies away. */
  async clear(): Promise<void> {
    await Promise.allSettled([...this.#ways.values()].map((way) => way.remove()));
  }

  /** Makes the devices, and the ways and faults that they begin with. */
  async #arrange(): Promise<Stage> {
    const { devices, timeline } = this.#variant;
    const stage = new Stage({
      timeline,
      ledger: this.#ledger,
      random: this.#context.random,
      timeoutMs: this.#context.timeoutMs,
      proxied: devices.filter(({ direct }) => !direct).map(({ name }) => name),
      signal: this.#context.link().signal,
      limit: (name) => this.#context.limit(name),
      perform: (action) => this.#act(action),
    });
    const company = { context: this.#context, group: this.#group, ledger: this.#ledger, stage };
    for (const plan of devices) {
      const device = new Device(plan, company, () => this.#urlFor(plan.name));
      this.#devices.push(device);
      if (plan.pushes) this.#queue(device, plan.pushes);
      if (plan.direct) continue;
      this.#ways.set(plan.name, await this.#makeWay(this.#upstream));
      for (const toxic of plan.toxics ?? []) await this.#add(toxic, plan.name);
    }
    return stage;
  }

  /** Lets the timeline run and the devices work, until all hold the same. */
  async #perform(stage: Stage): Promise<void> {
    const over = new AbortController();
    const settled = stage.run().then(async () => {
      const settleMs = SETTLE * this.#context.timeoutMs;
      await delay(settleMs, undefined, { signal: over.signal });
      const behind = this.#devices.map((device) => device.describe());
      throw new Overdue({
        expected: [
          `every push acknowledged, and every device up to cursor ${this.#ledger.highest}, ${settleMs / 1000} s after the last fault`,
        ],
        actual: behind.join('; '),
      });
    });
    const work = Promise.all(this.#devices.map((device) => device.run()));
    try {
      await Promise.race([work, settled]);
    } catch (error) {
      // Ends what the others wait for; only then is nothing left that could disturb what comes next.
      this.#context.close();
      throw error;
    } finally {
      over.abort();
      await Promise.allSettled([work, settled]);
    }
  }

  async #act(action: Action): Promise<void> {
    const { trace } = this.#context;
    switch (action.kind) {
      case 'add':
        for (const name of this.#named(action.to)) {
          for (const toxic of action.toxics) await this.#add(toxic, name);
        }
        return;
      case 'cut':
      case 'heal':
        for (const name of this.#named(action.to)) {
          trace.record(
            'proxy',
            'event',
            action.kind === 'cut' ? `takes no connection of ${name}` : `${name} is healed`,
          );
          await this.#ways.get(name)![action.kind]();
        }
        return;
      case 'queue':
        this.#queue(this.#devices.find(({ name }) => name === action.to)!, action.pushes);
        return;
      case 'kill':
        return await this.#context.kill();
      case 'start':
        await this.#start();
        return await this.#leadOn();
      case 'restart':
        await this.#context.restart();
        return await this.#leadOn();
    }
  }

  async #start(): Promise<void> {
    try {
      await this.#context.start();
    } catch (error) {
      if (!(error instanceof TargetError)) throw error;
      throw broken('CUR-26', 'a relay that starts again on what SIGKILL left of its data', error.message);
    }
  }

  async #add(toxic: Toxic, name: string): Promise<void> {
    const { type, stream } = toxic;
    const drawn = Object.entries(toxic.attributes).map(([key, amount]) => [key, draw(amount, this.#context.random)]);
    const attributes = Object.fromEntries(drawn) as Record<string, number>;
    this.#context.trace.record('proxy', 'event', `${type} ${stream} ${JSON.stringify(attributes)} for ${name}`);
    await this.#ways.get(name)!.add({ type, stream, attributes });
  }

  /** A relay that was started again may listen elsewhere. */
  async #leadOn(): Promise<void> {
    for (const way of this.#ways.values()) await way.lead(this.#upstream);
  }

  #named(to: string): string[] {
    return to === 'each' ? [...this.#ways.keys()] : [to];
  }

  #queue(device: Device, workload: Workload): void {
    for (const push of this.#pushes(workload)) device.queue(push);
  }

  #pushes({ count, bytes }: Workload): Push[] {
    const { random } = this.#context;
    return Array.from({ length: count }, () => ({
      type: 'Push',
      blob_id: random.blobId(),
      payload: random.bytes(draw(bytes, random)),
      ttl: 0,
    }));
  }

  get #upstream(): string {
    const { hostname, port } = new URL(this.#context.target.url);
    return `${hostname}:${port || 80}`;
  }

  #urlFor(name: string): string {
    const way = this.#ways.get(name);
    const url = new URL(this.#context.target.url);
    if (way) url.host = way.address;
    return url.href;
  }

  async #witnessJoins(): Promise<MessageConnection> {
    const wire = await Wire.open(this.#context.link({ name: `W${++this.#witnessConnections}` }));
    const noise = await new NoiseConnection(wire, this.#witness).complete();
    const connection = new MessageConnection(new FrameConnection(noise));
    await connection.hello({ group: this.#group });
    return connection;
  }

  /** @param isUndisturbed - whether nothing happened to the relay itself, so that a connection without a proxy has to be there still. */
  async #judge(witness: MessageConnection, isUndisturbed: boolean): Promise<Ending> {
    const { isOpen } = witness.frames.noise.wire;
    if (isUndisturbed && !isOpen) {
      throw new Violation({
        expected: ['the connection of a device on which nothing happened, still open'],
        actual: 'it has ended',
      });
    }
    const reader = isOpen ? witness : await this.#witnessJoins();
    const whole = new Replica(this.#ledger);
    for (let more = true; more; ) {
      const page = await reader.pull(whole.cursor);
      whole.take(page);
      more = page.has_more;
    }
    const count = BigInt(this.#ledger.entries.size);
    if (whole.cursor !== count) {
      throw broken(
        'CUR-26',
        `all ${count} acknowledged blobs, at the cursors 1 to ${count}`,
        `${whole.cursor} of them`,
      );
    }
    for (const device of this.#devices) {
      const different = difference(device.replica.blobs, whole.blobs);
      if (different) throw broken('CUR-32', `${device.name} holds what the relay holds`, different);
    }
    const push = this.#pushes({ count: 1, bytes: 8 })[0]!;
    const { cursor } = await reader.push(push.payload, push);
    if (cursor !== count + 1n) throw broken('CUR-02', `cursor ${count + 1n} for the next push`, `${cursor}`);
    return { blobs: whole.blobs };
  }
}
