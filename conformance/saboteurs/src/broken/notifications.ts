import type { Notifier } from '@0k-sync/relay';
import type { Broken } from '../saboteur.ts';
import { SOURCE } from '../sources.ts';

type Change = NonNullable<Broken['parts']>;

/** Changes who hears of a stored blob. */
const notifierWith =
  (stored: (notifier: Notifier) => Notifier['stored']): Change =>
  (parts) => ({
    ...parts,
    notifier: { silenced: (...of) => parts.notifier.silenced(...of), stored: stored(parts.notifier) },
  });

const OTHERS = 'member !== by && member.admitted && !member.background';

/** Who is told that there is something to pull, when, and what. */
export const brokenNotifications: readonly Broken[] = [
  {
    name: 'nobody-notified',
    breaks: ['CUR-68'],
    harm: 'edits arrive only when somebody opens the app',
    parts: notifierWith(() => () => {}),
  },
  {
    name: 'notify-lost-behind-notify',
    breaks: ['CUR-68'],
    harm: 'an edit that follows another one closely arrives only with the next one',
    patches: [
      {
        file: SOURCE.notifier,
        find: '      if (round.scheduled) return;',
        replace: '      if (round.scheduled) { round.waiting.clear(); return; }',
      },
    ],
  },
  {
    name: 'own-device-not-notified',
    breaks: ['CUR-69'],
    harm: 'the second window of an app does not see what was typed in the first',
    patches: [{ file: SOURCE.notifier, find: OTHERS, replace: `${OTHERS} && member.deviceKey !== by.deviceKey` }],
  },
  {
    name: 'pusher-notified',
    breaks: ['CUR-70'],
    harm: 'each save makes the device pull what it has just sent',
    patches: [{ file: SOURCE.notifier, find: OTHERS, replace: 'member.admitted && !member.background' }],
  },
  {
    name: 'pusher-notified-of-rows',
    breaks: ['CUR-70'],
    harm: 'a device that sends much pulls all of it again',
    patches: [
      {
        file: SOURCE.notifier,
        find: OTHERS,
        replace: '(member !== by || cursor % 10n === 0n) && member.admitted && !member.background',
      },
    ],
  },
  {
    name: 'notify-before-visible',
    breaks: ['CUR-71'],
    harm: 'a device that is told of an edit pulls too early and gets nothing',
    patches: [
      {
        file: SOURCE.requests,
        find: '  const stored = await context.storage.push({',
        replace: `  context.notifier.stored(group, ((latest.get(group) ?? 0n) as bigint) + 1n, session);
  await new Promise((done) => setTimeout(done, 150));
  const stored = await context.storage.push({`,
      },
      {
        file: SOURCE.requests,
        find: '    context.notifier.stored(group, stored.cursor, session);',
        replace: '    latest.set(group, stored.cursor);',
      },
      { file: SOURCE.requests, find: 'const WEB = 2;', replace: 'const WEB = 2;\nconst latest = new WeakMap();' },
    ],
  },
  {
    name: 'notify-points-beyond',
    breaks: ['CUR-72'],
    harm: 'a device pulls on and on for a blob that is not there',
    patches: [
      {
        file: SOURCE.outbox,
        find: "{ type: 'Notify', latest_cursor: latest,",
        replace: "{ type: 'Notify', latest_cursor: latest + 1n,",
      },
    ],
  },
  {
    name: 'notify-of-the-first-of-many',
    breaks: ['CUR-68'],
    harm: 'a device stops pulling before it has the newest edit',
    patches: [
      { file: SOURCE.notifier, find: 'if (cursor > merged.latest) merged.latest = cursor;', replace: '' },
      {
        file: SOURCE.outbox,
        find: 'latest: latest > before.latest ? latest : before.latest',
        replace: 'latest: before.latest',
      },
    ],
  },
  {
    name: 'notify-counts-one',
    breaks: ['CUR-73'],
    harm: 'an app says that one change waits where there are many',
    patches: [{ file: SOURCE.notifier, find: '          merged.count++;\n', replace: '' }],
  },
  {
    name: 'repeat-notified',
    breaks: ['CUR-74'],
    harm: 'each retry of one device wakes all others',
    patches: [{ file: SOURCE.requests, find: '  if (stored.fresh) {', replace: '  if (true) {' }],
  },
  {
    name: 'conflict-notified',
    breaks: ['CUR-74'],
    harm: 'a push that was refused wakes all other devices',
    patches: [
      {
        file: SOURCE.requests,
        find: "  if ('refused' in stored) return refusal(stored.refused, asked.about);",
        replace: `  if ('refused' in stored && stored.refused === 'BLOB_CONFLICT') context.notifier.stored(group, 1n, session);
  if ('refused' in stored) return refusal(stored.refused, asked.about);`,
      },
    ],
  },
  {
    name: 'other-groups-notified',
    breaks: ['CUR-75'],
    harm: 'strangers see when somebody is at work',
    patches: [
      {
        file: SOURCE.notifier,
        find: 'const others = [...group.members]',
        replace: 'const others = every.flatMap(({ members }) => [...members])',
      },
      {
        file: SOURCE.notifier,
        find: "import type { Group, Member } from './sessions.ts';",
        replace: "import { every, type Group, type Member } from './sessions.ts';",
      },
      {
        file: 'relay/src/sessions.ts',
        find: '        groups.set(key, group);',
        replace: '        groups.set(key, group);\n        every.push(group);',
      },
      {
        file: 'relay/src/sessions.ts',
        find: 'export const keyOf',
        replace: 'export const every: Group[] = [];\nexport const keyOf',
      },
    ],
  },
  {
    name: 'background-notified',
    breaks: ['CUR-76'],
    harm: 'a phone in a pocket is woken by every edit',
    patches: [
      { file: SOURCE.notifier, find: OTHERS, replace: 'member !== by && member.admitted' },
      {
        file: SOURCE.session,
        find: "this.#phase !== 'Closing' && !this.#background;",
        replace: "this.#phase !== 'Closing';",
      },
    ],
  },
  {
    name: 'not-told-when-awake',
    breaks: ['CUR-77'],
    harm: 'an app that is opened again shows yesterday',
    patches: [
      {
        file: SOURCE.requests,
        find: 'if (waiting.count > 0) session.notify(waiting.newest, waiting.count);',
        replace: '',
      },
    ],
  },
  {
    name: 'awake-counted-from-the-beginning',
    breaks: ['CUR-77'],
    harm: 'an app that is opened again says that all of its data is new',
    patches: [
      {
        file: SOURCE.requests,
        find: 'context.storage.pending(session.group!.ref, session.device, session.horizon)',
        replace: 'context.storage.pending(session.group!.ref, session.device, 0n)',
      },
    ],
  },
  {
    name: 'not-told-after-welcome',
    breaks: ['SES-19'],
    harm: 'a client that waits for Notify never pulls what came while it was away',
    patches: [{ file: SOURCE.greeting, find: 'if (count > 0) session.notify(newest, count);', replace: '' }],
  },
  {
    name: 'told-one-after-welcome',
    breaks: ['SES-19'],
    harm: 'an app says that one change waits where there are many',
    patches: [{ file: SOURCE.greeting, find: 'session.notify(newest, count);', replace: 'session.notify(newest, 1);' }],
  },
  {
    name: 'one-connection-of-a-device-notified',
    breaks: ['SES-20'],
    harm: 'of two windows of an app one stands still',
    patches: [
      {
        file: SOURCE.notifier,
        find: '      if (others.length === 0) return;',
        replace: `      const seen = new Set();
      others.splice(0, others.length, ...others.filter(({ deviceKey }) => !seen.has(deviceKey) && seen.add(deviceKey)));
      if (others.length === 0) return;`,
      },
    ],
  },
  {
    name: 'second-connection-ends-the-first',
    breaks: ['SES-20'],
    harm: 'two windows of an app throw each other out for ever',
    patches: [
      {
        file: 'relay/src/sessions.ts',
        find: '      group.members.add(member);',
        replace:
          '      for (const other of group.members) if (other.deviceKey === member.deviceKey) group.members.delete(other);\n      group.members.add(member);',
      },
    ],
  },
  {
    name: 'notify-lost-when-another-connection-closes',
    breaks: ['SES-21'],
    harm: 'one window of an app is closed, and the other stands still',
    parts: (parts) => ({
      ...parts,
      sessions: {
        ...parts.sessions,
        leave(group, member) {
          for (const other of group.members)
            if (other.deviceKey === member.deviceKey) parts.sessions.leave(group, other);
        },
      },
    }),
  },
];
