import { readFileSync } from 'node:fs';
import { REQUIREMENTS } from '@0k-sync/spec';
import { expect, test } from 'vitest';
import { fail, notRun, pass, runOf, unknown } from '../../test/sample-run.ts';
import { BROKEN, LEGAL, SABOTEURS } from '../src/all.ts';
import { CODECS } from '../src/codecs/all.ts';
import { FAULTS } from '../src/common-mode/faults.ts';
import { checksFor } from '../src/course.ts';
import { readMatrix, readScore } from '../src/files.ts';
import { grade, outcomeOfLegal } from '../src/grade.ts';
import { patched } from '../src/patch.ts';
import type { Broken } from '../src/saboteur.ts';
import { scoreOf } from '../src/score.ts';

const requirements = new Map(REQUIREMENTS.map((requirement) => [requirement.id, requirement]));
const root = new URL('../../../', import.meta.url);
const names = (saboteurs: readonly { name: string }[]) => saboteurs.map(({ name }) => name);

test('each has a name of its own, and differs', () => {
  expect(names(SABOTEURS).filter((name) => !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name))).toEqual([]);
  expect(names(SABOTEURS)).toEqual([...new Set(names(SABOTEURS))]);
  expect(names(SABOTEURS.filter(({ parts, patches }) => !parts && !patches))).toEqual([]);
});

test('what each changes in the sources still stands there', () => {
  const wrong = SABOTEURS.flatMap(({ name, patches = [] }) => {
    const sources = Map.groupBy(patches, ({ file }) => file);
    return [...sources].flatMap(([file, own]) => {
      try {
        own.reduce(patched, readFileSync(new URL(file, root), 'utf8'));
        return [];
      } catch (error) {
        return [`${name}: ${(error as Error).message}`];
      }
    });
  });
  expect(wrong).toEqual([]);
});

test('each broken one breaks what a relay must, and what a check of its profile looks at', () => {
  const wrong = BROKEN.flatMap((saboteur) =>
    saboteur.breaks
      .filter((id) => {
        const { level, party } = requirements.get(id) ?? {};
        const looked = checksFor(saboteur).some((check) =>
          check.requirements.some((requirement) => requirement.id === id),
        );
        return level !== 'MUST' || party === 'client' || !looked;
      })
      .map((id) => `${saboteur.name}: ${id}`),
  );
  expect(wrong).toEqual([]);
});

test('each legal one cites rules that exist', () => {
  const cited = LEGAL.flatMap(({ name, allowedBy }) => allowedBy.map((id) => ({ name, id })));
  expect(cited.filter(({ id }) => !requirements.has(id))).toEqual([]);
});

test('every saboteur has its verdict in the kill matrix, and the score counts them', () => {
  const matrix = readMatrix();
  expect(names(matrix.broken)).toEqual(names(BROKEN));
  expect(names(matrix.commonMode)).toEqual(names(FAULTS));
  expect(names(matrix.legal)).toEqual(names(LEGAL));
  expect(names(matrix.codecs)).toEqual(names(CODECS));
  expect(matrix.broken.map(({ breaks, harm }) => ({ breaks, harm }))).toEqual(
    BROKEN.map(({ breaks, harm }) => ({ breaks, harm })),
  );
  const { kit, ...score } = readScore()!;
  expect(score).toEqual({ ...scoreOf(matrix), kit: undefined });
  expect(kit).toMatch(/^\d+\.\d+\.\d+/);
});

test('the kill matrix that is published has no saboteur that the kit did not see through', () => {
  const { broken, commonMode, legal, codecs } = readMatrix();
  const asItShouldBe = (rows: readonly { name: string; outcome: string }[], outcome: string) =>
    rows.filter((row) => row.outcome !== outcome).map((row) => `${row.name}: ${row.outcome}`);
  const isLegal = ({ breaks }: { breaks: readonly string[] }) => breaks.length === 0;
  expect([
    ...asItShouldBe([...broken, ...commonMode, ...codecs.filter((row) => !isLegal(row))], 'killed'),
    ...asItShouldBe([...legal, ...codecs.filter(isLegal)], 'passed'),
  ]).toEqual([]);
});

const options = { seed: 1, full: false, signal: new AbortController().signal };

test('a change of a part is found', async () => {
  const { outcome, failures } = await grade(BROKEN.find(({ name }) => name === 'digest-of-nothing')!, options);
  expect({ outcome, failures }).toMatchObject({ outcome: 'killed', failures: [{ requirement: 'CUR-25' }] });
});

test('a change of a source is found, also of one that only the thread of the database loads', async () => {
  const { outcome } = await grade(BROKEN.find(({ name }) => name === 'first-cursor-zero')!, options);
  expect(outcome).toBe('killed');
});

const harmless: Broken = { name: 'harmless', breaks: ['CUR-01'], harm: 'none' };

test('a relay that does not start, for a change that does not fit, is no success', async () => {
  const patches = [{ file: 'relay/src/relay.ts', find: 'no such text', replace: '' }];
  const { outcome, notes } = await grade({ ...harmless, patches }, options);
  expect(outcome).toBe('unknown');
  expect(notes.join('\n')).toContain('relay/src/relay.ts has what is to be replaced 0 times');
});

test('a relay that falls over is found for that only if that is how it breaks the rule', async () => {
  const find = "if (message.type === 'Push') context.metrics.add('pushes_total');";
  const patches = [{ file: 'relay/src/requests.ts', find, replace: "if (message.type === 'Push') process.exit(9);" }];
  const falls: Broken = { ...harmless, breaks: ['CUR-35'], patches };
  const near = { ...options, near: true };
  const { outcome, failures } = await grade(falls, near);
  expect(outcome).toBe('misjudged');
  expect(failures).toContainEqual({ check: 'CUR-35', requirement: 'CUR-35', isChance: true });
  expect(await grade({ ...falls, breaksDown: true }, near)).toMatchObject({ outcome: 'killed' });
});

test('a relay that falls over before the first check is not taken for no relay', async () => {
  const find = "if (hello.version !== 1) return refusal('UNSUPPORTED_VERSION');";
  const patches = [{ file: 'relay/src/hello.ts', find, replace: 'process.exit(9);' }];
  const { outcome, notes } = await grade({ ...harmless, isNoRelay: true, patches }, options);
  expect(outcome).toBe('unknown');
  expect(notes.join()).toContain('ended with exit code 9 before the first check');
});

test.each([
  ['one that passes', [runOf([pass]), runOf([pass, notRun])], 'passed'],
  ['one that fails', [runOf([pass]), runOf([unknown, fail])], 'accused'],
  [
    'one that grants anything',
    [runOf([pass], { canary: { passed: false, ms: 1, finding: fail.finding!, trace: [] } })],
    'accused',
  ],
  ['one of which something is not known', [runOf([pass]), runOf([pass, unknown])], 'unknown'],
  [
    'one that cannot be reached',
    [runOf([notRun], { problem: { verdict: 'inconclusive', text: 'it is away' } })],
    'unknown',
  ],
] as const)('of legal relays, %s', (_, results, outcome) => {
  expect(outcomeOfLegal(results)).toBe(outcome);
});
