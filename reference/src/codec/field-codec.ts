import { EXTENSION_MAP, TYPES } from '@0k-sync/spec';
import { CodecError } from './codec-error.ts';
import type { Reader } from './reader.ts';
import {
  encodeStr,
  sizeOfArrayHeader,
  sizeOfBin,
  sizeOfByteArray,
  sizeOfStr,
  sizeOfUint,
  sizeOfUint64,
  type Writer,
} from './writer.ts';

export type Encoding = 'bin' | 'rmp';

/** How one type of field is read and written. `size` checks the value and counts its bytes; `write` then trusts it. */
export interface FieldCodec<T = unknown> {
  read(reader: Reader): T;
  size(value: T): number;
  write(writer: Writer, value: T): void;
}

/** A type as types.yaml states it; wider than the generated constants so that one switch serves them all. */
interface TypeTable {
  kind: 'uint' | 'uint64' | 'bool' | 'str' | 'bytes' | 'list' | 'map' | 'tuple';
  max?: string;
  max_bytes?: number;
  nullable?: true;
  length?: number;
  rmp?: 'bin' | 'array';
  of?: string;
  max_keys?: number;
  fields?: readonly { name: string; type: string }[];
  ext?: readonly ExtensionKey[];
}

export interface ExtensionKey {
  readonly key: string;
  readonly type: string;
}

interface KeyCodec {
  readonly key: string;
  /** The key as it is written, with its header. */
  readonly head: Uint8Array;
  readonly codec: FieldCodec;
}

export type Extensions = Record<string, unknown>;

const compiled = { bin: new Map<string, FieldCodec>(), rmp: new Map<string, FieldCodec>() };

/** The codec of the type of that name in types.yaml. */
export function fieldCodec(name: string, encoding: Encoding): FieldCodec {
  let codec = compiled[encoding].get(name);
  if (codec === undefined) {
    codec = compile((TYPES as Record<string, TypeTable>)[name]!, encoding) as FieldCodec;
    compiled[encoding].set(name, codec);
  }
  return codec;
}

// biome-ignore lint/suspicious/noExplicitAny: each kind has a value type of its own
function compile(type: TypeTable, encoding: Encoding): FieldCodec<any> {
  switch (type.kind) {
    case 'uint':
      return uint(Number(type.max));
    case 'uint64':
      return uint64;
    case 'bool':
      return bool;
    case 'str':
      return type.nullable ? nullable(str(type.max_bytes)) : str(type.max_bytes);
    case 'bytes':
      return encoding === 'rmp' && type.rmp === 'array' ? byteArray(type.length) : bin(type.length);
    case 'list':
      return list(fieldCodec(type.of!, encoding));
    case 'map':
      return map(fieldCodec(type.of!, encoding), type.max_keys!);
    case 'tuple':
      return tuple(type, encoding);
  }
}

function uint(max: number): FieldCodec<number> {
  return {
    read: (reader) => reader.uint(max),
    size(value) {
      if (typeof value !== 'number' || !Number.isInteger(value)) throw wrongType('an integer');
      if (value < 0 || value > max) throw new CodecError('out-of-range', `integer is not within 0 to ${max}`);
      return sizeOfUint(value);
    },
    write: (writer, value) => writer.uint(value),
  };
}

const uint64: FieldCodec<bigint> = {
  read: (reader) => reader.uint64(),
  size(value) {
    if (typeof value !== 'bigint') throw wrongType('a bigint');
    if (value < 0n || value > 0xffffffffffffffffn) {
      throw new CodecError('out-of-range', 'integer is not within 0 to 2^64 − 1');
    }
    return sizeOfUint64(value);
  },
  write: (writer, value) => writer.uint64(value),
};

const bool: FieldCodec<boolean> = {
  read: (reader) => reader.bool(),
  size(value) {
    if (typeof value !== 'boolean') throw wrongType('a boolean');
    return 1;
  },
  write: (writer, value) => writer.bool(value),
};

function str(maxBytes?: number): FieldCodec<string> {
  return {
    read: (reader) => reader.str(maxBytes),
    size(value) {
      if (typeof value !== 'string') throw wrongType('a string');
      const size = sizeOfStr(value);
      if (maxBytes !== undefined && size > sizeOfStr('x'.repeat(maxBytes))) {
        throw new CodecError('wrong-length', `string is over ${maxBytes} bytes`);
      }
      return size;
    },
    write: (writer, value) => writer.str(value),
  };
}

