import { realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { UsageError } from '../selection.ts';

/** Files by the options that name them; undefined is none. */
export type NamedFiles = Readonly<Record<string, string | undefined>>;

/**
 * Makes sure that nothing that is written takes the place of something that is read or written too. Devices and pipes may be
 * named twice: nothing of them is lost.
 *
 * @throws UsageError that names both options
 */
export async function requireDistinctFiles(inputs: NamedFiles, outputs: NamedFiles): Promise<void> {
  const taken = new Map<string, string>();
  for (const [option, file] of Object.entries(inputs)) {
    const path = await placeOf(file);
    if (path !== undefined) taken.set(path, option);
  }
  for (const [option, file] of Object.entries(outputs)) {
    const path = await placeOf(file);
    if (path === undefined) continue;
    const other = taken.get(path);
    if (other !== undefined) {
      const lost = other in inputs ? 'which would be overwritten' : 'and one would overwrite the other';
      throw new UsageError(`${option} ${file}: that is the same file as ${other}, ${lost}: name another one`);
    }
    taken.set(path, option);
  }
}

/** Where a file is, or will be, whatever links lead there; undefined for what is there and no file. */
async function placeOf(file: string | undefined): Promise<string | undefined> {
  if (file === undefined) return undefined;
  const found = await stat(file).catch(() => undefined);
  if (found) return found.isFile() ? await realpath(file) : undefined;
  const path = resolve(file);
  return join(await realpath(dirname(path)).catch(() => dirname(path)), basename(path));
}
