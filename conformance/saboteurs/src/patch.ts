import type { Patch } from './saboteur.ts';

/** What the relay prints for a file that was changed as it was loaded. */
export const patchedLine = (file: string): string => `patched ${file}`;

/**
 * The source with its change.
 * @throws Error if what is to be replaced does not stand in it exactly once
 */
export function patched(source: string, { file, find, replace }: Patch): string {
  const parts = source.split(find);
  if (parts.length !== 2) {
    throw new Error(`${file} has what is to be replaced ${parts.length - 1} times, not once: ${find}`);
  }
  return parts.join(replace);
}
