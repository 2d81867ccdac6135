/** Every way to make exactly one thing wrong in a message, each with the requirement that it breaks. */
import { bigEndian, type Entry, extensions, hasExtensions, type Node, raw, text } from './wire-tree.ts';

export interface Fault {
  readonly requirement: string;
  readonly tree: Node;
}

/** The requirements that faults break. */
export const FAULT_REQUIREMENTS = [
  ...['WIRE-26', 'WIRE-27', 'WIRE-28', 'WIRE-29', 'WIRE-30', 'WIRE-31', 'WIRE-32', 'WIRE-33', 'WIRE-34', 'WIRE-35'],
  ...['WIRE-36', 'WIRE-37', 'WIRE-38', 'WIRE-39', 'WIRE-42', 'WIRE-43', 'WIRE-45', 'WIRE-46', 'WIRE-52', 'WIRE-53'],
] as const;

type Broken = readonly [requirement: (typeof FAULT_REQUIREMENTS)[number], node: Node];

const NIL = raw(0xc0);
const EXT = raw(0xd4, 0x00, 0x00);
const RESERVED = raw(0xc1);
/** 1.0 */
const FLOAT = raw(0xcb, 0x3f, 0xf0, 0, 0, 0, 0, 0, 0);

/** The faults of a message, in the order of its bytes. */
export function faultsOf(tree: Node): Fault[] {
  return [...places(tree, (node) => node)].flatMap(({ node, rebuild }) =>
    brokenFormsOf(node).map(([requirement, broken]) => ({ requirement, tree: rebuild(broken) })),
  );
}

interface Place {
  readonly node: Node;
  /** The whole tree with another node here. */
  rebuild(node: Node): Node;
}

function* places(node: Node, rebuild: (node: Node) => Node): Generator<Place> {
  yield { node, rebuild };
  if (node.kind === 'array') {
    for (const [index, item] of node.items.entries()) {
      // The name of a message has faults of its own.
      if (node.role === 'message' && index === 0) continue;
      yield* places(item, (other) => rebuild({ ...node, items: node.items.with(index, other) }));
    }
  } else if (node.kind === 'map') {
    for (const [index, [key, value]] of node.entries.entries()) {
      yield* places(value, (other) => rebuild({ ...node, entries: node.entries.with(index, [key, other]) }));
    }
  }
}

function brokenFormsOf(node: Node): Broken[] {
  switch (node.kind) {
    case 'raw':
      return [];
    case 'uint':
      return [
        ['WIRE-29', FLOAT],
        ['WIRE-30', raw(0xff)],
        ['WIRE-30', raw(0xd0, 0x80)],
        ['WIRE-30', raw(0xd1, 0x80, 0x00)],
        ['WIRE-30', raw(0xd2, 0xff, 0xff, 0xff, 0xff)],
        ['WIRE-30', { kind: 'raw', bytes: bigEndian(0xd3, -1n & 0xffffffffffffffffn, 8) }],
        ...(node.max < 2n ** 64n - 1n ? [['WIRE-31', { ...node, value: node.max + 1n }] as const] : []),
        ['WIRE-33', EXT],
        ['WIRE-37', NIL],
        ['WIRE-37', text('0')],
        ['WIRE-46', RESERVED],
      ];
    case 'bool':
      return [
        ['WIRE-36', raw(0x00)],
        ['WIRE-36', raw(0x01)],
        ['WIRE-37', NIL],
        ['WIRE-46', RESERVED],
      ];
    case 'str':
      return [
        ['WIRE-32', { kind: 'str', bytes: Uint8Array.of(0xc0, 0x80) }],
        ['WIRE-32', { kind: 'str', bytes: Uint8Array.of(0xed, 0xa0, 0x80) }],
        ['WIRE-33', EXT],
        ['WIRE-35', { kind: 'bin', bytes: node.bytes }],
        ['WIRE-37', node.nullable ? raw(0xc2) : NIL],
        ['WIRE-37', raw(0x00)],
        ['WIRE-46', RESERVED],
        ...(node.most === undefined ? [] : [['WIRE-53', text('x'.repeat(node.most + 1))] as const]),
      ];
    case 'bin':
      return [
        ['WIRE-33', EXT],
        ['WIRE-34', text('x'.repeat(node.length ?? 1))],
        ['WIRE-37', NIL],
        ['WIRE-46', RESERVED],
        ...(node.length === undefined
          ? []
          : ([
              ['WIRE-38', { kind: 'bin', bytes: new Uint8Array(node.length - 1) }],
              ['WIRE-38', { kind: 'bin', bytes: new Uint8Array(node.length + 1) }],
            ] as const)),
      ];
    case 'array':
      return node.role === 'list' ? LIST : brokenTuples(node);
    case 'map':
      return node.role === 'ext' ? brokenExtensions(node.entries) : brokenLimits(node.entries);
  }
}

const LIST: Broken[] = [
  ['WIRE-37', NIL],
  ['WIRE-37', raw(0x80)],
  ['WIRE-46', RESERVED],
];

function brokenTuples(node: Node & { readonly kind: 'array' }): Broken[] {
  const { items, role, extensible } = node;
  const extended = hasExtensions(node);
  const full = extensible && !extended ? [...items, extensions([])] : items;
  const broken: Broken[] = [['WIRE-26', { ...node, items: [...full, NIL] }]];
  if (!extended && items.length > 1) broken.push(['WIRE-26', { ...node, items: items.slice(0, -1) }]);
  if (role === 'tuple') return [...broken, ...LIST];
  const [name] = items as readonly [Node & { readonly kind: 'str' }];
  broken.push(
    ['WIRE-27', NIL],
    ['WIRE-27', { ...node, items: items.with(0, raw(0x00)) }],
    ['WIRE-28', { ...node, items: items.with(0, { ...name, bytes: Uint8Array.of(...name.bytes, 0x78) }) }],
  );
  if (extended) return broken;
  const withExtensions = brokenExtensions([]).map(
    ([requirement, map]): Broken => [requirement, { ...node, items: [...items, map] }],
  );
  return [...broken, ...withExtensions];
}

function brokenExtensions(entries: readonly Entry[]): Broken[] {
  const unknown: Entry = [text('x-first'), raw(0xc0)];
  const twice = entries[0] ?? unknown;
  const many = Array.from({ length: 17 - entries.length }, (_, index): Entry => [text(`x-${index}`), raw(0x00)]);
  const deep = raw(0x91, 0x91, 0x81, 0xa0, 0x91, 0x90);
  const room = entries.slice(0, 14);
  return [
    ['WIRE-32', extensions([...room, [{ kind: 'str', bytes: Uint8Array.of(0xff) }, raw(0x00)]])],
    ['WIRE-39', extensions([...room, ...(room.length === 0 ? [unknown] : []), twice])],
    ['WIRE-42', extensions([...entries, ...many])],
    ['WIRE-43', extensions([...room, [text('x-deep'), deep]])],
    ['WIRE-45', extensions([...room, [raw(0x00), raw(0x00)]])],
    ['WIRE-45', raw(0x90)],
    ['WIRE-46', extensions([...room, [text('x-first'), RESERVED]])],
  ];
}

function brokenLimits(entries: readonly Entry[]): Broken[] {
  const many = Array.from({ length: 65 - entries.length }, (_, index): Entry => [text(`zz-${index}`), raw(0x00)]);
  return [
    ['WIRE-37', NIL],
    ['WIRE-52', { kind: 'map', role: 'limits', most: 64, entries: [...entries, ...many] }],
  ];
}
