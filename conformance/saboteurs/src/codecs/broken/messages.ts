import type { BrokenCodec } from '../broken.ts';

const READER = 'reference/src/codec/reader.ts';
const WRITER = 'reference/src/codec/writer.ts';
const FIELDS = 'reference/src/codec/field-codec.ts';
const MESSAGE = 'reference/src/codec/message.ts';
const FRAMES = 'reference/src/codec/frame-reader.ts';
const DRIVER = 'conformance/saboteurs/src/codecs/driver.ts';

/** Codecs that read or write messages and frames otherwise than they should. */
export const brokenMessages: readonly BrokenCodec[] = [
  {
    name: 'codec-u64-cut-to-53-bits',
    breaks: ['WIRE-03'],
    harm: 'after many blobs two of them have one cursor, and one is never pulled',
    patches: [
      {
        file: READER,
        find: 'return high === 0 ? BigInt(low) : (BigInt(high) << 32n) | BigInt(low);',
        replace: 'return BigInt(high * 2 ** 32 + low);',
      },
    ],
  },
  {
    name: 'codec-signed-width-refused',
    breaks: ['WIRE-17'],
    harm: 'a client whose library writes signed integers is never understood',
    patches: [{ file: READER, find: 'value = (this.#uint8() << 24) >> 24;', replace: 'value = -1 - this.#uint8();' }],
  },
  {
    name: 'codec-long-header-refused',
    breaks: ['WIRE-18'],
    harm: 'a peer that writes every string alike is never understood',
    patches: [{ file: READER, find: 'if (marker === 0xdb) return this.#uint32();', replace: '' }],
  },
  {
    name: 'codec-integer-not-shortest',
    breaks: ['WIRE-06'],
    harm: 'the same message has two forms, and a comparison of bytes fails',
    patches: [
      {
        file: WRITER,
        find: 'if (value < 0x80) this.bytes[this.position++] = value;',
        replace: 'if (value < 0x7f) this.bytes[this.position++] = value;',
      },
      {
        file: WRITER,
        find: 'return value < 0x80 ? 1 : value < 0x100 ? 2 : value < 0x10000 ? 3 : 5;',
        replace: 'return value < 0x7f ? 1 : value < 0x100 ? 2 : value < 0x10000 ? 3 : 5;',
      },
    ],
  },
  {
    name: 'codec-header-not-shortest',
    breaks: ['WIRE-07'],
    harm: 'the same message has two forms, and a comparison of bytes fails',
    patches: [
      { file: WRITER, find: 'if (length < 0x20) this.bytes', replace: 'if (length < 0x1f) this.bytes' },
      { file: WRITER, find: 'length + (length < 0x20 ? 1', replace: 'length + (length < 0x1f ? 1' },
    ],
  },
  {
    name: 'codec-keys-unsorted',
    breaks: ['WIRE-08'],
    harm: 'the same message has many forms, and a comparison of bytes fails',
    patches: [{ file: FIELDS, find: '.sort((a, b) => compareCodePoints(a.key, b.key));', replace: ';' }],
  },
  {
    name: 'codec-unknown-key-refused',
    breaks: ['WIRE-23'],
    harm: 'the next version of the protocol cannot be talked to',
    patches: [
      {
        file: FIELDS,
        find: 'if (entry === undefined) reader.skip(EXTENSION_MAP.max_nesting);',
        replace: "if (entry === undefined) throw new CodecError('wrong-type', 'unknown', keyAt);",
      },
    ],
  },
  {
    name: 'codec-unknown-value-must-be-right',
    breaks: ['WIRE-24'],
    harm: 'a later extension with a float in it ends every session',
    patches: [{ file: READER, find: '        case 0xca:\n          return void this.#take(4);\n', replace: '' }],
  },
  {
    name: 'codec-duplicate-key-taken',
    breaks: ['WIRE-39'],
    harm: 'two readers see different values in one message',
    patches: [{ file: FIELDS, find: 'if (seen.includes(key)) throw', replace: 'if (false) throw' }],
  },
  {
    name: 'codec-one-key-too-many',
    breaks: ['WIRE-42'],
    harm: 'a reader is made to keep more than it should',
    patches: [
      {
        file: FIELDS,
        find: 'if (count > EXTENSION_MAP.max_keys) {',
        replace: 'if (count > EXTENSION_MAP.max_keys + 1) {',
      },
    ],
  },
  {
    name: 'codec-one-level-too-deep',
    breaks: ['WIRE-43'],
    harm: 'what one reader takes another refuses',
    patches: [
      {
        file: FIELDS,
        find: 'reader.skip(EXTENSION_MAP.max_nesting);',
        replace: 'reader.skip(EXTENSION_MAP.max_nesting + 1);',
      },
    ],
  },
  {
    name: 'codec-trailing-bytes-taken',
    breaks: ['WIRE-40'],
    harm: 'what follows a message is lost, or means something to one reader alone',
    patches: [
      {
        file: MESSAGE,
        find: 'if (reader.position !== reader.end) {',
        replace: 'if (reader.position + 1 < reader.end) {',
      },
    ],
  },
  {
    name: 'codec-utf8-mended',
    breaks: ['WIRE-32'],
    harm: 'a name is not the name that was sent',
    patches: [
      {
        file: READER,
        find: "const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });",
        replace: "const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });",
      },
    ],
  },
  {
    name: 'codec-bool-from-integer',
    breaks: ['WIRE-36'],
    harm: 'a wrong field is taken for false, and devices are forgotten or kept',
    patches: [
      {
        file: READER,
        find: 'if (marker === 0xc2) return false;',
        replace: 'if (marker === 0xc2 || marker === 0) return false;',
      },
    ],
  },
  {
    name: 'codec-string-for-bytes',
    breaks: ['WIRE-34'],
    harm: 'ids are read from text, and mean another blob',
    patches: [
      {
        file: READER,
        find: 'if (marker === 0xc4) size = this.#uint8();',
        replace:
          'if (marker === 0xc4 || marker === 0xd9) size = this.#uint8(); else if (marker >= 0xa0 && marker <= 0xbf) size = marker & 0x1f;',
      },
    ],
  },
  {
    name: 'codec-length-of-ids-unchecked',
    breaks: ['WIRE-38'],
    harm: 'an id of the wrong length is stored',
    patches: [
      {
        file: READER,
        find: "if (length !== undefined && size !== length) {\n      throw new CodecError('wrong-length', `byte string",
        replace:
          "if (length !== undefined && size > length) {\n      throw new CodecError('wrong-length', `byte string",
      },
    ],
  },
  {
    name: 'codec-range-off-by-one',
    breaks: ['WIRE-31'],
    harm: 'a number is stored that others refuse to read',
    patches: [
      { file: READER, find: 'if (value < 0 || value > max) throw', replace: 'if (value < 0 || value > max + 1) throw' },
    ],
  },
  {
    name: 'codec-announced-length-believed',
    breaks: ['WIRE-41'],
    harm: 'a message of ten bytes makes the reader fall over',
    breaksDown: true,
    patches: [
      {
        file: READER,
        find: "if (count > this.end - this.position) throw new CodecError('truncated', 'length runs past the end', at);",
        replace: 'if (count > this.end - this.position) process.exit(9);',
      },
    ],
  },
  {
    name: 'codec-frame-limit-one-short',
    breaks: ['FRAME-06'],
    harm: 'the largest blob cannot be pulled',
    patches: [{ file: FRAMES, find: 'if (length > this.maxBody) {', replace: 'if (length >= this.maxBody) {' }],
  },
  {
    name: 'codec-frame-length-little-endian',
    breaks: ['FRAME-01'],
    harm: 'nothing is understood',
    patches: [
      {
        file: FRAMES,
        find: 'length = length * 256 + this.#peek(index);',
        replace: 'length += this.#peek(index) * 256 ** index;',
      },
    ],
  },
  {
    name: 'codec-frame-judged-with-its-body',
    breaks: ['FRAME-05'],
    harm: 'a frame that is too large is awaited for ever',
    patches: [
      {
        file: FRAMES,
        find: 'if (this.#buffered < FRAME.header_bytes) return undefined;',
        replace: 'if (this.#buffered <= FRAME.header_bytes) return undefined;',
      },
    ],
  },
  {
    name: 'codec-says-yes-to-anything',
    breaks: ['WIRE-28'],
    harm: 'its author believes that it is right',
    patches: [
      {
        file: DRIVER,
        find: '    return { id, error: classOf(error) };\n  }\n}',
        replace: '    return { id, ok: {} };\n  }\n}',
      },
    ],
  },
];
