import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { AREAS, DECISIONS, REQUIREMENTS } from '@0k-sync/spec';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const known = new Set([...REQUIREMENTS, ...DECISIONS].map(({ id }) => id));
const citation = new RegExp(`\\b(?:${AREAS.map(({ area }) => area).join('|')})-\\d{2}\\b|\\bD-\\d{3}\\b`, 'g');

/** The ids that a text cites and that do not exist. */
function dangling(text: string): string[] {
  return (text.match(citation) ?? []).filter((id) => !known.has(id));
}

test('a citation of what does not exist is found', () => {
  expect(dangling('see CUR-99, and HS-01')).toEqual(['CUR-99']);
});

test('every requirement and decision that a file of the project cites exists', () => {
  const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
  })
    .split('\n')
    .filter((name) => /\.(ts|js|cjs|mjs|py|json|yaml|md|toml)$/.test(name))
    .filter((name) => !/(^|\/)(package-lock\.json|CHANGELOG\.md)$|\/sources\/|requirement-ids\.test/.test(name));
  expect(files.length).toBeGreaterThan(50);
  const wrong = files.flatMap((name) =>
    dangling(readFileSync(`${root}/${name}`, 'utf8')).map((id) => `${name}: ${id}`),
  );
  expect(wrong).toEqual([]);
});
