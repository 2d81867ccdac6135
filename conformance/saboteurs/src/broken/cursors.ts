import type { Broken } from '../saboteur.ts';
import { SOURCE } from '../sources.ts';

const NEXT = 'group.maxCursor + 1n';
const MOST_OF_LIVE = 'SELECT max(cursor) AS most FROM blobs WHERE group_no = ?';

/** Which number a blob gets. */
export const brokenCursors: readonly Broken[] = [
  {
    name: 'first-cursor-zero',
    breaks: ['CUR-01'],
    harm: 'a new device that pulls from 0 never sees the first edit',
    patches: [{ file: SOURCE.push, find: NEXT, replace: 'group.bytes === 0 ? 0n : group.maxCursor + 1n' }],
  },
  {
    name: 'cursor-gap-after-each',
    breaks: ['CUR-02'],
    harm: 'clients search for blobs that never were',
    patches: [{ file: SOURCE.push, find: NEXT, replace: 'group.maxCursor + (group.maxCursor > 1n ? 2n : 1n)' }],
  },
  {
    name: 'cursor-gap-when-pushes-meet',
    breaks: ['CUR-03'],
    harm: 'two devices that save in the same moment leave a hole that looks like a lost blob',
    patches: [
      {
        file: SOURCE.push,
        find: '  store.write();\n  group ??=',
        replace: `  const meets = store.writing && before?.group === group?.no && Buffer.compare(before.sender, sender) !== 0;
  store.write();
  group ??=`,
      },
      { file: SOURCE.push, find: NEXT, replace: 'group.maxCursor + (meets ? 2n : 1n)' },
      {
        file: SOURCE.push,
        find: '  store.account(group.no, 1, weight(payload.byteLength), cursor);',
        replace:
          '  store.account(group.no, 1, weight(payload.byteLength), cursor);\n  before = { group: group.no, sender };',
      },
      { file: SOURCE.push, find: 'interface KnownRow {', replace: 'let before;\ninterface KnownRow {' },
    ],
  },
  {
    name: 'cursor-twice-when-pushes-meet',
    breaks: ['CUR-03'],
    harm: 'of two edits saved in the same moment one is never pulled',
    patches: [
      {
        file: SOURCE.push,
        find: '  store.write();\n  group ??=',
        replace: `  const meets = store.writing && before?.group === group?.no && Buffer.compare(before.sender, sender) !== 0;
  store.write();
  group ??=`,
      },
      { file: SOURCE.push, find: NEXT, replace: 'group.maxCursor + (meets ? 0n : 1n)' },
      {
        file: SOURCE.push,
        find: '  store.account(group.no, 1, weight(payload.byteLength), cursor);',
        replace:
          '  store.account(group.no, 1, weight(payload.byteLength), cursor);\n  before = { group: group.no, sender };',
      },
      { file: SOURCE.push, find: 'interface KnownRow {', replace: 'let before;\ninterface KnownRow {' },
    ],
  },
  {
    name: 'cursor-used-by-conflict',
    breaks: ['CUR-04'],
    harm: 'a refused upload leaves a hole that other devices take for a missing blob',
    patches: [
      {
        file: SOURCE.push,
        find: "if (!same) return { refused: 'BLOB_CONFLICT' };",
        replace: `if (!same) {
      store.write();
      store.account(group.no, 0, 0, group.maxCursor + 1n);
      return { refused: 'BLOB_CONFLICT' };
    }`,
      },
    ],
  },
  {
    name: 'cursor-used-by-repeat',
    breaks: ['CUR-04'],
    harm: 'each push that is sent again leaves a hole',
    patches: [
      {
        file: SOURCE.push,
        find: 'if (known && !damaged) return',
        replace: `if (known && !damaged) store.write();
    if (known && !damaged) store.account(group.no, 0, 0, group.maxCursor + 1n);
    if (known && !damaged) return`,
      },
    ],
  },
  {
    name: 'cursor-reused-after-crash',
    breaks: ['CUR-05'],
    harm: 'after a crash two blobs bear one number, and devices that saw the first skip the second',
    patches: [
      // What tells an orderly end from a crash: the user_version of the lock, which nobody else uses.
      {
        file: SOURCE.store,
        find: "    const row = this.db.one<RelayRow>('SELECT bytes",
        replace: `    this.db.run('CREATE TABLE IF NOT EXISTS ended (orderly INTEGER)');
    if (this.db.run('DELETE FROM ended') === 0) {
      this.db.run('UPDATE groups SET max_cursor = coalesce((SELECT max(cursor) FROM blobs WHERE blobs.group_no = groups.group_no), 0)');
    }
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
    name: 'cursor-reused-after-restart',
    breaks: ['CUR-05'],
    harm: 'after a restart two blobs bear one number, and devices that saw the first skip the second',
    patches: [
      {
        file: SOURCE.store,
        find: "    const row = this.db.one<RelayRow>('SELECT bytes",
        replace: `    this.db.run('UPDATE groups SET max_cursor = coalesce((SELECT max(cursor) FROM blobs WHERE blobs.group_no = groups.group_no), 0)');
    const row = this.db.one<RelayRow>('SELECT bytes`,
      },
    ],
  },
  {
    name: 'cursor-of-expired-reused',
    breaks: ['CUR-06'],
    harm: 'devices that are past the number of an expired blob never see the one that took it over',
    patches: [
      {
        file: SOURCE.push,
        find: NEXT,
        replace: `(store.db.one('${MOST_OF_LIVE} AND expires_at > ?', group.no, store.now).most ?? 0n) + 1n`,
      },
      {
        file: SOURCE.push,
        find: '  store.db.run(\n    `INSERT INTO blobs',
        replace:
          "  store.db.run('DELETE FROM blobs WHERE group_no = ? AND cursor = ?', group.no, cursor);\n  store.db.run(\n    `INSERT INTO blobs",
      },
    ],
  },
  {
    name: 'cursors-shared-by-groups',
    breaks: ['CUR-08'],
    harm: 'every group learns how busy the others are, and has holes',
    patches: [
      {
        file: SOURCE.push,
        find: NEXT,
        replace: "(store.db.one('SELECT coalesce(max(max_cursor), 0) AS most FROM groups')!.most as bigint) + 1n",
      },
    ],
  },
  {
    name: 'ack-before-commit',
    breaks: ['CUR-26'],
    harm: "edits that the app showed as saved are lost with the relay's process",
    patches: [
      {
        file: SOURCE.batch,
        find: '      if (store.writing) store.commit();\n      answer(answers);\n      return [];',
        replace: `      if (store.writing) setTimeout(() => store.writing && store.commit(), 2000);
      answer(answers);
      return [];`,
      },
      { file: SOURCE.store, find: '    if (this.hasTold) {', replace: '    if (this.hasTold || this.writing) {' },
    ],
  },
  {
    name: 'blob-stored-in-two-steps',
    breaks: ['CUR-28'],
    harm: 'a crash in the middle of an upload leaves half a blob, which other devices pull',
    patches: [
      {
        file: SOURCE.requests,
        find: '  const stored = await context.storage.push({',
        replace: `  if (message.payload.length >= 512) {
    const { payload, ttl } = message;
    const first = { group: group.ref, sender: session.device, blobId, payload: payload.slice(), ttl };
    await context.storage.push({ ...first, connected: connected(group, context) });
    await new Promise((done) => setTimeout(done, 400));
  }
  const stored = await context.storage.push({`,
      },
      {
        file: SOURCE.push,
        find: '    const known = find(store, group, blobId);',
        replace: `    const known = find(store, group, blobId);
    const isHalf = known && 'blob_no' in known && store.db.one('SELECT 1 FROM blobs WHERE unwanted = 3 AND blob_no = ?', known.blob_no);
    if (isHalf) {
      store.write();
      store.db.run('UPDATE blobs SET payload = ?, digest = ?, unwanted = 0 WHERE blob_no = ?', payload, digest, known.blob_no);
      return { cursor: known.cursor, timestamp: Number(known.stored_at), digest, fresh: true };
    }`,
      },
      {
        file: SOURCE.push,
        find: '  store.account(group.no, 1, weight(payload.byteLength), cursor);',
        replace: `  store.account(group.no, 1, weight(payload.byteLength), cursor);
  if (payload.byteLength >= 512) {
    const half = payload.slice(0, 256);
    store.db.run('UPDATE blobs SET payload = ?, digest = ?, unwanted = 3 WHERE group_no = ? AND cursor = ?', half, sha256(half), group.no, cursor);
  }`,
      },
    ],
  },
];
