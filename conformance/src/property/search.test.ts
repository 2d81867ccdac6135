import type { Pull, PullResponse, Push } from '@0k-sync/spec';
import { REQUIREMENTS } from '@0k-sync/spec';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { Context } from '../context.ts';
import { ScriptedRelay, ScriptedSession } from '../model/scripted-relay.ts';
import { remoteTarget } from '../target/remote.ts';
import { Inconclusive, Violation } from '../verdict.ts';
import { LEAST_STORAGE, plansWithin } from './arbitrary.ts';
import { LEAST_PLANS, MAX_PLANS, paceFor } from './pace.ts';
import { describePlan, numberPlan, type Plan } from './plan.ts';
import { RULES, type Rule } from './rules.ts';
import { type SearchOptions, searchForViolation } from './search.ts';

const plans = plansWithin();
const OPTIONS: SearchOptions = { plans, runs: 30, searchMs: 30_000, shrinkMs: 5000, floor: 1 };

let relay: ScriptedRelay | undefined;
afterEach(() => relay?.close());

async function search(session: typeof ScriptedSession, options: Partial<SearchOptions> = {}, seed = 1) {
  relay = await ScriptedRelay.listen(session);
  const context = new Context({
    target: remoteTarget(relay.url),
    seed: [seed],
    timeoutMs: 2000,
    limits: new Map([['max_pull_limit', 1000n]]),
    signal: new AbortController().signal,
  });
  const thrown = await searchForViolation(context, { ...OPTIONS, ...options }).catch((error) => error);
  context.close();
  return { thrown, ...context.evidence };
}

/** The wrong relays, each in one way only, and the rules of which one has to be found broken. */
const WRONG: [string, readonly Rule[], typeof ScriptedSession][] = [
  [
    'forgets every fifth blob',
    ['content', 'has-more', 'no-more', 'stale-read', 'late-cursor', 'progress'],
    class extends ScriptedSession {
      override pull(pull: Pull): PullResponse {
        const page = super.pull(pull);
        const blobs = page.blobs.filter((blob) => blob.cursor % 5n !== 0n);
        return { ...page, blobs, max_cursor: blobs.at(-1)?.cursor ?? pull.after_cursor };
      }
    },
  ],
  [
    'leaves a gap for a repeat',
    ['next-cursor', 'gap', 'first-cursor', 'welcome-max'],
    class extends ScriptedSession {
      override push(push: Push): void {
        const known = this.group!.payloads.has(Buffer.from(push.blob_id).toString('hex'));
        if (known) this.group!.model.push(this.device, `gap ${this.group!.model.maxCursor}`, '');
        super.push(push);
      }
      override pull(pull: Pull): PullResponse {
        for (const blob of this.group!.model.live(0n))
          if (blob.blobId.startsWith('gap')) this.group!.model.remove(blob.blobId);
        return super.pull(pull);
      }
    },
  ],
  [
    'takes the last payload for a blob_id',
    ['double-accept', 'missed-conflict', 'altered-payload', 'ack-digest'],
    class extends ScriptedSession {
      override push(push: Push): void {
        const id = Buffer.from(push.blob_id).toString('hex');
        const { payloads, model } = this.group!;
        payloads.set(id, push.payload.slice());
        const blob = model.live(0n).find(({ blobId }) => blobId === id);
        if (blob) this.send({ type: 'PushAck', blob_id: push.blob_id, cursor: blob.cursor });
        else super.push(push);
      }
    },
  ],
  [
    'says has_more as long as a page is full',
    ['no-more'],
    class extends ScriptedSession {
      override pull(pull: Pull): PullResponse {
        const page = super.pull(pull);
        const limit = pull.limit === 0 ? 100 : pull.limit;
        return { ...page, has_more: page.blobs.length === limit };
      }
    },
  ],
  [
    'acknowledges before it stores',
    [
      'stale-read',
      'request-order',
      'content',
      'has-more',
      'next-cursor',
      'shared-cursor',
      'welcome-max',
      'late-cursor',
      'gap',
      'pending-count',
      'progress',
    ],
    class extends ScriptedSession {
      override pull(pull: Pull): PullResponse {
        const page = super.pull(pull);
        const fresh = this.group!.model.maxCursor;
        // What came last is not visible to the next pull, only to the one after it.
        const blobs = seen.get(this.group!) === fresh ? page.blobs : page.blobs.filter((blob) => blob.cursor !== fresh);
        seen.set(this.group!, fresh);
        return { ...page, blobs, max_cursor: blobs.at(-1)?.cursor ?? pull.after_cursor };
      }
    },
  ],
  [
    'names the last pusher as the sender',
    ['wrong-sender'],
    class extends ScriptedSession {
      override pull(pull: Pull): PullResponse {
        const page = super.pull(pull);
        return {
          ...page,
          blobs: page.blobs.map((blob) => ({ ...blob, ext: { sender: Buffer.from(this.device, 'hex') } })),
        };
      }
    },
  ],
  [
    'counts own blobs as pending',
    ['pending-count'],
    class extends ScriptedSession {
      override hello(hello: Parameters<ScriptedSession['hello']>[0]): void {
        const device = this.device;
        Object.assign(this, { device: 'nobody' });
        super.hello(hello);
        Object.assign(this, { device });
      }
    },
  ],
  [
    'never notifies',
    ['missing-notify'],
    class extends ScriptedSession {
      override notify(): void {}
    },
  ],
];
const seen = new WeakMap<object, bigint>();

