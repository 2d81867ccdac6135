import { realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { UsageError } from '../selection.ts';

/**
 * Makes sure that a report can be written to a file, before a run that would be lost without it.
 *
 * @param option - the option that names the file, for errors.
 * @returns writes the report: all of it, or nothing.
 * @throws UsageError if it cannot be written
 */
export async function reportFile(option: string, file: string): Promise<(text: string) => Promise<void>> {
  const path = await targetOf(file);
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory()) throw new UsageError(`${option} ${file}: that is a folder, name a file in it`);
  // A device or a pipe is written to.
  if (found && !found.isFile()) return async (text) => await writeFile(path, text);

  const temporary = `${path}.${process.pid}.tmp`;
  try {
    // Permissions alone do not tell whether a file can be made.
    await writeFile(temporary, '', { flag: 'wx' });
    await rm(temporary);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const folder = dirname(path);
    throw new UsageError(
      `${option} ${file}: ${code === 'ENOENT' ? `there is no folder ${folder}` : `no file can be made in ${folder} (${code})`}`,
    );
  }
  return async (text) => {
    try {
      await writeFile(temporary, text);
      await rename(temporary, path);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  };
}

/** Removes the report of an earlier run. What is no file, like a device or a pipe, stays. @throws if it cannot be removed */
export async function removeReport(file: string): Promise<void> {
  const path = await targetOf(file);
  const found = await stat(path).catch(() => undefined);
  if (found?.isFile()) await rm(path, { force: true });
}

/** A link stays one: what it points to is replaced, or removed. */
async function targetOf(file: string): Promise<string> {
  return await realpath(file).catch(() => resolve(file));
}
