import { readFile } from 'node:fs/promises';
import { CertificateError, verifyCertificate } from '../certificate/certificate.ts';
import { describeStatement } from '../certificate/describe.ts';
import type { PublicKeys } from '../certificate/keys.ts';
import type { Statement } from '../certificate/statement.ts';
import { printable } from '../printable.ts';
import { UsageError } from '../selection.ts';
import { EXIT } from '../verdict.ts';
import { COMMAND } from '../version.ts';
import { readPublicKeys } from './key-files.ts';

/**
 * Verifies a certificate and says what it certifies. The exit code is 0 only where the key is known: without one, nothing is
 * known of who signed. @throws UsageError
 */
export async function verifyCommand(file: string, publicKey: string | undefined): Promise<void> {
  const keys = publicKey === undefined ? undefined : await readPublicKeys(publicKey);
  const statement = await readCertificate(file, keys);
  if (!statement) return;
  const whose = keys
    ? `${file}: verified, both signatures are by the key of ${publicKey}`
    : `${file}: not changed since it was signed, and nothing more: whose key it names is not known.\nThat is for --public-key to say, with a key that you have from the signer.`;
  process.stdout.write(`${whose}\n\n${describeStatement(statement)}\n`);
  process.exitCode = keys ? EXIT.conformant : EXIT.inconclusive;
}

/** Reads and verifies a certificate; of one that is not to be relied upon it says why, and the exit code is 1. @throws UsageError */
export async function readCertificate(file: string, keys: PublicKeys | undefined): Promise<Statement | undefined> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(file);
  } catch (error) {
    throw new UsageError(`${file}: it cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
  try {
    return verifyCertificate(bytes, keys);
  } catch (error) {
    if (!(error instanceof CertificateError)) throw error;
    process.stderr.write(`${COMMAND}: ${file}: NOT VALID (${error.flaw}): ${printable(error.message)}\n`);
    process.exitCode = EXIT.notConformant;
    return undefined;
  }
}
