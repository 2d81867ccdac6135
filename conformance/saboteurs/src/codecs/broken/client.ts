import type { BrokenCodec } from '../broken.ts';

const CURSORS = 'reference/src/client/cursor-tracker.ts';
const BACKOFF = 'reference/src/client/backoff.ts';
const DRIVER = 'conformance/saboteurs/src/codecs/driver.ts';

/** Codecs whose cursor tracker or backoff is wrong. */
export const brokenClients: readonly BrokenCodec[] = [
  {
    name: 'codec-cursors-of-53-bits',
    breaks: ['CLI-08'],
    harm: 'late in the life of a group a blob is skipped',
    patches: [
      {
        file: DRIVER,
        find: "{ type: 'received', cursor: BigInt(cursor) }",
        replace: "{ type: 'received', cursor: BigInt(Number(cursor)) }",
      },
    ],
  },
  {
    name: 'codec-cursors-below-a-page-had',
    breaks: ['CLI-04'],
    harm: 'blobs below the page, that nobody asked for, are skipped',
    patches: [
      {
        file: CURSORS,
        find: 'return have(state, event.after_cursor + 1n, event.max_cursor);',
        replace:
          'return have(state, event.max_cursor > event.after_cursor ? 1n : event.max_cursor + 1n, event.max_cursor);',
      },
    ],
  },
  {
    name: 'codec-cursors-jump-over-an-empty-page',
    breaks: ['CLI-06'],
    harm: 'after a pull beyond the end all that comes later is skipped',
    patches: [
      {
        file: CURSORS,
        find: 'return have(state, event.after_cursor + 1n, event.max_cursor);',
        replace:
          'return have(state, event.max_cursor > event.after_cursor ? event.after_cursor + 1n : event.max_cursor, event.max_cursor);',
      },
    ],
  },
  {
    name: 'codec-cursors-beyond-the-last-gap-forgotten',
    breaks: ['CLI-10'],
    harm: 'a wicked relay makes a device skip blobs',
    patches: [
      {
        file: CURSORS,
        find: 'return [...gaps.slice(0, MOST_GAPS - 1), { first, last: gaps.at(-1)!.last }];',
        replace: 'return gaps.slice(0, MOST_GAPS);',
      },
    ],
  },
  {
    name: 'codec-backoff-overflows',
    breaks: ['CLI-13'],
    harm: 'from the 32nd attempt on devices hammer a relay that is down',
    patches: [{ file: BACKOFF, find: 'first_ms * 2 ** (attempt - 1)', replace: 'first_ms * (1 << (attempt - 1))' }],
  },
  {
    name: 'codec-backoff-never-begins-again',
    breaks: ['CLI-15'],
    harm: 'after one bad night every hiccup costs half a minute',
    patches: [{ file: BACKOFF, find: 'return { attempts: 0, action', replace: 'return { attempts, action' }],
  },
  {
    name: 'codec-backoff-stops-at-an-unknown-code',
    breaks: ['CLI-16'],
    harm: 'a later version of the relay shuts older devices out for ever',
    patches: [
      {
        file: BACKOFF,
        find: 'reactions.get(event.code) : undefined;',
        replace: "(reactions.get(event.code) ?? 'stop') : undefined;",
      },
    ],
  },
  {
    name: 'codec-retry-after-of-32-bits',
    breaks: ['CLI-17'],
    harm: 'the device comes back at once to a relay that asked for weeks',
    patches: [
      { file: BACKOFF, find: '(event.retry_after_ms ?? 0n)', replace: 'BigInt.asIntN(32, event.retry_after_ms ?? 0n)' },
    ],
  },
];
