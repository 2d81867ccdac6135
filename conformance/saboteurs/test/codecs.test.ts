import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { codecRegistry } from '../../src/codec/checks.ts';
import { BROKEN_CODECS } from '../src/codecs/broken.ts';
import { gradeCodec } from '../src/codecs/grade.ts';
import { LEGAL_CODECS } from '../src/codecs/legal.ts';
import { patched } from '../src/patch.ts';

const root = new URL('../../../', import.meta.url);
const codecs = [...BROKEN_CODECS, ...LEGAL_CODECS];
const options = { seed: 1, full: false, signal: new AbortController().signal };
const named = (name: string) => codecs.find((codec) => codec.name === name)!;

test('each has a name of its own, and its changes still fit the sources', () => {
  expect(new Set(codecs.map(({ name }) => name)).size).toBe(codecs.length);
  const wrong = codecs.flatMap(({ name, patches = [] }) => {
    if (patches.length === 0) return [`${name} is not different`];
    return [...Map.groupBy(patches, ({ file }) => file)].flatMap(([file, own]) => {
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

test('there are enough, and a check looks for what each breaks', () => {
  expect(BROKEN_CODECS.length).toBeGreaterThanOrEqual(25);
  const rules = BROKEN_CODECS.flatMap(({ breaks }) => breaks);
  expect(rules.filter((id) => codecRegistry.verifying(id).length === 0)).toEqual([]);
});

test('a broken one is found by a check of its rule', async () => {
  const { outcome, failures } = await gradeCodec(named('codec-frame-limit-one-short'), options);
  expect({ outcome, failures }).toEqual({
    outcome: 'killed',
    failures: [{ check: 'FRAME-06/frames', requirement: 'FRAME-06' }],
  });
});

test('one that says yes to anything is found before the first check', async () => {
  const { failures } = await gradeCodec(named('codec-says-yes-to-anything'), options);
  expect(failures[0]).toEqual({ check: 'canary', requirement: 'WIRE-28' });
});

test('odd but legal ones pass', async () => {
  for (const name of ['codec-answers-in-pieces', 'codec-slow']) {
    expect(await gradeCodec(named(name), options)).toMatchObject({ outcome: 'passed', notes: [] });
  }
});

test('the driver that they are made of is right itself, in handshakes above all', async () => {
  const driver = { name: 'codec-of-the-reference', oddity: 'none', only: ['HS', 'SEAL'] };
  expect(await gradeCodec(driver, options)).toMatchObject({ outcome: 'passed', notes: [] });
});

const ANSWER = 'write(JSON.stringify(answer(JSON.parse(line))))';

/** Falls over at whatever it is asked but what it is. */
const falling = [
  {
    file: 'conformance/saboteurs/src/codecs/driver.ts',
    find: ANSWER,
    replace: `JSON.parse(line).op === 'describe' ? ${ANSWER} : process.exit(9)`,
  },
];

test('one that falls over is found for that only if that is how it breaks the rule', async () => {
  const codec = { name: 'falling', breaks: ['FRAME-06'], harm: 'all', patches: falling } as const;
  const { outcome, failures } = await gradeCodec(codec, options);
  expect(outcome).toBe('misjudged');
  expect(failures).toContainEqual({ check: 'FRAME-06/frames', requirement: 'FRAME-06', isChance: true });
  expect(await gradeCodec({ ...codec, breaksDown: true }, options)).toMatchObject({ outcome: 'killed' });
});

test('one that does not start is not judged', async () => {
  const patches = [{ ...falling[0]!, replace: 'process.exit(9)' }];
  const broken = await gradeCodec({ name: 'dead', breaks: ['FRAME-06'], harm: 'all', patches }, options);
  const legal = await gradeCodec({ name: 'dead', oddity: 'it is dead', only: ['FRAME-06'], patches }, options);
  expect([broken.outcome, legal.outcome]).toEqual(['unknown', 'unknown']);
});
