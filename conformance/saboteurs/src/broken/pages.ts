import { createHash } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import type { Broken } from '../saboteur.ts';
import { SOURCE } from '../sources.ts';
import { withStorage } from '../with-storage.ts';

const keyOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** Hides blobs from pulls until `ms` after they were stored; `acknowledged` at once, or only then. */
const hiddenFor = (ms: number, isHidden: (cursor: bigint) => boolean, acknowledged: 'at once' | 'then') =>
  withStorage((storage) => {
    const hidden = new Map<string, Set<bigint>>();
    const underWay = new Map<string, Promise<unknown>>();
    return {
      async push(request) {
        const stored = await storage.push(request);
        if ('refused' in stored || !stored.fresh || !isHidden(stored.cursor)) return stored;
        const key = keyOf(request.group.id);
        const own = hidden.get(key) ?? new Set();
        hidden.set(key, own.add(stored.cursor));
        const visible = setTimeout(ms).then(() => own.delete(stored.cursor));
        if (acknowledged === 'then') {
          underWay.set(keyOf(request.sender), visible);
          await visible;
        }
        return stored;
      },
      async pull(request) {
        // The pusher itself finds what it sent.
        await underWay.get(keyOf(request.device));
        const page = await storage.pull(request);
        const own = hidden.get(keyOf(request.group.id));
        if ('refused' in page || !own) return page;
        const blobs = page.blobs.filter(({ cursor }) => !own.has(cursor));
        const hasMore = page.hasMore && blobs.length > 0;
        return { ...page, blobs, hasMore, maxCursor: blobs.at(-1)?.cursor ?? request.after };
      },
    };
  });

