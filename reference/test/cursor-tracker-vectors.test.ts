/** Every vector of vectors/cursor-tracker.json. */
import { expect, test } from 'vitest';
import { type CursorEvent, type CursorState, startCursors, trackCursors } from '../src/index.ts';
import { VectorFile } from './vector-file.ts';

type Series = { step?: string; times?: number };
type EventVector =
  | ({ received: string } & Series)
  | { page: { after_cursor: string; max_cursor: string; has_more: boolean } }
  | { reset: true };

interface TrackVector {
  start: string;
  events: EventVector[];
  state: { highest: string; contiguous: string; gaps: ({ first: string; last: string } & Series)[] };
}

const file = new VectorFile('cursor-tracker');

/** The offsets of a series, one of 0 for what is none. */
const offsets = ({ step = '0', times = 1 }: Series) =>
  Array.from({ length: times }, (_, n) => BigInt(step) * BigInt(n));

function eventsOf(event: EventVector): CursorEvent[] {
  if ('reset' in event) return [{ type: 'reset' }];
  if ('received' in event) {
    return offsets(event).map((offset) => ({ type: 'received', cursor: BigInt(event.received) + offset }));
  }
  const { after_cursor, max_cursor } = event.page;
  return [{ type: 'page', after_cursor: BigInt(after_cursor), max_cursor: BigInt(max_cursor) }];
}

function stateOf({ highest, contiguous, gaps }: TrackVector['state']): CursorState {
  return {
    highest: BigInt(highest),
    contiguous: BigInt(contiguous),
    gaps: gaps.flatMap((gap) =>
      offsets(gap).map((offset) => ({ first: BigInt(gap.first) + offset, last: BigInt(gap.last) + offset })),
    ),
  };
}

/** `toEqual` takes seconds for ten thousand gaps. */
const textOf = (state: CursorState) =>
  JSON.stringify(state, (_, value) => (typeof value === 'bigint' ? `${value}` : value));

test('every vector', () => {
  file.each<TrackVector>('Track', (vector, name) => {
    const events = vector.events.flatMap(eventsOf);
    const last = vector.error === 'out-of-range' ? events.pop() : undefined;
    const state = events.reduce(trackCursors, startCursors(BigInt(vector.start)));
    const right = textOf(state) === textOf(stateOf(vector.state));
    expect(right, name).toBe(vector.error !== 'mismatch');
    if (last) expect(() => trackCursors(state, last), name).toThrow(RangeError);
  });
  expect(file.ran).toBe(file.numberOfTests);
});
