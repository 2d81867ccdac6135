/** Random histories of a client: cursors in any order, and connections and requests that fail. */
import {
  backoffDelay,
  type CursorEvent,
  MAX_JITTER_MS,
  type RetryEvent,
  retry,
  startCursors,
  trackCursors,
} from '@0k-sync/reference';
import { ERRORS } from '@0k-sync/spec';
import fc from 'fast-check';
import type { SampledTrial, Sampling } from './sampling.ts';
import { shown } from './sampling.ts';

const LAST = 2n ** 64n - 1n;

/** Few of them, so that they meet; counted from where the client is, and wherever numbers become inexact. */
const places = fc.tuple(fc.constantFrom(0n, 1n, 7n, 2n ** 53n - 4n, 2n ** 63n - 4n, LAST - 24n), fc.nat({ max: 24 }));

interface Happening {
  readonly kind: 'received' | 'page' | 'reset';
  readonly offset: number;
  readonly length: number;
  readonly has_more: boolean;
}

/** A cursor of 0 and a page that goes back are among them now and then. */
const happening: fc.Arbitrary<Happening> = fc.record({
  kind: fc.oneof(
    { weight: 8, arbitrary: fc.constant('received' as const) },
    { weight: 6, arbitrary: fc.constant('page' as const) },
    { weight: 1, arbitrary: fc.constant('reset' as const) },
  ),
  offset: fc.nat({ max: 24 }),
  length: fc.integer({ min: -1, max: 8 }),
  has_more: fc.boolean(),
});

const histories = fc
  .tuple(places, fc.array(happening, { maxLength: 30, size: 'max' }))
  .map(([[base, ahead], happenings]): SampledTrial => {
    const start = base + BigInt(ahead) > LAST ? LAST : base + BigInt(ahead);
    let requirement = 'CLI-02';
    let state = startCursors(start);
    const refused: number[] = [];
    const events = happenings.map(({ kind, offset, length, has_more }, index) => {
      const cursor = base + BigInt(offset) > LAST ? LAST : base + BigInt(offset);
      const end = cursor + BigInt(length);
      const max_cursor = end > LAST ? LAST : end < 0n ? 0n : end;
      const event: CursorEvent =
        kind === 'received'
          ? { type: 'received', cursor }
          : kind === 'page'
            ? { type: 'page', after_cursor: cursor, max_cursor }
            : { type: 'reset' };
      requirement = ruleOfCursors(event, state.contiguous);
      try {
        state = trackCursors(state, event);
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
        refused.push(index);
      }
      const { type, ...figures } = event;
      return { event: type, ...figures, ...(type === 'page' && { has_more }) };
    });
    return {
      op: 'track-cursors',
      input: { start: String(start), events: shown(events) },
      allowed: { ok: [{ ...(shown(state) as object), refused }] },
      requirement,
    };
  });

/** The rule for an event. In the smallest history that is answered wrongly, the last event is the one that matters. */
function ruleOfCursors(event: CursorEvent, contiguous: bigint): string {
  if (event.type === 'reset') return 'CLI-11';
  if (event.type === 'received') return event.cursor === 0n ? 'CLI-12' : 'CLI-02';
  if (event.max_cursor < event.after_cursor) return 'CLI-12';
  if (event.max_cursor === event.after_cursor) return 'CLI-06';
  return event.after_cursor > contiguous ? 'CLI-04' : 'CLI-03';
}

const jitter = fc.oneof(fc.constantFrom(0, MAX_JITTER_MS), fc.nat({ max: MAX_JITTER_MS }));

const delays = fc
  .tuple(
    fc.oneof(fc.integer({ min: 0, max: 70 }), fc.constantFrom(1024, 2 ** 31, 2 ** 32, 2 ** 53 - 1)),
    fc.oneof({ weight: 5, arbitrary: jitter }, { weight: 1, arbitrary: fc.constantFrom(5001, 65_536, 2 ** 32) }),
  )
  .map(([attempt, part]): SampledTrial => {
    const isRight = attempt >= 1 && part <= MAX_JITTER_MS;
    return {
      op: 'backoff-delay',
      input: { attempt, jitter: part },
      allowed: isRight ? { ok: [{ delay: String(backoffDelay(attempt, part)) }] } : { errors: ['out-of-range'] },
    };
  });

