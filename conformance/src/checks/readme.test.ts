import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { select } from '../selection.ts';
import { registry } from './index.ts';

it.each(['../../../README.md', '../../README.md'])('%s shows as many checks as there are', (path) => {
  const text = readFileSync(new URL(path, import.meta.url), 'utf8');
  const shown = [...text.matchAll(/profiles core, membership, ops · (\d+) passed, 0 failed, 0 not run/g)];
  expect(shown.length).toBeGreaterThan(0);
  for (const [, count] of shown) expect(Number(count)).toBe(select(registry.all(), {}).length);
});
