import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Bug, simulate } from '../../test/simulate.ts';
import { checkHistory } from './checker.ts';
import type { FaultEvent, HelloOperation, Notified, Operation, PullOperation, PushOperation } from './history.ts';
import type { Rule } from './rules.ts';

type PushAnswer = NonNullable<PushOperation['answer']>;
type PageAnswer = Extract<NonNullable<PullOperation['answer']>, { kind: 'page' }>;

const ack = (cursor: number, digest = ''): PushAnswer => ({ kind: 'ack', cursor: BigInt(cursor), digest });
const error = (code: number) => ({ kind: 'error', code }) as const;

/** `x1@3` is payload x under blob_id 1 at cursor 3, sent by device a. */
function page(text: string, changes: Partial<PageAnswer> & { after?: number } = {}): PageAnswer {
  const blobs = text
    .split(' ')
    .filter(Boolean)
    .map((item) => {
      const [, digest, blobId, cursor, sender] = /^(\D+)(\d+)@(\d+)(?:\/(\w+))?$/.exec(item)!;
      return { blobId: blobId!, digest: digest!, cursor: BigInt(cursor!), sender: sender ?? '' };
    });
  const { after = 0, ...rest } = changes;
  return { kind: 'page', blobs, hasMore: false, maxCursor: blobs.at(-1)?.cursor ?? BigInt(after), ...rest };
}

const LIMITS = { maxPullLimit: 1000, maxBlob: 100, quota: 1000, defaultTtl: 604_800, maxTtl: 604_800 };

/** Builds a history by hand. Operations follow each other unless `during` opens one around others. */
class Script {
  readonly operations: Operation[] = [];
  readonly notifies: Notified[] = [];
  readonly faults: FaultEvent[] = [];
  #tick = 0;
  #group = 0;
  #sequences = new Map<number, number>();

