import { REQUIREMENTS } from '@0k-sync/spec';
import reportSchema from '@0k-sync/spec/schemas/report.schema.json' with { type: 'json' };
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import {
  checks,
  fail,
  known,
  knownFail,
  notRun,
  pass,
  result,
  runOf,
  selectionOf,
  unknown,
  warned,
} from '../../test/sample-run.ts';
import {
  type CheckResult,
  exitCodeOf,
  type RunResult,
  type RunSelection,
  type RunVerdict,
  verdictOf,
} from '../run/result.ts';
import { jsonReport } from './json.ts';
import { Progress } from './progress.ts';
import { colorsFor, columns, wrap } from './style.ts';
import { renderRun, renderVerdict } from './text.ts';

const plain = colorsFor(false);

describe('the verdict', () => {
  const keptOut = result(checks[2]!, { verdict: 'not-run', reason: 'needs lifted limits', missing: 'lifted-limits' });
  const rateless = result(checks[2]!, { verdict: 'not-run', reason: 'needs rates', missing: 'rates' });
  const unmet = {
    'lifted-limits': ['messages_per_minute is 100, 0 or at least 6000 is needed', 'new_groups_per_hour is 10, 0'],
    rates: ['messages_per_minute is off'],
  };
  const grants = { passed: false, ms: 1, reason: 'it granted it', trace: [] };
  const part = (results: CheckResult[], changes: Partial<RunSelection>) =>
    runOf(results, { selection: selectionOf(results, changes) });
  const gone = { verdict: 'inconclusive', text: 'it is gone' } as const;
  const toaster = { verdict: 'not-conformant', text: 'a toaster' } as const;

  it.each<[string, RunResult, RunVerdict, string, number]>([
    [
      'all passed',
      runOf([pass]),
      'conformant',
      'conformant: profiles core, membership · 1 passed, 0 failed, 0 not run',
      0,
    ],
    [
      'all passed, a SHOULD aside',
      runOf([pass, warned]),
      'conformant',
      'conformant: profiles core, membership · 2 passed, 0 failed, 0 not run, 1 warning',
      0,
    ],
    [
      'all passed, SHOULDs included',
      part([pass], { strict: true }),
      'conformant',
      'conformant: profiles core, membership (--strict) · 1 passed, 0 failed, 0 not run',
      0,
    ],
    [
      'limits are too large to be seen',
      runOf([pass, result(checks[2]!, { verdict: 'not-run', reason: 'too many', missing: 'values' })]),
      'inconclusive',
      'inconclusive: profiles core, membership · 1 passed, 0 failed, 1 not run · take the values of `0k-conformance explain config --profile limits`',
      3,
    ],
    [
      'a part was run',
      part([pass], { only: ['CUR-01'] }),
      'passed',
      'passed: 1 of 302 checks of profiles core, membership (--only) · 1 passed, 0 failed, 0 not run',
      0,
    ],
    [
      'a part was run and failed',
      part([fail], { only: ['CUR-02'] }),
      'not-conformant',
      'not conformant: 1 of 302 checks of profiles core, membership (--only) · 0 passed, 1 failed, 0 not run',
      1,
    ],
    [
      'only what is quick was run',
      part([pass, notRun], { quick: true }),
      'passed',
      'no failure: 1 of 302 checks of profiles core, membership (--quick) · 1 passed, 0 failed, 1 not run',
      0,
    ],
    [
      'some not run for limits that are not lifted',
      runOf([pass, keptOut], { unmet }),
      'inconclusive',
      'inconclusive: profiles core, membership · 1 passed, 0 failed, 1 not run · lift messages_per_minute, new_groups_per_hour',
      3,
    ],
    [
      'one unknown with limits that are not lifted',
      runOf([pass, unknown], { unmet }),
      'inconclusive',
      'inconclusive: profiles core, membership · 1 passed, 0 failed, 0 not run, 1 inconclusive · lift messages_per_minute, new_groups_per_hour',
      3,
    ],
    [
      'some not run for rates that are off',
      runOf([pass, rateless], { unmet }),
      'inconclusive',
      'inconclusive: profiles core, membership · 1 passed, 0 failed, 1 not run · set messages_per_minute',
      3,
    ],
    [
      'one failed, and some not run for limits',
      runOf([fail, keptOut, keptOut], { unmet }),
      'not-conformant',
      'not conformant: profiles core, membership · 0 passed, 1 failed, 2 not run · lift messages_per_minute, new_groups_per_hour',
      1,
    ],
    [
      'some not run',
      runOf([pass, notRun]),
      'conformant',
      'conformant: profiles core, membership · 1 passed, 0 failed, 1 not run',
      0,
    ],
    [
      'one failed',
      runOf([pass, fail, unknown]),
      'not-conformant',
      'not conformant: profiles core, membership · 1 passed, 1 failed, 0 not run, 1 inconclusive',
      1,
    ],
    [
      'one failed that is known',
      runOf([pass, knownFail]),
      'known-failures',
      'only known failures: profiles core, membership · 1 passed, 0 failed, 1 known failing, 0 not run',
      0,
    ],
    [
      'one failed that is known, and one that is not',
      runOf([knownFail, fail]),
      'not-conformant',
      'not conformant: profiles core, membership · 0 passed, 1 failed, 1 known failing, 0 not run',
      1,
    ],
    [
      'one passed that should fail',
      runOf([{ ...pass, known }, knownFail, unknown]),
      'unexpected-pass',
      'known failures passed: profiles core, membership · 1 passed, 0 failed, 1 known failing, 0 not run, 1 inconclusive · correct known.txt:3',
      1,
    ],
    [
      'one that should fail only does what is advised against',
      runOf([{ ...warned, known }]),
      'conformant',
      'conformant: profiles core, membership · 1 passed, 0 failed, 0 not run, 1 warning',
      0,
    ],
    [
      'one that should fail is unknown',
      runOf([pass, { ...unknown, known }]),
      'inconclusive',
      'inconclusive: profiles core, membership · 1 passed, 0 failed, 0 not run, 1 inconclusive',
      3,
    ],
    [
      'one that should fail is not run',
      runOf([pass, { ...notRun, known }]),
      'conformant',
      'conformant: profiles core, membership · 1 passed, 0 failed, 1 not run',
      0,
    ],
    [
      'one unknown',
      runOf([pass, unknown]),
      'inconclusive',
      'inconclusive: profiles core, membership · 1 passed, 0 failed, 0 not run, 1 inconclusive',
      3,
    ],
    [
      'nothing passed',
      runOf([notRun]),
      'inconclusive',
      'inconclusive: profiles core, membership · 0 passed, 0 failed, 1 not run',
      3,
    ],
    [
      'the canary died',
      runOf([pass], { canary: grants }),
      'not-conformant',
      'not conformant: profiles core, membership · 1 passed (untrusted), 0 failed, 0 not run',
      1,
    ],
    [
      'interrupted',
      runOf([pass], { interrupted: 'interrupted' }),
      'inconclusive',
      'inconclusive: profiles core, membership · 1 passed, 0 failed, 0 not run, interrupted',
      3,
    ],
    [
      'interrupted after a failure',
      runOf([fail], { interrupted: 'stopped after 60 s' }),
      'not-conformant',
      'not conformant: profiles core, membership · 0 passed, 1 failed, 0 not run, stopped after 60 s',
      1,
    ],
    [
      'unreachable',
      runOf([notRun], { canary: grants, problem: gone }),
      'inconclusive',
      'inconclusive: profiles core, membership · 0 passed, 0 failed, 1 not run · it is gone',
      3,
    ],
    [
      'no relay',
      runOf([notRun], { canary: grants, problem: toaster }),
      'not-conformant',
      'not conformant: profiles core, membership · 0 passed, 0 failed, 1 not run · a toaster',
      1,
    ],
  ])('when %s', (_, run, verdict, line, code) => {
    expect(verdictOf(run)).toBe(verdict);
    expect(renderVerdict(run, plain)).toBe(line);
    expect(exitCodeOf(run)).toBe(code);
  });
});

