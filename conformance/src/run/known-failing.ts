import { nearest } from '../nearest.ts';
import type { Check } from '../registry.ts';
import { globPattern, UsageError } from '../selection.ts';

/** A line of a list of known failures. */
export interface KnownLine {
  /** File and line, as `known.txt:3`. */
  readonly place: string;
  /** The id of a check, or with `*` those of several. */
  readonly pattern: string;
}

/**
 * Reads a list of known failures: the id of a check, or a pattern of ids with `*`, on each line; `#` begins a comment.
 *
 * @param checks - all that there are.
 * @returns the line of each check that is named, by its id.
 * @throws UsageError for a line that names no check: it would hide nothing, and look as if it did
 */
export function readKnownFailing(text: string, file: string, checks: readonly Check[]): Map<string, KnownLine> {
  const known = new Map<string, KnownLine>();
  for (const [index, content] of text.split(/\r?\n/).entries()) {
    const pattern = content.replace(/#.*/, '').trim();
    if (pattern === '') continue;
    const line = { place: `${file}:${index + 1}`, pattern };
    const glob = globPattern(pattern);
    const named = checks.filter(({ id }) => glob.test(id));
    if (named.length === 0)
      throw new UsageError(`${line.place}: ${pattern} matches no check${remedy(pattern, checks)}`);
    for (const { id } of named) if (!known.has(id)) known.set(id, line);
  }
  return known;
}

function remedy(pattern: string, checks: readonly Check[]): string {
  const below = checks.find(({ id }) => globPattern(`${pattern}/*`).test(id));
  if (below) return `; there is ${below.id}: write it, or ${pattern}/* for all of them`;
  return nearest(
    pattern,
    checks.map(({ id }) => id),
  );
}
