import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { encodeMessage } from '@0k-sync/reference';
import { expect, test } from 'vitest';
import { wireParts } from './wire-parts.ts';

interface Vector {
  readonly hex: string;
  readonly canonical?: boolean;
}

const hex = (text: string) => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'));

test('a message is split into its fields', () => {
  const parts = wireParts(
    encodeMessage(
      {
        type: 'PullResponse',
        blobs: [{ blob_id: new Uint8Array(16), cursor: 300n, payload: hex('0102'), timestamp: 5n }],
        has_more: false,
        max_cursor: 300n,
      },
      'bin',
    ),
  );
  expect(parts.map(({ offset, depth, name, meaning }) => `${offset} ${depth} ${name}: ${meaning}`)).toEqual([
    '0 0 : array of 4',
    '1 1 name: str, 12 bytes: "PullResponse"',
    '14 1 blobs: array of 1',
    '15 2 blobs[0]: array of 4',
    '16 3 blobs[0].blob_id: bin, 16 bytes',
    '34 3 blobs[0].cursor: 300',
    '37 3 blobs[0].payload: bin, 2 bytes',
    '41 3 blobs[0].timestamp: 5',
    '42 1 has_more: false',
    '43 1 max_cursor: 300',
  ]);
});

test('of every message that a vector has, each byte is in one part, and where the bytes end so do the parts', async () => {
  const file = fileURLToPath(import.meta.resolve('@0k-sync/vectors/codec-bin.json'));
  const { testGroups } = JSON.parse(await readFile(file, 'utf8')) as { testGroups: { tests: Vector[] }[] };
  const vectors = testGroups
    .flatMap(({ tests }) => tests)
    .filter((each) => each.canonical && typeof each.hex === 'string');
  expect(vectors.length).toBeGreaterThan(150);
  for (const vector of vectors) {
    const bytes = hex(vector.hex);
    const parts = wireParts(bytes);
    expect(parts.map(({ offset }) => offset)).toEqual(
      parts.map((_, index) => (index === 0 ? 0 : parts[index - 1]!.offset + parts[index - 1]!.length)),
    );
    const { offset, length } = parts.at(-1)!;
    expect(offset + length).toBe(bytes.length);
    // Cut anywhere, what is left reads the same up to there.
    const cut = wireParts(bytes.subarray(0, bytes.length >> 1));
    expect(cut.slice(0, -1)).toEqual(parts.slice(0, Math.max(0, cut.length - 1)));
  }
});

test('bytes that are no message do no harm', () => {
  expect(wireParts(hex(''))).toEqual([]);
  expect(wireParts(hex('07')).map(({ meaning }) => meaning)).toEqual(['7']);
  expect(wireParts(hex('92 a3 666f6f c1 00')).at(-1)).toMatchObject({
    offset: 5,
    meaning: 'no value of this protocol begins so',
  });
  // Four billion elements, of which none is there.
  expect(wireParts(hex('dd ffffffff')).map(({ meaning }) => meaning)).toEqual(['array of 4294967295']);
  expect(wireParts(hex('92 a3 666f6f c6 00001000 0102')).at(-1)!.meaning).toBe('bin, 4096 bytes, cut here');
});
