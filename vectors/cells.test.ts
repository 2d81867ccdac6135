import { expect, test } from 'vitest';
import { matrixOf, sources } from './cells.ts';

test('every message, encoding and error class of the codec has a test, or a reason to have none', () => {
  const { cells, problems } = matrixOf(...sources());
  expect(problems).toEqual([]);
  expect(cells.length).toBeGreaterThan(500);
});

/** The problems after something is spoilt. */
function problemsAfter(spoil: (...made: ReturnType<typeof sources>) => void): string[] {
  const spoilt = sources();
  spoil(...spoilt);
  return matrixOf(...spoilt).problems;
}

test('a cell without tests is found', () => {
  const problems = problemsAfter((_, __, { bin }) => {
    const push = bin.testGroups.find(({ message }) => message === 'Push')!;
    push.tests = push.tests.filter(({ error }) => error !== 'too-deep');
  });
  expect(problems).toEqual(['Push in bin, too-deep: neither a test nor a reason']);
});

test('a message that is new in the table has empty cells', () => {
  const problems = problemsAfter(({ messages }) => messages.push({ name: 'Ping', encodings: ['bin'], fields: [] }));
  expect(problems).toContain('Ping in bin, truncated: neither a test nor a reason');
  expect(problems).not.toContain('Ping in bin, out-of-range: neither a test nor a reason');
});

test('a reason for a cell that has tests is found', () => {
  const reason = { encoding: 'rmp', where: 'in-encoding', classes: ['truncated'], reason: 'No reason.' } as const;
  const problems = problemsAfter((_, reasons) => reasons.push({ ...reason, classes: [...reason.classes] }));
  expect(problems).toHaveLength(10);
  expect(problems[0]).toMatch(/^Hello in rmp, truncated: \d tests, and a reason to have none$/);
});

test('a reason that no cell needs is found, and one that says nothing known', () => {
  const reason = { encoding: 'bin' as const, where: 'no-text', classes: ['wrong-way'], reason: 'None.' };
  expect(problemsAfter((_, reasons) => reasons.push(reason, { ...reason, where: 'never' }))).toEqual([
    'cells.yaml: no codec error class wrong-way',
    'cells.yaml: no "where" named never',
    'cells.yaml: no codec error class wrong-way',
    'cells.yaml: no cell needs the reason "None."',
    'cells.yaml: no cell needs the reason "None."',
  ]);
});
