import type { Legal } from '../saboteur.ts';
import { SOURCE } from '../sources.ts';

/** What relays may answer otherwise, or at another time. */
export const legalAnswers: readonly Legal[] = [
  {
    name: 'slow',
    allowedBy: ['SES-24', 'SES-25'],
    oddity: 'takes 60 ms for each request',
    patches: [
      {
        file: SOURCE.session,
        find: '        (result) => this.#fill(slot, result),',
        replace: '        (result) => void setTimeout(() => this.#fill(slot, result), 60),',
      },
    ],
  },
  {
    name: 'some-answers-at-the-last-moment',
    allowedBy: ['SES-24', 'CUR-68'],
    oddity: 'takes four seconds for one request in five hundred, ten times on one connection, and all behind it wait',
    patches: [
      {
        file: SOURCE.session,
        find: '        (result) => this.#fill(slot, result),',
        replace:
          '        (result) => void (this.#stops() ? setTimeout(() => this.#fill(slot, result), 4000) : this.#fill(slot, result)),',
      },
      {
        file: SOURCE.session,
        find: '/** What may be queued, less',
        replace: 'let answers = 0;\n\n/** What may be queued, less',
      },
      {
        file: SOURCE.session,
        find: '  #stop(): void {',
        replace:
          '  #stopped = 0;\n  #stops(): boolean {\n    return ++answers % 500 === 0 && ++this.#stopped <= 10;\n  }\n\n  #stop(): void {',
      },
    ],
  },
  {
    name: 'pages-of-one-blob',
    allowedBy: ['CUR-44', 'CUR-46'],
    oddity: 'returns one blob to each Pull, whatever its limit',
    patches: [{ file: SOURCE.requests, find: '    limit: Math.min(', replace: '    limit: Math.min(1, ' }],
  },
  {
    name: 'pages-of-any-size',
    allowedBy: ['CUR-44', 'CUR-46'],
    oddity: 'returns one to ten blobs to each Pull, as it likes',
    patches: [
      {
        file: SOURCE.requests,
        find: '    limit: Math.min(',
        replace: '    limit: Math.min(1 + Math.floor(10 * Math.random()), ',
      },
    ],
  },
  {
    name: 'unknown-extension-keys',
    allowedBy: ['WIRE-21', 'WIRE-23'],
    oddity: 'puts keys that nobody knows into every extension map that it writes',
    patches: [
      {
        file: SOURCE.requests,
        find: 'ext: { timestamp: BigInt(stored.timestamp), digest: stored.digest },',
        replace:
          "ext: { timestamp: BigInt(stored.timestamp), digest: stored.digest, 'x-ack': new Uint8Array(300) } as never,",
      },
      {
        file: SOURCE.requests,
        find: '        ext: { sender },',
        replace: "        ext: { sender, 'x-blob': new Uint8Array(2) } as never,",
      },
      { file: SOURCE.requests, find: 'const BLOB_OVERHEAD = 84;', replace: 'const BLOB_OVERHEAD = 100;' },
      {
        file: SOURCE.requests,
        find: '      max_cursor: page.maxCursor,\n',
        replace: "      max_cursor: page.maxCursor,\n      ext: { 'x-page': new Uint8Array(0) } as never,\n",
      },
      {
        file: SOURCE.errors,
        find: 'code, message, ext } };',
        replace: "code, message, ext: { ...ext, 'x-error': new Uint8Array(1) } as never } };",
      },
    ],
  },
  {
    name: 'every-optional-key-left-out',
    allowedBy: ['WIRE-09', 'ERR-15'],
    oddity: 'writes no extension key that no rule demands',
    patches: [
      {
        file: SOURCE.greeting,
        find: '      relay: context.software,\n',
        replace: '',
      },
      {
        file: SOURCE.greeting,
        find: '      usage: { bytes: BigInt(figures.usedBytes), quota: BigInt(limits.max_group_storage) },\n',
        replace: '',
      },
      {
        file: SOURCE.requests,
        find: "  message.type === 'Push' || message.type === 'Delete' ? { blob_id: message.blob_id.slice() } : {};",
        replace:
          "  message.type === 'Push' || message.type === 'Delete' ? Object.defineProperty({}, 'blob_id', { value: message.blob_id.slice() }) : {};",
      },
    ],
  },
  {
    name: 'early-relay-message-is-malformed',
    allowedBy: ['SES-04'],
    oddity: 'answers what only a relay may send before Hello with Error 1000, and an Error there with a close',
    patches: [
      {
        file: SOURCE.admission,
        find: "  if (phase === 'AwaitingHello') return",
        replace:
          "  if (type === 'Error') return 'leave';\n  if (phase === 'AwaitingHello' && type !== 'Hello' && !requests.has(type)) return 'INVALID_MESSAGE';\n  if (phase === 'AwaitingHello') return",
      },
    ],
  },
  {
    name: 'members-only',
    allowedBy: ['MEM-15', 'MEM-11'],
    oddity: 'serves no open groups',
    parts: (parts) => ({
      ...parts,
      config: { ...parts.config, server: { ...parts.config.server, open_groups: false } },
    }),
  },
  {
    name: 'small-limits',
    allowedBy: ['LIM-01', 'LIM-04'],
    oddity: 'takes blobs of 64 KiB at most, and returns ten in a page',
    parts: (parts) => ({
      ...parts,
      config: {
        ...parts.config,
        limits: { ...parts.config.limits, max_blob_size: 65_536, max_pull_limit: 10, max_device_name_len: 16 },
      },
    }),
  },
];
