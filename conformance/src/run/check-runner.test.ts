import type { Requirement } from '@0k-sync/spec';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { overLimit } from '../access/over-limit.ts';
import type { Context } from '../context.ts';
import { ScriptedRelay } from '../model/scripted-relay.ts';
import { type CheckDefinition, Registry } from '../registry.ts';
import { remoteTarget } from '../target/remote.ts';
import { type Need, type Target, TargetError } from '../target/target.ts';
import { type RunnerOptions, runChecks } from './check-runner.ts';
import { unliftedLimits } from './introduce.ts';

const requirement = (id: string, level: Requirement['level']): Requirement => ({
  id,
  area: 'TST',
  level,
  party: 'relay',
  profile: 'core',
  text: 'A relay MUST pass.',
  why: 'Because.',
  source: 'decision',
});
const REQUIREMENTS = [...Array(50).keys()].map((n) => requirement(`TST-${10 + n}`, 'MUST'));
const ADVICE = requirement('TST-90', 'SHOULD');
const OPTION = requirement('TST-91', 'MAY');

let relay: ScriptedRelay;
let target: Target;
beforeAll(async () => {
  relay = await ScriptedRelay.listen();
  target = remoteTarget(relay.url);
});
afterAll(() => relay.close());

type Body = CheckDefinition['run'];

/** Runs checks given by their bodies, with ids TST-10, TST-11, …. */
async function outcomes(bodies: (Body | CheckDefinition)[], options: Partial<RunnerOptions> = {}) {
  const registry = new Registry([...REQUIREMENTS, ADVICE, OPTION]);
  for (const [n, body] of bodies.entries()) {
    registry.add(`TST-${10 + n}`, typeof body === 'function' ? { title: 'a check', run: body } : body);
  }
  return await runChecks(registry.all(), {
    target,
    seed: 1,
    timeoutMs: 300,
    limits: new Map(),
    signal: new AbortController().signal,
    offers: new Set<Need>(),
    jobs: 1,
    replay: ({ id }) => `again ${id}`,
    ...options,
  });
}

async function outcome(body: Body | CheckDefinition, options: Partial<RunnerOptions> = {}) {
  const [result] = await outcomes([body], options);
  return result!;
}

