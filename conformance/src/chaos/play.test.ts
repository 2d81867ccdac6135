import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import type { Hello, Message, PullResponse, Push } from '@0k-sync/spec';
import { afterEach, describe, expect, it } from 'vitest';
import { Context, type Surroundings } from '../context.ts';
import { ScriptedRelay, ScriptedSession } from '../model/scripted-relay.ts';
import { remoteTarget } from '../target/remote.ts';
import type { Target } from '../target/target.ts';
import { Inconclusive, Violation } from '../verdict.ts';
import { play, requireQuickMachine, type Way } from './play.ts';
import type { Step, Variant } from './scenario.ts';
import type { DrawnToxic } from './toxiproxy.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

function contextOf(target: Target, changes: Partial<Surroundings> = {}): Context {
  const signal = new AbortController().signal;
  const context = new Context({ target, seed: [1], timeoutMs: 20_000, limits: new Map(), signal, ...changes });
  closers.push(() => context.close());
  return context;
}

async function contextFor(session?: typeof ScriptedSession, changes?: Partial<Surroundings>): Promise<Context> {
  const relay = await ScriptedRelay.listen(session);
  closers.push(() => relay.close());
  return contextOf(remoteTarget(relay.url), changes);
}

/** What Toxiproxy does, of its toxics only limit_data: CI runs the scenarios with the real one, which takes Go to build. */
async function forwarder(upstream: string): Promise<Way> {
  const sockets = new Set<Socket>();
  let isCut = false;
  let limits: DrawnToxic[] = [];
  const server = createServer((client) => {
    const relay = connect(Number(upstream.split(':')[1]), '127.0.0.1');
    const end = () => [client, relay].map((socket) => socket.destroy());
    for (const [from, to, stream] of [
      [client, relay, 'upstream'],
      [relay, client, 'downstream'],
    ] as const) {
      sockets.add(from);
      let passed: number | undefined;
      from.on('data', (data: Buffer) => {
        const limit = limits.find((toxic) => toxic.stream === stream)?.attributes['bytes'];
        if (limit === undefined) return to.write(data);
        passed = (passed ?? 0) + data.length;
        if (passed < limit) return to.write(data);
        to.end(data.subarray(0, data.length - (passed - limit)));
        from.destroy();
      });
      from.on('error', end).on('close', end);
    }
    if (isCut) end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closers.push(() => server.close());
  const cut = async () => {
    isCut = true;
    for (const socket of sockets) socket.destroy();
  };
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    async add(toxic) {
      limits.push(toxic);
    },
    cut,
    async heal() {
      isCut = false;
      limits = [];
    },
    async lead(next) {
      upstream = next;
    },
    remove: cut,
  };
}

const pushes = { count: 8, bytes: [0, 2000] } as const;
const cutInPush = (bytes: number, stream: 'upstream' | 'downstream' = 'upstream'): Step[] => [
  {
    when: { event: 'pushing', of: 'A', nth: 3 },
    do: [{ kind: 'add', to: 'A', toxics: [{ type: 'limit_data', stream, attributes: { bytes } }] }],
  },
  { when: { event: 'lost', of: 'A' }, do: [{ kind: 'heal', to: 'A' }] },
];

function variant(timeline: readonly Step[] = [], changes: Partial<Variant> = {}): Variant {
  const devices = [
    { name: 'A', pushes, inFlight: 1 },
    { name: 'B', pushes },
    { name: 'C', pushes, direct: true as const },
  ];
  return { name: 'a play', devices, timeline, ...changes };
}

const TWICE: Step[] = [1, 2].flatMap((): Step[] => [
  { when: { acknowledged: [1, 8] }, do: [{ kind: 'cut', to: 'each' }] },
  { when: { event: 'lost', of: 'each', nth: 2 }, do: [{ kind: 'heal', to: 'each' }] },
]);

describe('a relay that keeps the rules', () => {
  it.each<[string, Variant]>([
    ['without a fault', variant()],
    ['cut off within a push', variant(cutInPush(1000))],
    ['cut off before an acknowledgement', variant(cutInPush(1, 'downstream'))],
    ['cut off again and again', variant(TWICE)],
    [
      'catching up in pages',
      variant(
        [
          {
            when: { event: 'pulling', of: 'A', nth: 3 },
            do: [
              { kind: 'cut', to: 'A' },
              { kind: 'heal', to: 'A' },
            ],
          },
        ],
        {
          stored: { count: 30, bytes: 500 },
          devices: [{ name: 'A', page: 7 }],
        },
      ),
    ],
    [
      'with more to push later',
      variant([{ when: { event: 'idle', of: 'A' }, do: [{ kind: 'queue', to: 'A', pushes }] }], {
        devices: [{ name: 'A' }, { name: 'B' }],
      }),
    ],
  ])('passes %s', async (_, played) => {
    const { blobs } = await play(await contextFor(), played, forwarder);
    const made = [played.stored ?? { count: 1 }, ...played.devices.flatMap((device) => device.pushes ?? [])];
    const queued = played.timeline.flatMap((step) =>
      step.do.flatMap((a) => (a.kind === 'queue' ? a.pushes.count : [])),
    );
    const count = [...made.map((load) => load.count), ...queued].reduce((sum, n) => sum + n, 0);
    expect(blobs.map(({ cursor }) => cursor)).toEqual(Array.from({ length: count }, (_, n) => BigInt(n + 1)));
  });

  it('shows what happened, by the names of the devices', async () => {
    const context = await contextFor();
    await play(context, variant(cutInPush(1000)), forwarder);
    const steps = context.evidence.trace.map(({ from, text }) => `${from}: ${text}`);
    expect(steps).toContain('proxy: limit_data upstream {"bytes":1000} for A');
    expect(steps.indexOf('proxy: A is healed')).toBeGreaterThan(steps.indexOf('A1: closed with 1006'));
    expect(new Set(context.evidence.trace.map(({ from }) => from))).toEqual(
      new Set(['W1', 'A1', 'A2', 'B1', 'C1', 'proxy']),
    );
  });
});

/** A relay that is killed and started again, with or without what it had. */
async function mortal(isForgetful: boolean): Promise<Target> {
  let relay = await ScriptedRelay.listen();
  closers.push(() => relay.close());
  const { groups } = relay;
  return {
    ...remoteTarget(relay.url),
    get url() {
      return relay.url;
    },
    kill: () => relay.close(),
    async start() {
      relay = await ScriptedRelay.listen();
      if (isForgetful) return;
      for (const [id, group] of groups) relay.groups.set(id, group);
    },
  };
}

describe('a relay that is killed', () => {
  const killed = variant([{ when: { acknowledged: 6 }, do: [{ kind: 'kill' }, { kind: 'start' }] }], {
    devices: [
      { name: 'A', pushes },
      { name: 'B', pushes },
    ],
  });

  it('passes with what it had, though it listens elsewhere', async () => {
    await play(contextOf(await mortal(false)), killed, forwarder);
  });

  it('fails without', async () => {
    await expect(play(contextOf(await mortal(true)), killed, forwarder)).rejects.toMatchObject({
      requirement: 'CUR-26',
      actual: 'max_cursor 0 in Welcome',
    });
  });
});

describe('a relay that breaks a rule', () => {
  const positions = new Map<string, bigint>();
  const devices = new Set<string>();
  let epochs = 0;

  it.each<[string, typeof ScriptedSession, Variant, string, RegExp]>([
    [
      'gives a repeat a cursor of its own',
      class extends ScriptedSession {
        override push(push: Push): void {
          const { model, payloads } = this.group!;
          if (!payloads.has(hex(push.blob_id))) super.push(push);
          else this.send({ type: 'PushAck', blob_id: push.blob_id, cursor: model.maxCursor + 1n });
        }
      },
      variant(cutInPush(1, 'downstream'), { devices: [{ name: 'A', pushes, inFlight: 1 }] }),
      'CUR-34',
      /as acknowledged; got it is at/,
    ],
    [
      'acknowledges what it does not store',
      class extends ScriptedSession {
        #pushes = 0;
        override push(push: Push): void {
          if (++this.#pushes !== 5) super.push(push);
          else this.send({ type: 'PushAck', blob_id: push.blob_id, cursor: BigInt(this.group!.payloads.size) });
        }
      },
      variant(),
      'CUR-02',
      /alone, as acknowledged before/,
    ],
    [
      'forgets the last blob',
      class extends ScriptedSession {
        override pull(...args: Parameters<ScriptedSession['pull']>): PullResponse {
          const page = super.pull(...args);
          if (page.blobs.at(-1)?.cursor !== 25n) return page;
          const blobs = page.blobs.slice(0, -1);
          return { ...page, blobs, max_cursor: blobs.at(-1)?.cursor ?? args[0].after_cursor };
        }
      },
      variant(),
      'CUR-37',
      /cursor 25, which had been shown before/,
    ],
    [
      'changes a payload',
      class extends ScriptedSession {
        override pull(...args: Parameters<ScriptedSession['pull']>): PullResponse {
          const page = super.pull(...args);
          return {
            ...page,
            blobs: page.blobs.map((blob) => (blob.cursor === 9n ? { ...blob, payload: new Uint8Array(7) } : blob)),
          };
        }
      },
      variant(),
      'CUR-34',
      /7 other bytes at cursor 9/,
    ],
    [
      'leaves a blob out',
      class extends ScriptedSession {
        override pull(...args: Parameters<ScriptedSession['pull']>): PullResponse {
          const page = super.pull(...args);
          return { ...page, blobs: page.blobs.filter(({ cursor }) => cursor !== 9n || cursor === page.max_cursor) };
        }
      },
      variant(),
      'CUR-32',
      /cursor 9 after 8/,
    ],
    [
      'takes up a connection where the last one was, not where the device is',
      class extends ScriptedSession {
        override pull(pull: Parameters<ScriptedSession['pull']>[0]): PullResponse {
          const sent = positions.get(this.device) ?? 0n;
          const page = super.pull({ ...pull, after_cursor: pull.after_cursor > sent ? pull.after_cursor : sent });
          positions.set(this.device, page.max_cursor);
          return page;
        }
      },
      variant(
        [
          {
            when: { event: 'pulling', of: 'A' },
            do: [
              {
                kind: 'add',
                to: 'A',
                toxics: [{ type: 'limit_data', stream: 'downstream', attributes: { bytes: 3000 } }],
              },
            ],
          },
          { when: { event: 'lost', of: 'A' }, do: [{ kind: 'heal', to: 'A' }] },
        ],
        { stored: { count: 10, bytes: 1000 }, devices: [{ name: 'A' }] },
      ),
      'CUR-41',
      /max_cursor 0/,
    ],
    [
      'begins a new epoch with each session',
      class extends ScriptedSession {
        override send(message: Message): void {
          const epoch = new Uint8Array(16).fill(++epochs);
          super.send(message.type === 'Welcome' ? { ...message, ext: { ...message.ext!, epoch } } : message);
        }
      },
      variant(cutInPush(100)),
      'SES-36',
      /another one/,
    ],
    [
      'refuses who comes again',
      class extends ScriptedSession {
        override hello(hello: Hello): void {
          if (hello.last_cursor > 0n) this.refuse(1002);
          else super.hello(hello);
        }
      },
      variant(cutInPush(100)),
      'ERR-01',
      /Error 1002 UNAUTHORIZED/,
    ],
    [
      'closes sessions that it has nothing against',
      class extends ScriptedSession {
        override push(push: Push): void {
          if (push.payload.length % 3 === 0) this.end(4000);
          else super.push(push);
        }
      },
      variant(),
      'ERR-01',
      /a close with 4000/,
    ],
  ])('is caught: it %s', async (_, session, played, requirement, text) => {
    const error = await play(await contextFor(session), played, forwarder).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(Violation);
    expect(error).toMatchObject({ requirement });
    expect(error.message).toMatch(text);
  });

  it('is caught: it never answers again', async () => {
    class Silent extends ScriptedSession {
      override message(message: Message): void {
        if (!this.group || this.group.payloads.size < 5) super.message(message);
      }
    }
    const context = await contextFor(Silent, { timeoutMs: 400 });
    await expect(play(context, variant(), forwarder)).rejects.toThrow(
      /every push acknowledged, and every device up to cursor \d+, 1\.8 s after the last fault; got A has \d of its 8 pushes acknowledged.*; B has/,
    );
  });

  it('is caught: it drops a device on which nothing happened', async () => {
    const relay = await ScriptedRelay.listen(
      class extends ScriptedSession {
        override notify(cursor: bigint): void {
          super.notify(cursor);
          if (cursor < 20n) return;
          for (const session of this.group!.sessions)
            if (session.device === [...devices][0]) session.channel.terminate();
        }
        override hello(hello: Hello): void {
          devices.add(this.device);
          super.hello(hello);
        }
      },
    );
    closers.push(() => relay.close());
    await expect(play(contextOf(remoteTarget(relay.url)), variant(), forwarder)).rejects.toThrow(
      'the connection of a device on which nothing happened, still open; got it has ended',
    );
  });
});

describe('nothing can be said', () => {
  it('of a relay that has no room', async () => {
    class Full extends ScriptedSession {
      override push(push: Push): void {
        if (this.group!.payloads.size > 3) this.refuse(2002);
        else super.push(push);
      }
    }
    await expect(play(await contextFor(Full), variant(), forwarder)).rejects.toBeInstanceOf(Inconclusive);
  });

  it('where the machine stood still', async () => {
    const context = await contextFor();
    await expect(requireQuickMachine(context, 1500)).rejects.toThrow(
      new Inconclusive('this machine was too slow to say: the kit itself stood still for 1500 ms'),
    );
  });

  it('unless it is quick enough, or the relay answers nobody', async () => {
    await requireQuickMachine(await contextFor(), 100);
    class Mute extends ScriptedSession {
      override message(): void {}
    }
    await requireQuickMachine(await contextFor(Mute, { timeoutMs: 100 }), 100);
  });
});

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