describe('the text', () => {
  it('has failures, what is unknown or not run with its reason, the table, and the verdict last', () => {
    expect(renderRun(runOf([pass, fail, notRun, unknown]), plain)).toBe(`FAIL CUR-02  the title of CUR-02
  rule      CUR-02 (MUST): ${REQUIREMENTS.find(({ id }) => id === 'CUR-02')!.text.slice(0, 90)}
            ${REQUIREMENTS.find(({ id }) => id === 'CUR-02')!.text.slice(91)}
  expected  cursor 2
  or        Error 3002
  got       cursor 3
      1       0.2 ms  A   · connected
    … 5 steps are left out
      7       4.0 ms  A   → Push {}  00ff
  again     0k-conformance --only CUR-02 --seed 9

Inconclusive:
  1 check, who knows: SES-01
    at here

Not run:
  1 check, needs a miracle: CUR-03

area                    pass  fail  not run  inconclusive
CUR   Cursor semantics     1     1        1             0
SES   Session              0     0        0             1
      all                  1     1        1             1

not conformant: profiles core, membership · 1 passed, 1 failed, 1 not run, 1 inconclusive
`);
  });

  it('has known failures apart, and what passes against the list', () => {
    const idle = [{ place: 'known.txt:9', pattern: 'SES-01' }];
    const text = renderRun(runOf([{ ...pass, known }, knownFail], { idle }), plain);
    expect(text).toBe(`Known failures:
  CUR-02 (known.txt:3): got cursor 3

Listed as known failures, and they pass:
  CUR-01 (known.txt:3, CUR-*)

Listed as known failures, and not among these checks:
  SES-01 (known.txt:9)

area                    pass  fail  known  not run  inconclusive
CUR   Cursor semantics     1     0      1        0             0
      all                  1     0      1        0             0

known failures passed: profiles core, membership · 1 passed, 0 failed, 1 known failing, 0 not run · correct known.txt:3
`);
  });

  it('has warnings, and says how they count', () => {
    expect(renderRun(runOf([warned]), plain)).toContain(
      'Allowed, but advised against (a failure with --strict):\n  CUR-01: CUR-01 (SHOULD) is not kept\n',
    );
  });

  it('has the limits in the way beside those of a relay made for the test', () => {
    const run = runOf([unknown], {
      unmet: { 'lifted-limits': ['messages_per_minute is 100, 0 or at least 6000 is needed'] },
      limits: new Map([
        ['messages_per_minute', 100n],
        ['hello_timeout_secs', 3n],
        ['max_devices_per_group', 256n],
      ]),
    });
    const certified = new Map([
      ['messages_per_minute', 0n],
      ['hello_timeout_secs', 3n],
      ['max_devices_per_group', 16n],
    ]);
    expect(renderRun(run, plain, certified)).toContain(`
Limits that were in the way (\`0k-conformance explain config\` says what each is for):
  messages_per_minute is 100, 0 or at least 6000 is needed

  limit                  this relay  certify.toml
  messages_per_minute           100             0
  max_devices_per_group         256            16
`);
  });

  it('names no more ids than anybody reads', () => {
    const text = renderRun(runOf(Array(31).fill(unknown)), plain);
    expect(text).toMatch(/31 checks, who knows: (SES-01,\s+){30}1 more\n/);
  });

  it('of a run that did not come about says why, and names no check', () => {
    const problem = { verdict: 'inconclusive', text: 'it did not start', lines: ['Its last lines:', '  oh'] } as const;
    expect(renderRun(runOf([notRun], { problem }), plain)).toBe(
      'Its last lines:\n  oh\n\ninconclusive: profiles core, membership · 0 passed, 0 failed, 1 not run · it did not start\n',
    );
  });

  it('has no colours where there are to be none, and some where there are', () => {
    expect(renderRun(runOf([pass, fail]), plain)).not.toContain('\x1b');
    expect(renderRun(runOf([pass, fail]), colorsFor(true))).toContain('\x1b[31m');
  });

  it('breaks long lines at spaces', () => {
    expect(wrap('aa bb cc dd', 8, '  ')).toBe('  aa bb\n  cc dd');
    expect(wrap('averylongword', 4, '')).toBe('averylongword');
    expect(
      columns([
        ['a', '1'],
        ['bcd', '22'],
      ]),
    ).toEqual(['a     1', 'bcd  22']);
  });
});

