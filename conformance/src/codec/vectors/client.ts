/** What a client keeps by itself: the cursors that it has, and how long it waits. */
import type { Values } from '../driver-process.ts';
import { allowedBy, type Subject, subject } from './subject.ts';
import type { Vector } from './vector-file.ts';

/** An event or a gap may stand for so many, each `step` above the one before. */
interface Series {
  step?: string;
  times?: number;
}

interface Track {
  start: string;
  events: (
    | ({ received: string } & Series)
    | { page: { after_cursor: string; max_cursor: string; has_more: boolean } }
    | { reset: true }
  )[];
  state: { highest: string; contiguous: string; gaps: ({ first: string; last: string } & Series)[] };
}

interface Step {
  event: string;
  code?: number;
  retry_after_ms?: string;
  jitter?: number;
  action?: string;
  delay?: string;
}

const offsets = ({ step = '0', times = 1 }: Series) =>
  Array.from({ length: times }, (_, index) => BigInt(step) * BigInt(index));

const above = (cursor: string, offset: bigint) => String(BigInt(cursor) + offset);

function eventsOf(event: Track['events'][number]): Values[] {
  if ('reset' in event) return [{ event: 'reset' }];
  if ('page' in event) return [{ event: 'page', ...event.page }];
  return offsets(event).map((offset) => ({ event: 'received', cursor: above(event.received, offset) }));
}

const gapsOf = (gap: Track['state']['gaps'][number]) =>
  offsets(gap).map((offset) => ({ first: above(gap.first, offset), last: above(gap.last, offset) }));

const track: Subject = {
  op: 'track-cursors',
  file: 'cursor-tracker',
  group: 'Track',
  trials(vector) {
    const { start, events, state } = vector as Vector & Track;
    const asked = events.flatMap(eventsOf);
    // What is refused is the last event, and the operation says so in its outputs.
    const isRefused = vector.error === 'out-of-range';
    const ok = {
      highest: state.highest,
      contiguous: state.contiguous,
      gaps: state.gaps.flatMap(gapsOf),
      refused: isRefused ? [asked.length - 1] : [],
    };
    const allowed = isRefused ? { ok: [ok] } : allowedBy(vector, ok);
    return [{ op: 'track-cursors', input: { start, events: asked }, allowed }];
  },
};

export const CLIENT_SUBJECTS: readonly Subject[] = [
  track,
  subject<{ attempt: number; jitter: number; delay: string }>(
    { op: 'backoff-delay', file: 'backoff', group: 'Delay' },
    ({ attempt, jitter, delay }) => ({ input: { attempt, jitter }, ok: { delay } }),
  ),
  subject<{ steps: Step[] }>({ op: 'retry-schedule', file: 'backoff', group: 'Schedule' }, ({ steps }) => ({
    // Vectors leave the random part out where it does not come to a wait.
    input: { events: steps.map(({ action: _, delay: __, jitter = 0, ...event }) => ({ ...event, jitter })) },
    ok: { actions: steps.map(({ action = 'none', delay }) => ({ action, ...(delay !== undefined && { delay }) })) },
  })),
];
