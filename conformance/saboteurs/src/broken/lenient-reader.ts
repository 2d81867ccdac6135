import type { Broken } from '../saboteur.ts';
import { SOURCE } from '../sources.ts';

/** Readers that accept what they have to refuse. */
export const brokenLenientReader: readonly Broken[] = [
  {
    name: 'further-elements-skipped',
    breaks: ['WIRE-26'],
    harm: 'a field added by mistake goes unnoticed, or shifts the rest',
    patches: [
      {
        file: SOURCE.message,
        find: 'if (count !== arity && !(codec.extensions && count === arity + 1)) {',
        replace: 'if (count < arity) {',
      },
      {
        file: SOURCE.message,
        find: "if (ext !== undefined) message['ext'] = ext;",
        replace:
          "if (ext !== undefined) message['ext'] = ext;\n      for (let more = arity + 1; more < count; more++) reader.skip(4);",
      },
    ],
  },
  {
    name: 'no-message-no-answer',
    breaks: ['WIRE-27'],
    harm: 'a broken client waits for an answer instead of being told',
    patches: [
      {
        file: SOURCE.session,
        find: "if (!(error instanceof CodecError)) throw error;\n      this.fail('INVALID_MESSAGE');",
        replace:
          "if (!(error instanceof CodecError)) throw error;\n      if (error.errorClass !== 'not-a-message') this.fail('INVALID_MESSAGE');",
      },
    ],
  },
  {
    name: 'names-in-any-case',
    breaks: ['WIRE-28'],
    harm: 'a client that works here works nowhere else',
    patches: [
      {
        file: SOURCE.message,
        find: 'reader.bytes[start + index] === codec.name[index]) index++',
        replace: '(reader.bytes[start + index]! | 0x20) === (codec.name[index]! | 0x20)) index++',
      },
    ],
  },
  {
    name: 'whole-floats-accepted',
    breaks: ['WIRE-29'],
    harm: 'cursors above 2^53 are rounded',
    patches: [
      {
        file: SOURCE.reader,
        find: 'if (marker >= 0xe0) value = -1;',
        replace:
          'const view = new DataView(this.bytes.buffer, this.bytes.byteOffset);\n          if (marker === 0xca) value = view.getFloat32(this.#take(4));\n          else if (marker === 0xcb) value = view.getFloat64(this.#take(8));\n          else if (marker >= 0xe0) value = -1;',
      },
    ],
  },
  {
    name: 'negative-read-as-huge',
    breaks: ['WIRE-30'],
    harm: 'a cursor of −1 skips everything there will ever be',
    patches: [
      { file: SOURCE.reader, find: 'if (marker === 0xd3 && high >= 0x80000000) throw', replace: 'if (at < 0) throw' },
    ],
  },
  {
    name: 'minus-one-in-a-byte-read-as-255',
    breaks: ['WIRE-30'],
    harm: 'a client that counted wrong gets pages it did not ask for',
    patches: [{ file: SOURCE.reader, find: 'value = (this.#uint8() << 24) >> 24;', replace: 'value = this.#uint8();' }],
  },
  {
    name: 'wide-integers-cut',
    breaks: ['WIRE-31'],
    harm: 'a limit of 2^32 means something else without a word',
    patches: [{ file: SOURCE.reader, find: 'value = high === 0 ? low : -1;', replace: 'value = low;' }],
  },
  {
    name: 'status-cut-to-a-byte',
    breaks: ['WIRE-31'],
    harm: 'a status of 256 means the foreground without a word',
    patches: [
      {
        file: SOURCE.reader,
        find: 'if (value < 0 || value > max) throw',
        replace: 'if (max === 255 && value > 0) value &= 255;\n    if (value < 0 || value > max) throw',
      },
    ],
  },
  {
    name: 'replacement-characters',
    breaks: ['WIRE-32'],
    harm: 'a device has another name than it gave itself',
    patches: [{ file: SOURCE.reader, find: '{ fatal: true, ignoreBOM: true }', replace: '{ ignoreBOM: true }' }],
  },
  {
    name: 'timestamps-as-integers',
    breaks: ['WIRE-33'],
    harm: 'what a library makes of the type decides what a cursor is',
    patches: [
      {
        file: SOURCE.reader,
        find: 'if (marker >= 0xe0) value = -1;',
        replace:
          'if (marker === 0xd6 && this.#uint8() === 0xff) value = this.#uint32();\n          else if (marker >= 0xe0) value = -1;',
      },
    ],
  },
  {
    name: 'strings-as-bytes',
    breaks: ['WIRE-34'],
    harm: 'an id is compared in two forms, and one blob stored twice',
    patches: [
      {
        file: SOURCE.reader,
        find: "else this.#wrongType(marker, at, 'a byte string');",
        replace: 'else {\n      this.position = at;\n      size = this.strHeader();\n    }',
      },
    ],
  },
  {
    name: 'bytes-as-strings',
    breaks: ['WIRE-35'],
    harm: 'bytes that are no text get where text is shown',
    patches: [
      {
        file: SOURCE.reader,
        find: "return this.#wrongType(marker, at, 'a string');",
        replace: "return marker === 0xc4 ? this.#uint8() : this.#wrongType(marker, at, 'a string');",
      },
    ],
  },
  {
    name: 'integers-as-booleans',
    breaks: ['WIRE-36'],
    harm: 'a deletion is forced by accident',
    patches: [
      {
        file: SOURCE.reader,
        find: 'if (marker === 0xc2) return false;\n    if (marker === 0xc3) return true;',
        replace:
          'if (marker === 0xc2 || marker === 0) return false;\n    if (marker === 0xc3 || marker === 1) return true;',
      },
    ],
  },
  {
    name: 'nil-as-zero',
    breaks: ['WIRE-37'],
    harm: 'a missing cursor is taken for the beginning',
    patches: [
      {
        file: SOURCE.reader,
        find: 'let value = marker;\n    if (marker >= 0x80) {',
        replace: 'let value = marker === 0xc0 ? 0 : marker;\n    if (value >= 0x80) {',
      },
    ],
  },
  {
    name: 'long-ids-cut',
    breaks: ['WIRE-38'],
    harm: 'two blobs share an id, and one of them is lost',
    patches: [
      {
        file: SOURCE.reader,
        find: "if (length !== undefined && size !== length) {\n      throw new CodecError('wrong-length', `byte string",
        replace:
          "if (length !== undefined && size < length) {\n      throw new CodecError('wrong-length', `byte string",
      },
      {
        file: SOURCE.reader,
        find: 'return this.#slice(this.#take(size), size);',
        replace: 'return this.#slice(this.#take(size), length ?? size);',
      },
    ],
  },
  {
    name: 'unknown-key-twice',
    breaks: ['WIRE-39'],
    harm: 'two readers take each another value',
    patches: [
      {
        file: SOURCE.fieldCodec,
        find: 'if (seen.includes(key)) throw',
        replace: 'if (entry && seen.includes(key)) throw',
      },
    ],
  },
  {
    name: 'last-of-two-known-keys',
    breaks: ['WIRE-39'],
    harm: 'two readers take each another value',
    patches: [
      {
        file: SOURCE.fieldCodec,
        find: 'if (seen.includes(key)) throw',
        replace: 'if (!entry && seen.includes(key)) throw',
      },
    ],
  },
  {
    name: 'bytes-behind-the-message',
    breaks: ['WIRE-40'],
    harm: 'data gets past whatever inspects messages',
    patches: [
      {
        file: SOURCE.message,
        find: 'if (reader.position !== reader.end) {',
        replace: 'if (reader.position > reader.end) {',
      },
    ],
  },
  {
    name: 'as-many-bytes-as-there-are',
    breaks: ['WIRE-41'],
    harm: 'half a payload is stored as a whole one',
    patches: [
      {
        file: SOURCE.reader,
        find: "if (length !== undefined && size !== length) {\n      throw new CodecError('wrong-length', `byte string",
        replace:
          "if (length === undefined) size = Math.min(size, this.end - this.position - 1);\n    if (length !== undefined && size !== length) {\n      throw new CodecError('wrong-length', `byte string",
      },
    ],
  },
  {
    name: 'seventeen-keys',
    breaks: ['WIRE-42'],
    harm: 'a few bytes keep the relay busy for long',
    patches: [
      { file: SOURCE.fieldCodec, find: 'if (count > EXTENSION_MAP.max_keys) {', replace: 'if (count > 17 * 65_536) {' },
    ],
  },
  {
    name: 'containers-without-end',
    breaks: ['WIRE-43'],
    harm: 'a few bytes exhaust the relay’s stack',
    patches: [{ file: SOURCE.reader, find: 'if (containers === 0) throw', replace: 'if (containers < -1000) throw' }],
  },
  {
    name: 'wrong-known-key-skipped',
    breaks: ['WIRE-44'],
    harm: 'a client’s mistake in its epoch turns off the detection of lost data',
    patches: [
      {
        file: SOURCE.fieldCodec,
        find: 'else (out ??= {})[key] = entry.codec.read(reader);',
        replace:
          'else {\n          const valueAt = reader.position;\n          try {\n            const value = entry.codec.read(reader);\n            (out ??= {})[key] = value;\n          } catch {\n            reader.position = valueAt;\n            reader.skip(EXTENSION_MAP.max_nesting);\n          }\n        }',
      },
    ],
  },
  {
    name: 'keys-of-any-type',
    breaks: ['WIRE-45'],
    harm: 'a form of nobody’s is guessed at',
    patches: [
      {
        file: SOURCE.fieldCodec,
        find: 'const key = entry?.key ?? reader.str();\n        entry ??=',
        replace:
          'const key = entry?.key ?? (reader.bytes[reader.position]! < 0x80 ? String(reader.uint(127)) : reader.str());\n        entry ??=',
      },
    ],
  },
  {
    name: 'nil-for-no-map',
    breaks: ['WIRE-45'],
    harm: 'a form of nobody’s is guessed at',
    patches: [
      {
        file: SOURCE.message,
        find: 'const ext = codec.extensions!.read(reader);',
        replace: 'const ext = reader.nil() ? undefined : codec.extensions!.read(reader);',
      },
    ],
  },
  {
    name: 'reserved-byte-skipped',
    breaks: ['WIRE-46'],
    harm: 'a form of nobody’s is guessed at',
    patches: [
      {
        file: SOURCE.reader,
        find: "default:\n          throw new CodecError('reserved-byte', '0xc1 is not MessagePack', at);",
        replace: 'default:\n          return;',
      },
    ],
  },
  {
    name: 'any-reason-for-revoking',
    breaks: ['WIRE-47'],
    harm: 'a stolen device is treated as merely retired',
    patches: [
      {
        file: SOURCE.fieldCodec,
        find: 'read: (reader) => reader.uint(max),',
        replace: 'read: (reader) => Math.min(reader.uint(Math.max(max, 255)), max),',
      },
    ],
  },
  {
    name: 'hello-in-rmp-welcome',
    breaks: ['WIRE-55'],
    harm: 'the encoding of a session has to be guessed',
    patches: [
      {
        file: SOURCE.fieldCodec,
        find: 'read: (reader) => reader.bin(length),',
        replace:
          'read: (reader) => (length === 32 && reader.bytes[reader.position] === 0xdc ? reader.byteArray(length) : reader.bin(length)),',
      },
    ],
  },
];
