/**
 * Which cursors of a relay a client has, as a pure function: state and event give the next state. A PullResponse says of all
 * cursors between its two ends that nothing else is there, so that holes are no gaps (CLI-01 to CLI-12).
 */
import { CLIENT } from '@0k-sync/spec';

/** A run of cursors that may still hold blobs, both ends included. */
export interface CursorGap {
  readonly first: bigint;
  readonly last: bigint;
}

export interface CursorState {
  /** The largest cursor that was received, or that a page with blobs reached; 0 for none. */
  readonly highest: bigint;
  /** Everything up to here was received, or is known to be no blob. What the client pulls from. */
  readonly contiguous: bigint;
  /** What is missing above `contiguous`, ascending, at most 10,000 runs. */
  readonly gaps: readonly CursorGap[];
}

export type CursorEvent =
  /** One blob, however the client learned of its cursor. */
  | { readonly type: 'received'; readonly cursor: bigint }
  /** A PullResponse, and the after_cursor that it answers. */
  | { readonly type: 'page'; readonly after_cursor: bigint; readonly max_cursor: bigint }
  /** The relay has lost its state. */
  | { readonly type: 'reset' };

const MOST_GAPS = CLIENT.cursor_tracker.most_gaps;

/** The state of a client that has everything up to `contiguous`, as a store remembers it. */
export function startCursors(contiguous = 0n): CursorState {
  return { highest: contiguous, contiguous, gaps: [] };
}

/** @throws RangeError: cursor 0, or a page whose max_cursor is below its after_cursor (CLI-12) */
export function trackCursors(state: CursorState, event: CursorEvent): CursorState {
  switch (event.type) {
    case 'received':
      if (event.cursor < 1n) throw new RangeError('no blob has cursor 0');
      return have(state, event.cursor, event.cursor);
    case 'page':
      if (event.max_cursor < event.after_cursor) {
        throw new RangeError('the max_cursor of a page is below the after_cursor that it answers');
      }
      return have(state, event.after_cursor + 1n, event.max_cursor);
    case 'reset':
      return startCursors();
  }
}

/** Takes first to last out of what is missing; nothing if first is above last, which is an empty page (CLI-06). */
function have(state: CursorState, first: bigint, last: bigint): CursorState {
  if (first > last || last <= state.contiguous) return state;
  const { highest } = state;
  const known = highest >= first ? state.gaps : added(state.gaps, { first: highest + 1n, last: first - 1n });
  const gaps = limited(without(known, first, last));
  const top = last > highest ? last : highest;
  return { highest: top, contiguous: gaps.length === 0 ? top : gaps[0]!.first - 1n, gaps };
}

function added(gaps: readonly CursorGap[], gap: CursorGap): readonly CursorGap[] {
  return gap.first > gap.last ? gaps : [...gaps, gap];
}

function without(gaps: readonly CursorGap[], first: bigint, last: bigint): readonly CursorGap[] {
  const low = firstIndex(gaps, (gap) => gap.last >= first);
  const high = firstIndex(gaps, (gap) => gap.first > last);
  if (low === high) return gaps;
  const below = { first: gaps[low]!.first, last: first - 1n };
  const above = { first: last + 1n, last: gaps[high - 1]!.last };
  return gaps.toSpliced(low, high - low, ...[below, above].filter((gap) => gap.first <= gap.last));
}

/** The last gap that is kept takes in all above it: what is pulled again is no loss, what is skipped is (CLI-10). */
function limited(gaps: readonly CursorGap[]): readonly CursorGap[] {
  if (gaps.length <= MOST_GAPS) return gaps;
  const { first } = gaps[MOST_GAPS - 1]!;
  return [...gaps.slice(0, MOST_GAPS - 1), { first, last: gaps.at(-1)!.last }];
}

/** The first index from which on `holds` is true, by halving; the length if it never is. */
function firstIndex(gaps: readonly CursorGap[], holds: (gap: CursorGap) => boolean): number {
  let low = 0;
  let high = gaps.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(gaps[middle]!)) high = middle;
    else low = middle + 1;
  }
  return low;
}
