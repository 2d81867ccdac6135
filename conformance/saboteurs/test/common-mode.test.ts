import { existsSync, readFileSync } from 'node:fs';
import { REQUIREMENTS } from '@0k-sync/spec';
import { expect, test } from 'vitest';
import type { Fault } from '../src/common-mode/fault.ts';
import { FAULTS } from '../src/common-mode/faults.ts';
import { gradeFault } from '../src/common-mode/grade-fault.ts';
import { patched } from '../src/patch.ts';

const root = new URL('../../../', import.meta.url);
const options = { seed: 1, near: true, signal: new AbortController().signal };
const faultNamed = (name: string) => FAULTS.find((fault) => fault.name === name)!;

test('each has a name of its own, and changes the reference alone', () => {
  const names = FAULTS.map(({ name }) => name);
  expect(names.filter((name) => !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name))).toEqual([]);
  expect(names).toEqual([...new Set(names)]);
  expect(FAULTS.flatMap(({ patches }) => patches).filter(({ file }) => !file.startsWith('reference/src/'))).toEqual([]);
});

test('what each changes in the sources still stands there', () => {
  for (const { patches } of FAULTS) {
    for (const [file, own] of Map.groupBy(patches, (patch) => patch.file)) {
      own.reduce(patched, readFileSync(new URL(file, root), 'utf8'));
    }
  }
});

test('each breaks rules that exist, and names tests that exist', () => {
  const rules = new Set(REQUIREMENTS.map(({ id }) => id));
  expect(FAULTS.flatMap(({ breaks }) => breaks).filter((id) => !rules.has(id))).toEqual([]);
  expect(FAULTS.flatMap(({ tests }) => tests).filter((path) => !existsSync(new URL(path, root)))).toEqual([]);
});

test('a fault that vectors see is found by its tests', async () => {
  const fault = { ...faultNamed('trailing-bytes-let-pass'), tests: ['reference/test/codec-vectors.test.ts'] };
  const { outcome, killedBy, notes } = await gradeFault(fault, options);
  expect({ outcome, killedBy, notes }).toEqual({
    outcome: 'killed',
    killedBy: ['reference/test/codec-vectors.test.ts: codec-bin.json'],
    notes: [],
  });
});

test('a fault that no test sees is found by a run in which kit and relay have it', async () => {
  const fault = {
    ...faultNamed('encapsulations-without-randomness'),
    tests: ['reference/src/crypto/providers.test.ts'],
  };
  const { outcome, killedBy, notes } = await gradeFault(fault, options);
  expect({ outcome, killedBy, notes }).toEqual({ outcome: 'killed', killedBy: ['HS-30'], notes: [] });
}, 180_000);

test('a change that does not fit is no success of the tests', async () => {
  const fault: Fault = {
    name: 'misfit',
    breaks: ['HS-01'],
    what: 'nothing',
    patches: [{ file: 'reference/src/ids.ts', find: 'no such text', replace: '' }],
    tests: ['reference/test/ids-vectors.test.ts'],
  };
  const { outcome, notes } = await gradeFault(fault, options);
  expect(outcome).toBe('unknown');
  expect(notes.join()).toContain('reference/src/ids.ts has what is to be replaced 0 times');
});

test('a change of what the tests do not load is no success of the tests either', async () => {
  const fault: Fault = {
    ...faultNamed('prologue-left-out'),
    patches: [{ file: 'reference/tsup.config.ts', find: 'import', replace: 'import' }],
    tests: ['reference/test/padme-vectors.test.ts'],
  };
  const { outcome, notes } = await gradeFault(fault, options);
  expect({ outcome, notes }).toEqual({
    outcome: 'unknown',
    notes: ['the tests could not be run: reference/tsup.config.ts was not loaded with its change'],
  });
});
