import type { Broken } from '../saboteur.ts';
import { SOURCE } from '../sources.ts';

/** What a relay writes, and in which form. */
export const brokenWrittenMessages: readonly Broken[] = [
  {
    name: 'sender-of-its-own-making',
    breaks: ['WIRE-01'],
    harm: 'a device takes its own edits for those of a stranger',
    patches: [
      {
        file: SOURCE.requests,
        find: 'ext: { sender },',
        replace: "ext: { sender: context.crypto.sha256(new TextEncoder().encode('0k-sync-identity-v1'), sender) },",
      },
    ],
  },
  {
    name: 'has-more-as-integer',
    breaks: ['WIRE-05'],
    harm: 'a strict client ends the session at its first page',
    patches: [
      {
        file: SOURCE.fieldCodec,
        find: 'write: (writer, value) => writer.bool(value)',
        replace: 'write: (writer, value) => writer.uint(value ? 1 : 0)',
      },
    ],
  },
  {
    name: 'error-in-signed-integers',
    breaks: ['WIRE-06'],
    harm: 'bytes that should be equal differ',
    patches: [
      {
        file: SOURCE.writer,
        find: 'this.#header(0xcd, value, 2);\n    else this.#header(0xce',
        replace: 'this.#header(0xd1, value, 2);\n    else this.#header(0xce',
      },
    ],
  },
  {
    name: 'cursors-always-64-bits',
    breaks: ['WIRE-06'],
    harm: 'bytes that should be equal differ',
    patches: [
      {
        file: SOURCE.writer,
        find: 'if (value <= 0xffffffffn) {\n      this.uint',
        replace: 'if (value < 0n) {\n      this.uint',
      },
      {
        file: SOURCE.writer,
        find: 'return value <= 0xffffffffn ? sizeOfUint(Number(value)) : 9;',
        replace: 'return 9;',
      },
    ],
  },
  {
    name: 'one-integer-too-wide',
    breaks: ['WIRE-06'],
    harm: 'a cursor of 255 has other bytes here than elsewhere',
    patches: [
      {
        file: SOURCE.writer,
        find: 'else if (value < 0x100) this.#header(0xcc',
        replace: 'else if (value < 0xff) this.#header(0xcc',
      },
      {
        file: SOURCE.writer,
        find: 'value < 0x80 ? 1 : value < 0x100 ? 2',
        replace: 'value < 0x80 ? 1 : value < 0xff ? 2',
      },
    ],
  },
  {
    name: 'payload-headers-of-32-bits',
    breaks: ['WIRE-07'],
    harm: 'bytes that should be equal differ',
    patches: [
      {
        file: SOURCE.writer,
        find: 'else if (length < 0x10000) this.#header(0xc5',
        replace: 'else if (length < 0) this.#header(0xc5',
      },
      {
        file: SOURCE.writer,
        find: 'return length + (length < 0x100 ? 2 : length < 0x10000 ? 3 : 5);\n}\n\nexport function sizeOfByteArray',
        replace: 'return length + (length < 0x100 ? 2 : 5);\n}\n\nexport function sizeOfByteArray',
      },
    ],
  },
  {
    name: 'one-payload-header-too-wide',
    breaks: ['WIRE-07'],
    harm: 'a page with a blob of 65,535 bytes has other bytes here than elsewhere',
    patches: [
      {
        file: SOURCE.writer,
        find: 'else if (length < 0x10000) this.#header(0xc5',
        replace: 'else if (length < 0xffff) this.#header(0xc5',
      },
      {
        file: SOURCE.writer,
        find: 'return length + (length < 0x100 ? 2 : length < 0x10000 ? 3 : 5);\n}\n\nexport function sizeOfByteArray',
        replace:
          'return length + (length < 0x100 ? 2 : length < 0xffff ? 3 : 5);\n}\n\nexport function sizeOfByteArray',
      },
    ],
  },
  {
    name: 'keys-not-sorted',
    breaks: ['WIRE-08'],
    harm: 'bytes that should be equal differ',
    patches: [
      { file: SOURCE.fieldCodec, find: 'return keys.sort(compareCodePoints);', replace: 'return keys.reverse();' },
    ],
  },
  {
    name: 'empty-maps-written',
    breaks: ['WIRE-09'],
    harm: 'bytes that should be equal differ',
    patches: [
      {
        file: SOURCE.fieldCodec,
        find: 'if (ext === undefined || ext === null) return undefined;',
        replace: 'if (ext === undefined || ext === null) return {};',
      },
    ],
  },
  {
    name: 'unknown-key-always-the-same',
    breaks: ['WIRE-10'],
    harm: 'clients learn to expect that key, and break on the first new one',
    patches: [{ file: SOURCE.greeting, find: '{ [unknownName(context)]: context', replace: "{ 'x-grease': context" }],
  },
  {
    name: 'unknown-capability-always-the-same',
    breaks: ['WIRE-11'],
    harm: 'clients learn to expect that capability, and break on the first new one',
    patches: [{ file: SOURCE.greeting, find: 'caps: [unknownName(context)]', replace: "caps: ['x-grease']" }],
  },
  {
    name: 'welcome-without-caps',
    breaks: ['WIRE-13'],
    harm: 'clients cannot tell what they may ask for',
    patches: [{ file: SOURCE.greeting, find: 'caps: [unknownName(context)],', replace: '' }],
  },
  {
    name: 'ack-without-timestamp',
    breaks: ['WIRE-14'],
    harm: 'an app cannot show when an edit was saved',
    patches: [{ file: SOURCE.requests, find: 'timestamp: BigInt(stored.timestamp), digest', replace: 'digest' }],
  },
  {
    name: 'welcome-of-version-2',
    breaks: ['WIRE-15'],
    harm: 'a client of this protocol leaves',
    patches: [
      {
        file: SOURCE.greeting,
        find: "type: 'Welcome',\n    version: 1,",
        replace: "type: 'Welcome',\n    version: 2,",
      },
    ],
  },
  {
    name: 'pages-in-rmp',
    breaks: ['WIRE-54'],
    harm: 'clients that know one encoding end the session',
    patches: [
      {
        file: SOURCE.session,
        find: "slot.frame = answer.message && encodeFrame(answer.message, 'bin');",
        replace:
          "slot.frame = answer.message && encodeFrame(answer.message, answer.message.type === 'PullResponse' ? 'rmp' : 'bin');",
      },
    ],
  },
];