const reactions = new Map<number, string>(Object.values(ERRORS).map(({ code, client }) => [code, client]));

const retryEvent: fc.Arbitrary<RetryEvent> = fc.oneof(
  { weight: 4, arbitrary: fc.constant<RetryEvent>({ type: 'lost' }) },
  { weight: 1, arbitrary: fc.constant<RetryEvent>({ type: 'succeeded' }) },
  {
    weight: 5,
    arbitrary: fc
      .tuple(
        fc.constantFrom(...reactions.keys(), 999, 1999, 4000, 2 ** 32 - 1),
        fc.option(fc.constantFrom(0n, 1n, 999n, 36_000n, 2n ** 31n, 2n ** 32n, 2n ** 53n + 1n, LAST)),
      )
      .map(([code, told]): RetryEvent => ({ type: 'error', code, ...(told !== null && { retry_after_ms: told }) })),
  },
);

/** Ever more failures, now and then a success. */
const schedules = fc.array(fc.tuple(retryEvent, jitter), { maxLength: 20, size: 'max' }).map((steps): SampledTrial => {
  let attempts = 0;
  const actions = steps.map(([event, part]) => {
    const next = retry(attempts, event, part);
    attempts = next.attempts;
    const { type, ...rest } = next.action;
    return { action: type, ...('ms' in rest && { delay: String(rest.ms) }) };
  });
  const events = steps.map(([{ type, ...rest }, part]) => ({ event: type, ...rest, jitter: part }));
  return {
    op: 'retry-schedule',
    input: { events: shown(events) },
    allowed: { ok: [{ actions }] },
    requirement: ruleOfRetries(steps.map(([event]) => event)),
  };
});

/** The rule for the last event: see `ruleOfCursors`. */
function ruleOfRetries(events: readonly RetryEvent[]): string {
  const last = events.at(-1);
  if (events.some(({ type }) => type === 'succeeded')) return 'CLI-15';
  if (last?.type !== 'error') return 'CLI-13';
  switch (reactions.get(last.code)) {
    case undefined:
      return last.retry_after_ms === undefined ? 'CLI-16' : 'CLI-18';
    case 'stop':
      return 'ERR-18';
    case 'report':
      return 'CLI-19';
    case 'wait':
      return (last.retry_after_ms ?? 0n) > 2n ** 53n ? 'CLI-17' : 'ERR-19';
    default:
      return last.retry_after_ms === undefined ? 'ERR-20' : 'CLI-18';
  }
}

export const CLIENT_SAMPLINGS: readonly Sampling[] = [
  {
    id: 'CLI-02/random-track-cursors',
    title: 'the cursors of a client after random blobs and pages, in any order, some of them refused',
    requirements: [
      ...['CLI-01', 'CLI-03', 'CLI-04', 'CLI-05', 'CLI-06', 'CLI-07', 'CLI-08', 'CLI-09', 'CLI-11', 'CLI-12'],
    ],
    op: 'track-cursors',
    runs: 500,
    trials: () => histories,
  },
  {
    id: 'CLI-13/random-backoff-delay',
    title: 'random waits of the backoff',
    op: 'backoff-delay',
    runs: 100,
    trials: () => delays,
  },
  {
    id: 'CLI-13/random-retry-schedule',
    title: 'what a client does after random failures and successes, one after the other',
    requirements: ['CLI-15', 'CLI-16', 'CLI-17', 'CLI-18', 'CLI-19', 'ERR-18', 'ERR-19', 'ERR-20'],
    op: 'retry-schedule',
    runs: 250,
    trials: () => schedules,
  },
];
