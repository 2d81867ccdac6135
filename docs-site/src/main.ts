/** Writes the pages of the documentation, as Markdown, from the specification: `npm run docs`. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { errorsPage, limitsPage, messagesPage } from './protocol-pages.ts';
import { decisionsPage, requirementsPage } from './requirement-pages.ts';

const out = join(dirname(fileURLToPath(import.meta.url)), '..', 'out');
const pages = {
  'requirements.md': requirementsPage(),
  'decisions.md': decisionsPage(),
  'messages.md': messagesPage(),
  'errors.md': errorsPage(),
  'limits.md': limitsPage(),
};

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
for (const [name, text] of Object.entries(pages)) writeFileSync(join(out, name), text);
console.log(`docs: wrote ${Object.keys(pages).length} pages to docs-site/out`);