describe('the search', () => {
  it('finds nothing wrong with a relay that keeps the rules', async () => {
    const { thrown, property } = await search(ScriptedSession);
    expect(thrown).toBeUndefined();
    expect(property).toMatchObject({ runs: 30 });
  });

  it.each(WRONG)('finds the relay that %s', async (_, rules, session) => {
    const { thrown, notes, trace, property } = await search(session, { shrinkMs: 1000 });
    expect(thrown).toBeInstanceOf(Violation);
    expect(rules.map((rule) => RULES[rule])).toContain((thrown as Violation).requirement);
    expect(notes[1]).toMatch(/run again: (FAIL|FLAKY) [0-5]\/[1-5]$/);
    expect(trace.length).toBeGreaterThan(3);
    expect(property?.path).toMatch(/^\d+(:\d+)*$/);
    expect(JSON.parse(JSON.stringify(property?.plan))).toEqual(property?.plan);
  });

  it('makes a failing plan small', async () => {
    const { property } = await search(WRONG[0]![2]);
    const { sizes } = numberPlan(property!.plan as Plan);
    expect(sizes.length).toBeLessThanOrEqual(8);
  });

  it('fails again at the same plan with the same seed', async () => {
    const first = await search(WRONG[3]![2], { shrinkMs: 0 }, 42);
    await relay?.close();
    const second = await search(WRONG[3]![2], { shrinkMs: 0 }, 42);
    expect(first.notes[1]).toBe('run again: FAIL 1/1');
    expect(second.property?.plan).toEqual(first.property?.plan);
  });

  it('says so when it was cut short', async () => {
    const { notes } = await search(WRONG[0]![2], { shrinkMs: 0 });
    expect(notes[0]).toContain('cut short after 0 s');
  });

  it('is inconclusive when too little ran', async () => {
    const late = await search(ScriptedSession, { searchMs: 0 });
    expect(late.thrown).toBeInstanceOf(Inconclusive);
    expect(late.thrown.message).toContain('0 of 30 plans');
    await relay?.close();
    const rare = await search(ScriptedSession, { runs: 1, floor: 50 });
    expect(rare.thrown).toBeInstanceOf(Inconclusive);
    expect(rare.thrown.message).toContain('too few operations');
  });

  it('ends when there was enough, before all plans were run', async () => {
    const { thrown, property } = await search(ScriptedSession, { runs: 30, enough: 12 });
    expect(thrown).toBeUndefined();
    expect(property?.runs).toBeGreaterThanOrEqual(12);
    expect(property?.runs).toBeLessThan(30);
  });

  it('goes on after enough plans while a kind of operation is rare', async () => {
    const { property } = await search(ScriptedSession, { runs: 30, enough: 1, floor: 8 });
    expect(property?.runs).toBeGreaterThan(5);
  });

  it('passes with fewer plans when the time is up, if they are not too few', async () => {
    const few = { runs: 1000, least: 1, floor: 0, searchMs: 50 };
    const { thrown, property } = await search(ScriptedSession, few);
    expect(thrown).toBeUndefined();
    expect(property?.runs).toBeLessThan(1000);
  });

  it.each([0, 1000])(
    'names the place of the plan, with several at once and %i ms to make it smaller',
    async (shrinkMs) => {
      // Right for a while, so that it is not the first plan.
      const { thrown, property } = await search(
        class extends WRONG[3]![2] {
          override pull(pull: Pull): PullResponse {
            return this.relay.groups.size > 8 ? super.pull(pull) : ScriptedSession.prototype.pull.call(this, pull);
          }
        },
        { atOnce: 4, shrinkMs },
      );
      expect(thrown).toBeInstanceOf(Violation);
      const { seed, path } = property!;
      expect(Number.parseInt(path!, 10)).toBeGreaterThan(0);
      const [drawn] = fc.sample(plans, { seed: seed | 0, path: path!, numRuns: 1 });
      expect(drawn).toEqual(property!.plan);
    },
  );

  it('names the seed of the plans as an unsigned number', async () => {
    for (const seed of [1, 2, 3, 4]) {
      const { property } = await search(ScriptedSession, { searchMs: 0 }, seed);
      expect(property!.seed).toBeGreaterThanOrEqual(0);
      await relay?.close();
    }
  });

  it('is inconclusive when the relay refuses for its limits', async () => {
    const { thrown } = await search(
      class extends ScriptedSession {
        override push(): void {
          this.refuse(2000);
        }
      },
    );
    expect(thrown).toBeInstanceOf(Inconclusive);
    expect(thrown.message).toContain('2000');
  });
});