function nullable<T>(inner: FieldCodec<T>): FieldCodec<T | null> {
  return {
    read: (reader) => (reader.nil() ? null : inner.read(reader)),
    size: (value) => (value === null ? 1 : inner.size(value)),
    write: (writer, value) => (value === null ? writer.nil() : inner.write(writer, value)),
  };
}

function checkBytes(value: Uint8Array, length?: number): void {
  if (!(value instanceof Uint8Array)) throw wrongType('a Uint8Array');
  if (length !== undefined && value.length !== length) {
    throw new CodecError('wrong-length', `byte string has ${value.length} bytes, not ${length}`);
  }
}

function bin(length?: number): FieldCodec<Uint8Array> {
  return {
    read: (reader) => reader.bin(length),
    size(value) {
      checkBytes(value, length);
      return sizeOfBin(value.length);
    },
    write: (writer, value) => writer.bin(value),
  };
}

function byteArray(length?: number): FieldCodec<Uint8Array> {
  return {
    read: (reader) => reader.byteArray(length),
    size(value) {
      checkBytes(value, length);
      return sizeOfByteArray(value);
    },
    write: (writer, value) => writer.byteArray(value),
  };
}

function list<T>(element: FieldCodec<T>): FieldCodec<T[]> {
  return {
    read(reader) {
      const at = reader.position;
      const count = reader.arrayHeader();
      reader.atLeast(count, at);
      const out: T[] = [];
      for (let index = 0; index < count; index++) out.push(element.read(reader));
      return out;
    },
    size(values) {
      if (!Array.isArray(values)) throw wrongType('an array');
      let size = sizeOfArrayHeader(values.length);
      for (const value of values) size += element.size(value);
      return size;
    },
    write(writer, values) {
      writer.arrayHeader(values.length);
      for (const value of values) element.write(writer, value);
    },
  };
}

function map<T>(element: FieldCodec<T>, maxKeys: number): FieldCodec<Record<string, T>> {
  return {
    read(reader) {
      const at = reader.position;
      const count = reader.mapHeader();
      if (count > maxKeys) throw new CodecError('too-many-keys', `map has more than ${maxKeys} keys`, at);
      reader.atLeast(count * 2, at);
      const entries = new Map<string, T>();
      for (let index = 0; index < count; index++) {
        const keyAt = reader.position;
        const key = reader.str();
        if (entries.has(key)) throw new CodecError('duplicate-key', 'map has a key twice', keyAt);
        entries.set(key, element.read(reader));
      }
      // fromEntries defines own properties, so that a key named __proto__ is a key like any other.
      return Object.fromEntries(entries);
    },
    size(value) {
      const keys = Object.keys(value);
      if (keys.length > maxKeys) throw new CodecError('too-many-keys', `map has more than ${maxKeys} keys`);
      let size = sizeOfArrayHeader(keys.length);
      for (const key of keys) size += sizeOfStr(key) + element.size(value[key]!);
      return size;
    },
    write(writer, value) {
      const keys = sortedKeys(value);
      writer.mapHeader(keys.length);
      for (const key of keys) {
        writer.str(key);
        element.write(writer, value[key]!);
      }
    },
  };
}

/** A fixed array of named fields with, in `bin`, an optional extension map as its last element. */
function tuple(type: TypeTable, encoding: Encoding): FieldCodec<Record<string, unknown>> {
  const fields = type.fields!.map((field) => ({ name: field.name, codec: fieldCodec(field.type, encoding) }));
  const extensions = encoding === 'bin' && type.ext ? extensionMap(type.ext) : undefined;
  const arity = fields.length;
  return {
    read(reader) {
      const at = reader.position;
      const count = reader.arrayHeader();
      if (count !== arity && !(extensions && count === arity + 1)) {
        throw new CodecError('wrong-arity', `array has not ${arity} elements`, at);
      }
      const out: Record<string, unknown> = {};
      for (const field of fields) out[field.name] = field.codec.read(reader);
      if (extensions && count > arity) {
        const ext = extensions.read(reader);
        if (ext !== undefined) out['ext'] = ext;
      }
      return out;
    },
    size(value) {
      const ext = extensions?.used(value['ext']);
      let size = sizeOfArrayHeader(arity + (ext ? 1 : 0));
      for (const field of fields) size += field.codec.size(value[field.name]);
      return ext ? size + extensions!.size(ext) : size;
    },
    write(writer, value) {
      const ext = extensions?.used(value['ext']);
      writer.arrayHeader(arity + (ext ? 1 : 0));
      for (const field of fields) field.codec.write(writer, value[field.name]);
      if (ext) extensions!.write(writer, ext);
    },
  };
}

