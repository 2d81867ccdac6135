/** Holds every vector file against its schema, its own header, the requirements and the message table of spec/. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';

type Result = 'valid' | 'invalid' | 'acceptable';

interface Vector {
  tcId: number;
  comment: string;
  flags: string[];
  requirements: string[];
  result: Result;
  error?: string;
  otherErrors?: string[];
  refusals?: string[];
  message?: Record<string, unknown>;
  [input: string]: unknown;
}

interface VectorFile {
  algorithm: string;
  schema: string;
  generator: string;
  notes: Record<string, { description: string; danger?: string }>;
  numberOfTests: number;
  testGroups: { type: string; source: string; message?: string; tests: Vector[] }[];
}

interface Requirement {
  id: string;
  profile: string;
  errors?: (string | number)[];
}

interface SpecError {
  code: number;
  name: string;
  fatal: boolean;
}

interface SpecMessage {
  name: string;
  encodings: ('bin' | 'rmp')[];
  fields: { name: string }[];
  ext?: { key: string }[];
}

const here = fileURLToPath(new URL('.', import.meta.url));
const readJson = (path: string) => JSON.parse(readFileSync(here + path, 'utf8'));
const readYaml = (path: string) => parse(readFileSync(`${here}../spec/${path}`, 'utf8'));

const names = readdirSync(here)
  .filter((name) => name.endsWith('.json') && name !== 'package.json')
  .sort();
const requirements = new Map(
  readdirSync(`${here}../spec/requirements`)
    .filter((name) => name.endsWith('.yaml'))
    .flatMap((name) => readYaml(`requirements/${name}`).requirements as Requirement[])
    .map((requirement) => [requirement.id, requirement] as const),
);
const errorClasses = readYaml('protocol/encodings.yaml').error_classes as { name: string; layer: string }[];
const errorNames = new Set(errorClasses.map(({ name }) => name));
/** Errors of a session, by name. */
const specErrors = new Map(
  (readYaml('protocol/errors.yaml').errors as SpecError[]).map((error) => [error.name, error] as const),
);
const specMessages = readYaml('protocol/messages.yaml').messages as SpecMessage[];

const ajv = new Ajv2020({ allErrors: false, strict: true, strictRequired: false });
for (const name of readdirSync(`${here}schemas`)) ajv.addSchema(readJson(`schemas/${name}`), name);

/** What a test expects or says about itself; everything else in it is its input. */
const expectation = new Set(
  (
    'tcId comment flags requirements result error otherErrors message canonical bodies unfinished failsInChunk ' +
    'failsAt afterwards deviceId shown opened content envelope normalised'
  ).split(' '),
);

const inputOf = (vector: Vector): string =>
  JSON.stringify(Object.entries(vector).filter(([key]) => !expectation.has(key)));

const duplicates = (values: string[]): string[] => values.filter((value, index) => values.indexOf(value) !== index);

/** Whether nothing is refused: a dialogue is always what a right relay does, also where it refuses. */
const isRight = ({ result, refusals = [] }: Vector): boolean => result === 'valid' && refusals.length === 0;

/** Everything that is wrong with one file, a line each. */
function problems(name: string, file: VectorFile): string[] {
  const out: string[] = [];
  const schema = name.replace('.json', '.schema.json');
  if (!ajv.validate(schema, file)) out.push(`schema: ${ajv.errorsText()}`);
  if (file.schema !== `schemas/${schema}`) out.push(`schema is ${file.schema}`);
  const tests = file.testGroups.flatMap((group) => group.tests);
  if (file.numberOfTests !== tests.length) out.push(`numberOfTests is ${file.numberOfTests}, not ${tests.length}`);
  tests.forEach((vector, index) => {
    if (vector.tcId !== index + 1) out.push(`tcId ${vector.tcId} stands at place ${index + 1}`);
  });
  const used = new Set(tests.flatMap(({ flags }) => flags));
  for (const flag of used) if (!(flag in file.notes)) out.push(`flag ${flag} has no note`);
  for (const note of Object.keys(file.notes)) if (!used.has(note)) out.push(`note ${note} is used by no test`);
  for (const { tcId, requirements: ids, result, error, otherErrors = [], refusals = [] } of tests) {
    for (const each of refusals) if (!specErrors.has(each)) out.push(`${tcId}: no error class or code ${each}`);
    for (const id of ids) if (!requirements.has(id)) out.push(`${tcId}: no requirement ${id}`);
    if ((result === 'invalid') !== (error !== undefined)) out.push(`${tcId}: ${result}, error ${error}`);
    for (const each of error === undefined ? [] : [error, ...otherErrors]) {
      if (!errorNames.has(each)) out.push(`${tcId}: no error class ${each}`);
    }
  }
  const right = tests.filter(isRight).length;
  if (tests.length - right < right) out.push(`${right} right tests, only ${tests.length - right} others`);
  for (const group of file.testGroups) {
    for (const input of duplicates(group.tests.map(inputOf))) out.push(`same input twice: ${input.slice(0, 200)}`);
    for (const comment of duplicates(group.tests.map((vector) => vector.comment))) out.push(`twice: ${comment}`);
  }
  return out;
}

