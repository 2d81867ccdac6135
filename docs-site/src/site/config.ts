/** How VitePress makes HTML of the pages: no scripts of its own, and links that work from a disk as well as from a server. */
import { readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { UserConfig } from 'vitepress';
import { drawDiagrams } from './diagrams.ts';
import { linkReferences } from './references.ts';
import { relativeLinks } from './relative-links.ts';
import type { Site } from './site.ts';

const folder = fileURLToPath(new URL('../../.generated', import.meta.url));
const site = JSON.parse(readFileSync(`${folder}/site.json`, 'utf8')) as Site;

const ICON = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#3451b2"/><path d="M8 12h12l-4-4m8 12H12l4 4" fill="none" stroke="#fff" stroke-width="2.5"/></svg>',
)}`;

// Links to files that are neither pages nor known to VitePress are left as they are.
process.env['VITE_EXTRA_EXTENSIONS'] = 'cddl';

export const config: UserConfig<Site> = {
  title: '0k-Sync',
  description: 'The 0k-Sync protocol: rules, messages, test vectors, checks, and how to use them.',
  lang: 'en',
  srcDir: `${folder}/pages`,
  cacheDir: `${folder}/cache`,
  outDir: fileURLToPath(new URL('../../dist', import.meta.url)),
  // Pages without VitePress's scripts: browsers run no modules from a disk.
  mpa: true,
  head: [
    ['link', { rel: 'icon', href: ICON }],
    ['script', { src: '/script.js', defer: '' }],
  ],
  themeConfig: site,
  vite: { esbuild: { tsconfigRaw: { compilerOptions: { target: 'es2022' } } } },
  markdown: {
    headers: { level: [2, 3] },
    codeTransformers: [
      {
        name: 'source-lines',
        // Else a busy machine would highlight less.
        preprocess(_code, options) {
          options.tokenizeTimeLimit = 0;
        },
        line(node, line) {
          if (this.options.meta?.__raw?.trim() === 'source') node.properties['id'] = `L${line}`;
        },
      },
    ],
    config(md) {
      linkReferences(md, site.references);
      drawDiagrams(md);
    },
  },
  transformHtml(html, _file, { page }) {
    const toRoot = posix.relative(posix.dirname(page), '.') || '.';
    return relativeLinks(html, toRoot).replace(
      '<head>',
      `<head>\n    <script>document.documentElement.dataset.root = '${toRoot}'</script>`,
    );
  },
};
