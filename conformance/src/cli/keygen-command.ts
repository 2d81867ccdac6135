import { rm } from 'node:fs/promises';
import { createKeys, keyId, publicKeys } from '../certificate/keys.ts';
import { writeKeys } from './key-files.ts';

/** Makes the keys of a signer: a private file for its owner alone, and a public one beside it. @throws UsageError */
export async function keygenCommand(file: string): Promise<void> {
  const publicFile = `${file.replace(/\.json$/, '')}.public.json`;
  const keys = createKeys();
  // The public key first: a private key must not be left alone because the other name is taken.
  await writeKeys(publicFile, publicKeys(keys), 0o644);
  try {
    await writeKeys(file, keys, 0o600);
  } catch (error) {
    await rm(publicFile);
    throw error;
  }
  const names = keys.keys.map((key) => `  ${(key.kty === 'OKP' ? key.crv : key.alg).padEnd(9)}  ${keyId(key)}`);
  process.stdout.write(
    `${file}: the private key, keep it to yourself\n${publicFile}: the public key, for whoever verifies\n${names.join('\n')}\n`,
  );
}
