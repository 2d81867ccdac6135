/** A message as a tree of MessagePack values that know their types, to be written in any legal form, or with one thing wrong. */
import { MESSAGES, type Message, TYPES } from '@0k-sync/spec';

export type Node =
  | { readonly kind: 'uint'; readonly value: bigint; readonly max: bigint }
  | { readonly kind: 'bool'; readonly value: boolean }
  | { readonly kind: 'str'; readonly bytes: Uint8Array; readonly most?: number; readonly nullable?: boolean }
  | { readonly kind: 'bin'; readonly bytes: Uint8Array; readonly length?: number }
  | {
      readonly kind: 'array';
      readonly items: readonly Node[];
      readonly role: 'message' | 'tuple' | 'list';
      readonly extensible: boolean;
    }
  | { readonly kind: 'map'; readonly entries: readonly Entry[]; readonly role: 'ext' | 'limits'; readonly most: number }
  /** Bytes as they stand: nil, and all that is wrong. */
  | { readonly kind: 'raw'; readonly bytes: Uint8Array };

export type Entry = readonly [Node, Node];

interface TypeTable {
  readonly kind: string;
  readonly max?: string;
  readonly max_bytes?: number;
  readonly max_keys?: number;
  readonly nullable?: true;
  readonly length?: number;
  readonly of?: string;
  readonly fields?: readonly { readonly name: string; readonly type: string }[];
  readonly ext?: readonly { readonly key: string; readonly type: string }[];
}

const types = TYPES as unknown as Record<string, TypeTable>;
const EXTENSION_KEYS = 16;

/** The tree of a message in `bin`. */
export function treeOf(message: Message): Node {
  const table = MESSAGES.find(({ name }) => name === message.type)! as unknown as TypeTable & { name: string };
  const { items } = tuple({ ...table, ext: table.ext ?? [] }, message as never) as Node & { kind: 'array' };
  return { kind: 'array', items: [text(table.name), ...items], role: 'message', extensible: true };
}

export const text = (value: string): Node => ({ kind: 'str', bytes: new TextEncoder().encode(value) });
export const raw = (...bytes: number[]): Node => ({ kind: 'raw', bytes: Uint8Array.from(bytes) });

/** The tree of a value of a type. */
export function node(type: string, value: unknown): Node {
  const table = types[type]!;
  switch (table.kind) {
    case 'uint':
    case 'uint64':
      return { kind: 'uint', value: BigInt(value as number | bigint), max: BigInt(table.max!) };
    case 'bool':
      return { kind: 'bool', value: value as boolean };
    case 'str': {
      if (value === null) return raw(0xc0);
      const bytes = new TextEncoder().encode(value as string);
      return {
        kind: 'str',
        bytes,
        ...(table.max_bytes && { most: table.max_bytes }),
        nullable: table.nullable ?? false,
      };
    }
    case 'bytes':
      return { kind: 'bin', bytes: value as Uint8Array, ...(table.length && { length: table.length }) };
    case 'list':
      return {
        kind: 'array',
        items: (value as unknown[]).map((item) => node(table.of!, item)),
        role: 'list',
        extensible: false,
      };
    case 'map': {
      const entries = Object.entries(value as object).map(([key, inner]): Entry => [text(key), node(table.of!, inner)]);
      return { kind: 'map', entries, role: 'limits', most: table.max_keys! };
    }
    default:
      return tuple(table, value as Record<string, unknown>);
  }
}

function tuple({ fields = [], ext }: TypeTable, value: Record<string, unknown>): Node {
  const items = fields.map((field) => node(field.type, value[field.name]));
  const given = value['ext'] as Record<string, unknown> | undefined;
  if (ext && given) {
    const entries = Object.entries(given).map(
      ([key, inner]): Entry => [text(key), node(ext.find((entry) => entry.key === key)!.type, inner)],
    );
    items.push(extensions(entries));
  }
  return { kind: 'array', items, role: 'tuple', extensible: ext !== undefined };
}

export const extensions = (entries: readonly Entry[]): Node => ({
  kind: 'map',
  entries,
  role: 'ext',
  most: EXTENSION_KEYS,
});

/** Whether the last item of a message or tuple is its extension map. */
export function hasExtensions({ items }: { readonly items: readonly Node[] }): boolean {
  const last = items.at(-1);
  return last?.kind === 'map' && last.role === 'ext';
}

/**
 * Writes a tree. `choose` picks one of so many forms for each header and integer, the shortest one being 0; left out, the
 * shortest is written.
 */
export function write(tree: Node, choose: (forms: number) => number = () => 0): Uint8Array {
  switch (tree.kind) {
    case 'raw':
      return tree.bytes;
    case 'bool':
      return Uint8Array.of(tree.value ? 0xc3 : 0xc2);
    case 'uint': {
      const forms = integerForms(tree.value);
      return forms[choose(forms.length)]!;
    }
    case 'str':
      return join(header(tree.bytes.length, choose, [0xa0, 31], [0xd9, 0xda, 0xdb]), tree.bytes);
    case 'bin':
      return join(header(tree.bytes.length, choose, undefined, [0xc4, 0xc5, 0xc6]), tree.bytes);
    case 'array':
      return join(
        header(tree.items.length, choose, [0x90, 15], [undefined, 0xdc, 0xdd]),
        ...tree.items.map((item) => write(item, choose)),
      );
    case 'map':
      return join(
        header(tree.entries.length, choose, [0x80, 15], [undefined, 0xde, 0xdf]),
        ...tree.entries.flat().map((item) => write(item, choose)),
      );
  }
}

function header(
  length: number,
  choose: (forms: number) => number,
  short: readonly [number, number] | undefined,
  markers: readonly (number | undefined)[],
): Uint8Array {
  const forms: Uint8Array[] = [];
  if (short && length <= short[1]) forms.push(Uint8Array.of(short[0] | length));
  for (const [power, marker] of markers.entries()) {
    if (marker !== undefined && length < 2 ** (8 * 2 ** power))
      forms.push(bigEndian(marker, BigInt(length), 2 ** power));
  }
  return forms[choose(forms.length)]!;
}

function integerForms(value: bigint): Uint8Array[] {
  const unsigned = [0xcc, 0xcd, 0xce, 0xcf].map((marker, power) => ({
    marker,
    size: 2 ** power,
    bits: 8 * 2 ** power,
  }));
  const signed = [0xd0, 0xd1, 0xd2, 0xd3].map((marker, power) => ({
    marker,
    size: 2 ** power,
    bits: 8 * 2 ** power - 1,
  }));
  return [
    ...(value < 128n ? [Uint8Array.of(Number(value))] : []),
    ...[...unsigned, ...signed]
      .filter(({ bits }) => value < 1n << BigInt(bits))
      .map(({ marker, size }) => bigEndian(marker, value, size)),
  ];
}

/** A marker and a number of so many bytes behind it. */
export function bigEndian(marker: number, value: bigint, size: number): Uint8Array {
  const bytes = new Uint8Array(1 + size);
  bytes[0] = marker;
  for (let index = size, rest = value; index > 0; index--, rest >>= 8n) bytes[index] = Number(rest & 0xffn);
  return bytes;
}

function join(...parts: Uint8Array[]): Uint8Array {
  return Uint8Array.from(Buffer.concat(parts));
}
