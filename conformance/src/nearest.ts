/** `; did you mean CUR-38?` if one of the names is nearly what was written, else nothing. */
export function nearest(written: string, names: readonly string[]): string {
  const word = written.toUpperCase();
  const distances = names.map((name) => ({ name, changes: distance(word, name.toUpperCase()) }));
  const [best] = distances.sort((a, b) => a.changes - b.changes);
  // A slip of the pen changes few of the characters.
  return best && best.changes <= Math.max(1, written.length >> 2) ? `; did you mean ${best.name}?` : '';
}

/** How many characters have to be put in, taken out or changed to make one text of the other. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (const [line, char] of [...a].entries()) {
    const next = [line + 1];
    for (const [column, other] of [...b].entries()) {
      const changed = row[column]! + (char === other ? 0 : 1);
      next.push(Math.min(changed, row[column + 1]! + 1, next[column]! + 1));
    }
    row = next;
  }
  return row.at(-1)!;
}
