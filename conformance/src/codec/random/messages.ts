/** Random frames and messages: right ones in canonical and in other forms, wrong ones in one place, and bytes of any kind. */
import { CodecError, decodeMessage, type Encoding, encodeMessage, FrameReader } from '@0k-sync/reference';
import { ERROR_CLASSES, type Message } from '@0k-sync/spec';
import fc from 'fast-check';
import { FAULT_REQUIREMENTS, faultsOf } from './faults.ts';
import { bytes, bytesUpTo } from './ids.ts';
import { messageArbitrary } from './message-arbitrary.ts';
import { allowed, type SampledTrial, type Sampling, shown } from './sampling.ts';
import { type Entry, extensions, hasExtensions, type Node, raw, text, treeOf, write } from './wire-tree.ts';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
/** Made when it is first wanted: that takes a second, and a list of checks needs none. */
let binMessages: fc.Arbitrary<Message> | undefined;
const bin = () => (binMessages ??= messageArbitrary('bin'));

function decoding(body: Uint8Array, encoding: Encoding = 'bin'): SampledTrial {
  return {
    op: 'decode',
    input: { encoding, hex: hex(body) },
    allowed: allowed(() => ({ message: decodeMessage(body, encoding) })),
  };
}

const encoding = (name: Encoding) =>
  messageArbitrary(name).map((message) => ({
    op: 'encode',
    input: { encoding: name, message: shown(message) },
    allowed: { ok: [{ hex: hex(encodeMessage(message, name)) }] },
  }));

/** Unknown keys, well-formed and as deep as may be, among them what only an unknown key may hold. */
const unknownKeys = fc.array(
  fc.tuple(
    fc.string({ minLength: 1, maxLength: 6 }).map((name) => text(`x-${name}`)),
    fc
      .constantFrom(
        ...[[0xc0], [0xff], [0xca, 0, 0, 0, 0], [0xd4, 1, 2], [0xa2, 0xff, 0xfe], [0x91, 0x91, 0x91, 0x90], [0xd9, 0]],
        ...[
          [0x82, 0xa1, 0x61, 0x00, 0xa1, 0x61, 0x01],
          [0xc7, 0x00, 0x05],
          [0x81, 0x00, 0x81, 0x00, 0x91, 0xc0],
        ],
      )
      .map((bytes) => raw(...bytes)),
  ),
  { maxLength: 3 },
);

/** A message in a form that a reader takes and a writer need not write. */
const otherForms = () =>
  fc
    .tuple(bin(), fc.array(fc.nat({ max: 8 }), { minLength: 1, maxLength: 16 }), unknownKeys, fc.boolean())
    .map(([message, choices, keys, reversed]) => {
      let at = 0;
      const choose = (forms: number) => choices[at++ % choices.length]! % forms;
      return decoding(write(withKeys(treeOf(message), keys, reversed), choose));
    });

function withKeys(tree: Node, keys: readonly Entry[], reversed: boolean): Node {
  if (tree.kind !== 'array') return tree;
  const last = tree.items.at(-1);
  const own = hasExtensions(tree) && last?.kind === 'map' ? last.entries : [];
  const fields = own.length > 0 ? tree.items.slice(0, -1) : tree.items;
  const seen = new Set<string>();
  const all = [...own, ...keys].filter(([key]) => {
    const name = key.kind === 'str' ? hex(key.bytes) : '';
    return !seen.has(name) && seen.add(name);
  });
  return { ...tree, items: [...fields, extensions((reversed ? all.reverse() : all).slice(0, 16))] };
}

/**
 * The rule stays as it is when a message is made smaller, if that has a fault of the kind; and the place is made smaller first,
 * so that what is left out behind it moves it nowhere else.
 */
const oneFault = () =>
  fc
    .tuple(fc.nat({ max: 1000 }), fc.noShrink(fc.constantFrom(...FAULT_REQUIREMENTS)), bin())
    .map(([choice, rule, message]) => {
      const faults = faultsOf(treeOf(message));
      const own = faults.filter(({ requirement }) => requirement === rule);
      const from = own.length > 0 ? own : faults;
      const { requirement, tree } = from[choice % from.length]!;
      return { ...decoding(write(tree)), requirement };
    });

const cut = () =>
  fc.tuple(bin(), fc.nat({ max: 100_000 })).map(([message, length]) => {
    const body = encodeMessage(message, 'bin');
    return decoding(body.slice(0, length % body.length));
  });

const trailing = () =>
  fc
    .tuple(bin(), bytesUpTo(8, 1))
    .map(([message, rest]) => decoding(Uint8Array.from([...encodeMessage(message, 'bin'), ...rest])));

/** A place may break several rules here, and readers look in their own order: any class of the codec is right. */
const CODEC_CLASSES: readonly string[] = ERROR_CLASSES.slice(0, ERROR_CLASSES.indexOf('frame-empty'));

const small = () => bin().filter((message) => encodeMessage(message, 'bin').length < 2000);