describe('a verdict', () => {
  it('is pass when the check returns, without a trace', async () => {
    const result = await outcome(async (ctx) => void (await ctx.join()));
    expect(result).toMatchObject({ verdict: 'pass', trace: [], notes: [] });
  });

  it('is fail when a rule is broken, with the exchange and the way to see it again', async () => {
    const result = await outcome(async (ctx) => {
      const session = await ctx.join();
      ctx.equal((await session.pull()).has_more, true, 'has_more');
    });
    expect(result.verdict).toBe('fail');
    expect(result.finding).toEqual({ requirement: 'TST-10', expected: ['has_more: true'], actual: 'false' });
    expect(result.replay).toBe('again TST-10');
    const lines = result.trace.map(({ from, direction, text }) => `${from} ${direction} ${text.split(' ')[0]}`);
    expect(lines).toEqual(['A exchange Hello', 'A exchange Pull']);
  });

  it('is fail when an answer does not come, and says what was awaited', async () => {
    const result = await outcome(async (ctx) => void (await (await ctx.join()).expect('Notify')));
    expect(result).toMatchObject({ verdict: 'fail', finding: { expected: ['Notify'], actual: 'nothing in 0.3 s' } });
  });

  it('is fail when the relay closes instead of answering', async () => {
    const result = await outcome(async (ctx) => {
      const session = await ctx.join();
      session.send({ type: 'Welcome', version: 1, max_cursor: 0n, pending_count: 0 });
      await session.expectError(1000);
      await session.expect('PushAck');
    });
    expect(result).toMatchObject({ verdict: 'fail', finding: { expected: ['PushAck'], actual: 'a close with 4000' } });
  });

  it('is pass with a remark when a SHOULD is not kept', async () => {
    const result = await outcome({
      title: 'advice',
      requirements: [ADVICE.id],
      run: async (ctx) => ctx.fail({ requirement: ADVICE.id, expected: ['more'], actual: 'less' }),
    });
    expect(result).toMatchObject({ verdict: 'pass', reason: 'TST-90 (SHOULD) is not kept: expected more; got less' });
  });

  it('is fail when a SHOULD is not kept and all is asked', async () => {
    const advised = (requirement: string) => ({
      title: 'advice',
      requirements: [ADVICE.id, OPTION.id],
      run: async (ctx: Context) => ctx.fail({ requirement, expected: ['more'], actual: 'less' }),
    });
    const result = await outcome(advised(ADVICE.id), { strict: true });
    expect(result).toMatchObject({ verdict: 'fail', finding: { requirement: 'TST-90', actual: 'less' } });
    expect((await outcome(advised(OPTION.id), { strict: true })).verdict).toBe('pass');
  });

  it('is inconclusive when the kit itself fails, with the place', async () => {
    const result = await outcome(async () => void (undefined as unknown as { x: { y: 1 } }).x.y);
    expect(result.verdict).toBe('inconclusive');
    expect(result.reason).toMatch(/^the kit failed, not the relay: Cannot read/);
    expect(result.notes[0]).toContain('check-runner.test.ts');
  });

  it('is inconclusive when the relay refuses for its limits', async () => {
    const result = await outcome(async (ctx) => {
      const session = await ctx.join();
      for (const other of relay.groups.values()) for (const peer of other.sessions) peer.refuse(2000);
      await session.expect('PushAck');
    });
    expect(result).toMatchObject({ verdict: 'inconclusive' });
    expect(result.reason).toContain('over a limit (Error 2000 RATE_LIMITED)');
  });

  it('is inconclusive when the check takes too long, whatever it waits for', async () => {
    const forever = await outcome({ title: 'stuck', seconds: 0.05, run: () => new Promise(() => {}) });
    expect(forever).toMatchObject({ verdict: 'inconclusive', reason: 'it took longer than 0.05 s' });
    const waiting = await outcome({
      title: 'waits',
      seconds: 0.05,
      run: async (ctx) => void (await (await ctx.join()).expect('Notify')),
    });
    expect(waiting).toMatchObject({ verdict: 'inconclusive', reason: 'it took longer than 0.05 s' });
  });

  it('is not run when the target lacks what the check needs, or turns out to', async () => {
    let ran = false;
    const result = await outcome({ title: 'x', needs: ['kill'], run: async () => void (ran = true) });
    expect(result).toMatchObject({ verdict: 'not-run' });
    expect(result.reason).toContain('needs a relay that the kit can kill');
    expect(ran).toBe(false);
    expect(await outcome(async (ctx) => ctx.notRun('no such thing'))).toMatchObject({
      verdict: 'not-run',
      reason: 'no such thing',
    });
    expect((await outcome(async (ctx) => void ctx.limit('max_ttl'))).verdict).toBe('not-run');
  });

  it('is not run when only what is quick was asked for', async () => {
    const [slow, quick] = await outcomes([{ title: 'x', slow: true, run: async () => {} }, async () => {}], {
      quick: true,
    });
    expect(slow).toMatchObject({ verdict: 'not-run', reason: 'it takes seconds: left out by --quick' });
    expect(quick!.verdict).toBe('pass');
  });

  it('is not run either where it would wait long for this relay', async () => {
    const waits = async (ctx: Context) => ctx.requireTime(60_000);
    expect((await outcomes([waits], { quick: true }))[0]).toMatchObject({
      verdict: 'not-run',
      reason: 'it waits 60 s for this relay: left out by --quick',
    });
    expect((await outcomes([waits], { quick: false }))[0]!.verdict).toBe('pass');
    const short = async (ctx: Context) => ctx.requireTime(4000);
    expect((await outcomes([short], { quick: true }))[0]!.verdict).toBe('pass');
  });

  it('is what the check says it is', async () => {
    expect(await outcome(async (ctx) => ctx.inconclusive('who knows'))).toMatchObject({
      verdict: 'inconclusive',
      reason: 'who knows',
    });
  });
});

