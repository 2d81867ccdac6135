import { signStatement } from '../src/certificate/certificate.ts';
import { keysFromSeeds, type PrivateKeys } from '../src/certificate/keys.ts';
import { type Statement, statementOf } from '../src/certificate/statement.ts';
import { jsonReport, jsonText } from '../src/report/json.ts';
import type { CheckResult, RunResult } from '../src/run/result.ts';
import { notRun, pass, runOf, selectionOf, warned } from './sample-run.ts';

/** A signer for tests. */
export const signer = keysFromSeeds(new Uint8Array(32).fill(1), new Uint8Array(32).fill(2));
export const stranger = keysFromSeeds(new Uint8Array(32).fill(3), new Uint8Array(32).fill(4));

export const score = {
  relays: { killed: 83, of: 83 },
  commonMode: { killed: 16, of: 16 },
  codecs: { killed: 25, of: 25 },
  legal: { passed: 15, of: 15 },
};

/** A whole run without a failure. */
export function wholeRun(
  results: readonly CheckResult[] = [pass, notRun],
  changes: Partial<RunResult> = {},
): RunResult {
  return runOf(results, {
    identity: new Uint8Array(32).fill(7),
    limits: new Map([['max_blob_size', 1_048_576n]]),
    selection: selectionOf(results, { available: results.length }),
    ...changes,
  });
}

export function statementFor(run: RunResult = wholeRun(), keys: PrivateKeys = signer): Statement {
  return statementOf(jsonReport(run), { reportText: jsonText(run), saboteurs: score, keys });
}

export const certificate = () => Buffer.from(signStatement(statementFor(), signer));
export const certificateWithWarning = () => Buffer.from(signStatement(statementFor(wholeRun([warned])), signer));
