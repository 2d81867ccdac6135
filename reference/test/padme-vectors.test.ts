/** Every vector of vectors/padme.json. */
import { expect, test } from 'vitest';
import { paddedLength } from '../src/index.ts';
import { VectorFile } from './vector-file.ts';

const file = new VectorFile('padme');

test('the length that an array is padded to', () => {
  file.each<{ length: number; padded: number }>('Length', ({ length, padded, result }, name) => {
    expect(paddedLength(length) === padded, name).toBe(result === 'valid');
  });
});

test('which lengths any array is padded to', () => {
  // A padded length is padded to itself, and nothing else is.
  file.each<{ padded: number }>('PaddedLength', ({ padded, result }, name) => {
    expect(paddedLength(padded) === padded, name).toBe(result === 'valid');
  });
});

test('every vector of the file was run', () => {
  expect(file.ran).toBe(file.numberOfTests);
});
