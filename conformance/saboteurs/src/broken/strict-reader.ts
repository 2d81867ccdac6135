import type { Broken } from '../saboteur.ts';
import { SOURCE } from '../sources.ts';

/** Readers that refuse what they have to accept. */
export const brokenStrictReader: readonly Broken[] = [
  {
    name: 'blob-ids-of-version-4-only',
    breaks: ['WIRE-02'],
    harm: 'apps that derive their ids are refused',
    patches: [
      {
        file: SOURCE.requests,
        find: "if (message.type === 'Push' && message.payload.length >",
        replace:
          "if (message.type === 'Push' && message.blob_id[6]! >> 4 !== 4) return 'INVALID_MESSAGE';\n  if (message.type === 'Push' && message.payload.length >",
      },
    ],
  },
  {
    name: 'integers-in-shortest-form-only',
    breaks: ['WIRE-16'],
    harm: 'clients whose library writes fixed widths are refused',
    patches: [
      {
        file: SOURCE.reader,
        find: 'if (value < 0 || value > max) throw',
        replace:
          'const least = { 0xcc: 0x80, 0xcd: 0x100, 0xce: 0x10000, 0xcf: 0x100000000 }[marker] ?? 0;\n    if (value < least) throw new CodecError("out-of-range", "too wide", at);\n    if (value < 0 || value > max) throw',
      },
    ],
  },
  {
    name: 'signed-64-bits-refused',
    breaks: ['WIRE-17'],
    harm: 'clients in languages without unsigned integers are refused',
    patches: [
      {
        file: SOURCE.reader,
        find: 'if (marker === 0xd3 && high >= 0x80000000) throw',
        replace: 'if (marker === 0xd3) throw',
      },
    ],
  },
  {
    name: 'no-short-header-for-strings',
    breaks: ['WIRE-18'],
    harm: 'clients on a newer MessagePack library are refused',
    patches: [{ file: SOURCE.reader, find: 'if (marker === 0xd9) return this.#uint8();\n', replace: '' }],
  },
  {
    name: 'no-widest-header-for-maps',
    breaks: ['WIRE-18'],
    harm: 'clients whose library writes fixed widths are refused',
    patches: [{ file: SOURCE.reader, find: 'if (marker === 0xdf) return this.#uint32();\n', replace: '' }],
  },
  {
    name: 'sorted-keys-only',
    breaks: ['WIRE-19'],
    harm: 'clients in languages with unordered maps are refused',
    patches: [
      {
        file: SOURCE.fieldCodec,
        find: 'seen.push(key);',
        replace:
          "if (seen.some((other) => other > key)) throw new CodecError('wrong-type', 'not sorted', keyAt);\n        seen.push(key);",
      },
    ],
  },
  {
    name: 'empty-map-refused',
    breaks: ['WIRE-20'],
    harm: 'clients that always write the map are refused',
    patches: [
      {
        file: SOURCE.fieldCodec,
        find: 'const seen: string[] = [];',
        replace:
          "if (count === 0) throw new CodecError('wrong-arity', 'empty map', at);\n      const seen: string[] = [];",
      },
    ],
  },
  {
    name: 'map-only-where-keys-are-known',
    breaks: ['WIRE-21'],
    harm: 'no message can ever be given a key later',
    patches: [
      {
        file: SOURCE.message,
        find: "encoding === 'bin' ? extensionMap(table.ext ?? []) : undefined",
        replace: "encoding === 'bin' && table.ext ? extensionMap(table.ext) : undefined",
      },
    ],
  },
  {
    name: 'fifteen-keys-at-most',
    breaks: ['WIRE-22'],
    harm: 'later versions have less room than they were promised',
    patches: [
      {
        file: SOURCE.fieldCodec,
        find: 'if (count > EXTENSION_MAP.max_keys) {',
        replace: 'if (count >= EXTENSION_MAP.max_keys) {',
      },
    ],
  },
  {
    name: 'three-containers-at-most',
    breaks: ['WIRE-23'],
    harm: 'a newer client is cut off for a key that the relay does not need',
    patches: [
      {
        file: SOURCE.fieldCodec,
        find: 'reader.skip(EXTENSION_MAP.max_nesting)',
        replace: 'reader.skip(EXTENSION_MAP.max_nesting - 1)',
      },
    ],
  },
  {
    name: 'scalar-counts-as-container',
    breaks: ['WIRE-23'],
    harm: 'a newer client is cut off for a key that the relay does not need',
    patches: [
      {
        file: SOURCE.reader,
        find: 'const marker = this.#marker();\n    if (marker <= 0x7f || marker >= 0xe0',
        replace:
          "const marker = this.#marker();\n    if (containers === 0) throw new CodecError('too-deep', 'too deep', at);\n    if (marker <= 0x7f || marker >= 0xe0",
      },
    ],
  },
  {
    name: 'no-floats-in-unknown-values',
    breaks: ['WIRE-24'],
    harm: 'a newer client is cut off for a key that the relay does not need',
    patches: [
      {
        file: SOURCE.reader,
        find: 'case 0xca:\n',
        replace: "case 0xca:\n          throw new CodecError('wrong-type', 'a float', at);\n        case 0x100:\n",
      },
    ],
  },
  {
    name: 'strings-in-unknown-values-judged',
    breaks: ['WIRE-24'],
    harm: 'a newer client is cut off for a key that the relay does not need',
    patches: [
      {
        file: SOURCE.reader,
        find: 'if (marker >= 0xa0 && marker <= 0xbf) return void this.#take(marker & 0x1f);',
        replace:
          'if (marker >= 0xa0 && marker <= 0xbf) return void this.#decodeUtf8(this.#take(marker & 0x1f), marker & 0x1f);',
      },
    ],
  },
  {
    name: 'unknown-capability-refused',
    breaks: ['WIRE-25'],
    harm: 'a newer client is cut off for what it merely offers',
    patches: [
      {
        file: SOURCE.greeting,
        find: "if (hello.version !== 1) return refusal('UNSUPPORTED_VERSION');",
        replace:
          "if (hello.version !== 1) return refusal('UNSUPPORTED_VERSION');\n  if (hello.ext?.caps?.length) return refusal('INVALID_MESSAGE');",
      },
    ],
  },
];
