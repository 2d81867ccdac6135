import type { Broken } from '../saboteur.ts';
import { SOURCE } from '../sources.ts';

/** Frames in the stream of bytes, and what is in flight. */
export const brokenFrames: readonly Broken[] = [
  {
    name: 'length-written-little-endian',
    breaks: ['FRAME-01'],
    harm: 'no two implementations can talk to each other',
    isNoRelay: true,
    patches: [
      {
        file: SOURCE.message,
        find: 'for (let index = FRAME.header_bytes - 1, rest = size; index >= 0; index--, rest >>>= 8)',
        replace: 'for (let index = 0, rest = size; index < FRAME.header_bytes; index++, rest >>>= 8)',
      },
    ],
  },
  {
    name: 'empty-frames-skipped',
    breaks: ['FRAME-02'],
    harm: 'a stream that has lost its step is read on as nonsense',
    patches: [
      {
        file: SOURCE.frameReader,
        find: "if (length === 0) throw new CodecError('frame-empty', 'frame announces no bytes');",
        replace: 'if (length === 0) {\n      this.#discard(FRAME.header_bytes);\n      return this.next();\n    }',
      },
    ],
  },
  {
    name: 'frames-of-any-length',
    breaks: ['FRAME-03'],
    harm: 'one client can make the relay buffer gigabytes',
    patches: [
      {
        file: SOURCE.connection,
        find: 'this.#frames.maxBody = MAX_BODY.bin;',
        replace: 'this.#frames.maxBody = 2 ** 40;',
      },
    ],
  },
  {
    name: 'frame-limit-off-by-one',
    breaks: ['FRAME-03'],
    harm: 'the limit is not the one that others keep',
    patches: [
      {
        file: SOURCE.connection,
        find: 'this.#frames.maxBody = MAX_BODY.bin;',
        replace: 'this.#frames.maxBody = MAX_BODY.bin + 1;',
      },
    ],
  },
  {
    name: 'frame-length-signed',
    breaks: ['FRAME-03'],
    harm: 'a length of 2 GiB is taken for one that has not come yet',
    patches: [
      {
        file: SOURCE.frameReader,
        find: 'length = length * 256 + this.#peek(index);',
        replace: 'length = (length << 8) | this.#peek(index);',
      },
      {
        file: SOURCE.frameReader,
        find: 'if (length > this.maxBody) {',
        replace: 'if (length < 0) return undefined;\n    if (length > this.maxBody) {',
      },
    ],
  },
  {
    name: 'large-frames-before-hello',
    breaks: ['FRAME-04'],
    harm: 'strangers make the relay buffer a megabyte for each connection',
    patches: [
      {
        file: SOURCE.connection,
        find: 'new FrameReader({ maxBody: FRAME.max_body_before_welcome })',
        replace: 'new FrameReader({ maxBody: MAX_BODY.bin })',
      },
    ],
  },
  {
    name: 'frame-judged-when-complete',
    breaks: ['FRAME-05'],
    harm: 'an announced length alone holds memory and a connection',
    patches: [
      {
        file: SOURCE.frameReader,
        find: 'if (length > this.maxBody) {',
        replace: 'if (length > this.maxBody && this.#buffered >= FRAME.header_bytes + length) {',
      },
    ],
  },
  {
    name: 'frames-of-one-mebibyte-only',
    breaks: ['FRAME-06'],
    harm: 'the largest blob with a generous extension map is refused',
    patches: [
      {
        file: SOURCE.connection,
        find: 'this.#frames.maxBody = MAX_BODY.bin;',
        replace: 'this.#frames.maxBody = MAX_BODY.rmp;',
      },
    ],
  },
  {
    name: 'hello-one-byte-smaller',
    breaks: ['FRAME-06'],
    harm: 'the largest Hello is refused by some relays and not by others',
    patches: [
      {
        file: SOURCE.connection,
        find: 'new FrameReader({ maxBody: FRAME.max_body_before_welcome })',
        replace: 'new FrameReader({ maxBody: FRAME.max_body_before_welcome - 1 })',
      },
    ],
  },
  {
    name: 'noise-messages-too-large',
    breaks: ['FRAME-16'],
    harm: 'clients cannot open what a large page comes in',
    patches: [
      {
        file: SOURCE.outbox,
        find: 'HANDSHAKE.transport.max_plaintext',
        replace: 'HANDSHAKE.transport.max_plaintext + 1',
      },
      {
        file: SOURCE.secureChannel,
        find: 'HANDSHAKE.transport.max_plaintext',
        replace: 'HANDSHAKE.transport.max_plaintext + 1',
      },
      {
        file: SOURCE.cipherState,
        find: 'if (plaintext.length > LIMITS.max_plaintext) {',
        replace: 'if (plaintext.length > LIMITS.max_plaintext + 1) {',
      },
    ],
  },
  {
    name: 'length-in-one-piece-only',
    breaks: ['FRAME-19'],
    harm: 'some blobs can be sent only by luck',
    patches: [
      {
        file: SOURCE.frameReader,
        find: 'let length = 0;\n    for',
        replace:
          "if (this.#chunks[0]!.length - this.#offset < FRAME.header_bytes) throw new CodecError('frame-empty', 'cut');\n    let length = 0;\n    for",
      },
    ],
  },
  {
    name: 'one-frame-per-noise-message',
    breaks: ['FRAME-20'],
    harm: 'the second of two quick edits is lost',
    patches: [
      {
        file: SOURCE.frameReader,
        find: 'const body = first.subarray(this.#offset, this.#offset + length);\n      this.#discard(length);',
        replace:
          'const body = first.subarray(this.#offset, this.#offset + length);\n      this.#discard(first.length - this.#offset);',
      },
    ],
  },
  {
    name: 'beginning-of-next-frame-dropped',
    breaks: ['FRAME-20'],
    harm: 'a stream of quick edits loses its step',
    patches: [
      {
        file: SOURCE.frameReader,
        find: 'const body = first.subarray(this.#offset, this.#offset + length);\n      this.#discard(length);',
        replace:
          'const body = first.subarray(this.#offset, this.#offset + length);\n      this.#discard(length);\n      if (this.#buffered < FRAME.header_bytes) this.#discard(this.#buffered);',
      },
    ],
  },
  {
    name: 'empty-noise-message-ends-it',
    breaks: ['FRAME-21'],
    harm: 'clients that send empty messages against traffic analysis are cut off',
    patches: [
      {
        file: SOURCE.secureChannel,
        find: 'if (plaintext !== undefined && plaintext.length > 0) this.#handlers.data(plaintext);',
        replace:
          "if (plaintext?.length === 0) this.#fail(new Error('empty'));\n    else if (plaintext !== undefined) this.#handlers.data(plaintext);",
      },
    ],
  },
  {
    name: 'empty-noise-message-begins-a-frame-anew',
    breaks: ['FRAME-21'],
    harm: 'padding in the middle of a blob loses it',
    patches: [
      {
        file: SOURCE.secureChannel,
        find: 'if (plaintext !== undefined && plaintext.length > 0) this',
        replace: 'if (plaintext !== undefined) this',
      },
      {
        file: SOURCE.frameReader,
        find: 'if (chunk.length === 0) return;',
        replace: 'if (chunk.length === 0) return this.#discard(this.#buffered);',
      },
    ],
  },
  {
    name: 'pipelined-pulls-dropped',
    breaks: ['FRAME-23'],
    harm: 'a client that catches up loses part of its queue',
    patches: [
      {
        file: SOURCE.session,
        find: 'if (asksForPage(asked) && !this.#hasRoomForPage()) this.#held = asked;',
        replace: 'if (asksForPage(asked) && !this.#hasRoomForPage()) continue;',
      },
    ],
  },
];