describe('the JSON', () => {
  const validate = new Ajv2020({ allErrors: true, strict: false, validateFormats: false }).compile(reportSchema);
  const json = (run: RunResult) => {
    const report = jsonReport(run) as unknown as Record<string, unknown> & { checks: object[] };
    expect(validate(report), JSON.stringify(validate.errors)).toBe(true);
    return report;
  };

  it('says what was selected, and which rule a failure breaks', () => {
    const selection = selectionOf([pass, fail], { only: ['CUR-*'], strict: true, runs: 500, maxTimeSeconds: 60 });
    const report = json(runOf([pass, fail], { selection }));
    expect(report['selection']).toEqual(selection);
    expect(report.checks).toMatchObject([
      { profile: 'core' },
      { id: 'CUR-02', requirement: 'CUR-02', expected: ['cursor 2', 'Error 3002'] },
    ]);
    expect(report.checks[0]).not.toHaveProperty('requirement');
  });

  it('counts known failures apart, and what was not run by its reason', () => {
    const needy = result(checks[3]!, { verdict: 'not-run', reason: 'needs a relay', missing: 'kill' });
    const run = runOf([warned, knownFail, notRun, notRun, needy], {
      idle: [{ place: 'known.txt:9', pattern: 'SES-01' }],
      limits: new Map([['max_ttl', 2n ** 60n]]),
    });
    expect(json(run)).toMatchObject({
      verdict: 'known-failures',
      totals: { pass: 1, warned: 1, fail: 0, knownFailing: 1, notRun: 3, inconclusive: 0 },
      notRun: [
        { reason: 'needs a miracle', checks: 2 },
        { reason: 'needs a relay', need: 'kill', checks: 1 },
      ],
      unusedKnownFailures: ['SES-01'],
      target: { limits: { max_ttl: '1152921504606846976' } },
      checks: [{}, { verdict: 'fail', knownFailing: 'CUR-*' }, {}, {}, {}],
    });
  });

  it('says why nothing could be run', () => {
    const canary = { passed: false, ms: 0, reason: 'it was not reached', trace: [] };
    const problem = { verdict: 'inconclusive', text: 'it is gone' } as const;
    expect(json(runOf([notRun], { canary, problem, url: undefined }))).toMatchObject({ problem: 'it is gone' });
    expect(json(runOf([pass], { interrupted: 'stopped' }))).toMatchObject({ interrupted: 'stopped' });
  });
});

