import { access } from 'node:fs/promises';
import { createKeys, keyId, publicKeys } from '../certificate/keys.ts';
import { UsageError } from '../selection.ts';
import { writeKeys } from './key-files.ts';

/** Makes the keys of a signer: a private file for its owner alone, and a public one beside it. @throws UsageError */
export async function keygenCommand(file: string): Promise<void> {
  const publicFile = `${file.replace(/\.json$/, '')}.public.json`;
  // The private key must not be there alone because the other name is taken.
  const isTaken = await access(publicFile).then(
    () => true,
    () => false,
  );
  if (isTaken)
    throw new UsageError(`${publicFile} is there already, and keys are never overwritten: choose another name`);
  const keys = createKeys();
  await writeKeys(file, keys, 0o600);
  await writeKeys(publicFile, publicKeys(keys), 0o644);
  const names = keys.keys.map((key) => `  ${(key.kty === 'OKP' ? key.crv : key.alg).padEnd(9)}  ${keyId(key)}`);
  process.stdout.write(
    `${file}: the private key, keep it to yourself\n${publicFile}: the public key, for whoever verifies\n${names.join('\n')}\n`,
  );
}
