import type { Broken } from '../saboteur.ts';
import { SOURCE } from '../sources.ts';

const FOUND_OUT = 'if (foundOut(store, group, request)) store.newEpoch(group);';

/** By what devices know a relay that has lost data. */
export const brokenEpochs: readonly Broken[] = [
  {
    name: 'no-epoch',
    breaks: ['SES-35'],
    harm: 'no device ever notices that its relay has lost data',
    patches: [{ file: SOURCE.greeting, find: '      epoch: figures.epoch,\n', replace: '' }],
  },
  {
    name: 'epoch-new-at-restart',
    breaks: ['SES-36'],
    harm: 'after each restart every device pulls and pushes everything again',
    patches: [
      {
        file: SOURCE.store,
        find: "    const row = this.db.one<RelayRow>('SELECT bytes",
        replace: `    this.db.run('UPDATE groups SET epoch = randomblob(16)');
    const row = this.db.one<RelayRow>('SELECT bytes`,
      },
    ],
  },
  {
    name: 'epoch-new-after-crash',
    breaks: ['SES-36'],
    harm: 'after a crash every device pulls and pushes everything again',
    patches: [
      {
        file: SOURCE.store,
        find: "    const row = this.db.one<RelayRow>('SELECT bytes",
        replace: `    this.db.run('CREATE TABLE IF NOT EXISTS ended (orderly INTEGER)');
    if (this.db.run('DELETE FROM ended') === 0) this.db.run('UPDATE groups SET epoch = randomblob(16)');
    const row = this.db.one<RelayRow>('SELECT bytes`,
      },
      {
        file: SOURCE.store,
        find: '    this.db.close();',
        replace: "    this.db.run('INSERT INTO ended VALUES (1)');\n    this.db.close();",
      },
    ],
  },
  {
    name: 'epoch-of-each-device',
    breaks: ['SES-36'],
    harm: 'two devices take one relay for two, and each sees it reset',
    patches: [
      {
        file: SOURCE.greeting,
        find: '    message: welcome(figures, context),',
        replace:
          '    message: welcome({ ...figures, epoch: figures.begun ? session.device.slice(0, 16) : figures.epoch }, context),',
      },
    ],
  },
  {
    name: 'epoch-of-all-groups',
    breaks: ['SES-37'],
    harm: "a client takes one group's history for that of another",
    patches: [
      {
        file: SOURCE.store,
        find: '      .update(Uint8Array.of(Number(ref.proven)))\n      .update(ref.id);',
        replace: '      .update(Uint8Array.of(Number(ref.proven)));',
      },
    ],
  },
  {
    name: 'epoch-drawn-at-each-welcome',
    breaks: ['SES-39'],
    harm: 'two devices that set up a group together reset each other',
    patches: [
      {
        file: SOURCE.hello,
        find: '  const epoch = store.epochBeforeState(request.group);',
        replace: '  store.changeEpochsBeforeState();\n  const epoch = store.epochBeforeState(request.group);',
      },
    ],
  },
  {
    name: 'epoch-new-with-the-first-blob',
    breaks: ['SES-40'],
    harm: "a device's first push looks like the loss of the relay's data",
    patches: [
      {
        file: SOURCE.store,
        find: '    const group = this.group(ref)!;\n',
        replace: '    const group = this.group(ref)!;\n    this.newEpoch(group);\n',
      },
    ],
  },
  {
    name: 'epoch-kept-after-a-wipe',
    breaks: ['SES-41'],
    harm: 'a relay that has lost everything looks as if nothing had happened',
    patches: [
      { file: SOURCE.store, find: '  #epochSecret = randomBytes(32);', replace: '  #epochSecret = Buffer.alloc(32);' },
    ],
  },
  {
    name: 'lost-blob-not-noticed',
    breaks: ['SES-42'],
    harm: 'a relay restored from a backup numbers new blobs like lost ones, and devices skip them',
    patches: [
      {
        file: SOURCE.hello,
        find: '  return record !== undefined && !sameBytes(record.blob_id, request.lastBlob);',
        replace: '  return false;',
      },
    ],
  },
  {
    name: 'lost-blob-not-noticed-once-gone',
    breaks: ['SES-42'],
    harm: 'a relay restored from a backup numbers new blobs like lost ones that expire, and devices skip what follows',
    patches: [
      {
        file: SOURCE.hello,
        find: 'SELECT blob_id FROM gone WHERE group_no = ?1 AND cursor = ?2 AND forget_at > ?3',
        replace: 'SELECT blob_id FROM gone WHERE group_no = ?1 AND cursor = ?2 AND forget_at > ?3 AND false',
      },
    ],
  },
  {
    name: 'cursor-beyond-the-end-not-noticed',
    breaks: ['SES-43'],
    harm: 'a relay restored from a backup leaves devices waiting beyond its end for ever',
    patches: [
      {
        file: SOURCE.hello,
        find: '  if (request.lastCursor > group.maxCursor) return true;',
        replace: '  if (request.lastCursor > group.maxCursor) return false;',
      },
    ],
  },
  {
    name: 'cursor-beyond-the-end-not-noticed-without-blob',
    breaks: ['SES-43'],
    harm: 'a relay restored from a backup leaves devices waiting beyond its end for ever',
    patches: [
      {
        file: SOURCE.hello,
        find: '  if (request.lastCursor > group.maxCursor) return true;',
        replace: '  if (request.lastCursor > group.maxCursor) return request.lastBlob !== undefined;',
      },
    ],
  },
  {
    name: 'reset-at-each-reconnect',
    breaks: ['SES-44'],
    harm: 'each reconnect makes every device pull and push everything again',
    patches: [
      {
        file: SOURCE.hello,
        find: 'record !== undefined && !sameBytes(record.blob_id, request.lastBlob)',
        replace: 'true',
      },
    ],
  },
  {
    name: 'reset-once-expired',
    breaks: ['SES-44'],
    harm: 'a device whose last blob has expired resets the group at each of its visits',
    patches: [
      {
        file: SOURCE.hello,
        find: '    `SELECT blob_id FROM blobs WHERE group_no = ?1 AND cursor = ?2\n',
        replace: '    `SELECT blob_id FROM blobs WHERE group_no = ?1 AND cursor = ?2 AND expires_at > ?3\n',
      },
      {
        file: SOURCE.hello,
        find: 'SELECT blob_id FROM gone WHERE',
        replace: 'SELECT randomblob(16) AS blob_id FROM gone WHERE',
      },
    ],
  },
  {
    name: 'old-epoch-resets',
    breaks: ['SES-46'],
    harm: 'each device that learns of a reset late causes the next one',
    patches: [
      {
        file: SOURCE.hello,
        find: 'if (!request.epoch || !sameBytes(request.epoch, group.epoch)) return false;',
        replace: 'if (!request.epoch) return false;',
      },
    ],
  },
  {
    name: 'no-epoch-resets',
    breaks: ['SES-46'],
    harm: 'an app that knows no epochs resets the group for all others',
    patches: [
      {
        file: SOURCE.hello,
        find: 'if (!request.epoch || !sameBytes(request.epoch, group.epoch)) return false;',
        replace: 'if (request.epoch && !sameBytes(request.epoch, group.epoch)) return false;',
      },
    ],
  },
  {
    name: 'new-epoch-new-numbers',
    breaks: ['SES-47'],
    harm: 'repairing the numbering loses what the relay still holds',
    patches: [
      {
        file: SOURCE.hello,
        find: FOUND_OUT,
        replace: `if (foundOut(store, group, request)) {
    store.newEpoch(group);
    store.db.run('DELETE FROM blobs WHERE group_no = ?', group.no);
    store.db.run('UPDATE groups SET max_cursor = 0, bytes = 0 WHERE group_no = ?', group.no);
    group.maxCursor = 0n;
  }`,
      },
    ],
  },
  {
    name: 'empty-group-resets',
    breaks: ['SES-48'],
    harm: 'anyone makes the devices of a new group reset each other by naming it',
    patches: [
      {
        file: SOURCE.hello,
        find: '  const epoch = store.epochBeforeState(request.group);',
        replace:
          '  if (request.epoch && request.lastCursor > 0n) store.changeEpochsBeforeState();\n  const epoch = store.epochBeforeState(request.group);',
      },
    ],
  },
];
