import { printable } from '../printable.ts';
import { count } from '../report/style.ts';
import type { Kills } from '../saboteur-score.ts';
import { keyId } from './keys.ts';
import type { Statement } from './statement.ts';

/** What a certificate says, for people: a name and a text on each line, and what it does not prove. */
export function describeStatement({ subject, predicate }: Statement): string {
  const run = predicate['0k-conformance'];
  const { totals, saboteurs, keys } = run;
  const limits = Object.entries(subject[0]?.annotations?.limits ?? {}).map(([name, value]) => `${name} ${value}`);
  const kills = (name: string, { killed, of }: Kills) => `${killed} of ${of} broken ${name}`;
  const fields: [string, string | undefined][] = [
    ['result', predicate.result === 'PASSED' ? 'passed' : `passed, with ${count(totals.warned, 'warning')}`],
    [
      'target',
      [run.target.kind, run.target.name, run.target.version]
        .filter((each) => each !== undefined)
        .map(printable)
        .join(' '),
    ],
    ['has', run.target.operations?.map(printable).join(', ')],
    ...subject.map(({ name, uri, digest, annotations }): [string, string] => [
      annotations?.identity === undefined ? 'file' : 'which is',
      annotations?.identity === undefined
        ? `${printable(name)}, SHA-256 ${digest.sha256}`
        : [`identity ${annotations.identity}`, ...(uri === undefined ? [] : [`at ${printable(uri)}`])].join(', '),
    ]),
    ['limits', limits.length === 0 ? undefined : limits.map(printable).join(', ')],
    ['kit', `${run.kit}, specification ${run.specification}`],
    ['profiles', run.profiles.map(printable).join(', ')],
    ['seed', `${run.seed}`],
    ['checks', `${totals.passed + totals.warned} passed, ${totals.failed} failed, ${totals.notRun} not run`],
    ...run.notRun.map(({ reason, tests }): [string, string] => [
      'not run',
      `${printable(reason)}: ${tests.map(printable).join(', ')}`,
    ]),
    [
      'saboteurs',
      'unknown' in saboteurs
        ? `unknown: ${printable(saboteurs.unknown)}`
        : [
            `the kit found ${kills('relays', saboteurs.relays)}`,
            kills('with a fault that it shares', saboteurs.commonMode),
            kills('codecs', saboteurs.codecs),
            `and passed ${saboteurs.legal.passed} of ${saboteurs.legal.of} odd ones that are right`,
          ].join(', '),
    ],
    ['when', `${printable(run.startedAt)}, for ${(run.durationMs / 1000).toFixed(1)} s`],
    ['report', `SHA-256 ${run.report.digest.sha256}`],
    ['report at', predicate.url && printable(predicate.url)],
    ['key', keys.map((key) => `${key.kty === 'OKP' ? key.crv : key.alg} ${keyId(key)}`).join(', ')],
  ];
  return [
    ...fields.flatMap(([name, text]) => (text === undefined ? [] : [`  ${name.padEnd(9)}  ${text}`])),
    '',
    printable(run.proves),
    'It does not prove:',
    ...run.doesNotProve.map((each) => `  - ${printable(each)}`),
  ].join('\n');
}
