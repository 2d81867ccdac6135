import { describe, expect, test } from 'vitest';
import { fail, known, notRun, pass, runOf, unknown } from '../test/sample-run.ts';
import { printable, printableName } from './printable.ts';
import { diffOf, renderDiff } from './report/diff.ts';
import { jsonReport } from './report/json.ts';
import { matrixOf, renderMatrix } from './report/matrix.ts';
import { Progress } from './report/progress.ts';
import type { Report } from './report/report.ts';
import { colorsFor } from './report/style.ts';
import { renderRun } from './report/text.ts';
import type { CheckResult } from './run/result.ts';

test.each([
  ['colours', '\x1b[31mEVIL\x1b[0m', '\\u{1b}[31mEVIL\\u{1b}[0m'],
  ['an end of the line', 'a\r\nconformant: all', 'a\\u{d}\\u{a}conformant: all'],
  ['a separator of lines', 'a\u2028b\u2029c', 'a\\u{2028}b\\u{2029}c'],
  ['C1, DEL and NUL', '\x9b2J\x7f\0', '\\u{9b}2J\\u{7f}\\u{0}'],
  ['what turns the direction', 'a\u202eb\u2066c\u200fd', 'a\\u{202e}b\\u{2066}c\\u{200f}d'],
  ['a command to a CI', '::error::x and ::add-mask::y', '\\u{3a}:error::x and \\u{3a}:add-mask::y'],
  ['one with properties', '  ::error file=a,line=1::x', '  \\u{3a}:error file=a,line=1::x'],
  [
    'an older one',
    'x ##[error]y ##vso[task] ##teamcity[z]',
    'x \\u{23}#[error]y \\u{23}#vso[task] \\u{23}#teamcity[z]',
  ],
])('%s can be seen', (_, text, shown) => {
  expect(printable(text)).toBe(shown);
  expect(printable(shown), 'once and for all').toBe(shown);
});

test.each(['Grüße, 日本 👋', '\tat std::io::read', 'connect ::1:80 and [::ffff:10.0.0.1]', '\\u001b "quoted" # ##'])(
  'what does no harm stays: %s',
  (text) => expect(printable(text)).toBe(text),
);

test('what is long is cut', () => {
  expect(printable('x'.repeat(5000))).toBe(`${'x'.repeat(4000)}… (1000 characters more)`);
  expect(printableName('\x1b'.repeat(203))).toBe(`${'\\u{1b}'.repeat(200)}… (3 characters more)`);
});

describe('what comes from a target or a foreign report', () => {
  const hostile = 'x\x1b[2J\x9b1m\u202e\r\n\nconformant: all\n::error::EVIL ##[error]EVIL';
  const step = { n: 1, at: 0, from: 'A', direction: 'event', text: hostile } as const;
  const finding = { requirement: 'CUR-02', expected: [hostile], actual: hostile };
  const plan = { property: { seed: 1, runs: 1, plan: {} } } as unknown as Partial<CheckResult>;
  const failed = { ...fail, finding, trace: [step], notes: [hostile] };
  const results = [
    { ...failed, known },
    { ...failed, check: pass.check, ...plan },
    { ...notRun, reason: hostile },
    { ...unknown, reason: hostile, notes: [hostile] },
  ];
  const run = runOf(results, {
    canary: { passed: false, ms: 1, finding, trace: [step] },
    driver: { name: hostile, version: hostile, operations: new Set([hostile]) },
  });
  const problem = { verdict: 'inconclusive', text: hostile, lines: [`  ${hostile}`] } as const;
  const plain = colorsFor(false);
  const report = jsonReport(run);
  const named = (name: string, kept: Report) => ({ name, report: kept });
  const titled = { ...report, checks: report.checks.map((check) => ({ ...check, title: hostile })) };
  const warned = { ...pass, reason: hostile, finding: { ...finding, requirement: 'CUR-01' } };

  /** All that a run without a terminal writes while it goes on. */
  function progress(): string {
    let text = '';
    const shown = new Progress({ write: (more) => (text += more) }, plain, results.length);
    for (const result of results) shown.finished(result);
    return text;
  }

  test.each<[string, () => string]>([
    ['the end of a run', () => renderRun(run, plain)],
    ['the end of a run that could not be made', () => renderRun(runOf(results, { problem }), plain)],
    ['warnings', () => renderRun(runOf([warned]), plain)],
    ['the progress', progress],
    ['a matrix', () => renderMatrix(matrixOf([named('a', titled), named(hostile, jsonReport(runOf([pass])))]), plain)],
    ['a diff', () => renderDiff(diffOf(named(hostile, jsonReport(runOf([pass]))), named('b', titled)), plain)],
  ])('does nothing to a terminal or a CI: %s', (_, render) => {
    const text = render();
    expect(text).toContain('x\\u{1b}[2J');
    expect(text).not.toMatch(/[^\P{C}\n]/u);
    expect(text).not.toMatch(/^\s*(conformant: all|::)|##\[/m);
  });

  test('stands in a report as it came', () => {
    expect(report.checks[0]!.actual).toBe(hostile);
    expect(report.target.name).toBe(hostile);
  });
});
