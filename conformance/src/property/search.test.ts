import type { Pull, PullResponse, Push } from '@0k-sync/spec';
import { REQUIREMENTS } from '@0k-sync/spec';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Context } from '../context.ts';
import { ScriptedRelay, ScriptedSession } from '../model/scripted-relay.ts';
import { remoteTarget } from '../target/remote.ts';
import { Inconclusive, Violation } from '../verdict.ts';
import { LEAST_PLANS, MAX_PLANS, paceFor } from './pace.ts';
import { type Plan, sizeOf } from './plan.ts';
import { RULES, type Rule } from './rules.ts';
import { type SearchOptions, type Series, searchForViolation } from './search.ts';

const SERIES: Series = { theme: 'lanes', runs: 30, floors: new Map([['push', 1]]) };
const OPTIONS: SearchOptions = { series: [SERIES], limits: {}, searchMs: 30_000, shrinkMs: 5000 };

let relay: ScriptedRelay | undefined;
afterEach(() => relay?.close());

async function search(
  session: typeof ScriptedSession,
  { series, ...options }: Partial<Omit<SearchOptions, 'series'>> & { series?: Partial<Series> } = {},
  seed = 1,
) {
  relay = await ScriptedRelay.listen(session);
  const context = new Context({
    target: remoteTarget(relay.url),
    seed: [seed],
    timeoutMs: 2000,
    limits: new Map([
      ['max_pull_limit', 1000n],
      ['max_blob_size', 1_048_576n],
      ['max_group_storage', 4_194_304n],
    ]),
    signal: new AbortController().signal,
  });
  const asked = { ...OPTIONS, ...options, series: [{ ...SERIES, ...series }] };
  const thrown = await searchForViolation(context, asked).catch((error) => error);
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
    ['next-cursor', 'gap', 'first-cursor', 'welcome-max', 'notify-cursor'],
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
    ['missing-notify', 'missing-notify-own'],
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
    expect(property).toMatchObject({ runs: 30, orders: { unknown: 0 } });
    expect(property!.orders!.found).toBeGreaterThanOrEqual(30);
    expect(property!.counts!['push']).toBeGreaterThan(50);
  });

  it.each(WRONG)('finds the relay that %s', async (_, rules, session) => {
    const { thrown, notes, trace, property } = await search(session, { shrinkMs: 300 });
    expect(thrown).toBeInstanceOf(Violation);
    expect(rules.map((rule) => RULES[rule])).toContain((thrown as Violation).requirement);
    expect(notes[0]).toMatch(
      /^a plan failed after \d+ that did not, of \d+ operations; the smallest that does has \d+/,
    );
    expect(trace.length).toBeGreaterThan(0);
    expect(JSON.parse(JSON.stringify(property?.plan))).toEqual(property?.plan);
    expect(property?.confirmed?.of).toBeGreaterThan(0);
  });

  it('makes a failing plan as small as it can be', async () => {
    const { property, trace } = await search(WRONG[3]![2], { shrinkMs: 60_000 });
    expect(property!.plan).toEqual({
      devices: 1,
      groups: 1,
      blobs: [expect.any(Number)],
      // The reading at the end shows it: no Pull of the plan is needed.
      prefix: [{ lane: 0, op: { op: 'push', blob: 0 } }],
      lanes: [{ device: 0, group: 0, ops: [] }],
      faults: [],
    });
    expect(property!.confirmed).toEqual({ failed: 5, of: 5 });
    expect(trace.map(({ from, direction }) => `${from} ${direction}`)).toEqual([
      'A to-relay',
      'A from-relay',
      'A2 to-relay',
      'A2 from-relay',
    ]);
  });

  it('fails again at the same plan with the same seed', async () => {
    const first = await search(WRONG[3]![2], { shrinkMs: 0 }, 42);
    await relay?.close();
    const second = await search(WRONG[3]![2], { shrinkMs: 0 }, 42);
    expect(first.property?.plan).toBeDefined();
    expect(second.property?.plan).toEqual(first.property?.plan);
    expect(second.property?.seed).toEqual(first.property?.seed);
  });

  it('says so when it was cut short', async () => {
    const { notes } = await search(WRONG[0]![2], { shrinkMs: 0 });
    expect(notes[0]).toContain('as far as could be found in 0 s');
  });

  it('is inconclusive when too little ran', async () => {
    const late = await search(ScriptedSession, { searchMs: 0 });
    expect(late.thrown).toBeInstanceOf(Inconclusive);
    expect(late.thrown.message).toContain('0 of 30 plans');
    await relay?.close();
    const rare = await search(ScriptedSession, { series: { runs: 1, floors: new Map([['push', 500]]) } });
    expect(rare.thrown).toBeInstanceOf(Inconclusive);
    expect(rare.thrown.message).toMatch(/too few operations were carried out: push \d+ of 500/);
  });

  it('ends when there was enough, before all plans were run', async () => {
    const { thrown, property } = await search(ScriptedSession, { series: { enough: 12 } });
    expect(thrown).toBeUndefined();
    expect(property?.runs).toBe(12);
  });

  it('goes on after enough plans while a kind of operation is rare', async () => {
    const floors = new Map([['conflict', 8]] as const);
    const { property } = await search(ScriptedSession, { series: { enough: 1, floors } });
    expect(property?.runs).toBeGreaterThan(2);
    expect(property?.counts?.['conflict']).toBeGreaterThanOrEqual(8);
  });

  it('passes with fewer plans when the time is up, if they are not too few', async () => {
    const series = { runs: 1000, least: 1, floors: new Map() };
    const { thrown, property } = await search(ScriptedSession, { series, searchMs: 50 });
    expect(thrown).toBeUndefined();
    expect(property?.runs).toBeLessThan(1000);
  });

  it('runs several plans at once', async () => {
    const { thrown, property } = await search(
      // Right for a while, so that it is not the first plan.
      class extends WRONG[3]![2] {
        override pull(pull: Pull): PullResponse {
          return this.relay.groups.size > 8 ? super.pull(pull) : ScriptedSession.prototype.pull.call(this, pull);
        }
      },
      { series: { atOnce: 4 } },
    );
    expect(thrown).toBeInstanceOf(Violation);
    expect(property!.runs).toBeGreaterThan(0);
    expect(sizeOf(property!.plan as Plan)).toBe(1);
  });

  it('says which kinds of operations there was no room for', async () => {
    const { property } = await search(ScriptedSession, { without: ['full'], series: { enough: 1 } });
    expect(property).toMatchObject({ without: ['full'] });
  });

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

  it('is inconclusive when the clock is set again and again', async () => {
    let hours = 0;
    const { now } = Date;
    const set = vi.spyOn(Date, 'now').mockImplementation(() => now() + 3_600_000 * hours);
    const { thrown } = await search(
      class extends WRONG[3]![2] {
        override push(push: Push): void {
          hours++;
          super.push(push);
        }
      },
    );
    set.mockRestore();
    expect(thrown).toBeInstanceOf(Inconclusive);
    expect(thrown.message).toMatch(/^the clock of this machine was set by \d+\.0 s meanwhile$/);
  });

  it('waits until blobs have expired, and finds one that comes back', async () => {
    const expiry = { theme: 'expiry', runs: 4, atOnce: 4, floors: new Map([['expired', 3]] as const) } as const;
    const right = await search(ScriptedSession, { series: expiry });
    expect(right.thrown).toBeUndefined();
    expect(right.property!.counts!['ttl-short']).toBeGreaterThanOrEqual(3);
    await relay?.close();
    const { thrown } = await search(
      class extends ScriptedSession {
        override push(push: Push): void {
          super.push({ ...push, ttl: 0 });
        }
      },
      { series: expiry, shrinkMs: 0 },
    );
    expect(thrown).toBeInstanceOf(Violation);
    expect([RULES.expired, RULES['expired-through'], RULES['no-more'], RULES.content]).toContain(thrown.requirement);
  });
});

