import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';
import { atLeast, atMost, type Figure, isMet, ratioOf, spread } from './figure.ts';
import { renderTable } from './table.ts';
import { inTurns } from './turns.ts';

const folder = mkdtempSync(join(tmpdir(), 'bench-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('the codec is measured, and the report has every round and no name of the machine', async () => {
  const main = fileURLToPath(new URL('main.ts', import.meta.url));
  const file = join(folder, 'bench.json');
  const args = ['--conditions=source', main, '--only', 'codec', '--quick', '--json', file];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  expect(stdout).toMatch(/^figure +limit measured beside it +value/);
  expect(stdout).toMatch(/codec: decode a Push of 1 KB, bin +msgpackr unpack +[\d,.]+ .* ≥ 0\.7 +(ok|missed)/);
  const text = readFileSync(file, 'utf8');
  expect(text).not.toContain(hostname());
  const { machine, figures } = JSON.parse(text) as { machine: { node: string }; figures: Figure[] };
  expect(machine.node).toBe(process.version);
  expect(figures).toHaveLength(4);
  for (const { values, limit } of figures) expect([values.length, limit?.values.length]).toEqual([1, 1]);
});

const figure: Figure = {
  subject: 'push',
  name: 'durable push',
  unit: '/s',
  values: [100, 10, 300],
  limit: { name: 'echo', values: [400, 20, 500] },
};

test('the ratio is the median of the rounds, each with the limit of the same round', () => {
  expect(ratioOf(figure)).toBe(0.5);
  expect(spread([1, 2, 3, 4, 5])).toBeCloseTo(1 / 3);
});

test('a figure is held to its ratio, or to its value where it has no limit', () => {
  expect(isMet(figure)).toBeUndefined();
  expect(isMet({ ...figure, asked: atLeast(0.5) })).toBe(true);
  expect(isMet({ ...figure, asked: atLeast(0.51) })).toBe(false);
  const { limit, ...alone } = figure;
  expect(isMet({ ...alone, asked: atMost(100) })).toBe(true);
  expect(isMet({ ...alone, asked: atMost(99) })).toBe(false);
  expect(renderTable([{ ...alone, asked: atMost(99) }])).toMatch(/≤ 99 +missed/);
});

test('measures take turns, in an order that turns too, and the first round is dropped', async () => {
  const calls: string[] = [];
  const measure = (name: string) => () => calls.push(name);
  const values = await inTurns(2, { a: measure('a'), b: measure('b') });
  expect(calls.join('')).toBe('abbaab');
  expect(values).toEqual({ a: [4, 5], b: [3, 6] });
});