const anyBytes = () =>
  fc
    .oneof(
      bytesUpTo(40),
      fc
        .tuple(small(), fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { minLength: 1, maxLength: 3 }))
        .map(changed),
    )
    .map((body) => {
      const trial = decoding(body);
      return trial.allowed.errors ? { ...trial, allowed: { errors: CODEC_CLASSES } } : trial;
    });

function changed([message, changes]: [Message, [number, number][]]): Uint8Array {
  const body = Uint8Array.from(encodeMessage(message, 'bin'));
  for (const [at, byte] of changes) body[at % body.length] = byte;
  return body;
}

const MAX_BODY = 40;

/** Bodies, the last of them perhaps wrong or unfinished, cut anywhere. */
const streams = fc
  .tuple(
    fc.array(fc.oneof(bytesUpTo(MAX_BODY, 1), bytes(MAX_BODY)), { maxLength: 5 }),
    fc.constantFrom(
      [],
      [0],
      [0, 0, 0, 3],
      [0, 0, 0, 5, 1],
      [0, 0, 0, 0],
      [0, 0, 0, MAX_BODY + 1],
      [0xff, 0xff, 0xff, 0xff, 0],
    ),
    fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 6 }),
  )
  .map(([bodies, end, sizes]): SampledTrial => {
    const framed = bodies.flatMap((body) => [0, 0, 0, body.length, ...body]);
    const stream = Uint8Array.from([...framed, ...end]);
    const chunks: Uint8Array[] = [];
    for (let at = 0, turn = 0; at < stream.length; turn++) {
      const size = sizes[turn % sizes.length]!;
      chunks.push(stream.subarray(at, at + size));
      at += size;
    }
    return {
      op: 'frames',
      input: { max_body: MAX_BODY, chunks: chunks.map(hex) },
      allowed: { ok: [framesOf(chunks, MAX_BODY)] },
    };
  });

function framesOf(chunks: readonly Uint8Array[], maxBody: number): Record<string, unknown> {
  const reader = new FrameReader({ maxBody });
  const bodies: string[] = [];
  for (const [index, chunk] of chunks.entries()) {
    reader.push(chunk);
    try {
      for (let body = reader.next(); body; body = reader.next()) bodies.push(hex(body));
    } catch (error) {
      if (!(error instanceof CodecError)) throw error;
      return { bodies, error: error.errorClass, fails_in_chunk: index };
    }
  }
  return { bodies, unfinished: reader.buffered };
}

export const MESSAGE_SAMPLINGS: readonly Sampling[] = [
  {
    id: 'FRAME-01/random-frames',
    title: 'streams of random frames, right and wrong ones, cut anywhere',
    requirements: ['FRAME-05', 'FRAME-07', 'FRAME-19', 'FRAME-20'],
    op: 'frames',
    runs: 300,
    trials: () => streams,
  },
  {
    id: 'WIRE-04/random-encode-bin',
    title: 'random messages have their canonical bytes',
    requirements: ['WIRE-03', 'WIRE-06', 'WIRE-07', 'WIRE-08', 'WIRE-09'],
    op: 'encode',
    runs: 500,
    trials: () => encoding('bin'),
  },
  {
    id: 'WIRE-04/random-decode-bin',
    title: 'the canonical bytes of random messages are read',
    requirements: ['WIRE-03'],
    op: 'decode',
    runs: 300,
    trials: () => bin().map((message) => decoding(encodeMessage(message, 'bin'))),
  },
  {
    id: 'WIRE-18/random-forms',
    title: 'random messages with other widths, unknown keys and another order of keys are read',
    requirements: ['WIRE-16', 'WIRE-17', 'WIRE-19', 'WIRE-20', 'WIRE-21', 'WIRE-23', 'WIRE-24'],
    op: 'decode',
    runs: 500,
    trials: otherForms,
  },
  {
    id: 'WIRE-37/random-faults',
    title: 'a random message with one thing wrong is refused for that',
    requirements: FAULT_REQUIREMENTS,
    op: 'decode',
    runs: 1500,
    trials: oneFault,
  },
  {
    id: 'WIRE-40/random-trailing',
    title: 'a random message with bytes behind it is refused',
    op: 'decode',
    runs: 100,
    trials: trailing,
  },
  {
    id: 'WIRE-41/random-cut',
    title: 'a random message that is cut is refused',
    op: 'decode',
    runs: 200,
    trials: cut,
  },
  {
    id: 'WIRE-37/random-bytes',
    title: 'random and changed bytes are read or refused as the reference does',
    requirements: ['WIRE-27', 'WIRE-41'],
    op: 'decode',
    runs: 1500,
    trials: anyBytes,
  },
  {
    id: 'WIRE-57/random-encode-rmp',
    title: 'random messages have their canonical bytes in rmp',
    requirements: ['WIRE-58'],
    op: 'encode',
    runs: 200,
    trials: () => encoding('rmp'),
  },
  {
    id: 'WIRE-59/random-decode-rmp',
    title: 'the canonical bytes of random messages are read in rmp',
    op: 'decode',
    // Each byte is a value there: 65,536 of them take a slow reader a while.
    runs: 100,
    trials: () => messageArbitrary('rmp').map((message) => decoding(encodeMessage(message, 'rmp'), 'rmp')),
  },
];
