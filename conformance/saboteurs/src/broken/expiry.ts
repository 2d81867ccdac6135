import type { Broken, Patch } from '../saboteur.ts';
import { SOURCE } from '../sources.ts';

/** Expired blobs are removed so many seconds later, so that what else depends on expiry can be seen. */
const cleanedUpLater = (seconds: number): Patch => ({
  file: SOURCE.removal,
  find: 'INDEXED BY blobs_by_expiry WHERE expires_at <= ? LIMIT ?`',
  replace: `INDEXED BY blobs_by_expiry WHERE expires_at + ${seconds} <= ? LIMIT ?\``,
});

/** When blobs vanish, and what Welcome says of it. */
export const brokenExpiry: readonly Broken[] = [
  {
    name: 'largest-ttl-refused',
    breaks: ['CUR-51'],
    harm: 'an app that wants its data kept as long as possible has it refused',
    patches: [
      {
        file: SOURCE.requests,
        find: "  if (message.type !== 'RegisterPush') return undefined;",
        replace:
          "  if (message.type === 'Push' && message.ttl > config.limits.max_ttl) return 'BLOB_TOO_LARGE';\n  if (message.type !== 'RegisterPush') return undefined;",
      },
    ],
  },
  {
    name: 'largest-ttl-overflows',
    breaks: ['CUR-51'],
    harm: 'an app that wants its data kept as long as possible loses it at once',
    patches: [
      {
        file: SOURCE.push,
        find: 'Math.min(request.ttl || store.options.defaultTtl, store.options.maxTtl)',
        replace: '(request.ttl || store.options.defaultTtl) | 0',
      },
    ],
  },
  {
    name: 'expired-visible-until-clean-up',
    breaks: ['CUR-52'],
    harm: 'what was to be gone is still handed out',
    patches: [
      {
        file: SOURCE.pull,
        find: 'group_no = ? AND cursor > ? AND expires_at > ?',
        replace: 'group_no = ? AND cursor > ? AND expires_at > ? - 3600',
      },
      cleanedUpLater(10),
    ],
  },
  {
    name: 'expired-visible-for-a-second',
    breaks: ['CUR-52'],
    harm: 'what was to be gone is still handed out for a moment',
    patches: [
      {
        file: SOURCE.pull,
        find: 'group_no = ? AND cursor > ? AND expires_at > ?',
        replace: 'group_no = ? AND cursor > ? AND expires_at > ? - 1',
      },
      cleanedUpLater(1),
    ],
  },
  {
    name: 'expires-too-early',
    breaks: ['CUR-53'],
    harm: 'edits vanish before the devices that are to get them are back',
    patches: [{ file: SOURCE.push, find: 'store.now + ttl,', replace: 'store.now + Math.ceil(ttl / 4),' }],
  },
  {
    name: 'renumbered-at-expiry',
    breaks: ['CUR-54'],
    harm: 'blobs change their numbers, and devices skip them',
    patches: [
      {
        file: SOURCE.removal,
        find: '    remove(store, blob, false, Number(blob.expires_at));',
        replace: `    remove(store, blob, false, Number(blob.expires_at));
    store.db.run('UPDATE blobs SET cursor = -cursor WHERE group_no = ? AND cursor > ?', blob.group_no, blob.cursor);
    store.db.run('UPDATE blobs SET cursor = -cursor - 1 WHERE group_no = ? AND cursor < 0', blob.group_no);`,
      },
    ],
  },
  {
    name: 'welcome-of-live-cursors',
    breaks: ['CUR-48'],
    harm: 'a device takes its relay for one that lost its data, and begins anew',
    patches: [
      {
        file: SOURCE.hello,
        find: '    maxCursor: group.maxCursor,',
        replace:
          "    maxCursor: (store.db.one('SELECT max(cursor) AS most FROM blobs WHERE group_no = ? AND expires_at > ?', group.no, store.now)?.most ?? 0n) as bigint,",
      },
    ],
  },
  {
    name: 'pending-counts-own',
    breaks: ['CUR-49'],
    harm: 'a device is told that something waits, and pulls what it sent itself',
    patches: [{ file: SOURCE.pull, find: 'AND sender <> ?`', replace: 'AND sender <> ? || sender`' }],
  },
  {
    name: 'pending-counts-from-the-beginning',
    breaks: ['CUR-49'],
    harm: 'a device is told on every connect that all of its data waits',
    patches: [
      {
        file: SOURCE.hello,
        find: 'pendingIn(store, group, request.device, request.lastCursor)',
        replace: 'pendingIn(store, group, request.device, 0n)',
      },
    ],
  },
  {
    name: 'pending-counts-expired',
    breaks: ['CUR-49'],
    harm: 'a device is told that something waits which it can never get',
    patches: [
      {
        file: SOURCE.pull,
        find: '    storable(after),\n    store.now,\n    device,\n  )!;',
        replace: '    storable(after),\n    store.now - 3600,\n    device,\n  )!;',
      },
      cleanedUpLater(10),
    ],
  },
  {
    name: 'expired-through-not-told',
    breaks: ['CUR-55'],
    harm: 'a device takes blobs that expired for lost, and searches for them',
    patches: [
      { file: SOURCE.greeting, find: 'expired_through: figures.expiredThrough,', replace: 'expired_through: 0n,' },
    ],
  },
  {
    name: 'expired-through-only-when-cleaned',
    breaks: ['CUR-55'],
    harm: 'a device takes blobs that have just expired for lost, and searches for them',
    patches: [
      {
        file: SOURCE.hello,
        find: '    expiredThrough: expired.through,',
        replace: '    expiredThrough: group.expiredThrough,',
      },
      cleanedUpLater(10),
    ],
  },
  {
    name: 'expired-through-forgotten-at-restart',
    breaks: ['CUR-55'],
    harm: 'after a restart a device takes blobs that expired for lost',
    patches: [
      {
        file: SOURCE.store,
        find: "    const row = this.db.one<RelayRow>('SELECT bytes",
        replace: `    this.db.run('UPDATE groups SET expired_through = 0');
    const row = this.db.one<RelayRow>('SELECT bytes`,
      },
    ],
  },
];