describe('progress', () => {
  function shown(isTTY: boolean, outcomes = [pass, fail]): string {
    let text = '';
    const progress = new Progress({ write: (chunk) => (text += chunk), isTTY, columns: 40 }, plain, 3);
    for (const outcome of outcomes) {
      progress.started(outcome.check);
      progress.finished(outcome);
    }
    progress.end();
    return text;
  }

  it('tells known failures from new ones', () => {
    expect(shown(false, [knownFail])).toBe('known    CUR-02  the title of CUR-02: got cursor 3 (3 ms)\n');
    expect(shown(true, [knownFail])).not.toContain('failed');
  });

  it('is one line for each check in a log', () => {
    expect(shown(false)).toBe(
      'pass     CUR-01  the title of CUR-01 (3 ms)\nFAIL     CUR-02  the title of CUR-02: got cursor 3 (3 ms)\n',
    );
  });

  it('is one line that changes on a terminal, and keeps the failures', () => {
    const lines = shown(true).split('\n');
    expect(lines).toHaveLength(2);
    expect(lines[0]).toContain('0 of 3  CUR-01');
    expect(lines[0]).toMatch(/FAIL {5}CUR-02 .* \(3 ms\)$/);
    expect(lines[0]).not.toContain('pass');
    expect(lines[1]).toContain('2 of 3, 1 failed');
    expect(lines[1]!.endsWith('\r\x1b[K')).toBe(true);
  });
});
