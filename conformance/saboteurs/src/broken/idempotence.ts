import type { Broken } from '../saboteur.ts';
import { SOURCE } from '../sources.ts';
import { withStorage } from '../with-storage.ts';

const REPEAT = 'if (known && !damaged) return';
const CONFLICT = "if (!same) return { refused: 'BLOB_CONFLICT' };";

/** What becomes of a push that is repeated, refused, or cut off. */
export const brokenPushes: readonly Broken[] = [
  {
    name: 'repeat-stored-anew',
    breaks: ['CUR-09'],
    harm: 'a client that repeats a push after a lost answer has its edit twice',
    patches: [
      {
        file: SOURCE.push,
        find: REPEAT,
        replace: `if (known && 'blob_no' in known) {
      store.write();
      forget(store, known);
      return push(store, request);
    }
    ${REPEAT}`,
      },
    ],
  },
  {
    name: 'repeat-by-another-device-refused',
    breaks: ['CUR-09'],
    harm: 'a reinstalled app cannot send its outbox again',
    patches: [
      {
        file: SOURCE.push,
        find: CONFLICT,
        replace: `const by = store.db.one('SELECT sender FROM blobs WHERE group_no = ? AND blob_id = ?', group.no, blobId)?.sender;
    if (!same || (by && !sameBytes(by, sender))) return { refused: 'BLOB_CONFLICT' };`,
      },
    ],
  },
  {
    name: 'repeat-prolongs-life',
    breaks: ['CUR-10'],
    harm: 'anyone in the group can keep a blob alive for ever',
    patches: [
      {
        file: SOURCE.push,
        find: REPEAT,
        replace: `if (known && request.ttl > 0) store.write();
    if (known && request.ttl > 0) store.db.run('UPDATE blobs SET expires_at = max(expires_at, ?) WHERE group_no = ? AND blob_id = ?', store.now + request.ttl, group.no, blobId);
    ${REPEAT}`,
      },
    ],
  },
  {
    name: 'repeat-shortens-life',
    breaks: ['CUR-10'],
    harm: 'anyone in the group can make a blob vanish early',
    patches: [
      {
        file: SOURCE.push,
        find: REPEAT,
        replace: `if (known && request.ttl > 0) store.write();
    if (known && request.ttl > 0) store.db.run('UPDATE blobs SET expires_at = min(expires_at, ?) WHERE group_no = ? AND blob_id = ?', store.now + request.ttl, group.no, blobId);
    ${REPEAT}`,
      },
    ],
  },
  {
    name: 'repeat-changes-hands',
    breaks: ['CUR-11'],
    harm: 'blobs change hands, and with them the right to delete them',
    patches: [
      {
        file: SOURCE.push,
        find: REPEAT,
        replace: `if (known) store.write();
    if (known) store.db.run('UPDATE blobs SET sender = ? WHERE group_no = ? AND blob_id = ?', sender, group.no, blobId);
    ${REPEAT}`,
      },
    ],
  },
  {
    name: 'conflict-acknowledged',
    breaks: ['CUR-12'],
    harm: 'an edit is acknowledged that nobody can ever pull',
    patches: [{ file: SOURCE.push, find: CONFLICT, replace: '' }],
  },
  {
    name: 'conflict-acknowledged-if-empty',
    breaks: ['CUR-12'],
    harm: 'an empty edit is acknowledged that nobody can ever pull',
    patches: [{ file: SOURCE.push, find: 'if (!same) return', replace: 'if (!same && payload.byteLength > 0) return' }],
  },
  {
    name: 'conflict-overwrites',
    breaks: ['CUR-13'],
    harm: 'a collision of ids overwrites data that other devices count on',
    patches: [
      {
        file: SOURCE.push,
        find: CONFLICT,
        replace: `if (!same) store.write();
    if (!same) store.db.run('UPDATE blobs SET payload = ?, digest = ?, size = ? WHERE group_no = ? AND blob_id = ?', payload, digest, payload.byteLength, group.no, blobId);
    ${CONFLICT}`,
      },
    ],
  },
  {
    name: 'conflict-shortens-life',
    breaks: ['CUR-13'],
    harm: 'a push that was refused makes the blob of somebody else vanish',
    patches: [
      {
        file: SOURCE.push,
        find: CONFLICT,
        replace: `if (!same && request.ttl > 0) store.write();
    if (!same && request.ttl > 0) store.db.run('UPDATE blobs SET expires_at = min(expires_at, ?) WHERE group_no = ? AND blob_id = ?', store.now + request.ttl, group.no, blobId);
    ${CONFLICT}`,
      },
    ],
  },
  {
    name: 'repeat-differs-when-pushes-meet',
    breaks: ['CUR-14'],
    harm: 'two devices that send the same blob again after a reset disagree about its number',
    patches: [
      {
        file: SOURCE.push,
        find: REPEAT,
        replace: `if (known && store.writing && 'blob_no' in known) {
      const by = store.db.one('SELECT sender FROM blobs WHERE blob_no = ?', known.blob_no)!.sender as Uint8Array;
      if (!sameBytes(by, sender)) return { cursor: known.cursor + 1n, timestamp: store.now, digest, fresh: false };
    }
    ${REPEAT}`,
      },
    ],
  },
  {
    name: 'conflict-missed-when-pushes-meet',
    breaks: ['CUR-15'],
    harm: 'two clients both believe that their bytes are the ones stored',
    patches: [{ file: SOURCE.push, find: 'if (!same) return', replace: 'if (!same && !store.writing) return' }],
  },
  {
    name: 'id-forgotten-at-expiry',
    breaks: ['CUR-16'],
    harm: 'a device that was offline and sends its outbox again brings expired data back to life',
    patches: [
      {
        file: SOURCE.removal,
        find: '  store.db.run(REMEMBER, Number(deleted), goneAt + store.options.maxTtl, blob.blob_no);',
        replace: '',
      },
    ],
  },
  {
    name: 'conflict-forgotten-at-expiry',
    breaks: ['CUR-16'],
    harm: 'an edit is acknowledged under the number of another one that has expired',
    patches: [{ file: SOURCE.push, find: 'if (!same) return', replace: "if (!same && 'blob_no' in known) return" }],
  },
  {
    name: 'id-forgotten-at-restart',
    breaks: ['CUR-17'],
    harm: 'a restart in the middle of a retry doubles the blob',
    patches: [
      {
        file: SOURCE.store,
        find: "    const row = this.db.one<RelayRow>('SELECT bytes",
        replace: `    this.db.run('DROP INDEX IF EXISTS blobs_by_id');
    this.db.run('UPDATE blobs SET unwanted = 2');
    const row = this.db.one<RelayRow>('SELECT bytes`,
      },
      {
        file: SOURCE.push,
        find: 'expires_at FROM blobs\n     WHERE group_no = ? AND blob_id = ?',
        replace: 'expires_at FROM blobs\n     WHERE group_no = ? AND blob_id = ? AND unwanted <> 2',
      },
    ],
  },
  {
    name: 'ids-shared-by-groups',
    breaks: ['CUR-18'],
    harm: "one group blocks, or learns of, another one's blobs by guessing ids",
    patches: [
      {
        file: SOURCE.push,
        find: 'expires_at FROM blobs\n     WHERE group_no = ? AND blob_id = ?',
        replace: 'expires_at FROM blobs\n     WHERE (group_no = ? OR true) AND blob_id = ?',
      },
    ],
  },
  {
    name: 'conflict-before-size',
    breaks: ['CUR-19'],
    harm: 'clients are told of a conflict where the blob can never be stored',
    patches: [
      {
        file: SOURCE.requests,
        find: "  if (message.type === 'Push' && message.payload.length > config.limits.max_blob_size) return 'BLOB_TOO_LARGE';\n",
        replace: '',
      },
      {
        file: SOURCE.push,
        find: '  if (!hasRoom(store, group, weight(payload.byteLength)))',
        replace: `  if (payload.byteLength > 1048576) return { refused: 'BLOB_TOO_LARGE' };
  if (!hasRoom(store, group, weight(payload.byteLength)))`,
      },
    ],
  },
  {
    name: 'id-of-refused-push-remembered',
    breaks: ['CUR-23'],
    harm: 'an app that makes a refused blob smaller and tries again meets a conflict with data that nobody holds',
    patches: [
      {
        file: SOURCE.requests,
        find: "  if (message.type === 'Push' && message.payload.length > config.limits.max_blob_size) return 'BLOB_TOO_LARGE';\n",
        replace: `  if (message.type === 'Push' && message.payload.length > config.limits.max_blob_size) {
    refusedIds.add(keyOf(message.blob_id));
    return 'BLOB_TOO_LARGE';
  }
  if (message.type === 'Push' && refusedIds.has(keyOf(message.blob_id))) return 'BLOB_CONFLICT';
`,
      },
      { file: SOURCE.requests, find: 'const WEB = 2;', replace: 'const WEB = 2;\nconst refusedIds = new Set();' },
    ],
  },
  {
    name: 'digest-of-nothing',
    breaks: ['CUR-25'],
    harm: 'a client takes its edit for damaged',
    parts: withStorage((storage) => ({
      async push(request) {
        const stored = await storage.push(request);
        return 'refused' in stored ? stored : { ...stored, digest: new Uint8Array(32) };
      },
    })),
  },
  {
    name: 'ack-of-the-wrong-blob',
    breaks: ['CUR-25'],
    harm: 'a client that pushes several blobs takes the wrong one for stored',
    patches: [
      {
        file: SOURCE.requests,
        find: "      type: 'PushAck',\n      blob_id: blobId,",
        replace: "      type: 'PushAck',\n      blob_id: blobId.toReversed(),",
      },
    ],
  },
  {
    name: 'cut-off-push-stored',
    breaks: ['CUR-29'],
    harm: 'a phone that loses its network in mid-upload leaves a cut-off blob for all others',
    patches: [
      {
        file: SOURCE.session,
        find: '  closed(closeCode: number): void {\n    this.#stop();',
        replace: `  closed(closeCode: number): void {
    const { buffered } = this.#connection.partial();
    if (this.#phase === 'Active' && buffered > 1000) {
      this.#connection.partial().push(new Uint8Array(2 ** 20));
      const asked = this.#read();
      if (asked?.message.type === 'Push') void serve(asked, this, this.#context);
    }
    this.#stop();`,
      },
      {
        file: SOURCE.connection,
        find: '  /** Stops reading from the network, so that',
        replace:
          '  partial() { this.#ending = false; return this.#frames; }\n  /** Stops reading from the network, so that',
      },
    ],
  },
  {
    name: 'bit-flipped-before-storing',
    breaks: ['CUR-34'],
    harm: 'the blob can no longer be opened',
    patches: [
      {
        file: SOURCE.push,
        find: '  const digest = sha256(payload);',
        replace:
          '  const acknowledged = sha256(payload);\n  if (payload.byteLength > 0) payload[payload.byteLength - 1] ^= 1;\n  const digest = sha256(payload);',
      },
      {
        file: SOURCE.push,
        find: 'timestamp: store.now, digest, fresh: true',
        replace: 'timestamp: store.now, digest: acknowledged, fresh: true',
      },
    ],
  },
  {
    name: 'large-payload-damaged',
    breaks: ['CUR-34'],
    harm: 'photos are broken although all notes are right',
    patches: [
      {
        file: SOURCE.push,
        find: '  const digest = sha256(payload);',
        replace: '  if (payload.byteLength > 65535) payload[65535] ^= 1;\n  const digest = sha256(payload);',
      },
    ],
  },
  {
    name: 'empty-payload-refused',
    breaks: ['CUR-35'],
    harm: 'what an app stores as an empty blob never arrives',
    patches: [
      {
        file: SOURCE.requests,
        find: 'message.payload.length > config.limits.max_blob_size',
        replace: '(message.payload.length === 0 || message.payload.length > config.limits.max_blob_size)',
      },
    ],
  },
  {
    name: 'empty-payload-left-out',
    breaks: ['CUR-35'],
    harm: 'what an app stores as an empty blob is acknowledged and never arrives',
    patches: [
      {
        file: SOURCE.pull,
        find: 'AND cursor <= ? ORDER BY cursor`',
        replace: 'AND cursor <= ? AND size > 0 ORDER BY cursor`',
      },
    ],
  },
  {
    name: 'sender-is-who-asks',
    breaks: ['CUR-36'],
    harm: 'a device takes the edits of others for its own',
    parts: withStorage((storage) => ({
      async pull(request) {
        const page = await storage.pull(request);
        if ('refused' in page) return page;
        return { ...page, blobs: page.blobs.map((blob) => ({ ...blob, sender: request.device })) };
      },
    })),
  },
];
