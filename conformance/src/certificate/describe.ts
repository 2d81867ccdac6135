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
        .map(shown)
        .join(' '),
    ],
    ['has', run.target.operations?.map(shown).join(', ')],
    ...subject.map(({ name, uri, digest, annotations }): [string, string] => [
      annotations?.identity === undefined ? 'file' : 'which is',
      annotations?.identity === undefined
        ? `${shown(name)}, SHA-256 ${digest.sha256}`
        : [`identity ${annotations.identity}`, ...(uri === undefined ? [] : [`at ${shown(uri)}`])].join(', '),
    ]),
    ['limits', limits.length === 0 ? undefined : limits.map(shown).join(', ')],
    ['kit', `${run.kit}, specification ${run.specification}`],
    ['profiles', run.profiles.map(shown).join(', ')],
    ['seed', `${run.seed}`],
    ['checks', `${totals.passed + totals.warned} passed, ${totals.failed} failed, ${totals.notRun} not run`],
    ...run.notRun.map(({ reason, tests }): [string, string] => [
      'not run',
      `${shown(reason)}: ${tests.map(shown).join(', ')}`,
    ]),
    [
      'saboteurs',
      'unknown' in saboteurs
        ? `unknown: ${shown(saboteurs.unknown)}`
        : [
            `the kit found ${kills('relays', saboteurs.relays)}`,
            kills('with a fault that it shares', saboteurs.commonMode),
            kills('codecs', saboteurs.codecs),
            `and passed ${saboteurs.legal.passed} of ${saboteurs.legal.of} odd ones that are right`,
          ].join(', '),
    ],
    ['when', `${shown(run.startedAt)}, for ${(run.durationMs / 1000).toFixed(1)} s`],
    ['report', `SHA-256 ${run.report.digest.sha256}`],
    ['report at', predicate.url && shown(predicate.url)],
    ['key', keys.map((key) => `${key.kty === 'OKP' ? key.crv : key.alg} ${keyId(key)}`).join(', ')],
  ];
  return [
    ...fields.flatMap(([name, text]) => (text === undefined ? [] : [`  ${name.padEnd(9)}  ${text}`])),
    '',
    shown(run.proves),
    'It does not prove:',
    ...run.doesNotProve.map((each) => `  - ${shown(each)}`),
  ].join('\n');
}

/** A text out of a certificate, without what a terminal would act upon. */
function shown(text: string): string {
  return text.replace(/\p{Cc}|\p{Cf}/gu, (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`);
}
