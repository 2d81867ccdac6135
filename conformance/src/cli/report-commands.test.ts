import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { kit } from '../../test/kit.ts';
import { fail, pass, result, runOf } from '../../test/sample-run.ts';
import { scripted } from '../../test/scripted.ts';
import { jsonText } from '../report/json.ts';

let folder: string;
const path = (name: string) => join(folder, name);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'report-commands-'));
  await writeFile(path('old.json'), jsonText(runOf([pass, result(fail.check, {})])));
  await writeFile(path('new.json'), jsonText(runOf([pass, fail])));
});
afterAll(() => rm(folder, { recursive: true }));

test('a run writes its page, and html makes the same one from the report', async () => {
  const relay = await scripted();
  const { code } = await kit('--relay', relay, '--only', 'SES-01', '--html', path('a.html'), '--json', path('a.json'));
  expect(code).toBe(0);
  const page = await readFile(path('a.html'), 'utf8');
  expect(page).toMatch(/^<!doctype html>\n.*<h1>passed<\/h1>.*id="SES-01"/s);
  expect(await kit('html', path('a.json'), '-o', path('b.html'))).toMatchObject({ code: 0, out: '', err: '' });
  expect(await readFile(path('b.html'), 'utf8')).toBe(page);
});

test('matrix shows reports by the names of their files, and writes them as a page', async () => {
  const { code, out } = await kit('matrix', path('old.json'), path('new.json'), '--html', path('m.html'));
  expect(code).toBe(0);
  expect(out).toMatch(/^old +conformant.*\nnew +not conformant.*\n\nWhat differs:\n.*\n {2}CUR-02 {2}pass +FAIL/);
  expect(await readFile(path('m.html'), 'utf8')).toContain('<h1>2 implementations side by side</h1>');
  const twice = await kit('matrix', path('old.json'), path('old.json'));
  expect(twice.out).toContain(`1: ${path('old.json')}  `);
  expect(twice.out).toContain(`2: ${path('old.json')}  `);
});

test('diff ends with 1 if something got worse', async () => {
  expect(await kit('diff', path('old.json'), path('new.json'))).toMatchObject({
    code: 1,
    last: 'worse: new failures: 1',
  });
  expect(await kit('diff', path('new.json'), path('old.json'))).toMatchObject({
    code: 0,
    last: 'not worse: mended: 1',
  });
});

test.each<[string[], string]>([
  [['html', 'old.json'], "required option '-o, --output <file>' not specified"],
  [['html', 'none.json', '-o', 'x.html'], 'none.json: it cannot be read (ENOENT)'],
  [['html', 'old.json', '-o', 'old.json'], 'that is the same file as the report, which would be overwritten'],
  [['matrix', 'new.json', 'old.json', '--html', 'old.json'], 'that is the same file as report 2, which would be'],
  [['matrix'], "missing required argument 'reports'"],
  [['matrix', 'old.json', '--html', 'no/such/m.html'], 'there is no folder'],
  [['diff', 'old.json'], "missing required argument 'new'"],
  [['diff', 'old.json', 'broken.json'], 'broken.json: it is no JSON'],
])('%j is wrong usage', async (args, message) => {
  await writeFile(path('broken.json'), '{');
  const { code, out, err } = await kit(...args.map((each) => (each.includes('.') ? path(each) : each)));
  expect(code).toBe(2);
  expect(err).toContain(message);
  expect(out).toBe('');
  expect(await readdir(folder)).not.toContain('x.html');
});

test.each(['html', 'matrix', 'diff', 'keygen', 'verify', 'badge'])('%s --help has an example', async (command) => {
  const { code, out } = await kit(command, '--help');
  expect(code).toBe(0);
  expect(out).toMatch(new RegExp(`Example:\n {2}\\$ 0k-conformance ${command} `));
});
