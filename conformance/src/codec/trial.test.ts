import { describe, expect, it } from 'vitest';
import type { Values } from './driver-process.ts';
import { judge } from './trial.ts';

/** What is said of an answer to a request of `transport`. */
function said(allowed: Values, ok: Values) {
  const trial = { op: 'transport', input: {}, allowed: { ok: [{ steps: [allowed] }] } };
  const { expected, actual } = judge(trial, { answer: { ok: { steps: [ok] } }, lines: [] })!;
  return { expected, actual };
}

const LONG = 'ab'.repeat(400);

describe('a difference', () => {
  it('shows the error class where data was due', () => {
    expect(said({ data: 'ab' }, { error: 'decrypt' })).toEqual({
      expected: ['steps[0].data: "ab"'],
      actual: 'steps[0].data: the error decrypt',
    });
    expect(said({ data: LONG }, { error: 'decrypt' })).toEqual({
      expected: [`steps[0].data: "${LONG.slice(0, 79)}… (802 characters)`],
      actual: 'steps[0].data: the error decrypt',
    });
  });

  it('shows the data where an error class was due', () => {
    expect(said({ error: 'decrypt' }, { data: 'ab' })).toEqual({
      expected: ['steps[0].error: "decrypt"'],
      actual: 'steps[0].error: no error, but {"data":"ab"}',
    });
    expect(said({ error: 'decrypt' }, { data: LONG }).actual).toMatch(
      /^steps\[0\]\.error: no error, but \{"data":"[ab]+… \(8\d\d characters\)$/,
    );
  });

  it('says nothing of the length of nothing', () => {
    expect(said({ data: LONG }, {}).actual).toBe('steps[0].data: nothing');
  });

  it('is cut to where two long texts begin to differ', () => {
    const other = `${LONG.slice(0, 600)}ff${LONG.slice(602)}`;
    expect(said({ data: LONG }, { data: other })).toEqual({
      expected: [expect.stringContaining('(802 characters, from the 582. on)')],
      actual: expect.stringContaining('ff'),
    });
  });
});
