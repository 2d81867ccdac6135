import { readFile, stat, writeFile } from 'node:fs/promises';
import { KeyError, type PrivateKeys, type PublicKeys, parsePrivateKeys, parsePublicKeys } from '../certificate/keys.ts';
import { UsageError } from '../selection.ts';

/** Reads the file of a private key. @throws UsageError if it cannot be read, is open to others, or holds no keys */
export async function readPrivateKeys(file: string): Promise<PrivateKeys> {
  const text = await readText('--key', file);
  if (process.platform !== 'win32' && ((await stat(file)).mode & 0o077) !== 0) {
    throw new UsageError(`--key ${file}: it holds secret keys and is open to other users: chmod 600 it`);
  }
  return parsed('--key', file, () => parsePrivateKeys(text));
}

/** Reads the file of a public key. @throws UsageError */
export async function readPublicKeys(file: string): Promise<PublicKeys> {
  const text = await readText('--public-key', file);
  return parsed('--public-key', file, () => parsePublicKeys(text));
}

/** Writes keys into a file that was not there. @throws UsageError */
export async function writeKeys(file: string, keys: PrivateKeys | PublicKeys, mode: number): Promise<void> {
  try {
    await writeFile(file, `${JSON.stringify(keys, null, 2)}\n`, { mode, flag: 'wx' });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UsageError(
      code === 'EEXIST'
        ? `${file} is there already, and keys are never overwritten: move it away, or choose another name`
        : `${file} cannot be written (${code})`,
    );
  }
}

async function readText(option: string, file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new UsageError(`${option} ${file}: it cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
}

function parsed<T>(option: string, file: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof KeyError)) throw error;
    throw new UsageError(`${option} ${file}: ${error.message}`);
  }
}
