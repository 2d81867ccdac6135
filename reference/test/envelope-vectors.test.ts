/** Every vector of vectors/envelope.json. */
import { expect, test } from 'vitest';
import { CodecError, decodeEnvelope, type Envelope, encodeEnvelope } from '../src/index.ts';
import { type Bytes, expand, fromHex, judge, toHex, VectorFile } from './vector-file.ts';

interface EnvelopeVector {
  hex: Bytes;
  envelope?: Record<string, Bytes | number>;
}

const file = new VectorFile('envelope');

const classOf = (error: unknown) => (error instanceof CodecError ? error.errorClass : undefined);

function shown(envelope: Envelope): Record<string, string | number> {
  const entries = Object.entries(envelope as unknown as Record<string, Uint8Array | bigint | number>);
  return Object.fromEntries(
    entries.map(([name, value]) => [
      name,
      value instanceof Uint8Array ? toHex(value) : typeof value === 'bigint' ? String(value) : value,
    ]),
  );
}

test.each(['Envelope1', 'Envelope2'])('%s', (type) => {
  file.each<EnvelopeVector>(type, (vector, name) => {
    const bytes = fromHex(vector.hex);
    let envelope: Envelope | undefined;
    judge(vector, name, classOf, () => {
      envelope = decodeEnvelope(bytes);
    });
    if (!envelope) return;
    const wanted = Object.entries(vector.envelope!).map(([field, value]) => [
      field,
      typeof value === 'number' ? value : expand(value),
    ]);
    expect(shown(envelope), name).toEqual(Object.fromEntries(wanted));
    if (!vector.flags.includes('Canonical')) return;
    if (envelope.version !== 2) throw new Error(`${name}: only envelopes of version 2 are written`);
    expect(toHex(encodeEnvelope(envelope)), name).toBe(toHex(bytes));
  });
});

test('every vector of the file was run', () => {
  expect(file.ran).toBe(file.numberOfTests);
});