  push(
    connection: number,
    blob: string,
    answer: PushAnswer | undefined,
    exact?: 'prefix' | 'final',
    more: Partial<PushOperation> = {},
  ): this {
    const push = { kind: 'push', blobId: blob.slice(1), digest: blob[0]!, size: 1, ttl: 0, ...more };
    return this.during(this.#base(connection, exact, push), answer);
  }

  pull(
    connection: number,
    after: number,
    answer: PullOperation['answer'],
    exact?: 'prefix' | 'final',
    limit = 0,
  ): this {
    return this.during(this.#base(connection, exact, { kind: 'pull', after: BigInt(after), limit }), answer);
  }

  hello(
    connection: number,
    lastCursor: number,
    answer: HelloOperation['answer'],
    exact?: 'prefix' | 'final',
    claim: Pick<Partial<HelloOperation>, 'epoch' | 'lastBlob'> = {},
  ): this {
    const hello = { kind: 'hello', lastCursor: BigInt(lastCursor), ...claim };
    return this.during(this.#base(connection, exact, hello), answer);
  }

  notify(connection: number, latest: number, count = 1): this {
    const device = connection < 10 ? 'a' : 'b';
    const notify = { kind: 'notify' as const, group: this.#group, connection, device, count };
    this.notifies.push({ ...notify, at: ++this.#tick, latest: BigInt(latest) });
    return this;
  }

  fault(kind: FaultEvent['kind']): this {
    this.faults.push({ kind, began: ++this.#tick, ended: ++this.#tick });
    return this;
  }

  /** Milliseconds pass. */
  elapse(ms: number): this {
    this.#tick += ms;
    return this;
  }

  /** What follows is in another group. */
  in(group: number): this {
    this.#group = group;
    return this;
  }

  /** The last operation, stretched over what `inside` adds: it began before, and ended after. */
  around(inside: (script: this) => void): this {
    const last = this.operations.pop()!;
    inside(this);
    this.operations.push({ ...last, completed: ++this.#tick } as Operation);
    return this;
  }

  during(operation: Omit<Operation, 'invoked'>, answer: Operation['answer']): this {
    const invoked = ++this.#tick;
    const times = answer === undefined ? { invoked } : { invoked, completed: ++this.#tick, answer };
    this.operations.push({ ...operation, ...times } as Operation);
    return this;
  }

  #base(connection: number, exact: 'prefix' | 'final' | undefined, rest: object): Omit<Operation, 'invoked'> {
    const sequence = (this.#sequences.get(connection) ?? 0) + 1;
    this.#sequences.set(connection, sequence);
    const device = connection < 10 ? 'a' : 'b';
    return { group: this.#group, connection, device, sequence, ...(exact && { exact }), ...rest } as never;
  }
}

const rulesOf = ({ operations, notifies, faults }: Script): Rule[] =>
  checkHistory({ operations, notifies, faults, endings: [], limits: LIMITS }).map(({ rule }) => rule);

/** A Welcome. */
const welcome = (maxCursor: number, pendingCount: number, epoch = 'e', expiredThrough = 0) =>
  ({
    kind: 'welcome',
    maxCursor: BigInt(maxCursor),
    pendingCount,
    epoch,
    expiredThrough: BigInt(expiredThrough),
  }) as const;

describe('a history that a correct relay could have given', () => {
  it.each<[string, Script]>([
    ['nothing at all', new Script()],
    ['a push and a pull', new Script().push(1, 'x1', ack(1)).pull(11, 0, page('x1@1/a'))],
    [
      'a pull beside a push that does not see it',
      new Script().push(1, 'x1', ack(1)).around((s) => s.pull(11, 0, page(''))),
    ],
    [
      'a pull beside a push that sees it',
      new Script().push(1, 'x1', ack(1)).around((s) => s.pull(11, 0, page('x1@1'))),
    ],
    ['a push without an answer that landed', new Script().push(1, 'x1', undefined).pull(11, 0, page('x1@1'))],
    ['a push without an answer that did not land', new Script().push(1, 'x1', undefined).pull(11, 0, page(''))],
    ['a repeat', new Script().push(1, 'x1', ack(1)).push(11, 'x1', ack(1)).pull(1, 0, page('x1@1/a'))],
    ['a conflict', new Script().push(1, 'x1', ack(1)).push(11, 'y1', error(1006)).pull(1, 0, page('x1@1'))],
    [
      'a conflict with a push that never got its answer',
      new Script().push(1, 'x1', undefined).push(11, 'y1', error(1006)).pull(1, 0, page('x1@1')),
    ],
    ['two rivals at once', new Script().push(1, 'x1', error(1006)).around((s) => s.push(11, 'y1', ack(1)))],
    ['storage that failed', new Script().push(1, 'x1', error(3002)).push(1, 'x1', ack(1))],
    [
      'a short page',
      new Script()
        .push(1, 'x1', ack(1))
        .push(1, 'y2', ack(2))
        .pull(1, 0, page('x1@1', { hasMore: true })),
    ],
    [
      'a push that is too large',
      new Script().push(1, 'x1', error(2001), undefined, { size: 101 }).push(1, 'y2', ack(1)),
    ],
    [
      'a push beyond the quota, and a repeat in a full group',
      new Script()
        .push(1, 'x1', ack(1), undefined, { size: 100 })
        .push(1, 'x2', ack(2), undefined, { size: 100 })
        .push(1, 'x3', error(2002), undefined, { size: 33 })
        .push(1, 'x1', ack(1), undefined, { size: 100 })
        .push(1, 'y3', ack(3), undefined, { size: 32 }),
    ],
    [
      'a push cut short that left nothing',
      new Script().push(1, 'x1', undefined, undefined, { isTorn: true }).push(11, 'y1', ack(1)),
    ],
    [
      'a blob that has expired, and its cursor',
      new Script()
        .push(1, 'x1', ack(1), undefined, { ttl: 1 })
        .push(1, 'y2', ack(2))
        .elapse(1200)
        .pull(11, 0, page('y2@2'))
        .hello(12, 0, welcome(2, 1, 'e', 1))
        .push(11, 'x1', ack(1)),
    ],
    [
      'a blob in its last second, there and not there',
      new Script()
        .push(1, 'x1', ack(1), undefined, { ttl: 2 })
        .elapse(1500)
        .pull(11, 0, page('x1@1'))
        .pull(11, 0, page('')),
    ],
    [
      'a kill that loses what was not acknowledged',
      new Script()
        .push(1, 'x1', ack(1))
        .push(1, 'y2', undefined)
        .fault('kill')
        .push(11, 'z3', ack(2))
        .pull(11, 0, page('x1@1 z3@2')),
    ],
    [
      'the same blob in two groups, with another payload, and another epoch',
      new Script()
        .hello(1, 0, welcome(0, 0))
        .push(1, 'x1', ack(1))
        .in(1)
        .hello(2, 0, welcome(0, 0, 'f'))
        .push(2, 'y1', ack(1)),
    ],
    [
      'Notifies that are merged, that come again, and of the same device',
      new Script().push(1, 'x1', ack(1)).push(1, 'y2', ack(2)).notify(11, 2, 2).notify(11, 1).notify(2, 2),
    ],
    [
      'a Notify ahead of the acknowledgement',
      new Script().push(1, 'x1', ack(1)).around((s) => s.notify(11, 1).pull(11, 0, page('x1@1'))),
    ],
    [
      'a new epoch for a device that knows another history',
      new Script()
        .push(1, 'x1', ack(1))
        .hello(11, 1, welcome(1, 0), undefined, { epoch: 'e', lastBlob: '1' })
        .hello(12, 1, welcome(1, 0, 'f'), undefined, { epoch: 'e', lastBlob: '9' })
        .hello(13, 1, welcome(1, 0, 'f'), undefined, { epoch: 'e', lastBlob: '9' })
        .hello(14, 5, welcome(1, 0, 'g'), undefined, { epoch: 'f' })
        .hello(15, 5, welcome(1, 0, 'g'), undefined, { epoch: 'zzz', lastBlob: '9' }),
    ],
    [
      'a last_cursor that may be above the highest',
      new Script()
        .push(1, 'x1', ack(1))
        .push(2, 'y2', ack(2))
        .around((s) =>
          s
            .hello(11, 2, welcome(1, 1), undefined, { epoch: 'e' })
            .hello(12, 2, welcome(1, 1, 'f'), undefined, { epoch: 'e' }),
        ),
    ],
    [
      'a group without state that has another epoch once: the relay may have forgotten some group',
      new Script()
        .hello(1, 0, welcome(0, 0))
        .hello(2, 0, welcome(0, 0, 'f'))
        .push(1, 'x1', ack(1))
        .hello(3, 1, welcome(1, 0, 'f')),
    ],
    [
      'a group without state that has another epoch after a restart',
      new Script()
        .hello(1, 0, welcome(0, 0))
        .fault('restart')
        .hello(1, 0, welcome(0, 0, 'f'))
        .push(1, 'x1', ack(1)),
    ],
    ['either order of two pushes at once', new Script().push(1, 'x1', ack(2)).around((s) => s.push(11, 'y2', ack(1)))],
  ])('%s', (_, script) => {
    expect(rulesOf(script)).toEqual([]);
  });

  it('is what a correct relay gives under any schedule', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        expect(checkHistory(simulate(seed))).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});

describe('a planted violation', () => {
  const two = () => new Script().push(1, 'x1', ack(1)).push(11, 'y2', ack(2));
  it.each<[Rule, string, Script]>([
    ['first-cursor', 'a group that begins at 2', new Script().push(1, 'x1', ack(2))],
    ['gap', 'a number left out', new Script().push(1, 'x1', ack(1)).around((s) => s.push(11, 'y2', ack(3)))],
    [
      'gap',
      'a hole that nothing ever fills',
      new Script().push(1, 'x1', ack(1)).push(1, 'z3', undefined).pull(1, 0, page('x1@1 z3@3')),
    ],
    ['next-cursor', 'a number below one already shown', new Script().push(1, 'x1', ack(2)).push(11, 'y2', ack(1))],
    [
      'next-cursor',
      'the wrong number in the prefix',
      new Script().push(1, 'x1', ack(1), 'prefix').push(1, 'y2', ack(3), 'prefix'),
    ],
    [
      'shared-cursor',
      'one number for two blobs',
      new Script().push(1, 'x1', ack(1)).around((s) => s.push(11, 'y2', ack(1))),
    ],
    ['moved-blob', 'a new number for a repeat', new Script().push(1, 'x1', ack(1)).push(1, 'x1', ack(2))],
    ['moved-blob', 'another number when read', two().pull(1, 0, page('x1@1 y2@2')).pull(1, 2, page('y2@3'))],
    ['double-accept', 'two payloads under one id', new Script().push(1, 'x1', ack(1)).push(11, 'y1', ack(1))],
    [
      'missed-conflict',
      'the same, one after the other',
      new Script().push(1, 'x1', ack(1), 'prefix').push(11, 'y1', ack(1), 'prefix'),
    ],
    ['false-conflict', 'a conflict with itself', new Script().push(1, 'x1', ack(1)).push(1, 'x1', error(1006))],
    ['false-conflict', 'a conflict with nothing', new Script().push(1, 'x1', error(1006))],
    [
      'false-conflict',
      'two that both lose',
      new Script().push(1, 'x1', error(1006)).around((s) => s.push(11, 'y1', error(1006))),
    ],
    ['unexpected-error', 'a refusal without a reason', new Script().push(1, 'x1', error(2001))],
    ['ack-digest', 'the digest of something else', new Script().push(1, 'x1', ack(1, 'y'))],
    [
      'aborted-read',
      'a refused payload that is read',
      new Script().push(1, 'x1', ack(1)).push(11, 'y1', error(1006)).pull(1, 0, page('y1@1')),
    ],
    ['altered-payload', 'a payload nobody pushed', new Script().push(1, 'x1', ack(1)).pull(1, 0, page('z1@1'))],
    [
      'altered-payload',
      'a payload replaced',
      new Script().push(1, 'x1', ack(1)).push(1, 'y1', undefined).pull(1, 0, page('y1@1')),
    ],
    ['unknown-blob', 'an id nobody pushed', new Script().push(1, 'x1', ack(1)).pull(1, 0, page('x1@1 x9@2'))],
    ['wrong-sender', 'somebody else', new Script().push(1, 'x1', ack(1)).pull(1, 0, page('x1@1/b'))],
    [
      'wrong-sender',
      'the one who repeated it',
      new Script().push(1, 'x1', ack(1)).push(11, 'x1', ack(1)).pull(1, 0, page('x1@1/b')),
    ],
    ['stale-read', 'an acknowledged blob is not there', new Script().push(1, 'x1', ack(1)).pull(11, 0, page(''))],
    ['stale-read', 'a hole where an acknowledged blob was', two().pull(11, 0, page('y2@2'))],
    [
      'late-cursor',
      'a lower number afterwards',
      new Script().push(1, 'x1', ack(1)).around((s) => s.push(11, 'y2', ack(2)).pull(11, 0, page('y2@2'))),
    ],
    [
      'request-order',
      'a pull that overtakes a push',
      new Script().push(1, 'x1', ack(1)).around((s) => s.pull(1, 0, page(''))),
    ],
    [
      'request-order',
      'a push that overtakes a pull',
      new Script().pull(1, 0, page('x1@1')).around((s) => s.push(1, 'x1', ack(1))),
    ],
    [
      'request-order',
      'two pushes that change places',
      new Script().push(1, 'x1', ack(2)).around((s) => s.push(1, 'y2', ack(1))),
    ],
    ['order', 'descending', two().pull(1, 0, page('y2@2 x1@1'))],
    ['order', 'twice', two().pull(1, 0, page('x1@1 x1@1 y2@2'))],
    ['not-after', 'what was not asked for', two().pull(1, 1, page('x1@1 y2@2'))],
    ['limit', 'more than asked for', two().pull(1, 0, page('x1@1 y2@2'), undefined, 1)],
    ['max-cursor', 'beyond the page', two().pull(1, 0, page('x1@1', { hasMore: true, maxCursor: 2n }))],
    ['max-cursor', 'not what was presented', two().pull(1, 7, page('', { maxCursor: 2n }))],
    ['progress', 'nothing, and more', two().pull(1, 0, page('', { hasMore: true }))],
    [
      'has-more',
      'an end that is none, in the prefix',
      new Script().push(1, 'x1', ack(1), 'prefix').push(1, 'y2', ack(2), 'prefix').pull(1, 0, page('x1@1'), 'prefix'),
    ],
    ['no-more', 'more where nothing is', two().pull(1, 0, page('x1@1 y2@2', { hasMore: true }), 'final')],
    ['content', 'a lost write in the middle, in the final phase', two().pull(1, 0, page('y2@2'), 'final')],
    ['has-more', 'a lost write at the end, in the final phase', two().pull(1, 0, page('x1@1'), 'final')],
    [
      'welcome-max',
      'a maximum below what was shown',
      two().hello(12, 0, { kind: 'welcome', maxCursor: 1n, pendingCount: 1, epoch: 'e' }),
    ],
    [
      'welcome-max',
      'a maximum nobody reached',
      two().hello(12, 0, { kind: 'welcome', maxCursor: 3n, pendingCount: 1, epoch: 'e' }),
    ],
    [
      'pending-count',
      'own blobs counted',
      two().hello(12, 0, { kind: 'welcome', maxCursor: 2n, pendingCount: 2, epoch: 'e' }, 'final'),
    ],
    [
      'epoch',
      'an epoch that changes',
      new Script()
        .hello(1, 0, { kind: 'welcome', maxCursor: 0n, pendingCount: 0, epoch: 'e' })
        .hello(2, 0, { kind: 'welcome', maxCursor: 0n, pendingCount: 0, epoch: 'f' })
        .hello(3, 0, { kind: 'welcome', maxCursor: 0n, pendingCount: 0, epoch: 'g' }),
    ],
    [
      'epoch',
      'an epoch that comes back',
      new Script()
        .push(1, 'x1', ack(1))
        .hello(11, 0, welcome(1, 1))
        .hello(12, 1, welcome(1, 0, 'f'), undefined, { epoch: 'e', lastBlob: '9' })
        .hello(13, 0, welcome(1, 1)),
    ],
    [
      'epoch',
      'another epoch after a restart',
      new Script()
        .push(1, 'x1', ack(1))
        .hello(11, 0, welcome(1, 1))
        .fault('restart')
        .hello(11, 0, welcome(1, 1, 'f')),
    ],
    [
      'kept-epoch',
      'an epoch kept for a device that knows another history',
      new Script().push(1, 'x1', ack(1)).hello(11, 1, welcome(1, 0), undefined, { epoch: 'e', lastBlob: '9' }),
    ],
    [
      'kept-epoch-beyond',
      'an epoch kept for a cursor that nobody reached',
      new Script().push(1, 'x1', ack(1)).hello(11, 2, welcome(1, 0), undefined, { epoch: 'e' }),
    ],
    [
      'shared-epoch',
      'one epoch for two groups',
      new Script().hello(1, 0, welcome(0, 0)).in(1).hello(2, 0, welcome(0, 0)),
    ],
    ['too-large', 'a payload above the limit', new Script().push(1, 'x1', ack(1), undefined, { size: 101 })],
    [
      'over-quota',
      'more than the group may hold',
      new Script()
        .push(1, 'x1', ack(1), undefined, { size: 100 })
        .push(1, 'x2', ack(2), undefined, { size: 100 })
        .push(1, 'x3', ack(3), undefined, { size: 33 }),
    ],
    ['early-quota', 'full with room left', two().push(1, 'z3', error(2002), undefined, { size: 100 })],
    ['full-for-repeat', 'no room for what is there', two().push(1, 'x1', error(2002))],
    [
      'torn-push',
      'a Push whose last byte never came',
      new Script().push(1, 'x1', undefined, undefined, { isTorn: true }).pull(11, 0, page('x1@1')),
    ],
    [
      'expired',
      'a blob after its time',
      new Script().push(1, 'x1', ack(1), undefined, { ttl: 1 }).elapse(1200).pull(11, 0, page('x1@1')),
    ],
    [
      'stale-read',
      'a blob that goes too early',
      new Script().push(1, 'x1', ack(1), undefined, { ttl: 3 }).elapse(1500).pull(11, 0, page('')),
    ],
    [
      'expired-through',
      'an expiry that is not said',
      new Script().push(1, 'x1', ack(1), undefined, { ttl: 1 }).elapse(1200).hello(11, 0, welcome(1, 0)),
    ],
    [
      'expired-through',
      'an expiry of what lives',
      new Script().push(1, 'x1', ack(1)).hello(11, 0, welcome(1, 1, 'e', 1)),
    ],
    [
      'lost-by-kill',
      'an acknowledged blob lost',
      new Script().push(1, 'x1', ack(1)).fault('kill').pull(11, 0, page('')),
    ],
    [
      'reused-cursor',
      'a cursor given again after a kill',
      new Script().push(1, 'x1', ack(1)).fault('kill').push(11, 'y2', ack(1)),
    ],
    [
      'reused-cursor',
      'a cursor of a Welcome given again',
      new Script().push(1, 'x1', undefined).hello(11, 0, welcome(1, 1)).fault('kill').push(11, 'y2', ack(1)),
    ],
    [
      'moved-by-restart',
      'a new number for a repeat after a restart',
      new Script().push(1, 'x1', ack(1)).fault('restart').push(1, 'x1', ack(2)),
    ],
    ['own-notify', 'a Notify for its own Push', new Script().push(1, 'x1', ack(1)).notify(1, 1)],
    [
      'early-notify',
      'a Notify for what cannot be pulled',
      new Script().push(1, 'x1', ack(1)).around((s) => s.notify(11, 1).pull(11, 0, page(''))),
    ],
    [
      'notify-cursor',
      'a Notify of another group',
      new Script().push(1, 'x1', ack(1)).in(1).push(2, 'x1', ack(1)).notify(12, 2),
    ],
    ['notify-count', 'more than there are', new Script().push(1, 'x1', ack(1)).notify(11, 1, 2)],
    ['notify-count', 'own ones counted', new Script().push(11, 'x1', ack(1)).push(1, 'y2', ack(2)).notify(11, 2, 2)],
    [
      'has-more',
      'a blob that a Pull has shown is not there',
      new Script().push(1, 'x1', undefined).pull(1, 0, page('x1@1')).pull(11, 0, page('')),
    ],
    [
      'no-more',
      'more where nothing can be',
      new Script().push(1, 'x1', ack(1)).pull(11, 0, page('x1@1', { hasMore: true })),
    ],
  ])('of %s is found: %s', (rule, _, script) => {
    expect(rulesOf(script)).toContain(rule);
  });
});

it('a superfluous Notify, which stands for nothing new, breaks no rule', () => {
  expect(rulesOf(new Script().push(1, 'x1', ack(1)).notify(11, 1).notify(11, 1, 0))).toEqual([]);
});

describe('a relay with a race', () => {
  const bugs: Record<Bug, Rule[]> = {
    'ack before it is visible': ['stale-read', 'request-order', 'content'],
    'cursor before commit': ['late-cursor', 'stale-read', 'request-order', 'content'],
    'check then act': ['moved-blob', 'shared-cursor', 'double-accept'],
    'requests at once': ['request-order'],
  };
  it.each(Object.entries(bugs))('is caught: %s', (bug, expected) => {
    let caught = 0;
    for (let seed = 0; seed < 40; seed++) {
      const found = checkHistory(simulate(seed, bug as Bug, 120));
      if (found.some(({ rule }) => expected.includes(rule))) caught++;
    }
    // Not each schedule shows a race; a good part of them must.
    expect(caught).toBeGreaterThan(10);
  });
});

it('takes time in proportion to the history', () => {
  const sizes = [500, 4000].map((requests) => {
    const history = simulate(7, undefined, requests);
    const began = process.cpuUsage();
    checkHistory(history);
    const { user, system } = process.cpuUsage(began);
    const work = history.operations.reduce(
      (sum, o) => sum + (o.answer && 'blobs' in o.answer ? o.answer.blobs.length : 1),
      0,
    );
    return (user + system) / work;
  });
  // Quadratic work would be eight times as much for each blob; a factor of five leaves room for a warm-up.
  expect(sizes[1]! / sizes[0]!).toBeLessThan(5);
});
