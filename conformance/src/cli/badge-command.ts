import { badge } from '../certificate/badge.ts';
import { reportFile } from '../report/report-file.ts';
import { readPublicKeys } from './key-files.ts';
import { readCertificate } from './verify-command.ts';

/** Draws the badge of a certificate that verifies. @throws UsageError */
export async function badgeCommand(file: string, output: string, publicKey: string | undefined): Promise<void> {
  const keys = publicKey === undefined ? undefined : await readPublicKeys(publicKey);
  const write = await reportFile('--output', output);
  const statement = await readCertificate(file, keys);
  if (statement) await write(badge(statement));
}