describe.each(names)('%s', (name) => {
  test('has no fault', () => {
    expect(problems(name, readJson(name))).toEqual([]);
  });

  const broken: [string, RegExp, (file: VectorFile, first: Vector) => void][] = [
    ['an unknown property', /schema: /, (_, first) => (first['surprise'] = 1)],
    ['a missing comment', /schema: /, (_, first) => delete (first as Partial<Vector>).comment],
    ['a wrong number of tests', /numberOfTests/, (file) => file.numberOfTests++],
    ['a gap in the ids', /tcId/, (_, first) => (first.tcId = 9999)],
    ['a flag without a note', /has no note/, (_, first) => first.flags.push('Nowhere')],
    ['a note without a test', /used by no test/, (file) => (file.notes['Nowhere'] = { description: 'x' })],
    ['a test without a requirement', /schema: /, (_, first) => (first.requirements = [])],
    ['a requirement that does not exist', /no requirement/, (_, first) => first.requirements.push('NONE-01')],
    ['a test twice', /same input twice/, (file, first) => file.testGroups[0]!.tests.push(first)],
    ['too few wrong ones', /right tests, only/, (file) => keepRightOnes(file)],
    ['an error class that does not exist', /no error class/, (file) => renameErrors(file)],
  ];
  test.each(broken)('with %s is found out', (_, found, spoil) => {
    const file = readJson(name) as VectorFile;
    spoil(file, file.testGroups[0]!.tests[0]!);
    expect(problems(name, file).join('\n')).toMatch(found);
  });
});

function keepRightOnes(file: VectorFile): void {
  for (const group of file.testGroups) group.tests = group.tests.filter(isRight);
}

function renameErrors(file: VectorFile): void {
  for (const vector of file.testGroups.flatMap((group) => group.tests)) {
    if (vector.error !== undefined) vector.error = 'no-such-class';
    if (vector.refusals !== undefined) vector.refusals = vector.refusals.map(() => 'NO_SUCH_CODE');
  }
}

test.each(['codec', 'framing', 'noise', 'seal', 'pairing'])('the error classes of %s are those of spec/', (layer) => {
  const { $defs } = readJson('schemas/parts.schema.json');
  const known = errorClasses.filter((each) => each.layer === layer).map((each) => each.name);
  expect([...$defs[`${layer}Error`].enum].sort()).toEqual(known.sort());
});

const files = names.map((name) => readJson(name) as VectorFile);
const all = files.flatMap((file) => file.testGroups.flatMap(({ tests }) => tests));

test('every error class is expected by some test', () => {
  const expected = new Set(all.map(({ error }) => error));
  const elsewhere = new Set(['failed-state']); // stands in `afterwards` and in steps, after another error
  expect([...errorNames].filter((name) => !expected.has(name) && !elsewhere.has(name))).toEqual([]);
});

test('every requirement of the profile codec is named by a test', () => {
  const named = new Set(all.flatMap((vector) => vector.requirements));
  const ids = [...requirements.values()].filter(({ profile }) => profile === 'codec').map(({ id }) => id);
  expect(ids.filter((id) => !named.has(id))).toEqual([]);
});

test('the error class of a test is one that its requirements give', () => {
  const wrong = all.filter((vector) => {
    const given = vector.requirements.flatMap((id) => requirements.get(id)?.errors ?? []);
    const classes = given.filter((error) => typeof error === 'string');
    const steps = (vector['steps'] ?? []) as { error?: string }[];
    const seen = [vector.error, vector['afterwards'], ...steps.map(({ error }) => error)];
    return vector.error !== undefined && classes.length > 0 && !seen.some((each) => classes.includes(each as string));
  });
  expect(wrong.map(({ comment, error, requirements: ids }) => `${comment}: ${error}, ${ids}`)).toEqual([]);
});

/** One test of each series: a field walked through many values, or a text cut at many places, counts once. */
function different(file: VectorFile): Vector[] {
  const series = new Map<string, Vector>();
  for (const { type, message, tests } of file.testGroups) {
    for (const vector of tests) {
      const { flags, result, error, refusals } = vector;
      series.set(JSON.stringify([type, message, flags.toSorted(), result, error, refusals]), vector);
    }
  }
  return [...series.values()];
}