describe('a relay that goes away', () => {
  it('leaves the rest untried after three checks that cannot connect', async () => {
    const gone = await ScriptedRelay.listen();
    const address = remoteTarget(gone.url);
    await gone.close();
    const results = await outcomes(
      Array(6).fill(async (ctx: Context) => void (await ctx.join())),
      { target: address },
    );
    expect(new Set(results.map(({ verdict }) => verdict))).toEqual(new Set(['inconclusive']));
    expect(results.map(({ reason }) => reason!.split(':')[0])).toEqual([
      ...Array(3).fill('the relay cannot be reached any more'),
      ...Array(3).fill('not tried'),
    ]);
  });
});

describe('a relay that refuses for its limits', () => {
  it('is asked on while it takes connections', async () => {
    let asked = 0;
    const refused: Body = async () => {
      asked++;
      throw overLimit('Error 2000', false);
    };
    await outcomes(Array(30).fill(refused));
    expect(asked).toBe(30);
  });

  it('is not asked any more after twenty checks in a row', async () => {
    let asked = 0;
    const refused: Body = async () => {
      asked++;
      throw overLimit('HTTP 429');
    };
    const results = await outcomes([
      async () => {},
      ...Array(19).fill(refused),
      async () => {},
      ...Array(22).fill(refused),
    ]);
    expect(asked).toBe(39);
    expect(results.map(({ verdict }) => verdict).filter((verdict) => verdict === 'pass')).toHaveLength(2);
    expect(results.at(-1)).toMatchObject({
      verdict: 'inconclusive',
      reason: 'not tried: for a limit it took no connection of 20 checks in a row',
    });
  });
});

/** A relay that the kit starts, whose process can be ended from within a check. */
class Mortal implements Target {
  readonly description = 'mortal';
  readonly option = '';
  readonly command = 'mortal';
  readonly pin = undefined;
  readonly offers = new Set<Need>();
  died: string | undefined;
  pid: number | undefined = 1;
  starts = 0;
  isStarting = false;
  /** Set to make the next start fail. */
  isBroken = false;
  #relay: ScriptedRelay;

  constructor(relay: ScriptedRelay) {
    this.#relay = relay;
  }

  get url(): string {
    return this.#relay.url;
  }

  /** Its process ends: connections are cut, and new ones refused. */
  async die(): Promise<void> {
    this.died = 'ended with exit code 7';
    this.pid = undefined;
    await this.#relay.close();
  }

  async start(): Promise<void> {
    if (this.isStarting || this.pid !== undefined) throw new Error('started while it ran');
    this.starts++;
    if (this.isBroken) throw new TargetError('the relay did not start: it ended at once');
    this.isStarting = true;
    this.#relay = await ScriptedRelay.listen();
    this.isStarting = false;
    this.died = undefined;
    this.pid = this.starts + 1;
  }

  lastLines(): string[] {
    return ['out of cheese'];
  }

  async dispose(): Promise<void> {
    await this.#relay.close();
  }
}

