import { expect, test } from 'vitest';
import { fail, known, notRun, pass, result, runOf, unknown, warned } from '../../test/sample-run.ts';
import type { CheckResult } from '../run/result.ts';
import { diffOf, renderDiff } from './diff.ts';
import { jsonReport } from './json.ts';
import { colorsFor } from './style.ts';

const named = (name: string, results: readonly CheckResult[]) => ({ name, report: jsonReport(runOf(results)) });
const diff = (before: readonly CheckResult[], after: readonly CheckResult[]) =>
  diffOf(named('old', before), named('new', after));
/** The check of `fail` with another outcome. */
const as = (changes: Partial<CheckResult>) => result(fail.check, changes);
const passed = as({});
const skipped = as({ verdict: 'not-run', reason: 'needs a miracle' });

test.each<[string, CheckResult[], CheckResult[], boolean, RegExp]>([
  ['New failures', [passed], [fail], true, /CUR-02 .*: passed → failed, got cursor 3/],
  ['New failures', [], [fail], true, /CUR-02 .*: failed, got cursor 3/],
  ['New failures', [skipped], [{ ...fail, known }], true, /not run → known failure/],
  ['Passed, and now nothing is known', [passed], [skipped], true, /passed → not run, needs a miracle/],
  [
    'Passed, and now nothing is known',
    [result(unknown.check, {})],
    [unknown],
    true,
    /passed → inconclusive, who knows/,
  ],
  ['New warnings', [pass], [warned], true, /CUR-01 .*: passed → passed with a warning/],
  ['Mended', [fail], [passed], false, /failed → passed/],
  ['Mended', [{ ...fail, known }], [as({ reason: 'r', finding: fail.finding! })], false, /known failure → passed/],
  ['Known at last, and passed', [skipped], [passed], false, /not run → passed/],
  ['Warnings that are gone', [warned], [pass], false, /with a warning → passed/],
  ['Failures out of sight', [fail], [skipped], false, /failed → not run, needs a miracle/],
  ['Listed as known, or not any more', [fail], [{ ...fail, known }], false, /failed → known failure/],
  [
    'Failing otherwise',
    [fail],
    [{ ...fail, finding: { ...fail.finding!, actual: 'cursor 4' } }],
    false,
    /failed, got cursor 3 → got cursor 4/,
  ],
  ['Unknown otherwise', [skipped], [as({ verdict: 'inconclusive', reason: 'r' })], false, /not run → inconclusive, r/],
  ['Other reasons', [skipped], [{ ...skipped, reason: 'no time' }], false, /not run, needs a miracle → no time/],
  ['New checks', [], [pass], false, /CUR-01 .*: passed$/],
  ['Passed, and now gone', [pass], [], true, /CUR-01 .*: passed → gone$/],
  ['Passed, and now gone', [warned], [], true, /CUR-01 .*: passed with a warning → gone$/],
  ['Checks that are gone', [fail], [], false, /CUR-02 .*: failed → gone$/],
  ['Checks that are gone', [skipped], [], false, /CUR-02 .*: not run → gone$/],
])('%s: %#', (kind, before, after, isWorse, line) => {
  const found = diff(before, after);
  expect(found.changes.map((change) => change.kind)).toEqual([kind]);
  expect(found.changes[0]!.lines).toEqual([expect.stringMatching(line)]);
  expect(found.isWorse).toBe(isWorse);
});

test('the last line says whether it got worse', () => {
  const text = (before: CheckResult[], after: CheckResult[]) => renderDiff(diff(before, after), colorsFor(false));
  expect(text([pass, passed], [pass, fail])).toMatch(
    /^old: conformant\nnew: not conformant\n\nNew failures:\n {2}CUR-02/,
  );
  expect(text([pass, passed], [pass, fail])).toMatch(/\n\nworse: new failures: 1\n$/);
  expect(text([fail], [passed])).toMatch(/\n\nnot worse: mended: 1\n$/);
  expect(text([pass, notRun], [pass, notRun])).toMatch(/\n\nthe same: 2 checks came to the same\n$/);
});

test('a target that is no longer to be trusted is worse', () => {
  const before = named('old', [pass]);
  const after = { name: 'new', report: { ...before.report, untrusted: true as const } };
  expect(diffOf(before, after)).toMatchObject({
    isWorse: true,
    conditions: [expect.stringContaining('new: it granted')],
  });
  expect(diffOf(after, after).isWorse).toBe(false);
});