/** What a Pull returns, and how it is paged. */
export const brokenPages: readonly Broken[] = [
  {
    name: 'after-cursor-inclusive',
    breaks: ['CUR-30'],
    harm: 'devices are sent again and again what they hold',
    patches: [
      {
        file: SOURCE.pull,
        find: 'group_no = ? AND cursor > ? AND expires_at > ?',
        replace: 'group_no = ? AND cursor >= ? AND expires_at > ?',
      },
    ],
  },
  {
    name: 'newest-first',
    breaks: ['CUR-31'],
    harm: 'a client that stops in mid-page skips what was sent out of order',
    parts: withStorage((storage) => ({
      async pull(request) {
        const page = await storage.pull(request);
        return 'refused' in page ? page : { ...page, blobs: page.blobs.toReversed() };
      },
    })),
  },
  {
    name: 'blob-skipped-between-pages',
    breaks: ['CUR-32'],
    harm: 'a new device begins with an incomplete history',
    parts: withStorage((storage) => ({
      async pull(request) {
        const after = request.after > 0n && request.limit < 7 ? request.after + 1n : request.after;
        return await storage.pull({ ...request, after });
      },
    })),
  },
  {
    name: 'own-blobs-left-out',
    breaks: ['CUR-33'],
    harm: 'a reinstalled app that kept its key never gets its own data back',
    patches: [
      {
        file: SOURCE.pull,
        find: 'AND cursor <= ? ORDER BY cursor`,\n    group.no,\n    after,\n    store.now,\n    last,',
        replace:
          'AND cursor <= ? AND sender <> ? ORDER BY cursor`,\n    group.no,\n    after,\n    store.now,\n    last,\n    request.device,',
      },
      {
        file: SOURCE.pull,
        find: ' ORDER BY cursor`,\n    group.no,\n    after,\n    store.now,\n  );',
        replace:
          ' AND sender <> ? ORDER BY cursor`,\n    group.no,\n    after,\n    store.now,\n    request.device,\n  );',
      },
    ],
  },
  {
    name: 'stale-replica',
    breaks: ['CUR-37'],
    harm: 'a device that is told of an edit pulls and gets nothing',
    parts: hiddenFor(40, () => true, 'at once'),
  },
  {
    name: 'late-lower-cursor',
    breaks: ['CUR-38'],
    harm: 'a device pulls past a blob that appears below its cursor a moment later, and never sees it',
    parts: hiddenFor(60, (cursor) => cursor % 2n === 1n, 'then'),
  },
  {
    name: 'more-denied-at-page-end',
    breaks: ['CUR-39'],
    harm: 'the last blob is not pulled where it alone does not fit into a page',
    patches: [
      {
        file: SOURCE.pull,
        find: '  // More than a frame holds: the lowest',
        replace: '  if (last === group.maxCursor - 1n) hasMore = false;\n  // More than a frame holds: the lowest',
      },
    ],
  },
  {
    name: 'more-promised-at-page-end',
    breaks: ['CUR-40'],
    harm: 'a device asks on and on where its history ends exactly with a page',
    patches: [
      {
        file: SOURCE.pull,
        find: '  // More than a frame holds: the lowest',
        replace: '  if (count === request.limit) hasMore = true;\n  // More than a frame holds: the lowest',
      },
    ],
  },
  {
    name: 'more-promised-at-a-hundred',
    breaks: ['CUR-40'],
    harm: 'a device whose history ends with the hundredth blob asks on and on',
    patches: [
      {
        file: SOURCE.pull,
        find: '  // More than a frame holds: the lowest',
        replace: '  if (count === 100) hasMore = true;\n  // More than a frame holds: the lowest',
      },
    ],
  },
  {
    name: 'more-counts-expired',
    breaks: ['CUR-40'],
    harm: 'a device asks on and on for what has expired',
    patches: [
      {
        file: SOURCE.pull,
        find: '  // More than a frame holds: the lowest',
        replace:
          '  if (last !== undefined && last < group.maxCursor) hasMore = true;\n  // More than a frame holds: the lowest',
      },
    ],
  },
  {
    name: 'max-cursor-of-the-group',
    breaks: ['CUR-41'],
    harm: 'a device goes on behind blobs that it never got',
    parts: withStorage((storage) => ({
      async pull(request) {
        const page = await storage.pull(request);
        if ('refused' in page || page.blobs.length === 0) return page;
        const rest = await storage.pull({
          ...request,
          after: page.maxCursor,
          limit: 1000,
          maxBytes: 1,
          epoch: undefined,
        });
        return { ...page, maxCursor: 'refused' in rest || rest.blobs.length === 0 ? page.maxCursor : rest.maxCursor };
      },
    })),
  },
  {
    name: 'max-cursor-of-the-group-if-empty',
    breaks: ['CUR-41'],
    harm: 'a device whose relay was restored from a backup does not notice it',
    patches: [
      {
        file: SOURCE.pull,
        find: 'if (last === undefined) return { blobs: [], hasMore, maxCursor: request.after, damaged };',
        replace: 'if (last === undefined) return { blobs: [], hasMore, maxCursor: group.maxCursor, damaged };',
      },
    ],
  },
  {
    name: 'limit-zero-is-all',
    breaks: ['CUR-42'],
    harm: 'a phone gets a page ten times as long as it has room for',
    patches: [
      {
        file: SOURCE.requests,
        find: 'message.limit || FIXED_LIMITS.default_pull_limit',
        replace: 'message.limit || 1000',
      },
    ],
  },
  {
    name: 'limit-plus-one',
    breaks: ['CUR-44'],
    harm: 'a client with room for so many blobs gets one more',
    patches: [{ file: SOURCE.pull, find: 'count === request.limit ||', replace: 'count === request.limit + 1 ||' }],
  },
  {
    name: 'frame-limit-missed-by-large-blobs',
    breaks: ['CUR-45'],
    harm: 'a client that holds the relay to its limit ends the session, again and again',
    patches: [
      {
        file: SOURCE.requests,
        find: 'maxBytes: MAX_BODY.bin - PAGE_OVERHEAD,',
        replace: 'maxBytes: MAX_BODY.bin + 2 ** 18,',
      },
      {
        file: 'reference/src/codec/message.ts',
        find: 'if (size > MAX_BODY[encoding]) {',
        replace: 'if (size > 2 * MAX_BODY[encoding]) {',
      },
    ],
  },
  {
    name: 'page-too-large-to-be-sent',
    breaks: ['CUR-45'],
    harm: 'two large blobs in a row, and no device gets any further',
    patches: [
      {
        file: SOURCE.requests,
        find: 'maxBytes: MAX_BODY.bin - PAGE_OVERHEAD,',
        replace: 'maxBytes: MAX_BODY.bin + 2 ** 18,',
      },
    ],
  },
  {
    name: 'page-of-many-too-large-to-be-sent',
    breaks: ['CUR-45'],
    harm: 'a thousand blobs in a row, and no device gets any further',
    patches: [{ file: SOURCE.requests, find: 'overhead: BLOB_OVERHEAD,', replace: 'overhead: 0,' }],
  },
  {
    name: 'largest-blob-fits-no-page',
    breaks: ['CUR-46'],
    harm: 'one large blob, and no device gets anything behind it',
    patches: [
      {
        file: SOURCE.pull,
        find: '(count > 0 && bytes + listed > request.maxBytes)',
        replace: '(bytes + listed > request.maxBytes)',
      },
      { file: SOURCE.requests, find: 'maxBytes: MAX_BODY.bin - PAGE_OVERHEAD,', replace: 'maxBytes: 500_000,' },
    ],
  },
  {
    name: 'after-cursor-signed',
    breaks: ['CUR-47'],
    harm: 'a client with a broken cursor is sent everything, again and again',
    patches: [
      {
        file: SOURCE.store,
        find: 'cursor > LARGEST_INTEGER ? LARGEST_INTEGER : cursor',
        replace: 'BigInt.asIntN(64, cursor)',
      },
    ],
  },
  {
    name: 'after-cursor-of-53-bits',
    breaks: ['CUR-47'],
    harm: 'a client that gives its own large cursor gets another one back',
    patches: [
      {
        file: SOURCE.pull,
        find: 'if (last === undefined) return { blobs: [], hasMore, maxCursor: request.after, damaged };',
        replace:
          'if (last === undefined) return { blobs: [], hasMore, maxCursor: BigInt(Number(request.after)) & (2n ** 64n - 1n), damaged };',
      },
    ],
  },
  {
    name: 'beyond-the-end-refused',
    breaks: ['CUR-47'],
    harm: 'a device whose relay was restored from a backup gets errors instead of a reset',
    patches: [
      {
        file: SOURCE.requests,
        find: "  if (message.type !== 'RegisterPush') return undefined;",
        replace:
          "  if (message.type === 'Pull' && message.after_cursor > 2n ** 63n) return 'BLOB_NOT_FOUND';\n  if (message.type !== 'RegisterPush') return undefined;",
      },
    ],
  },
  {
    name: 'dropped-once-pulled',
    breaks: ['CUR-57'],
    harm: 'a device that is added next week finds nothing',
    patches: [{ file: SOURCE.parts, find: '      retention,\n', replace: "      retention: 'acked',\n" }],
  },
];