describe('a relay whose process ends', () => {
  /** Waits until so many are there. */
  const barrier = (count: number) => {
    const all = Promise.withResolvers<void>();
    let there = 0;
    return () => {
      if (++there >= count) all.resolve();
      return all.promise;
    };
  };

  /** Three checks at once, of which the second does its work when all have a session; then three more. */
  async function crash(
    fatal: (target: Mortal, time: number) => Promise<void>,
    innocent: Body = async () => {},
    isBroken = false,
  ) {
    const target = new Mortal(await ScriptedRelay.listen());
    const together = barrier(3);
    const ran: string[] = [];
    const running = new Set<string>();
    const most = new Map<number, number>();
    const watched =
      (name: string, body: Body): Body =>
      async (ctx) => {
        ran.push(name);
        running.add(name);
        most.set(target.starts, Math.max(most.get(target.starts) ?? 0, running.size));
        try {
          const session = await ctx.join();
          if (ran.length <= 3) await together();
          await body(ctx);
          await session.roundTrip();
        } finally {
          running.delete(name);
        }
      };
    const times = (name: string) => ran.filter((other) => other === name).length;
    const culprit = watched('b', async () => {
      target.isBroken = isBroken;
      await fatal(target, times('b'));
    });
    const results = await outcomes(
      [watched('a', innocent), culprit, watched('c', innocent), ...['d', 'e', 'f'].map((n) => watched(n, innocent))],
      { target, jobs: 3 },
    );
    await target.dispose();
    return { target, results, ran, most, verdicts: results.map(({ verdict }) => verdict) };
  }

  it('fails only the check in which it ends again, and starts it once each time', async () => {
    const { target, results, ran, most, verdicts } = await crash((mortal) => mortal.die());
    expect(verdicts).toEqual(['pass', 'fail', 'pass', 'pass', 'pass', 'pass']);
    expect(results[1]!.finding).toMatchObject({ actual: "the relay's process ended with exit code 7" });
    expect(results[1]!.notes).toContain('  out of cheese');
    expect(ran.filter((name) => 'abc'.includes(name))).toHaveLength(6);
    expect(target.starts).toBe(2);
    // After the first start those that were under way run alone.
    expect(most.get(1)).toBe(1);
  });

  it('is inconclusive for all of them if it does not end again', async () => {
    const { results, verdicts } = await crash(async (mortal, time) => {
      if (time === 1) await mortal.die();
    });
    expect(verdicts).toEqual(['inconclusive', 'inconclusive', 'inconclusive', 'pass', 'pass', 'pass']);
    expect(results[0]!.reason).toBe(
      "the relay's process ended with exit code 7 while this ran beside TST-11, TST-12; run again alone it did not end it",
    );
  });

  it('does not count the refusals of that moment as a relay that is gone', async () => {
    // The others notice that it ends, and each tries to connect again.
    const { verdicts } = await crash(
      (mortal) => mortal.die(),
      async (ctx) => {
        for (let n = 0; n < 3; n++) await ctx.join();
      },
    );
    expect(verdicts).toEqual(['pass', 'fail', 'pass', 'pass', 'pass', 'pass']);
  });

  it('and that does not start again leaves the rest untried', async () => {
    const { target, results, verdicts } = await crash((mortal) => mortal.die(), undefined, true);
    expect(verdicts).toEqual(Array(6).fill('inconclusive'));
    expect(results[0]!.reason).toContain('while this ran beside TST-11, TST-12; it did not start again');
    expect(results[5]!.reason).toBe('not tried: the relay did not start: it ended at once');
    expect(target.starts).toBe(1);
  });

  it('and that does not start again fails the check that ran alone', async () => {
    const target = new Mortal(await ScriptedRelay.listen());
    const [result, next] = await outcomes(
      [
        async () => {
          target.isBroken = true;
          await target.die();
        },
        async () => {},
      ],
      { target },
    );
    expect(result).toMatchObject({ verdict: 'fail' });
    expect(next).toMatchObject({ verdict: 'inconclusive' });
  });
});

describe('limits that are not lifted', () => {
  const STATED = {
    connections_per_minute: 0n,
    messages_per_minute: 0n,
    new_groups_per_hour: 0n,
    global_requests_per_second: 0n,
  };
  const unlifted = (changes: Record<string, bigint | undefined>) =>
    unliftedLimits(
      new Map(
        Object.entries({ ...STATED, ...changes }).filter((entry): entry is [string, bigint] => entry[1] !== undefined),
      ),
    ).map((limit) => limit.split(',')[0]);

  it.each<[Record<string, bigint | undefined>, string[]]>([
    [{}, []],
    [{ messages_per_minute: 6000n, connections_per_minute: 1000n }, []],
    [{ global_requests_per_second: 1000n, new_groups_per_hour: 10_000n }, []],
    [{ messages_per_minute: 5999n }, ['messages_per_minute is 5999']],
    [
      { connections_per_minute: 999n, new_groups_per_hour: 9999n },
      ['connections_per_minute is 999', 'new_groups_per_hour is 9999'],
    ],
    [{ global_requests_per_second: undefined }, ['global_requests_per_second is not stated']],
    [{ messages_per_minute: 6000n, messages_burst: 20n }, ['messages_burst is 20']],
    [{ messages_per_minute: 0n, messages_burst: 20n }, []],
  ])('are told by name (%#)', (changes, expected) => {
    expect(unlifted(changes)).toEqual(expected);
  });

  it('that can not be reached keep checks out too, since a configuration could mend it', async () => {
    const run = async (ctx: Context) => ctx.unreachable('messages_burst is 4000000000: too many to be reached');
    expect(await outcome({ title: 'x', run })).toMatchObject({ verdict: 'not-run', missing: 'values' });
  });

  it('keep checks out, and are told from other needs', async () => {
    const limited = await outcome(
      { title: 'x', needs: ['lifted-limits'], run: async () => {} },
      { unmet: { 'lifted-limits': ['messages_per_minute is 100'] } },
    );
    expect(limited).toMatchObject({ verdict: 'not-run', missing: 'lifted-limits' });
    expect(limited.reason).toMatch(/^needs a relay whose rate limits are lifted .*: messages_per_minute is 100$/);
  });
});

