import fc from 'fast-check';
import { expect, it, test } from 'vitest';
import { type CursorEvent, type CursorState, startCursors, trackCursors } from './cursor-tracker.ts';

const END = 40;
const cursor = fc.integer({ min: 1, max: END }).map(BigInt);
const event: fc.Arbitrary<CursorEvent> = fc.oneof(
  { weight: 5, arbitrary: cursor.map((cursor) => ({ type: 'received' as const, cursor })) },
  {
    weight: 3,
    arbitrary: fc.tuple(fc.integer({ min: 0, max: END }), fc.integer({ min: 0, max: 10 })).map(([after, more]) => ({
      type: 'page' as const,
      after_cursor: BigInt(after),
      max_cursor: BigInt(Math.min(END, after + more)),
    })),
  },
  { weight: 1, arbitrary: fc.constant({ type: 'reset' as const }) },
);

/** The same by a set of the cursors that are had. */
function had(start: number, events: readonly CursorEvent[]): Set<bigint> {
  const upTo = (last: bigint, after = 0n) =>
    Array.from({ length: Number(last - after) }, (_, n) => after + BigInt(n) + 1n);
  return events.reduce(
    (set, event) => {
      if (event.type === 'reset') return new Set<bigint>();
      if (event.type === 'received') return set.add(event.cursor);
      for (const each of upTo(event.max_cursor, event.after_cursor)) set.add(each);
      return set;
    },
    new Set(upTo(BigInt(start))),
  );
}

function missing({ gaps }: CursorState): bigint[] {
  return gaps.flatMap(({ first, last }) =>
    Array.from({ length: Number(last - first) + 1 }, (_, n) => first + BigInt(n)),
  );
}

test('agrees with a set of cursors, in any order of events', () => {
  fc.assert(
    fc.property(fc.nat({ max: 10 }), fc.array(event, { maxLength: 30 }), (start, events) => {
      const state = events.reduce(trackCursors, startCursors(BigInt(start)));
      const set = had(start, events);
      const all = Array.from({ length: END }, (_, n) => BigInt(n + 1));
      const highest = all.findLast((each) => set.has(each)) ?? 0n;
      expect(state.highest).toBe(highest);
      expect(state.contiguous).toBe((all.find((each) => !set.has(each)) ?? BigInt(END + 1)) - 1n);
      expect(missing(state)).toEqual(all.filter((each) => each < highest && !set.has(each)));
    }),
    { numRuns: 500 },
  );
});

test('gaps are ascending, apart from each other and between contiguous and highest', () => {
  fc.assert(
    fc.property(fc.array(event, { maxLength: 30 }), (events) => {
      const { contiguous, gaps, highest } = events.reduce(trackCursors, startCursors());
      const ends = [contiguous, ...gaps.map(({ last }) => last)];
      gaps.forEach(({ first, last }, index) => {
        expect(first).toBeGreaterThan(index === 0 ? contiguous : ends[index]! + 1n);
        expect(last).toBeGreaterThanOrEqual(first);
        expect(last).toBeLessThan(highest);
      });
    }),
  );
});

it('leaves the state that it was given as it is', () => {
  const state = [5n, 9n].reduce((before, cursor) => trackCursors(before, { type: 'received', cursor }), startCursors());
  const before = structuredClone(state);
  trackCursors(state, { type: 'page', after_cursor: 0n, max_cursor: 7n });
  trackCursors(state, { type: 'received', cursor: 7n });
  expect(state).toEqual(before);
});

it('refuses what no relay can say (CLI-12)', () => {
  expect(() => trackCursors(startCursors(), { type: 'received', cursor: 0n })).toThrow(RangeError);
  expect(() => trackCursors(startCursors(), { type: 'page', after_cursor: 2n, max_cursor: 1n })).toThrow(RangeError);
});

it('never takes for contiguous what was forgotten beyond the cap (CLI-10)', () => {
  let state = startCursors();
  for (let cursor = 2n; cursor <= 20_040n; cursor += 2n) state = trackCursors(state, { type: 'received', cursor });
  expect(state.gaps).toHaveLength(10_000);
  for (let cursor = 1n; cursor <= 19_997n; cursor += 2n) state = trackCursors(state, { type: 'received', cursor });
  expect(state).toEqual({ highest: 20_040n, contiguous: 19_998n, gaps: [{ first: 19_999n, last: 20_039n }] });
});