describe('with each series counted once', () => {
  const left = files.flatMap(different);
  const right = left.filter(isRight).length;
  const wrong = left.filter((vector) => vector.result === 'invalid' || vector.refusals !== undefined).length;

  test(`there are ${left.length} tests, at least 400`, () => expect(left.length).toBeGreaterThanOrEqual(400));
  test(`${wrong} of them are wrong, at least as many as the ${right} right ones`, () =>
    expect(wrong).toBeGreaterThanOrEqual(right));
});

describe.each(['bin', 'rmp'] as const)('codec-%s.json and the message table of spec/', (encoding) => {
  const file = readJson(`codec-${encoding}.json`) as VectorFile;
  const right = file.testGroups
    .flatMap(({ tests }) => tests)
    .filter(({ result }) => result === 'valid')
    .map(({ message }) => message!);
  const table = specMessages.filter(({ encodings }) => encodings.includes(encoding));

  test('have the same messages', () => {
    expect([...new Set(right.map((message) => message['type']))].sort()).toEqual(table.map(({ name }) => name).sort());
  });

  test.each(table.map((message) => [message.name, message] as const))('%s has the same fields', (name, message) => {
    const mine = right.filter(({ type }) => type === name);
    const fields = ['type', ...message.fields.map((field) => field.name)];
    for (const each of mine) expect(Object.keys(each).filter((key) => key !== 'ext')).toEqual(fields);
    const ext = encoding === 'bin' ? (message.ext ?? []).map(({ key }) => key) : [];
    expect([...new Set(mine.flatMap((each) => Object.keys(each['ext'] ?? {})))].sort()).toEqual(ext.sort());
  });

  if (encoding === 'rmp') return;
  test.each(table.map((message) => [message.name, message] as const))(
    '%s has a wrong value for each field and key',
    (name, message) => {
      const group = file.testGroups.find((each) => each.message === name)!;
      const comments = group.tests.filter(({ result }) => result === 'invalid').map(({ comment }) => comment);
      const places = [
        ...message.fields.map((field) => field.name),
        ...(message.ext ?? []).map(({ key }) => `ext ${key}`),
      ];
      expect(places.filter((place) => !comments.some((comment) => comment.startsWith(`${place}: `)))).toEqual([]);
    },
  );
});

describe('session-dialogues.json', () => {
  interface Step {
    connection: string;
    open?: unknown;
    expect?: { type: string; code?: number };
    expectClose?: number;
  }
  const dialogues = (readJson('session-dialogues.json') as VectorFile).testGroups.flatMap(({ tests }) => tests);
  const stepsOf = (dialogue: Vector) => dialogue['steps'] as Step[];

  test.each(dialogues.map((dialogue) => [dialogue.comment, dialogue] as const))('%s', (_, dialogue) => {
    const { flags, refusals = [] } = dialogue;
    const steps = stepsOf(dialogue);
    const errors = steps.filter(({ expect }) => expect?.type === 'Error');
    expect(errors.map((step) => step.expect!.code)).toEqual(refusals.map((name) => specErrors.get(name)!.code));
    expect(flags.includes('Refusal')).toBe(refusals.length > 0);
    expect(flags.includes('Fatal')).toBe(specErrors.get(refusals.at(-1) ?? '')?.fatal ?? false);
    for (const [index, step] of steps.entries()) {
      const earlier = steps.slice(0, index).filter(({ connection }) => connection === step.connection);
      expect(earlier.filter(({ open }) => open !== undefined)).toHaveLength(step.open === undefined ? 1 : 0);
      expect(earlier.filter(({ expectClose }) => expectClose !== undefined)).toEqual([]);
      const name = step.expect?.type === 'Error' && refusals[errors.indexOf(step)];
      if (name && specErrors.get(name)!.fatal) {
        const closed = { connection: step.connection, expectClose: 4000 + (specErrors.get(name)!.code % 100) };
        expect(steps[index + 1]).toEqual(closed);
      }
    }
  });
});

describe('the folder', () => {
  test('shows the Python example in its README as it is', () => {
    expect(readFileSync(`${here}README.md`, 'utf8')).toContain(readFileSync(`${here}examples/framing.py`, 'utf8'));
  });

  test('has a README that names every file, with the right counts', () => {
    const readme = readFileSync(`${here}README.md`, 'utf8');
    expect(readdirSync(`${here}sources`).filter((name) => !readme.includes(`sources/${name}`))).toEqual([]);
    const rows = readme.split('\n').map((line) => line.replaceAll(/ +/g, ' '));
    for (const name of names) {
      const file = readJson(name) as VectorFile;
      const tests = file.testGroups.flatMap((group) => group.tests);
      const results = (['valid', 'acceptable', 'invalid'] as const).map(
        (result) => tests.filter((vector) => vector.result === result).length,
      );
      const counts = [...results, different(file).length];
      expect(rows.find((row) => row.startsWith(`| ${name} |`))).toContain(`| ${counts.join(' | ')} |`);
    }
  });
});
