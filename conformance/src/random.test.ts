import { expect, it } from 'vitest';
import { Random } from './random.ts';

it('repeats with its seed and differs without', () => {
  const draw = (...seed: (string | number)[]) => Buffer.from(new Random(...seed).bytes(32)).toString('hex');
  expect(draw(7, 'CUR-01')).toBe(draw(7, 'CUR-01'));
  expect(new Set([draw(7, 'CUR-01'), draw(8, 'CUR-01'), draw(7, 'CUR-02'), draw(7, 'CUR', '-01')]).size).toBe(4);
});

it('draws every value of a range and none beside it', () => {
  const random = new Random(1);
  const seen = new Set(Array.from({ length: 1000 }, () => random.integer(-2, 3)));
  expect([...seen].sort((a, b) => a - b)).toEqual([-2, -1, 0, 1, 2, 3]);
});

it('is spread evenly enough', () => {
  const random = new Random(1);
  const counts = new Array(256).fill(0);
  for (const byte of random.bytes(256 * 400)) counts[byte]++;
  // With 400 expected, five standard deviations are 100.
  expect(Math.min(...counts)).toBeGreaterThan(300);
  expect(Math.max(...counts)).toBeLessThan(500);
});

it('makes blob ids that are UUIDs of version 4', () => {
  const hex = Buffer.from(new Random(1).blobId()).toString('hex');
  expect(hex).toMatch(/^[0-9a-f]{12}4[0-9a-f]{3}[89ab][0-9a-f]{15}$/);
});

it('fills any length', () => {
  for (let length = 0; length < 9; length++) expect(new Random(1).bytes(length)).toHaveLength(length);
});