describe('a run', () => {
  it('remembers the texts of errors from one check to the next', async () => {
    const results = await outcomes([
      async (ctx) => {
        const session = await ctx.messages();
        session.sendHello({ group: ctx.group(), version: 9 });
        await session.expectFatal(1005);
      },
      async (ctx) => {
        const session = await ctx.join();
        for (const { sessions } of relay.groups.values())
          for (const peer of sessions) peer.send({ type: 'Error', code: 1005, message: 'another text' });
        await session.expectError(1005);
      },
    ]);
    expect(results.map(({ verdict }) => verdict)).toEqual(['pass', 'fail']);
    expect(results[1]!.finding!.requirement).toBe('ERR-10');
  });
});

describe('the order', () => {
  it('of results is that of the checks, however many run at once', async () => {
    const open = Promise.withResolvers<void>();
    const seen: string[] = [];
    const results = await outcomes(
      [
        async () => await open.promise,
        async () => open.resolve(),
        { title: 'alone', alone: true, run: async () => void seen.push('alone') },
        async () => void seen.push('last'),
      ],
      { jobs: 2 },
    );
    expect(results.map(({ check, verdict }) => `${check.id} ${verdict}`)).toEqual([
      'TST-10 pass',
      'TST-11 pass',
      'TST-12 pass',
      'TST-13 pass',
    ]);
    expect(seen).toEqual(['last', 'alone']);
  });

  it('does not change what a check draws', async () => {
    const drawn = new Map<string, number>();
    const draw: Body = async (ctx) => void drawn.set(String(drawn.size), ctx.random.uint32());
    await outcomes([draw, draw]);
    const [first, second] = [...drawn.values()];
    drawn.clear();
    await outcomes([async () => {}, draw]);
    expect([...drawn.values()]).toEqual([second]);
    expect(first).not.toBe(second);
  });

  it('never has more checks at once than asked for, and none beside one that is alone', async () => {
    let now = 0;
    const most = new Map<string, number>();
    const busy =
      (kind: string): Body =>
      async (ctx) => {
        most.set(kind, Math.max(most.get(kind) ?? 0, ++now));
        await (await ctx.join()).roundTrip();
        now--;
      };
    await outcomes(
      [
        ...Array(8).fill(busy('shared')),
        { title: 'alone', alone: true, run: busy('alone') },
        ...Array(8).fill(busy('shared')),
      ],
      { jobs: 3 },
    );
    expect(most.get('shared')).toBe(3);
    expect(most.get('alone')).toBe(1);
  });

  it('has all that only waits beside the others, unless one at a time was asked for', async () => {
    const most = async (jobs: number) => {
      let underWay = 0;
      let most = 0;
      const run: Body = async (ctx) => {
        most = Math.max(most, ++underWay);
        await (await ctx.join()).roundTrip();
        underWay--;
      };
      await outcomes([...Array(5).fill({ title: 'x', waits: true, run }), ...Array(5).fill(run)], { jobs });
      return most;
    };
    expect(await most(2)).toBe(7);
    expect(await most(1)).toBe(1);
  });
});

describe('an interruption', () => {
  it('ends the check at hand and runs no other', async () => {
    const controller = new AbortController();
    const results = await outcomes(
      [
        async (ctx) => {
          const session = await ctx.join();
          controller.abort();
          await session.expect('Notify');
        },
        async () => {},
      ],
      { signal: controller.signal },
    );
    expect(results.map(({ verdict, reason }) => `${verdict}: ${reason}`)).toEqual(
      Array(2).fill('not-run: interrupted'),
    );
  });
});
