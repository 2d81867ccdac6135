import { badge } from '../certificate/badge.ts';
import { EXIT } from '../verdict.ts';
import { COMMAND } from '../version.ts';
import { requireDistinctFiles } from './distinct-files.ts';
import { readPublicKeys } from './key-files.ts';
import { outputFile } from './output-file.ts';
import { readCertificate } from './verify-command.ts';

/**
 * Draws the badge of a certificate that verifies. The exit code is that of `verify`: 0 only where the key is known.
 * @throws UsageError
 */
export async function badgeCommand(file: string, output: string, publicKey: string | undefined): Promise<void> {
  await requireDistinctFiles({ 'the certificate': file, '--public-key': publicKey }, { '--output': output });
  const keys = publicKey === undefined ? undefined : await readPublicKeys(publicKey);
  const write = await outputFile('--output', output);
  const statement = await readCertificate(file, keys);
  if (!statement || !(await write(() => badge(statement))) || keys) return;
  process.stderr.write(`${COMMAND}: ${output}: whose key ${file} names is not known: --public-key is to say it\n`);
  process.exitCode = EXIT.inconclusive;
}
