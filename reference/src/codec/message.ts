/**
 * The codec of messages, driven by the tables of spec/: one MessagePack array per message, its name first, its fields
 * in order, then in `bin` at most one extension map (WIRE). Two encodings differ only in how some byte strings look.
 */
import { FRAME, MAX_BODY, MESSAGES, type Message } from '@0k-sync/spec';
import { CodecError } from './codec-error.ts';
import { type Encoding, type ExtensionKey, extensionMap, type FieldCodec, fieldCodec } from './field-codec.ts';
import { Reader } from './reader.ts';
import { allocate } from './shared-buffer.ts';
import { encodeStr, sizeOfArrayHeader, Writer } from './writer.ts';

interface MessageCodec {
  readonly type: Message['type'];
  readonly name: Uint8Array;
  /** The name as it is written, with its header. */
  readonly head: Uint8Array;
  readonly fields: readonly { readonly name: string; readonly codec: FieldCodec }[];
  readonly extensions: ReturnType<typeof extensionMap> | undefined;
}

interface MessageTable {
  name: Message['type'];
  encodings: readonly Encoding[];
  fields: readonly { name: string; type: string }[];
  ext?: readonly ExtensionKey[];
}

function compile(encoding: Encoding): Map<string, MessageCodec> {
  const codecs = new Map<string, MessageCodec>();
  for (const table of MESSAGES as readonly MessageTable[]) {
    if (!table.encodings.includes(encoding)) continue;
    codecs.set(table.name, {
      type: table.name,
      name: new TextEncoder().encode(table.name),
      head: encodeStr(table.name),
      fields: table.fields.map((field) => ({ name: field.name, codec: fieldCodec(field.type, encoding) })),
      extensions: encoding === 'bin' ? extensionMap(table.ext ?? []) : undefined,
    });
  }
  return codecs;
}

const codecs = { bin: compile('bin'), rmp: compile('rmp') };
const byNameLength = { bin: groupByNameLength(codecs.bin), rmp: groupByNameLength(codecs.rmp) };

function groupByNameLength(all: Map<string, MessageCodec>): MessageCodec[][] {
  const groups: MessageCodec[][] = [];
  for (const codec of all.values()) (groups[codec.name.length] ??= []).push(codec);
  return groups;
}

/**
 * Reads one message.
 *
 * @param body the body of a frame: 1 to 1,114,112 bytes in `bin`, 1,048,576 in `rmp` (the caller has checked)
 * @returns the message; its byte strings are views of `body` (in `rmp` those written as arrays are new)
 * @throws {CodecError} and nothing else, for every input that is not exactly one well-formed message
 */
export function decodeMessage(body: Uint8Array, encoding: Encoding): Message {
  const reader = new Reader(body);
  const { count, codec } = readName(reader, encoding);
  const arity = codec.fields.length + 1;
  if (count !== arity && !(codec.extensions && count === arity + 1)) {
    throw new CodecError('wrong-arity', `${codec.type} has ${count - 1} elements after its name`, 0);
  }
  const message: Record<string, unknown> = { type: codec.type };
  let field = 'ext';
  try {
    for (let index = 0; index < codec.fields.length; index++) {
      const entry = codec.fields[index]!;
      field = entry.name;
      message[field] = entry.codec.read(reader);
    }
    if (count > arity) {
      field = 'ext';
      const ext = codec.extensions!.read(reader);
      if (ext !== undefined) message['ext'] = ext;
    }
  } catch (error) {
    throw located(error, `${codec.type}.${field}`);
  }
  if (reader.position !== reader.end) {
    throw new CodecError('trailing-bytes', `bytes follow ${codec.type}`, reader.position);
  }
  return message as unknown as Message;
}

function readName(reader: Reader, encoding: Encoding): { count: number; codec: MessageCodec } {
  let count: number;
  let start: number;
  try {
    count = reader.arrayHeader();
    if (count === 0) throw new CodecError('not-a-message', 'array is empty', 0);
    const length = reader.strHeader();
    reader.atLeast(length);
    start = reader.position;
    reader.position += length;
  } catch (error) {
    if (error instanceof CodecError && error.errorClass === 'wrong-type') {
      throw new CodecError('not-a-message', 'not an array that starts with a name', error.offset);
    }
    throw error;
  }
  for (const codec of byNameLength[encoding][reader.position - start] ?? []) {
    let index = 0;
    while (index < codec.name.length && reader.bytes[start + index] === codec.name[index]) index++;
    if (index === codec.name.length) return { count, codec };
  }
  if (!isUtf8(reader.bytes.subarray(start, reader.position))) {
    throw new CodecError('invalid-utf8', 'the name is not well-formed UTF-8', start);
  }
  throw new CodecError('unknown-message', `no message of that name in ${encoding}`, start);
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

/**
 * Writes one message in canonical form: integers in their shortest form, keys sorted, no empty extension map.
 *
 * @returns a view, whose buffer short messages share: copy what is to be transferred to a worker
 * @throws {CodecError} where a value does not fit its field
 */
export function encodeMessage(message: Message, encoding: Encoding): Uint8Array {
  return write(message, encoding, 0).bytes;
}

/**
 * Writes one message as a frame: 4 bytes of big-endian length, then the body, in one piece (FRAME).
 *
 * @returns a view, as {@link encodeMessage} does
 * @throws {CodecError} `frame-too-large` where the body is over the limit of the encoding
 */
export function encodeFrame(message: Message, encoding: Encoding): Uint8Array {
  const { bytes } = write(message, encoding, FRAME.header_bytes);
  const size = bytes.length - FRAME.header_bytes;
  if (size > MAX_BODY[encoding]) {
    throw new CodecError('frame-too-large', `${message.type} has ${size} bytes, more than ${MAX_BODY[encoding]}`);
  }
  for (let index = FRAME.header_bytes - 1, rest = size; index >= 0; index--, rest >>>= 8) bytes[index] = rest;
  return bytes;
}

/** How many bytes {@link encodeMessage} would write. */
export function encodedSize(message: Message, encoding: Encoding): number {
  return measure(message, encoding).size;
}

function measure(message: Message, encoding: Encoding) {
  const codec = codecs[encoding].get(message.type);
  if (codec === undefined) throw new CodecError('unknown-message', `no message of that name in ${encoding}`);
  const values = message as unknown as Record<string, unknown>;
  const ext = codec.extensions?.used(values['ext']);
  const count = 1 + codec.fields.length + (ext ? 1 : 0);
  let size = sizeOfArrayHeader(count) + codec.head.length;
  let field = 'ext';
  try {
    for (const entry of codec.fields) {
      field = entry.name;
      size += entry.codec.size(values[field]);
    }
    field = 'ext';
    if (ext) size += codec.extensions!.size(ext);
  } catch (error) {
    throw located(error, `${codec.type}.${field}`);
  }
  return { codec, values, ext, count, size };
}

function write(message: Message, encoding: Encoding, reserved: number): Writer {
  const { codec, values, ext, count, size } = measure(message, encoding);
  const writer = new Writer(size, reserved, allocate(size + reserved));
  writer.arrayHeader(count);
  writer.raw(codec.head);
  for (const entry of codec.fields) entry.codec.write(writer, values[entry.name]);
  if (ext) codec.extensions!.write(writer, ext);
  return writer;
}

/** The same error with the field's name in front of its text. */
function located(error: unknown, where: string): unknown {
  if (!(error instanceof CodecError)) return error;
  const text = error.message.replace(/( at byte \d+)? \([a-z0-9-]+\)$/, '');
  return new CodecError(error.errorClass, `${where}: ${text}`, error.offset);
}
