import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { deadLinks } from '../src/links.ts';
import { relativeLinks } from '../src/site/relative-links.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function site(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'links-'));
  folders.push(folder);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

const target = '<h2 id="CUR-07">rule</h2><h2 id="CUR-37/plans">check</h2>';

test('links to pages, anchors, files and other sites are right', () => {
  const folder = site({
    'index.html':
      '<a href="area/cur.html#CUR-07">a</a><a href="#here">b</a><p id="here"></p><a href="https://example.org/#x">c</a><img src="a.svg">',
    'area/cur.html': `${target}<a href="../index.html">d</a><a href="#CUR-37/plans">e</a><script src="../s.js"></script>`,
    'a.svg': '<svg/>',
    's.js': '',
  });
  expect(deadLinks(folder)).toEqual([]);
});

test.each([
  ['an anchor that is not there', '<a href="area/cur.html#CUR-99x">x</a>', /CUR-99x leads to an anchor/],
  ['an anchor of the page itself', '<a href="#nothing">x</a>', /#nothing leads to an anchor/],
  ['a page that is not there', '<a href="area/gone.html">x</a>', /gone.html leads to no file/],
  ['a folder', '<a href="area/">x</a>', /leads to a folder/],
  ['an address from the root', '<a href="/area/cur.html">x</a>', /begins at the root/],
  ['an image that is not there', '<p><img alt="x" src="gone.png"></p>', /gone.png leads to no file/],
  ['a style sheet that is not there', '<link rel="stylesheet" href="gone.css">', /gone.css leads to no file/],
])('%s is reported with its page', (_, html, problem) => {
  const problems = deadLinks(site({ 'index.html': html, 'area/cur.html': target }));
  expect(problems).toHaveLength(1);
  expect(problems[0]).toMatch(/^index.html: /);
  expect(problems[0]).toMatch(problem);
});

test('links in the text of a page are no links', () => {
  expect(deadLinks(site({ 'index.html': '<pre>&lt;a href="gone.html"&gt;</pre>' }))).toEqual([]);
});

test('links from the root become links from the page, to files', () => {
  const html =
    '<a class="x" href="/errors.html#1000">a</a><a href="/">b</a><a href="/checks/#need">c</a><script src="/script.js"></script>';
  expect(relativeLinks(html, '..')).toBe(
    '<a class="x" href="../errors.html#1000">a</a><a href="../index.html">b</a><a href="../checks/index.html#need">c</a><script src="../script.js"></script>',
  );
  expect(relativeLinks('<a href="./messages/#x">a</a>', '.')).toBe('<a href="./messages/index.html#x">a</a>');
  const untouched = '<a href="https://example.org/">a</a><a href="//example.org/">b</a><a href="#x">c</a>';
  expect(relativeLinks(untouched, '.')).toBe(untouched);
});