/**
 * An extension map: known keys by the table, unknown ones skipped when read. On writing, keys that are not in the table
 * have Uint8Array values and are written as byte strings.
 */
export function extensionMap(table: readonly ExtensionKey[]) {
  const known = table
    .map(({ key, type }) => ({ key, head: encodeStr(key), codec: fieldCodec(type, 'bin') }))
    .sort((a, b) => compareCodePoints(a.key, b.key));
  const byKey = new Map(known.map((entry) => [entry.key, entry]));
  const unknown = bin();

  /** The entries to write, in the order of their keys. */
  function entries(ext: Extensions): KeyCodec[] {
    for (const key in ext) {
      if (!byKey.has(key)) {
        return sortedKeys(ext).map((key) => byKey.get(key) ?? { key, head: encodeStr(key), codec: unknown });
      }
    }
    return known.filter(({ key }) => ext[key] !== undefined);
  }

  /** The key that comes next, if it is in the table: compared as bytes, so that no string is made of it. */
  function readKnown(reader: Reader): KeyCodec | undefined {
    for (const entry of known) if (reader.consume(entry.head)) return entry;
    return undefined;
  }

  return {
    /** The known keys that are there, or undefined when there are none. */
    read(reader: Reader): Extensions | undefined {
      const at = reader.position;
      const count = reader.mapHeader();
      if (count > EXTENSION_MAP.max_keys) {
        throw new CodecError('too-many-keys', `extension map has more than ${EXTENSION_MAP.max_keys} keys`, at);
      }
      const seen: string[] = [];
      let out: Extensions | undefined;
      for (let index = 0; index < count; index++) {
        const keyAt = reader.position;
        let entry = readKnown(reader);
        const key = entry?.key ?? reader.str();
        entry ??= byKey.get(key);
        if (seen.includes(key)) throw new CodecError('duplicate-key', 'extension map has a key twice', keyAt);
        seen.push(key);
        if (entry === undefined) reader.skip(EXTENSION_MAP.max_nesting);
        else (out ??= {})[key] = entry.codec.read(reader);
      }
      return out;
    },
    /** The extensions if there is anything to write: an empty map is never written. */
    used(ext: unknown): Extensions | undefined {
      if (ext === undefined || ext === null) return undefined;
      for (const key in ext) if ((ext as Extensions)[key] !== undefined) return ext as Extensions;
      return undefined;
    },
    size(ext: Extensions): number {
      const used = entries(ext);
      if (used.length > EXTENSION_MAP.max_keys) {
        throw new CodecError('too-many-keys', `extension map has more than ${EXTENSION_MAP.max_keys} keys`);
      }
      let size = sizeOfArrayHeader(used.length);
      for (const { key, head, codec } of used) size += head.length + codec.size(ext[key]);
      return size;
    },
    write(writer: Writer, ext: Extensions): void {
      const used = entries(ext);
      writer.mapHeader(used.length);
      for (const { key, head, codec } of used) {
        writer.raw(head);
        codec.write(writer, ext[key]);
      }
    },
  };
}

/** Keys with a value, sorted by their UTF-8 bytes, which is the order of their code points. */
function sortedKeys(value: Record<string, unknown>): string[] {
  const keys = Object.keys(value).filter((key) => value[key] !== undefined);
  return keys.sort(compareCodePoints);
}

/** UTF-16 order differs from code-point order only where a surrogate meets U+E000 to U+FFFF: those are lifted over it. */
function compareCodePoints(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index++) {
    let x = a.charCodeAt(index);
    let y = b.charCodeAt(index);
    if (x === y) continue;
    if (x >= 0xd800 && y >= 0xd800) {
      x = x >= 0xe000 ? x - 0x800 : x + 0x2000;
      y = y >= 0xe000 ? y - 0x800 : y + 0x2000;
    }
    return x - y;
  }
  return a.length - b.length;
}

function wrongType(wanted: string): CodecError {
  return new CodecError('wrong-type', `value is not ${wanted}`);
}
