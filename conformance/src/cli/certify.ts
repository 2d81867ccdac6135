import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { PrivateKeys } from '../certificate/keys.ts';
import type { Report } from '../report/report.ts';
import { UsageError } from '../selection.ts';
import { EXIT } from '../verdict.ts';
import { COMMAND } from '../version.ts';
import { readPrivateKeys } from './key-files.ts';
import { outputFile, removeOutput } from './output-file.ts';

export interface CertifyOptions {
  readonly certificate?: string;
  readonly key?: string;
  readonly badge?: string;
  readonly artifact?: string;
  readonly reportUrl?: string;
  readonly only?: readonly string[];
  readonly quick?: boolean;
  readonly runs?: number;
  readonly chaos?: readonly string[];
}

/** What can be said before the run: of a part there is no certificate. */
const NOT_WITH: readonly [string, keyof CertifyOptions][] = [
  ['--only', 'only'],
  ['--quick', 'quick'],
  ['--runs', 'runs'],
  ['--chaos', 'chaos'],
];

/**
 * Makes sure that a certificate can be written, before a run that would be lost without it.
 *
 * @returns writes the certificate of a run and its badge, or says why there is none (`obstacle`, if it is not for the
 *   report), and then none is left there from an earlier run; undefined if none is asked for
 * @throws UsageError
 */
export async function certifier(
  options: CertifyOptions,
): Promise<((report: Report, reportText: string, obstacle?: string) => Promise<void>) | undefined> {
  const { certificate: file, key, badge: badgeFile, artifact, reportUrl } = options;
  if (file === undefined) {
    const [name] = Object.entries({
      '--key': key,
      '--badge': badgeFile,
      '--artifact': artifact,
      '--report-url': reportUrl,
    })
      .filter(([, value]) => value !== undefined)
      .flat();
    if (name !== undefined)
      throw new UsageError(`${name} is for a certificate: say with --certificate where to write it`);
    return undefined;
  }
  if (key === undefined) {
    throw new UsageError(
      `--certificate needs a key to sign with: --key signer.json, which \`${COMMAND} keygen signer.json\` makes`,
    );
  }
  const part = NOT_WITH.find(([, name]) => options[name]);
  if (part) throw new UsageError(`--certificate is for a run of whole profiles as they are: leave out ${part[0]}`);
  const keys = await readPrivateKeys(key);
  const content = artifact === undefined ? undefined : await readArtifact(artifact);
  const write = await outputFile('--certificate', file);
  const writeBadge = badgeFile === undefined ? undefined : await outputFile('--badge', badgeFile);
  const removeBoth = async () => {
    await removeOutput('--certificate', file);
    if (badgeFile !== undefined) await removeOutput('--badge', badgeFile);
  };
  return async (report, reportText, obstacle) => {
    const statement =
      obstacle ??
      (await statementFor(report, reportText, keys, {
        ...(content && { artifact: { name: basename(artifact!), content } }),
        ...(reportUrl !== undefined && { reportUrl }),
      }));
    if (typeof statement === 'string') {
      process.stderr.write(`${COMMAND}: no certificate: ${statement}\n`);
      process.exitCode ||= EXIT.inconclusive;
      return await removeBoth();
    }
    const { signStatement } = await import('../certificate/certificate.ts');
    const { badge } = await import('../certificate/badge.ts');
    if (!(await write(() => signStatement(statement, keys)))) return await removeBoth();
    if (writeBadge && !(await writeBadge(() => badge(statement)))) await removeOutput('--badge', badgeFile!);
    process.stdout.write(`certificate in ${file}: what it says, \`${COMMAND} verify ${file}\` tells\n`);
  };
}

/** The statement about a run, or why there is none. */
async function statementFor(
  report: Report,
  reportText: string,
  keys: PrivateKeys,
  more: { artifact?: { name: string; content: Uint8Array }; reportUrl?: string },
) {
  const { NotCertifiable, statementOf } = await import('../certificate/statement.ts');
  const { readSaboteurScore } = await import('../saboteur-score.ts');
  try {
    return statementOf(report, { reportText, keys, saboteurs: readSaboteurScore(), ...more });
  } catch (error) {
    if (error instanceof NotCertifiable) return error.message;
    throw error;
  }
}

async function readArtifact(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (error) {
    throw new UsageError(`--artifact ${file}: it cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
}
