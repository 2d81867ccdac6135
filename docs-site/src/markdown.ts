/** One page, as VitePress takes it. */
export interface Page {
  /** Where it is in the site, as `requirements/cur.md`. */
  readonly path: string;
  readonly title: string;
  /** What the menu says, if not the title. */
  readonly label?: string;
  /** Markdown, without the title. */
  readonly text: string;
}

export const code = (text: string | number) => `\`${text}\``;

export const link = (text: string, target: string) => `[${text}](${target})`;

/** Text that is not Markdown, but for what stands between backticks: nothing in it is taken for markup. */
export function plain(text: string): string {
  return text
    .split(/(`[^`]*`)/)
    .map((piece, index) =>
      index % 2 === 1 ? piece : piece.replace(/[&<>*_[\]{}~|\\#]/g, (sign) => `&#${sign.charCodeAt(0)};`),
    )
    .join('');
}

/** A Markdown table. Bars in cells are escaped; columns that are empty in every row are left out. */
export function table(header: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const used = header.map((_, index) => rows.some((row) => row[index] !== ''));
  const line = (cells: readonly (string | number)[]) =>
    `| ${cells
      .filter((_, index) => used[index])
      .map((cell) => String(cell).replaceAll('|', '\\|').replaceAll('\n', ' '))
      .join(' | ')} |\n`;
  return `${line(header)}${line(header.map(() => '---'))}${rows.map(line).join('')}`;
}

export function list(items: readonly string[]): string {
  return items.map((item) => `- ${item}\n`).join('');
}

/** Numbers as people write them: `1,114,112`. */
export const number = (value: number | string | bigint) => BigInt(value).toLocaleString('en');

/** `1 test`, `2 tests`. */
export const count = (many: number, one: string, more = `${one}s`) => `${number(many)} ${many === 1 ? one : more}`;

/** `a, b and c`. */
export const and = (items: readonly string[]) =>
  items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
