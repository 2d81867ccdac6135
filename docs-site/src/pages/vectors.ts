import { code, count, link, list, number, type Page, plain, table } from '../markdown.ts';
import { errorPlace, rulePlace, vectorPage } from '../places.ts';
import { readText, specification, type Vector, type VectorFile, vectorFiles } from '../sources.ts';

const errorClasses = new Set(specification.error_classes.map(({ name }) => name));
const ruleIds = new Set(specification.requirements.map(({ id }) => id));

/** vectors/README.md, which describes the form of every file, by its headings. */
const [readmeHead, ...readmeSections] = readText('vectors/README.md').split(/^(?=#{2,3} )/m);

/** What the README says of a file, without the heading. */
function formatOf(name: string): string {
  const section = readmeSections.find(
    (text) => text.startsWith('### ') && text.split('\n')[0]!.includes(`${name}.json`),
  );
  return section ? section.replace(/^.*\n/, '').trim() : '';
}

export function vectorPages(): Page[] {
  return [overview(), ...vectorFiles.map(filePage)];
}

/** The README, but for what the pages of the files say. */
function overview(): Page {
  const general = readmeSections.filter((text) => !/^### .*\.json/.test(text));
  return {
    path: 'vectors/index.md',
    title: 'Test vectors',
    label: 'All vectors',
    text: `${[readmeHead!.replace(/^# .*\n/, ''), ...general].join('').trim()}\n`,
  };
}

function filePage(file: VectorFile): Page {
  const { name, algorithm, schema, notes, testGroups } = file;
  const tests = testGroups.flatMap((group) => group.tests);
  const results = (['valid', 'acceptable', 'invalid'] as const).map(
    (result) => tests.filter((test) => test.result === result).length,
  );
  const format = formatOf(name);
  return {
    path: vectorPage(name).slice(1),
    title: `${name}.json`,
    text: [
      `${plain(algorithm)}: ${count(tests.length, 'test')}, of them ${number(results[0]!)} valid, ${number(results[1]!)} acceptable and ${number(results[2]!)} invalid.\n`,
      `Download [${name}.json](/vectors/${name}.json) and its [schema](/vectors/${schema}). How all files are built: [Test vectors](/vectors/index.md#format).\n`,
      ...(format ? ['## Form {#form}\n', `${format}\n`] : []),
      '## Groups {#groups}\n',
      table(
        ['type', 'tests', 'where the bytes come from'],
        [...Map.groupBy(testGroups, (group) => `${group.type}\n${group.source}`).values()].map((groups) => [
          code(groups[0]!.type),
          number(groups.flatMap((group) => group.tests).length),
          plain(groups[0]!.source),
        ]),
      ),
      '\n## Flags {#flags}\n',
      table(
        ['flag', 'tests', 'meaning', 'danger'],
        Object.entries(notes).map(([flag, { description, danger }]) => [
          `<span id="${flag}">${code(flag)}</span>`,
          number(tests.filter(({ flags }) => flags.includes(flag)).length),
          plain(description),
          plain(danger ?? ''),
        ]),
      ),
      ...errorsOf(tests),
      '\n## Examples {#examples}\n',
      ...[...Map.groupBy(testGroups, ({ type }) => type)].map(([type, groups]) => exampleText(type, groups)),
      ...rulesOf(tests),
    ].join('\n'),
  };
}

function errorsOf(tests: readonly Vector[]): string[] {
  const classes = [
    ...Map.groupBy(
      tests.filter(({ error }) => error),
      ({ error }) => error!,
    ),
  ];
  if (classes.length === 0) return [];
  return [
    '\n## Errors {#errors}\n',
    table(
      ['error', 'tests'],
      classes
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([error, own]) => [
          errorClasses.has(error) ? link(code(error), errorPlace(error)) : code(error),
          number(own.length),
        ]),
    ),
  ];
}

/** The first test of a type, what is long in it cut. */
function exampleText(type: string, groups: VectorFile['testGroups']): string {
  const { tests, ...common } = groups[0]!;
  const text = JSON.stringify({ ...common, tests: [tests[0]] }, (_, value) => shorten(value), 2);
  return `### ${type} {#example-${type}}\n\n\`\`\`json\n${text}\n\`\`\`\n`;
}

function shorten(value: unknown): unknown {
  if (typeof value === 'string' && value.length > 160) return `${value.slice(0, 96)}… ${value.length} characters`;
  return value;
}

/** Which tests bear on which rule. */
function rulesOf(tests: readonly Vector[]): string[] {
  const rules = [
    ...Map.groupBy(
      tests.flatMap((test) => test.requirements.map((id) => ({ id, tcId: test.tcId }))),
      ({ id }) => id,
    ),
  ]
    .filter(([id]) => ruleIds.has(id))
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
  if (rules.length === 0) return [];
  return [
    '## Tests by rule {#rules}\n',
    list(
      rules.map(
        ([id, own]) => `<span id="${id}">${link(id, rulePlace(id))}</span>: ${ranges(own.map(({ tcId }) => tcId))}`,
      ),
    ),
  ];
}

/** `1 to 4, 7`. */
function ranges(numbers: readonly number[]): string {
  const runs: [number, number][] = [];
  for (const value of numbers.toSorted((a, b) => a - b)) {
    const last = runs.at(-1);
    if (last && value === last[1] + 1) last[1] = value;
    else runs.push([value, value]);
  }
  return runs
    .map(([from, to]) => (from === to ? from : to === from + 1 ? `${from}, ${to}` : `${from} to ${to}`))
    .join(', ');
}
