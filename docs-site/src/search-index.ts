/** What search looks through: every section of the finished pages. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Entry {
  /** Where it is, from the root of the site: `requirements/cur.html#CUR-07`. */
  place: string;
  title: string;
  page: string;
  text: string;
}

const HEADING = /<h([1-3]) id="([^"]*)"[^>]*>([\s\S]*?)<\/h\1>/g;
const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'", nbsp: ' ' };

/** The text of a piece of HTML, without diagrams and what stands beside headings. */
function textOf(html: string): string {
  return html
    .replace(
      /<(svg|button|style|script)\b[\s\S]*?<\/\1>|<a class="header-anchor"[\s\S]*?<\/a>|<span class="lang">[\s\S]*?<\/span>/g,
      ' ',
    )
    .replace(/<\/?(?:code|span|a|strong|em|wbr)\b[^>]*>/g, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(
      /&(\w+|#\d+);/g,
      (entity, name) => ENTITIES[name] ?? (/^#\d/.test(name) ? String.fromCodePoint(Number(name.slice(1))) : entity),
    )
    .replace(/[\s\u200b]+/g, ' ')
    .trim();
}

/** Entries of the pages, in their order; pages of sources are left out. */
export function searchEntries(folder: string, pages: readonly string[]): Entry[] {
  return pages
    .filter((page) => !page.startsWith('source/'))
    .flatMap((page) => {
      const path = page.replace(/\.md$/, '.html');
      const [, main = ''] = /<main[^>]*>([\s\S]*)<\/main>/.exec(readFileSync(join(folder, path), 'utf8')) ?? [];
      const headings = [...main.matchAll(HEADING)];
      const title = textOf(headings[0]?.[3] ?? path);
      return headings.map((heading, index): Entry => {
        const end = headings[index + 1]?.index ?? main.length;
        return {
          place: heading[1] === '1' ? path : `${path}#${heading[2]}`,
          title: textOf(heading[3]!),
          page: title,
          text: textOf(main.slice(heading.index + heading[0].length, end)).slice(0, 1200),
        };
      });
    });
}
