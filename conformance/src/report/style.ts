import picocolors from 'picocolors';

/** The colours of a terminal, or none. */
export type Colors = ReturnType<typeof picocolors.createColors>;

export function colorsFor(enabled: boolean): Colors {
  return picocolors.createColors(enabled);
}

/** Breaks text at spaces so that it fits a width, every line indented alike. */
export function wrap(text: string, width: number, indent: string): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && indent.length + line.length + 1 + word.length > width) {
      lines.push(indent + line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  lines.push(indent + line);
  return lines.join('\n');
}

/** `1 check`, `2 checks`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

/** Columns padded to their widest cell; all but the first aligned to the right. */
export function columns(rows: readonly (readonly string[])[], leftAligned = 1): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    row
      .map((cell, column) => (column < leftAligned ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
      .join('  ')
      .trimEnd(),
  );
}

/** The colours of standard output, where it is a terminal that wants them. */
export function terminalColors(wanted: boolean): Colors {
  return colorsFor(wanted && (process.stdout.isTTY ?? false) && !process.env['NO_COLOR']);
}
