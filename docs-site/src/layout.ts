/** The bytes of a message, split by its fields: what the pages about messages show. */

import { count } from './markdown.ts';
import { readValue, type Value } from './msgpack.ts';
import {
  type Hex,
  hexOf,
  type MessageDefinition,
  specification,
  type TypeDefinition,
  type Vector,
  vectorFile,
} from './sources.ts';

/** Some bytes that stand together and what they mean. */
export interface Part {
  readonly offset: number;
  readonly length: number;
  /** Which field, as `blobs[0].cursor`. */
  readonly name: string;
  readonly meaning: string;
  /** How deep it stands in the message: 0 for the message itself. */
  readonly depth: number;
}

type ExtensionKeys = readonly { key: string; type: string }[] | undefined;

/**
 * Splits the body of a frame. The parts follow each other without a gap, from the first byte to the last.
 *
 * @throws Error if the bytes are no such message in canonical form
 */
export function splitMessage(definition: Pick<MessageDefinition, 'fields' | 'ext'>, bytes: Uint8Array): Part[] {
  const message = readValue(bytes);
  const parts: Part[] = [header(message, 'array', 0)];
  const [name, ...values] = message.children;
  parts.push({
    ...place(name!),
    name: 'name',
    meaning: `${headerText(name!)}: ${JSON.stringify(name!.content)}`,
    depth: 1,
  });
  splitFields(parts, definition.fields, definition.ext, values, '', 1);
  return parts;
}

/** Splits an array of fields that begins with none of the names, as an envelope is. */
export function splitArray(
  fields: MessageDefinition['fields'] | readonly { name: string; type: string }[],
  bytes: Uint8Array,
): Part[] {
  const value = readValue(bytes);
  const parts: Part[] = [header(value, 'array', 0)];
  splitFields(parts, fields, undefined, value.children, '', 1);
  return parts;
}

function splitFields(
  parts: Part[],
  fields: readonly { name: string; type: string }[],
  ext: ExtensionKeys,
  values: readonly Value[],
  prefix: string,
  depth: number,
) {
  for (const [index, field] of fields.entries()) split(parts, values[index]!, field.type, prefix + field.name, depth);
  const map = values[fields.length];
  if (map) splitExtensions(parts, map, ext, prefix, depth);
  const extra = values[fields.length + 1];
  if (extra) throw new Error(`an element too many at ${extra.offset}`);
}

function splitExtensions(parts: Part[], map: Value, ext: ExtensionKeys, prefix: string, depth: number) {
  parts.push(header(map, `${prefix}ext`, depth));
  for (const [key, value] of pairs(map)) {
    parts.push({
      ...place(key),
      name: `${prefix}ext`,
      meaning: `key ${JSON.stringify(key.content)}`,
      depth: depth + 1,
    });
    const known = ext?.find((entry) => entry.key === key.content);
    if (known) split(parts, value, known.type, `${prefix}ext.${known.key}`, depth + 1);
    else
      parts.push({
        ...place(value),
        name: `${prefix}ext.${key.content}`,
        meaning: 'an unknown key: skipped',
        depth: depth + 1,
      });
  }
}

function split(parts: Part[], value: Value, type: string, name: string, depth: number) {
  const definition = typeOf(type);
  if (definition.kind === 'list') {
    parts.push(header(value, name, depth));
    for (const [index, child] of value.children.entries())
      split(parts, child, definition.of, `${name}[${index}]`, depth + 1);
  } else if (definition.kind === 'tuple') {
    parts.push(header(value, name, depth));
    splitFields(parts, definition.fields, definition.ext, value.children, `${name}.`, depth + 1);
  } else if (definition.kind === 'map') {
    parts.push(header(value, name, depth));
    for (const [key, child] of pairs(value)) {
      parts.push({ ...place(key), name, meaning: `key ${JSON.stringify(key.content)}`, depth: depth + 1 });
      split(parts, child, definition.of, `${name}.${key.content}`, depth + 1);
    }
  } else {
    parts.push({ ...place(value), name, meaning: meaningOf(value), depth });
  }
}

function typeOf(name: string): TypeDefinition {
  const definition = specification.types[name];
  if (!definition) throw new Error(`no type ${name} in spec/protocol/types.yaml`);
  return definition;
}

const place = ({ offset, length }: Value) => ({ offset, length });

function header(value: Value, name: string, depth: number): Part {
  return { offset: value.offset, length: value.header, name, meaning: headerText(value), depth };
}

function pairs({ children }: Value): [Value, Value][] {
  return children.flatMap((key, index) => (index % 2 === 0 ? [[key, children[index + 1]!] as [Value, Value]] : []));
}

function headerText({ kind, content, header, length }: Value): string {
  if (kind === 'array') return `array of ${content}`;
  if (kind === 'map') return `map of ${content}`;
  return `${kind}, ${count(length - header, 'byte')}`;
}

function meaningOf(value: Value): string {
  const { kind, content, children } = value;
  if (kind === 'array')
    return `${headerText(value)} integers: ${shorten(children.map((child) => hex(BigInt(child.content as bigint))).join(''))}`;
  if (kind === 'bin')
    return `${headerText(value)}: ${shorten(Buffer.from(content as Uint8Array).toString('hex')) || 'nothing'}`;
  if (kind === 'str') return `${headerText(value)}: ${JSON.stringify(content)}`;
  return kind === 'nil' ? 'nil' : `${content}`;
}

const hex = (byte: bigint) => byte.toString(16).padStart(2, '0');

/** Digits of a byte string, the middle left out of a long one. */
function shorten(digits: string): string {
  return digits.length <= 32 ? digits : `${digits.slice(0, 16)}…${digits.slice(-8)}`;
}

/** A vector to show and its bytes. */
export interface Example {
  readonly file: string;
  readonly vector: Vector;
  readonly bytes: Uint8Array;
  readonly parts: readonly Part[];
}

/** Canonical vectors of a message: the first, and as many more as it takes to show every field and extension key. */
export function examplesOf(message: MessageDefinition, encoding: string): Example[] {
  const file = `codec-${encoding}`;
  const examples = vectorFile(file)
    .testGroups.flatMap(({ tests }) => tests)
    .filter(({ canonical, message: shown }) => canonical === true && (shown as { type: string }).type === message.name)
    .map((vector) => {
      const bytes = new Uint8Array(Buffer.from(hexOf(vector['hex'] as Hex), 'hex'));
      return { file, vector, bytes };
    })
    .filter(({ bytes }) => bytes.length <= 512)
    .map((example) => ({ ...example, parts: splitMessage(message, example.bytes) }));
  const first = examples.find(({ bytes }) => bytes.length <= 128) ?? examples[0];
  const shown: Example[] = first ? [first] : [];
  const seen = new Set(shown.flatMap(namesIn));
  for (;;) {
    const news = (example: Example) => new Set(namesIn(example).filter((name) => !seen.has(name))).size;
    const best = examples.toSorted((a, b) => news(b) - news(a) || a.bytes.length - b.bytes.length)[0];
    if (!best || news(best) === 0) return shown;
    shown.push(best);
    for (const name of namesIn(best)) seen.add(name);
  }
}

/** Fields and keys that an example shows, whatever their place in a list. */
function namesIn({ parts }: Pick<Example, 'parts'>): string[] {
  return parts.map(({ name }) => name.replace(/\[\d+\]/g, '[]').replace(/(ext\.limits)\..*/, '$1'));
}
