import type { Requirement } from '@0k-sync/spec';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Context } from '../context.ts';
import { ScriptedRelay } from '../model/scripted-relay.ts';
import { type CheckDefinition, Registry } from '../registry.ts';
import { remoteTarget } from '../target/remote.ts';
import type { Need, Target } from '../target/target.ts';
import { type RunnerOptions, runChecks } from './check-runner.ts';

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
const REQUIREMENTS = [...Array(20).keys()].map((n) => requirement(`TST-${10 + n}`, 'MUST'));
const ADVICE = requirement('TST-90', 'SHOULD');

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
  const registry = new Registry([...REQUIREMENTS, ADVICE]);
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
