/** Arbitrary messages, made from the tables of spec/, so that a new message is covered the day it is written down. */

import type { Encoding } from '@0k-sync/reference';
import { MESSAGES, type Message, TYPES } from '@0k-sync/spec';
import fc from 'fast-check';
import { bytesUpTo } from './ids.ts';

interface Type {
  kind: string;
  max?: string;
  max_bytes?: number;
  nullable?: true;
  length?: number;
  of?: string;
  max_keys?: number;
  fields?: readonly { name: string; type: string }[];
  ext?: readonly { key: string; type: string }[];
}

const edges32 = [0, 1, 127, 128, 255, 256, 65535, 65536, 2 ** 31, 2 ** 32 - 1];
const edges64 = [...edges32.map(BigInt), 2n ** 32n, 2n ** 53n, 2n ** 63n - 1n, 2n ** 63n, 2n ** 64n - 1n];

/** Made when it is first wanted: the graphemes of Unicode take a second. */
let anyText: fc.Arbitrary<string> | undefined;
const text = () =>
  (anyText ??= fc.oneof(
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.string({ unit: 'grapheme', maxLength: 40 }),
    fc.constantFrom(
      '',
      'x'.repeat(31),
      'x'.repeat(32),
      'x'.repeat(255),
      'x'.repeat(256),
      '\u{10ffff}',
      '\ufeff',
      '__proto__',
    ),
  ));
const bytes = (length?: number) =>
  length === undefined
    ? fc.oneof(
        bytesUpTo(40),
        fc.constantFrom(0, 15, 16, 255, 256, 65535, 65536).map((size) => new Uint8Array(size).fill(0x9c)),
      )
    : fc.uint8Array({ minLength: length, maxLength: length });

function field(name: string, encoding: Encoding): fc.Arbitrary<unknown> {
  const type = (TYPES as Record<string, Type>)[name]!;
  switch (type.kind) {
    case 'uint': {
      const max = Number(type.max);
      return fc.oneof(fc.constantFrom(...edges32.filter((edge) => edge <= max)), fc.integer({ min: 0, max }));
    }
    case 'uint64':
      return fc.oneof(fc.constantFrom(...edges64), fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }));
    case 'bool':
      return fc.boolean();
    case 'str': {
      const fits =
        type.max_bytes === undefined ? text() : text().filter((value) => Buffer.byteLength(value) <= type.max_bytes!);
      return type.nullable ? fc.option(fits) : fits;
    }
    case 'bytes':
      return bytes(type.length);
    case 'list':
      return fc.array(field(type.of!, encoding), { maxLength: 20, size: 'max' });
    case 'map':
      return fc.dictionary(text(), field(type.of!, encoding), { maxKeys: 8, noNullPrototype: true });
    default: {
      const shape = Object.fromEntries(type.fields!.map((entry) => [entry.name, field(entry.type, encoding)]));
      return withExtensions(fc.record(shape), encoding === 'bin' ? type.ext : undefined);
    }
  }
}

function withExtensions(
  fields: fc.Arbitrary<Record<string, unknown>>,
  ext: Type['ext'],
): fc.Arbitrary<Record<string, unknown>> {
  if (!ext || ext.length === 0) return fields;
  const shape = Object.fromEntries(ext.map((entry) => [entry.key, field(entry.type, 'bin')]));
  return fc
    .tuple(fields, fc.record(shape, { requiredKeys: [], noNullPrototype: true }))
    .map(([values, extensions]) => (Object.keys(extensions).length === 0 ? values : { ...values, ext: extensions }));
}

/** Any message that the encoding has. */
export function messageArbitrary(encoding: Encoding): fc.Arbitrary<Message> {
  const messages = MESSAGES.filter((message) => (message.encodings as readonly string[]).includes(encoding));
  return fc.oneof(
    // A message shrinks to one with fewer fields.
    { withCrossShrink: true },
    ...messages
      .toSorted((a, b) => a.fields.length - b.fields.length)
      .map((message) => {
        const shape = Object.fromEntries(message.fields.map((entry) => [entry.name, field(entry.type, encoding)]));
        const ext = encoding === 'bin' && 'ext' in message ? message.ext : undefined;
        return withExtensions(fc.record(shape), ext).map((values) => ({ type: message.name, ...values }) as Message);
      }),
  );
}
