/** Every vector of vectors/codec-*.json and vectors/framing.json, by the codec and the frame reader. */
import { readFileSync } from 'node:fs';
import { MESSAGES, type Message, TYPES } from '@0k-sync/spec';
import { expect, test } from 'vitest';
import { CodecError, decodeMessage, type Encoding, encodeMessage, FrameReader } from '../src/index.ts';

type Bytes = string | { repeat: string; times: number } | Bytes[];

interface CodecVector {
  tcId: number;
  comment: string;
  hex: Bytes;
  message?: Record<string, unknown>;
  canonical?: boolean;
  cuts?: 'all' | number[];
  result: 'valid' | 'invalid' | 'acceptable';
  error?: string;
  otherErrors?: string[];
}

interface FramingVector {
  tcId: number;
  comment: string;
  maxBody: number;
  raise?: { beforeChunk: number; maxBody: number };
  chunks: Bytes[];
  bodies: Bytes[];
  failsInChunk?: number;
  unfinished?: number;
  result: 'valid' | 'invalid';
  error?: string;
}

interface VectorFile<T> {
  numberOfTests: number;
  testGroups: { type: string; tests: T[] }[];
}

const load = <T>(name: string): VectorFile<T> =>
  JSON.parse(readFileSync(new URL(import.meta.resolve(`@0k-sync/vectors/${name}.json`)), 'utf8'));

/** A value of a vector as the codec gives it: bytes are hex there, and integers of 64 bits decimal strings. */
function fromVector(type: string, value: unknown): unknown {
  const { kind, of, fields, ext } = (TYPES as unknown as Record<string, unknown>)[type] as {
    kind: string;
    of?: string;
    fields?: { name: string; type: string }[];
    ext?: { key: string; type: string }[];
  };
  if (kind === 'uint64') return BigInt(value as string);
  if (kind === 'bytes') return expandBytes(value as Bytes);
  if (kind === 'str' && value !== null && typeof value === 'object') {
    const { repeat, times } = value as { repeat: string; times: number };
    return repeat.repeat(times);
  }
  if (kind === 'list') return (value as unknown[]).map((element) => fromVector(of!, element));
  if (kind === 'map') {
    return Object.fromEntries(Object.entries(value as object).map(([key, inner]) => [key, fromVector(of!, inner)]));
  }
  if (kind === 'tuple') return fromFields(value as Record<string, unknown>, fields!, ext);
  return value;
}

/** Bytes of a vector: hex, `{repeat, times}` for a long run, or a list of both. */
function expandBytes(value: Bytes): Uint8Array {
  return Uint8Array.from(Buffer.from(expandHex(value), 'hex'));
}

function expandHex(value: Bytes): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(expandHex).join('');
  return value.repeat.repeat(value.times);
}

function fromFields(
  value: Record<string, unknown>,
  fields: readonly { name: string; type: string }[],
  ext: readonly { key: string; type: string }[] = [],
): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  for (const field of fields) out[field.name] = fromVector(field.type, value[field.name]);
  const given = value['ext'] as Record<string, unknown> | undefined;
  if (given) {
    out['ext'] = Object.fromEntries(
      Object.entries(given).map(([key, inner]) => [
        key,
        fromVector(ext.find((entry) => entry.key === key)!.type, inner),
      ]),
    );
  }
  return out;
}

function messageFromVector(value: Record<string, unknown>): Message {
  const table = MESSAGES.find((entry) => entry.name === value['type'])!;
  return { type: value['type'], ...fromFields(value, table.fields, 'ext' in table ? table.ext : []) } as Message;
}

function errorClassOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(CodecError);
    return (error as CodecError).errorClass;
  }
  return 'accepted';
}

test.each(['bin', 'rmp'] as Encoding[])('codec-%s.json', (encoding) => {
  const file = load<CodecVector>(`codec-${encoding}`);
  let ran = 0;
  for (const vector of file.testGroups.flatMap((group) => group.tests)) {
    const name = `codec-${encoding} ${vector.tcId}: ${vector.comment}`;
    const body = expandBytes(vector.hex);
    ran++;
    if (vector.cuts !== undefined) {
      const cuts = vector.cuts === 'all' ? Array.from(body, (_, index) => index) : vector.cuts;
      for (const cut of cuts) {
        expect(
          errorClassOf(() => decodeMessage(body.subarray(0, cut), encoding)),
          `${name}, cut at ${cut}`,
        ).toBe(vector.error);
      }
    } else if (vector.result === 'valid') {
      const message = messageFromVector(vector.message!);
      expect(decodeMessage(body, encoding), name).toEqual(message);
      if (vector.canonical)
        expect(Buffer.from(encodeMessage(message, encoding)).toString('hex'), name).toBe(expandHex(vector.hex));
    } else if (vector.result === 'invalid') {
      const allowed = [vector.error!, ...(vector.otherErrors ?? [])];
      expect(allowed, name).toContain(errorClassOf(() => decodeMessage(body, encoding)));
    } else {
      const outcome = errorClassOf(() =>
        expect(decodeMessage(body, encoding), name).toEqual(messageFromVector(vector.message!)),
      );
      expect(outcome, name).toBeTypeOf('string');
    }
  }
  expect(ran).toBe(file.numberOfTests);
});

test('framing.json', () => {
  const file = load<FramingVector>('framing');
  let ran = 0;
  for (const vector of file.testGroups.flatMap((group) => group.tests)) {
    const name = `framing ${vector.tcId}: ${vector.comment}`;
    const reader = new FrameReader({ maxBody: vector.maxBody });
    const bodies: string[] = [];
    let at = -1;
    const outcome = errorClassOf(() => {
      for (const [index, chunk] of vector.chunks.entries()) {
        at = index;
        if (vector.raise?.beforeChunk === index) reader.maxBody = vector.raise.maxBody;
        reader.push(expandBytes(chunk));
        for (let body = reader.next(); body !== undefined; body = reader.next()) {
          bodies.push(Buffer.from(body).toString('hex'));
        }
      }
    });
    expect(outcome, name).toBe(vector.result === 'valid' ? 'accepted' : vector.error);
    expect(bodies, name).toEqual(vector.bodies.map(expandHex));
    if (vector.failsInChunk !== undefined) expect(at, name).toBe(vector.failsInChunk);
    if (vector.result === 'valid') expect(reader.buffered, name).toBe(vector.unfinished ?? 0);
    ran++;
  }
  expect(ran).toBe(file.numberOfTests);
});
