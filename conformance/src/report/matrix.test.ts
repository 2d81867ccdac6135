import { expect, test } from 'vitest';
import { fail, known, notRun, pass, runOf, selectionOf, unknown } from '../../test/sample-run.ts';
import { matrixPage } from './html/matrix-page.ts';
import { jsonReport } from './json.ts';
import { matrixOf, renderMatrix } from './matrix.ts';
import type { Report } from './report.ts';
import { colorsFor } from './style.ts';

const plain = colorsFor(false);
const mine = jsonReport(runOf([pass, fail, notRun, unknown]));
const theirs = jsonReport(runOf([pass, { ...fail, known }, { ...notRun, verdict: 'pass' }]));

test('what differs is first, check by check, and each area has its scores', () => {
  const matrix = matrixOf([
    { name: 'mine', report: mine },
    { name: 'theirs', report: theirs },
  ]);
  expect(matrix.differing.map(({ id, cells }) => [id, ...cells])).toEqual([
    ['CUR-02', 'fail', 'known'],
    ['CUR-03', 'not-run', 'pass'],
    ['SES-01', 'inconclusive', 'absent'],
  ]);
  const text = renderMatrix(matrix, plain);
  expect(text).toMatch(/^mine +not conformant +ws:\/\/relay\.example\/\ntheirs +only known failures/);
  expect(text).toMatch(/What differs:\n +mine +theirs\n {2}CUR-02 {2}FAIL +known +the title of CUR-02\n/);
  expect(text).toMatch(/CUR +Cursor semantics +1\/3 +2\/3\n {2}SES +Session +0\/1 +0\/0\n +all +1\/4 +2\/3/);
  expect(text).toMatch(/3 checks differ, 1 came to the same in all\n$/);
  const page = matrixPage(matrix);
  expect(page.indexOf('What differs (3)')).toBeLessThan(page.indexOf('All checks (4)'));
  expect(page).toContain('<td class="mark fail"><span title="failed">✗</span></td>');
});

test('that runs were not the same is said', () => {
  const other: Report = {
    ...theirs,
    ...{ version: '9.0.0', specVersion: '8.0.0', profiles: ['core'] },
    selection: selectionOf([pass], { only: ['CUR-01'], quick: true, strict: true }),
  };
  const { conditions } = matrixOf([
    { name: 'a', report: mine },
    { name: 'b', report: other },
    { name: 'c', report: mine },
  ]);
  expect(conditions).toEqual([
    'the specification differs: 0.0.0 (a, c), 8.0.0 (b)',
    'the kit differs: 0.0.0 (a, c), 9.0.0 (b)',
    'the profiles differs: core, membership (a, c), core (b)',
    '--only differs: not used (a, c), CUR-01 (b)',
    '--quick differs: not used (a, c), used (b)',
    '--strict differs: not used (a, c), used (b)',
  ]);
  const spoilt = matrixOf([
    { name: 'a', report: { ...mine, problem: 'nobody is there' } },
    { name: 'b', report: { ...mine, untrusted: true } },
    { name: 'c', report: { ...mine, interrupted: 'stopped' } },
  ]);
  expect(spoilt.conditions).toEqual([
    'a: no check could be run: nobody is there',
    'b: it granted what nobody may grant, its passes are not to be trusted',
    'c: the run did not end by itself: stopped',
  ]);
  expect(renderMatrix(spoilt, plain)).toContain('0 checks differ, 4 came to the same in all');
});
