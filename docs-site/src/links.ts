/** Looks after every link of the finished site: VitePress checks pages, but no anchors, no files and no links in HTML. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

/** Attributes of real tags only: the text of a page has no `<` of its own. */
const TAG = /<[a-z][^<>]*>/g;
const ATTRIBUTE = /\s(href|src|id)="([^"]*)"/g;

interface Html {
  readonly ids: ReadonlySet<string>;
  readonly links: readonly string[];
}

function readHtml(path: string): Html {
  const ids = new Set<string>();
  const links: string[] = [];
  for (const [tag] of readFileSync(path, 'utf8').matchAll(TAG)) {
    for (const [, name, value] of tag.matchAll(ATTRIBUTE)) {
      const text = value!.replaceAll('&amp;', '&').replaceAll('&quot;', '"');
      if (name === 'id') ids.add(text);
      else links.push(text);
    }
  }
  return { ids, links };
}

/** Links of the site in a folder that lead nowhere, each with the page it stands on. Addresses of other sites are not tried. */
export function deadLinks(folder: string): string[] {
  const pages = new Map(
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.html'))
      .sort()
      .map((name) => [join(folder, name), readHtml(join(folder, name))]),
  );
  return Array.from(pages).flatMap(([path, { links }]) =>
    links.flatMap((link) => {
      const problem = problemOf(link, path, pages);
      return problem === undefined ? [] : [`${relative(folder, path)}: ${link} ${problem}`];
    }),
  );
}

function problemOf(link: string, page: string, pages: ReadonlyMap<string, Html>): string | undefined {
  if (/^(https?|mailto|data):/.test(link)) return undefined;
  if (link.startsWith('/')) return 'begins at the root, and would not work from a disk';
  const [path = '', anchor = ''] = link.split('#');
  const target = path === '' ? page : resolve(dirname(page), decodeURIComponent(path));
  if (!existsSync(target)) return 'leads to no file';
  const html = pages.get(target);
  if (!html) return target.endsWith('/') || !/\.\w+$/.test(target) ? 'leads to a folder' : undefined;
  return anchor === '' || html.ids.has(decodeURIComponent(anchor))
    ? undefined
    : 'leads to an anchor that is not on that page';
}