describe('a plan', () => {
  it('is plain data that survives JSON, and every reference in it means something', () => {
    fc.assert(
      fc.property(plans, (plan) => {
        expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
        const numbered = numberPlan(plan);
        expect(numbered.prefix.every(({ lane }) => lane < plan.lanes.length)).toBe(true);
        expect(describePlan(plan)).toHaveLength(1 + plan.prefix.length + numbered.lanes.flat().length);
      }),
    );
  });

  it.each([300_000, LEAST_STORAGE])(
    'fits in a group of %i bytes, and keeps to the sizes and devices allowed',
    (maxStorage) => {
      const small = plansWithin({ maxPayload: 50_000, maxStorage, maxDevices: 1 });
      fc.assert(
        fc.property(small, (plan) => {
          const { sizes } = numberPlan(plan);
          expect(sizes.reduce((sum, size) => sum + size + 256, 0)).toBeLessThanOrEqual(maxStorage);
          expect(Math.min(0, ...sizes)).toBe(0);
          expect(Math.max(0, ...sizes)).toBeLessThanOrEqual(50_000);
          expect(plan.devices).toBe(1);
        }),
      );
    },
  );

  it('numbers its blobs in one order, at once or not', () => {
    const plan: Plan = {
      devices: 2,
      prefix: [{ lane: 5, op: { op: 'push', size: 1 } }],
      lanes: [
        {
          device: 0,
          ops: [
            {
              op: 'together',
              requests: [
                { op: 'push', size: 2 },
                { op: 'repeat', of: 0 },
                { op: 'push', size: 3 },
              ],
            },
          ],
        },
        { device: 1, ops: [{ op: 'abandon', size: 4 }] },
      ],
    };
    expect(numberPlan(plan).sizes).toEqual([1, 2, 3, 4]);
    expect(describePlan(plan)).toEqual([
      '2 devices, 2 lanes at once',
      'first  lane 1 (device 1): push blob 0 (1 bytes)',
      'then   lane 0 (device 0): at once: push blob 1 (2 bytes), push blob 0 again, push blob 2 (3 bytes)',
      'then   lane 1 (device 1): push blob 3 (4 bytes), cut the connection at once and connect again',
    ]);
  });
});

describe('the pace', () => {
  it('is all plans, one after the other, for a relay that answers at once', () => {
    expect(paceFor(0.3)).toEqual({ enough: MAX_PLANS, atOnce: 1 });
  });

  it('is fewer plans, several at once, for one that answers late', () => {
    expect(paceFor(300)).toEqual({ enough: 12, atOnce: 4 });
    expect(paceFor(60_000)).toEqual({ enough: LEAST_PLANS, atOnce: 4 });
  });
});

describe('the rules of a history', () => {
  /** A word of each requirement's text: a rule that pointed to another one would mislead everybody. */
  const WORDS: Record<Rule, RegExp> = {
    'first-cursor': /first accepted Push/,
    'next-cursor': /exactly one above/,
    gap: /without a gap/,
    'shared-cursor': /all different/,
    'moved-blob': /cursor and the digest of the first PushAck/,
    'false-conflict': /answer a Push whose blob_id and payload it knows/,
    'missed-conflict': /another payload with Error 1006/,
    'double-accept': /exactly one of several Pushes/,
    'unexpected-error': /each accepted Push/,
    'aborted-read': /leave the stored blob as it was/,
    'ack-digest': /SHA-256 of the payload/,
    'not-after': /greater than after_cursor/,
    order: /strictly ascending/,
    content: /every live blob/,
    'altered-payload': /byte for byte/,
    'unknown-blob': /blob_id/,
    'wrong-sender': /sender/,
    'stale-read': /in every Pull .* after the PushAck was received/,
    'late-cursor': /lower than one that a Pull has already shown/,
    'has-more': /has_more true/,
    'no-more': /has_more false/,
    'max-cursor': /max_cursor to the cursor of the last blob/,
    limit: /more blobs than the limit/,
    progress: /at least one blob/,
    'welcome-max': /Welcome.max_cursor/,
    'pending-count': /Welcome.pending_count/,
    'missing-notify': /within 5 s/,
    'answer-order': /in the order in which they were sent/,
    'request-order': /take effect in the order/,
    epoch: /same epoch in every Welcome/,
  };

  it.each(Object.entries(RULES))('%s breaks %s', (rule, id) => {
    expect(REQUIREMENTS.find((requirement) => requirement.id === id)?.text).toMatch(WORDS[rule as Rule]);
  });
});
