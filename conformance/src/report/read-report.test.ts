import { expect, test } from 'vitest';
import { fail, notRun, pass, runOf } from '../../test/sample-run.ts';
import { jsonText } from './json.ts';
import { parseReport, readReport } from './read-report.ts';

const text = jsonText(runOf([pass, fail, notRun]));
const changed = (change: (report: Record<string, unknown>) => void) => {
  const report = JSON.parse(text);
  change(report);
  return JSON.stringify(report);
};

test('a report is read as it was written', () => {
  expect(parseReport(text, 'a.json')).toEqual(JSON.parse(text));
});

test.each<[string, string, string]>([
  ['that was cut', text.slice(0, -9), 'a.json: it is no JSON'],
  ['that is empty', '', 'a.json: it is no JSON'],
  ['that is null', 'null', 'a.json: it is no report of 0k-conformance: it must'],
  [
    'of another tool',
    changed((it) => (it['tool'] = 'x')).replace('"verdict"', '"verdikt"'),
    'it is no report of 0k-conformance',
  ],
  [
    'that is broken',
    changed((it) => (it['verdict'] = 'fine')),
    'a.json: the report is broken: verdict must be equal to one of',
  ],
  [
    'with a broken check',
    changed((it) => ((it['checks'] as { ms: unknown }[])[1]!.ms = 'x')),
    'the report is broken: checks/1/ms must be number',
  ],
  [
    'of a version that has more',
    changed((it) => Object.assign(it, { version: '9.0.0', colour: 'red' })),
    'a.json: it was written by version 9.0.0, in a form that this version, 0.0.0, does not know: it must NOT have additional properties (colour)',
  ],
  [
    'that would write over its own fault',
    changed((it) => Object.assign(it, { 'a\u001b[2K': 1 })),
    'it must NOT have additional properties (a\\u{1b}[2K)',
  ],
])('what is wrong with a file %s is said', (_, file, message) => {
  expect(() => parseReport(file, 'a.json')).toThrow(message);
});

test('a file that is not there is named', async () => {
  await expect(readReport('/no/such.json')).rejects.toThrow('/no/such.json: it cannot be read (ENOENT)');
});
