import { REQUIREMENTS } from '@0k-sync/spec';
import { describe, expect, it } from 'vitest';
import { type Check, Registry } from '../registry.ts';
import { type CheckResult, exitCodeOf, type RunResult, verdictOf } from '../run/result.ts';
import { remoteTarget } from '../target/remote.ts';
import { jsonReport } from './json.ts';
import { Progress } from './progress.ts';
import { colorsFor, columns, wrap } from './style.ts';
import { renderRun, renderVerdict } from './text.ts';

const plain = colorsFor(false);
const registry = new Registry(REQUIREMENTS);
const define = (id: string): Check => registry.add(id, { title: `the title of ${id}`, run: async () => {} });
const checks = ['CUR-01', 'CUR-02', 'CUR-03', 'SES-01'].map(define);

function result(check: Check, changes: Partial<CheckResult>): CheckResult {
  return {
    check,
    verdict: 'pass',
    ms: 3,
    trace: [],
    notes: [],
    replay: `0k-conformance --only ${check.id} --seed 9`,
    ...changes,
  };
}

function runOf(results: readonly CheckResult[], changes: Partial<RunResult> = {}): RunResult {
  return {
    target: remoteTarget('ws://relay.example/'),
    identity: undefined,
    relayName: undefined,
    profiles: ['core', 'membership'],
    selection: { timeoutSeconds: 10, jobs: 4, selected: results.length, available: 302 },
    unlifted: [],
    seed: 9,
    startedAt: new Date(0),
    ms: 10,
    canary: { passed: true, ms: 1, trace: [] },
    checks: results,
    interrupted: false,
    ...changes,
  };
}

const pass = result(checks[0]!, {});
const fail = result(checks[1]!, {
  verdict: 'fail',
  finding: { requirement: 'CUR-02', expected: ['cursor 2', 'Error 3002'], actual: 'cursor 3' },
  trace: [
    { n: 1, at: 0.2, from: 'A', direction: 'event', text: 'connected' },
    { n: 7, at: 4, from: 'A', direction: 'to-relay', text: 'Push {}', hex: '00ff' },
  ],
});
const notRun = result(checks[2]!, { verdict: 'not-run', reason: 'needs a miracle' });
const unknown = result(checks[3]!, { verdict: 'inconclusive', reason: 'who knows', notes: ['at here'] });

describe('the verdict', () => {
  const only = { only: ['CUR-01'], timeoutSeconds: 10, jobs: 4, selected: 1, available: 302 };
  const keptOut = result(checks[2]!, { verdict: 'not-run', reason: 'needs lifted limits', missing: 'lifted-limits' });
  const unlifted = ['messages_per_minute is 100, 0 or at least 6000 is needed', 'new_groups_per_hour is 10, 0'];
  const grants = { passed: false, ms: 1, reason: 'it granted it', trace: [] };
  it.each<[string, RunResult, string, number]>([
    ['all passed', runOf([pass]), 'conformant: profiles core, membership · 1 passed, 0 failed, 0 not run', 0],
    [
      'a part was run',
      runOf([pass], { selection: only }),
      'passed: 1 of 302 checks of profiles core, membership (--only) · 1 passed, 0 failed, 0 not run',
      0,
    ],
    [
      'a part was run and failed',
      runOf([fail], { selection: only }),
      'not conformant: 1 of 302 checks of profiles core, membership (--only) · 0 passed, 1 failed, 0 not run',
      1,
    ],
    [
      'some not run for limits that are not lifted',
      runOf([pass, keptOut], { unlifted }),
      'inconclusive: profiles core, membership · 1 passed, 0 failed, 1 not run · lift messages_per_minute, new_groups_per_hour for the one that was not run for it',
      3,
    ],
    [
      'one failed, and some not run for limits',
      runOf([fail, keptOut, keptOut], { unlifted }),
      'not conformant: profiles core, membership · 0 passed, 1 failed, 2 not run · lift messages_per_minute, new_groups_per_hour for the 2 that were not run for it',
      1,
    ],
    ['some not run', runOf([pass, notRun]), 'conformant: profiles core, membership · 1 passed, 0 failed, 1 not run', 0],
    [
      'one failed',
      runOf([pass, fail, unknown]),
      'not conformant: profiles core, membership · 1 passed, 1 failed, 0 not run, 1 inconclusive',
      1,
    ],
    [
      'one unknown',
      runOf([pass, unknown]),
      'inconclusive: profiles core, membership · 1 passed, 0 failed, 0 not run, 1 inconclusive',
      3,
    ],
    ['nothing passed', runOf([notRun]), 'inconclusive: profiles core, membership · 0 passed, 0 failed, 1 not run', 3],
    [
      'the canary died',
      runOf([pass], { canary: grants }),
      'not conformant: profiles core, membership · 1 passed (untrusted), 0 failed, 0 not run',
      1,
    ],
    [
      'interrupted',
      runOf([pass], { interrupted: true }),
      'inconclusive: profiles core, membership · 1 passed, 0 failed, 0 not run, interrupted',
      3,
    ],
    [
      'interrupted after a failure',
      runOf([fail], { interrupted: true }),
      'not conformant: profiles core, membership · 0 passed, 1 failed, 0 not run, interrupted',
      1,
    ],
    [
      'unreachable',
      runOf([], { canary: grants, problem: { verdict: 'inconclusive', text: 'gone' } }),
      'inconclusive: gone',
      3,
    ],
    [
      'no relay',
      runOf([], { canary: grants, problem: { verdict: 'not-conformant', text: 'a toaster' } }),
      'not conformant: a toaster',
      1,
    ],
  ])('when %s', (_, run, line, code) => {
    expect(renderVerdict(run, plain)).toBe(line);
    expect(exitCodeOf(run)).toBe(code);
    const word = line.startsWith('passed: ') ? 'conformant' : line.slice(0, line.indexOf(':'));
    expect(verdictOf(run).replace('-', ' ')).toBe(word);
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
  who knows: SES-01
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
  it('says what was selected, and which rule a failure breaks', () => {
    const selection = { only: ['CUR-*'], timeoutSeconds: 2.5, jobs: 2, selected: 2, available: 302 };
    const json = jsonReport(runOf([pass, fail], { selection })) as Record<string, unknown>;
    expect(json['selection']).toEqual(selection);
    expect(json['checks']).toMatchObject([
      {},
      { id: 'CUR-02', requirement: 'CUR-02', expected: ['cursor 2', 'Error 3002'] },
    ]);
    expect((json['checks'] as object[])[0]).not.toHaveProperty('requirement');
  });
});

describe('progress', () => {
  function shown(isTTY: boolean): string {
    let text = '';
    const progress = new Progress({ write: (chunk) => (text += chunk), isTTY, columns: 40 }, plain, 3);
    for (const outcome of [pass, fail]) {
      progress.started(outcome.check);
      progress.finished(outcome);
    }
    progress.end();
    return text;
  }

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
