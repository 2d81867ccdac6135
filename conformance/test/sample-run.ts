import { REQUIREMENTS } from '@0k-sync/spec';
import { type Check, Registry } from '../src/registry.ts';
import type { CheckResult, RunResult, RunSelection } from '../src/run/result.ts';

/** Results of checks, and runs of them, for tests of reports. */
const registry = new Registry(REQUIREMENTS);
const define = (id: string): Check => registry.add(id, { title: `the title of ${id}`, run: async () => {} });
export const checks = ['CUR-01', 'CUR-02', 'CUR-03', 'SES-01'].map(define);

export function result(check: Check, changes: Partial<CheckResult>): CheckResult {
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

export function selectionOf(results: readonly unknown[], changes: Partial<RunSelection> = {}): RunSelection {
  const said = { timeoutSeconds: 10, jobs: 4, strict: false, quick: false };
  return { ...said, selected: results.length, available: 302, ...changes };
}

export function runOf(results: readonly CheckResult[], changes: Partial<RunResult> = {}): RunResult {
  return {
    url: 'ws://relay.example/',
    startedBy: undefined,
    identity: undefined,
    limits: new Map(),
    profiles: ['core', 'membership'],
    selection: selectionOf(results),
    unmet: {},
    idle: [],
    seed: 9,
    startedAt: new Date(0),
    ms: 10,
    canary: { passed: true, ms: 1, trace: [] },
    checks: results,
    interrupted: undefined,
    ...changes,
  };
}

export const pass = result(checks[0]!, {});
export const fail = result(checks[1]!, {
  verdict: 'fail',
  finding: { requirement: 'CUR-02', expected: ['cursor 2', 'Error 3002'], actual: 'cursor 3' },
  trace: [
    { n: 1, at: 0.2, from: 'A', direction: 'event', text: 'connected' },
    { n: 7, at: 4, from: 'A', direction: 'to-relay', text: 'Push {}', hex: '00ff' },
  ],
});
export const notRun = result(checks[2]!, { verdict: 'not-run', reason: 'needs a miracle' });
export const unknown = result(checks[3]!, { verdict: 'inconclusive', reason: 'who knows', notes: ['at here'] });

/** A line of a list of known failures. */
export const known = { place: 'known.txt:3', pattern: 'CUR-*' };
export const knownFail = { ...fail, known };
export const warned = result(checks[0]!, {
  reason: 'CUR-01 (SHOULD) is not kept',
  finding: { requirement: 'CUR-01', expected: ['more'], actual: 'less' },
});
