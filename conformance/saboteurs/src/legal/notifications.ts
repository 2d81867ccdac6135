import type { Legal } from '../saboteur.ts';
import { SOURCE } from '../sources.ts';

/** When relays may notify. */
export const legalNotifications: readonly Legal[] = [
  {
    name: 'superfluous-notifies',
    allowedBy: ['CUR-72', 'CUR-73'],
    oddity: 'sends each Notify once more, with count 0 since it stands for nothing new (D-033)',
    patches: [
      {
        file: SOURCE.outbox,
        find: '    this.#frames.splice(this.#first, 0, frame);\n    this.#bytes += frame.length;',
        replace: `    const again = encodeFrame({ type: 'Notify', latest_cursor: latest, count: 0 }, 'bin');
    this.#frames.splice(this.#first, 0, frame, again);
    this.#bytes += frame.length + again.length;`,
      },
    ],
  },
  {
    name: 'notifies-at-the-last-moment',
    allowedBy: ['CUR-68', 'CUR-73'],
    oddity: 'collects all Notifies of three seconds into one',
    patches: [
      {
        file: SOURCE.notifier,
        find: 'setImmediate(flush, group, round);',
        replace: 'clock.after(3000, () => flush(group, round));',
      },
      { file: SOURCE.notifier, find: 'const PAUSE = 25;', replace: 'const PAUSE = 3000;' },
    ],
  },
  {
    name: 'notifies-one-by-one',
    allowedBy: ['CUR-68', 'CUR-73'],
    oddity: 'sends a Notify for each blob, merging none',
    patches: [
      {
        file: SOURCE.notifier,
        find: '      if (others.length === 0) return;',
        replace: '      for (const member of others) member.notify(cursor, 1);\n      return;',
      },
    ],
  },
  {
    name: 'notify-before-ack',
    allowedBy: ['CUR-71', 'SES-02'],
    oddity: 'tells the others a moment before it answers the one that pushed (D-033)',
    patches: [
      {
        file: SOURCE.requests,
        find: '    context.notifier.stored(group, stored.cursor, session);\n  }',
        replace:
          '    context.notifier.stored(group, stored.cursor, session);\n    await new Promise((done) => setTimeout(done, 10));\n  }',
      },
    ],
  },
];
