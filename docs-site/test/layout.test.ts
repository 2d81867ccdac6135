import { expect, test } from 'vitest';
import { examplesOf, type Part, splitArray, splitMessage } from '../src/layout.ts';
import { readValue } from '../src/msgpack.ts';
import { type Hex, hexOf, specification, vectorFile } from '../src/sources.ts';

const bytesOf = (hex: unknown) => new Uint8Array(Buffer.from(hexOf(hex as Hex), 'hex'));
const messageOf = (name: string) => specification.messages.find((message) => message.name === name)!;

/** What the meaning of a field ends with that has this value in a vector. */
function shown(value: unknown, type: string): RegExp {
  const { kind } = specification.types[type]!;
  const text = kind === 'str' && value !== null ? JSON.stringify(value) : value === null ? 'nil' : String(value);
  if (kind === 'list' || text.length > 32 || typeof value === 'object') return /./;
  return new RegExp(
    `${kind === 'bytes' ? '(^|: )' : kind === 'str' && value !== null ? ': ' : '^'}${text.replace(/[^\w]/g, '\\$&') || 'nothing'}$`,
    's',
  );
}

/** Parts that follow each other from the first byte to the last. */
function cover(parts: readonly Part[], bytes: Uint8Array): boolean {
  let end = 0;
  for (const { offset, length } of parts) {
    if (offset !== end) return false;
    end += length;
  }
  return end === bytes.length;
}

for (const encoding of ['bin', 'rmp']) {
  test(`every canonical message in ${encoding} is split without a gap, and shows the values of the vector`, () => {
    const vectors = vectorFile(`codec-${encoding}`)
      .testGroups.flatMap(({ tests }) => tests)
      .filter(({ canonical }) => canonical === true);
    for (const vector of vectors) {
      const message = vector['message'] as Record<string, unknown>;
      const definition = messageOf(message['type'] as string);
      const bytes = bytesOf(vector['hex']);
      const parts = splitMessage(definition, bytes);
      expect(cover(parts, bytes), `${vector.tcId} ${vector.comment}`).toBe(true);
      for (const { name } of definition.fields) {
        const { meaning } = parts.find((part) => part.name === name)!;
        expect(meaning, `${vector.tcId} ${name}`).toMatch(
          shown(message[name], definition.fields.find((field) => field.name === name)!.type),
        );
      }
    }
    expect(vectors.length).toBeGreaterThan(50);
  });
}

test('the examples of a message show every field and extension key', () => {
  for (const message of specification.messages) {
    const names = examplesOf(message, 'bin').flatMap(({ parts }) => parts.map(({ name }) => name));
    for (const { name } of message.fields) expect(names, message.name).toContain(name);
    for (const { key } of message.ext ?? []) {
      expect(
        names.some((name) => name === `ext.${key}` || name.startsWith(`ext.${key}.`)),
        `${message.name} ${key}`,
      ).toBe(true);
    }
  }
});

test('an envelope is split as well', () => {
  const tests = vectorFile('envelope').testGroups.flatMap((group) => (group.type === 'Envelope2' ? group.tests : []));
  const vector = tests.find(({ flags }) => flags.includes('Canonical'))!;
  const bytes = bytesOf(vector['hex']);
  expect(cover(splitArray(specification.envelopes.find(({ version }) => version === 2)!.fields, bytes), bytes)).toBe(
    true,
  );
});

test('what no writer of the protocol sends is refused', () => {
  for (const hex of ['c1', 'ca00000000', 'd0ff', 'e0', 'c70100', 'c4', 'c405aabb', 'a3ab', '92c0', 'd9']) {
    expect(() => readValue(bytesOf(hex)), hex).toThrow();
  }
  expect(() => splitMessage(messageOf('Pull'), bytesOf('95a450756c6c000000c0'))).toThrow('an element too many');
});