describe('the pace', () => {
  it('is all plans, two at once, for a relay that answers at once', () => {
    expect(paceFor(0.3)).toEqual({ enough: MAX_PLANS, atOnce: 2 });
  });

  it('is fewer plans, four at once, for one that answers late', () => {
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
    'reused-cursor': /after it was started again/,
    'moved-by-restart': /after a restart in between/,
    'full-for-repeat': /full group a repeated Push/,
    'lost-by-kill': /killed by SIGKILL/,
    'torn-push': /before the last byte of its frame/,
    expired: /ttl seconds or more after its PushAck/,
    'expired-through': /expired_through/,
    'missing-notify-own': /other open connections of/,
    'own-notify': /on the connection that the Push came on/,
    'early-notify': /sent after the Notify was received/,
    'notify-cursor': /latest_cursor to the highest/,
    'notify-count': /Notify.count/,
    'too-large': /more than max_blob_size/,
    'over-quota': /above max_group_storage/,
    'early-quota': /exactly max_group_storage/,
    'shared-epoch': /different epochs/,
    'kept-epoch': /other than the blob_id/,
    'kept-epoch-beyond': /above the highest assigned/,
  };

  it.each(Object.entries(RULES))('%s breaks %s', (rule, id) => {
    expect(REQUIREMENTS.find((requirement) => requirement.id === id)?.text).toMatch(WORDS[rule as Rule]);
  });
});
