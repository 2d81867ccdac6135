/** `npm run docs`: writes the pages, lets VitePress build the site, adds search, and fails on a link that leads nowhere. */
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { build } from 'vitepress';
import { apiPages } from './api.ts';
import { deadLinks } from './links.ts';
import type { Page } from './markdown.ts';
import { checkPages } from './pages/checks.ts';
import { driversPage } from './pages/drivers.ts';
import { guides } from './pages/guides.ts';
import { handshakePage } from './pages/handshake.ts';
import { encodingsPage, messagePages } from './pages/messages.ts';
import { pairingPage } from './pages/pairing.ts';
import { decisionsPage, requirementPages } from './pages/requirements.ts';
import { saboteursPage } from './pages/saboteurs.ts';
import { sealsPage } from './pages/seals.ts';
import { sessionPage } from './pages/session.ts';
import { configurationPage, errorsPage, identifiersPage, limitsPage, metricsPage } from './pages/tables.ts';
import { vectorPages } from './pages/vectors.ts';
import { references } from './places.ts';
import { searchEntries } from './search-index.ts';
import type { Section, Site } from './site/site.ts';
import { sourcePages } from './source-files.ts';
import { filesIn, root } from './sources.ts';

const start = performance.now();
const folder = join(root, 'docs-site/.generated');
const dist = join(root, 'docs-site/dist');

interface Part {
  title: string;
  pages: (Page | { title: string; pages: Page[] })[];
}

const parts: Part[] = [
  { title: 'Guides', pages: guides() },
  {
    title: 'Protocol',
    pages: [
      { title: 'Messages', pages: messagePages() },
      encodingsPage(),
      identifiersPage(),
      handshakePage(),
      sessionPage(),
      errorsPage(),
      limitsPage(),
      sealsPage(),
      pairingPage(),
    ],
  },
  { title: 'Rules', pages: [{ title: 'Rules by area', pages: requirementPages() }, decisionsPage()] },
  {
    title: 'Tests',
    pages: [
      { title: 'Checks', pages: checkPages() },
      saboteursPage(),
      { title: 'Vectors', pages: vectorPages() },
      driversPage(),
    ],
  },
  { title: 'Relay', pages: [configurationPage(), metricsPage()] },
  { title: 'TypeScript', pages: await apiPages() },
];

const listed = parts.flatMap(({ pages }) => pages.flatMap((entry) => ('pages' in entry ? entry.pages : [entry])));
const pages = [...listed, ...sourcePages()];

for (const old of [folder, dist]) rmSync(old, { recursive: true, force: true });
for (const { path, title, text } of pages) {
  const file = join(folder, 'pages', path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `# ${title}\n\n${text}`);
}
const site: Site = { menu: parts.map(menuOf), references: references() };
writeFileSync(join(folder, 'site.json'), JSON.stringify(site));
copyFiles(join(folder, 'pages/public'));

await build(join(root, 'docs-site'));
const entries = searchEntries(
  dist,
  listed.map(({ path }) => path),
);
writeFileSync(join(dist, 'search-index.js'), `var searchIndex = ${JSON.stringify(entries)};\n`);
// VitePress leaves these for servers and for scripts that this site does not have.
for (const name of ['404.html', 'hashmap.json', 'package.json']) rmSync(join(dist, name));

const dead = deadLinks(dist);
for (const problem of dead) console.error(problem);
if (dead.length > 0) {
  console.error(`docs: ${dead.length} dead links`);
  process.exitCode = 1;
} else {
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(`docs: ${pages.length} pages in ${seconds} s; open docs-site/dist/index.html`);
}

function menuOf({ title, pages }: Part): Section {
  const item = ({ path, title, label }: Page) => ({ text: label ?? title, page: path });
  return {
    title,
    items: pages.map((entry) =>
      'pages' in entry ? { title: entry.title, items: entry.pages.map(item) } : item(entry),
    ),
  };
}

/** What people download from the site, and the scripts of its pages. */
function copyFiles(target: string) {
  const copy = (from: string, to: string) => cpSync(join(root, from), join(target, to), { recursive: true });
  copy('spec/protocol.json', 'spec/protocol.json');
  for (const file of filesIn('spec/cddl', '.cddl')) copy(`spec/cddl/${file}`, `spec/${file}`);
  copy('spec/schemas/generated/driver-line.schema.json', 'spec/driver-line.schema.json');
  for (const file of filesIn('vectors', '.json'))
    if (file !== 'package.json') copy(`vectors/${file}`, `vectors/${file}`);
  copy('vectors/schemas', 'vectors/schemas');
  copy('docs-site/src/site/script.js', 'script.js');
  const miniSearch = createRequire(createRequire(import.meta.url).resolve('vitepress/package.json')).resolve(
    'minisearch',
  );
  writeFileSync(
    join(target, 'minisearch.js'),
    readFileSync(join(dirname(miniSearch), '../umd/index.js'), 'utf8').replace(/\/\/# sourceMappingURL.*/, ''),
  );
}
