/** Builds the site and reads it in Chromium, from the disk and from a server. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openChromium } from '../../../scripts/chromium.ts';
import { deadLinks } from '../../src/links.ts';

const folder = fileURLToPath(new URL('../..', import.meta.url));
const dist = join(folder, 'dist');
const scratch = mkdtempSync(join(tmpdir(), 'site-'));

function build(): void {
  execFileSync(process.execPath, ['--conditions=source', '--no-warnings', 'src/main.ts'], {
    cwd: folder,
    stdio: 'pipe',
  });
}

const files = () => readdirSync(dist, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
const fingerprint = () =>
  files().map(({ parentPath, name }) => {
    const path = join(parentPath, name);
    return `${path} ${createHash('sha256').update(readFileSync(path)).digest('hex')}`;
  });
const htmlPages = () =>
  files()
    .map(({ parentPath, name }) => join(parentPath, name).slice(dist.length + 1))
    .filter((name) => name.endsWith('.html'));

const open = (options: BrowserContextOptions = {}) => openChromium(scratch, options);

const onDisk = (path: string, anchor = '') => `${pathToFileURL(join(dist, path)).href}${anchor}`;
/** Waits until the page has gone to an anchor. */
const comesIntoView = (page: Page, id: string) =>
  page.waitForFunction(
    `(() => { const { top } = document.getElementById(${JSON.stringify(id)}).getBoundingClientRect(); return top >= 0 && top < innerHeight; })()`,
  );

let first: string[];
beforeAll(() => {
  build();
  first = fingerprint();
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

test('the same sources give the same site, byte for byte', () => {
  build();
  expect(fingerprint()).toEqual(first);
});

test('no page loads anything from outside of the site, or a module', () => {
  for (const name of htmlPages()) {
    const html = readFileSync(join(dist, name), 'utf8');
    expect(html.match(/<(link|script|img)[^>]*"(https?:)?\/\/[^>]*>/g) ?? [], name).toEqual([]);
    expect(html, name).not.toMatch(/<script[^>]*type="module"/);
  }
});

test('a link to a rule that does not exist is found in the whole site', () => {
  const copy = join(scratch, 'copy');
  cpSync(dist, copy, { recursive: true });
  expect(deadLinks(copy)).toEqual([]);
  const page = join(copy, 'messages/pull.html');
  writeFileSync(page, readFileSync(page, 'utf8').replace('cur.html#CUR-39"', 'cur.html#CUR-399"'));
  expect(deadLinks(copy)).toEqual([
    'messages/pull.html: ../requirements/cur.html#CUR-399 leads to an anchor that is not on that page',
  ]);
});

describe('opened from the disk', () => {
  test('pages, links, anchors, styles and diagrams work, without a fault', async () => {
    const { context, page, faults } = await open();
    try {
      await page.goto(onDisk('index.html'));
      expect(await page.evaluate("getComputedStyle(document.querySelector('.top')).position")).toBe('sticky');
      expect(await page.locator('figure svg').first().boundingBox()).toMatchObject({ width: expect.any(Number) });

      await page.getByRole('navigation', { name: 'Pages' }).getByText('Rules by area').click();
      await page.getByRole('link', { name: 'CUR: Cursor semantics' }).first().click();
      expect(await page.locator('h1').textContent()).toContain('Cursor semantics');
      await page.locator('.outline').getByRole('link', { name: 'CUR-39', exact: true }).click();
      await comesIntoView(page, 'CUR-39');

      await page.locator('#CUR-39 ~ ul').first().getByRole('link', { name: 'CUR-39/clamped' }).click();
      expect(page.url()).toBe(onDisk('checks/cur.html', '#CUR-39/clamped'));
      await comesIntoView(page, 'CUR-39/clamped');

      await page.goto(onDisk('requirements/wire.html', '#WIRE-40'));
      await comesIntoView(page, 'WIRE-40');
      await page.locator('#WIRE-40 ~ ul').first().getByRole('link', { name: 'trailing-bytes' }).click();
      expect(page.url()).toBe(onDisk('errors.html', '#trailing-bytes'));
      expect(faults).toEqual([]);
    } finally {
      await context.close();
    }
  });

  test('search finds rules by id, pages by words, and leads there by keyboard', async () => {
    const { context, page, faults } = await open();
    try {
      await page.goto(onDisk('handshake.html'));
      const search = async (words: string) => {
        await page.keyboard.press('/');
        const input = page.getByRole('searchbox');
        await input.fill(words);
        await page.locator('dialog li').first().waitFor();
        const links = await page.locator('dialog li a').all();
        return Promise.all(links.map((found) => found.getAttribute('href')));
      };
      expect((await search('CUR-40'))[0]).toMatch(/requirements\/cur\.html#CUR-40$/);
      await page.keyboard.press('Enter');
      await page.waitForURL(/requirements\/cur\.html#CUR-40$/);
      await comesIntoView(page, 'CUR-40');

      expect((await search('PullResponse'))[0]).toMatch(/messages\/pull\.html#PullResponse$/);
      expect((await search('2002 quota')).join()).toContain('errors.html#2002');
      const found = await search('rekey');
      expect(found.join()).toContain('handshake.html#rekey');
      const place = new URL(found[0]!, page.url()).href;
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Enter');
      await page.waitForURL(place);
      await page.keyboard.press('/');
      await page.getByRole('searchbox').fill('zzzzzz');
      await page.getByText('Nothing found.').waitFor();
      await page.keyboard.press('Escape');
      expect(await page.getByRole('searchbox').count()).toBe(0);
      expect(faults).toEqual([]);
    } finally {
      await context.close();
    }
  });

  test('light and dark follow the system until a reader chooses, and then that choice', async () => {
    const isDark = (page: Page) => page.evaluate("document.documentElement.classList.contains('dark')");
    const background = (page: Page) => page.evaluate('getComputedStyle(document.body).backgroundColor');
    const { context, page, faults } = await open({ colorScheme: 'dark' });
    try {
      await page.goto(onDisk('session.html'));
      expect(await isDark(page)).toBe(true);
      const dark = await background(page);
      await page.getByRole('button', { name: 'Light or dark' }).click();
      expect(await isDark(page)).toBe(false);
      expect(await background(page)).not.toBe(dark);
      await page.goto(onDisk('errors.html'));
      expect(await isDark(page)).toBe(false);
      expect(faults).toEqual([]);
    } finally {
      await context.close();
    }
  });

  test('no page is wider than a telephone, and its menu opens', async () => {
    const { context, page, faults } = await open({ viewport: { width: 390, height: 844 } });
    try {
      const wide: string[] = [];
      for (const name of htmlPages()) {
        await page.goto(onDisk(name));
        const width = (await page.evaluate('document.documentElement.scrollWidth')) as number;
        if (width > 390) wide.push(`${name}: ${width}`);
      }
      expect(wide).toEqual([]);
      expect(faults).toEqual([]);

      await page.goto(onDisk('index.html'));
      const menu = page.getByRole('navigation', { name: 'Pages' });
      expect(await menu.isVisible()).toBe(false);
      await page.getByTitle('Menu').click();
      await menu.getByRole('link', { name: 'Write a client' }).click();
      expect(await page.locator('h1').textContent()).toContain('Write a client');
    } finally {
      await context.close();
    }
  });
});

test('the same files work on a server', async () => {
  const types: Record<string, string> = {
    html: 'text/html',
    css: 'text/css',
    js: 'text/javascript',
    json: 'application/json',
  };
  const server = createServer((request, response) => {
    const path = join(dist, decodeURIComponent(new URL(request.url!, 'http://x').pathname));
    if (!existsSync(path)) return void response.writeHead(request.url === '/favicon.ico' ? 204 : 404).end();
    response.writeHead(200, { 'content-type': types[path.split('.').at(-1)!] ?? 'text/plain' }).end(readFileSync(path));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { context, page, faults } = await open();
  try {
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/requirements/hs.html#HS-19`);
    await comesIntoView(page, 'HS-19');
    await page.getByRole('button', { name: 'Search' }).click();
    await page.getByRole('searchbox').fill('FRAME-21');
    await page.locator('dialog li a').first().click();
    await page.waitForURL(/requirements\/frame\.html#FRAME-21$/);
    expect(faults).toEqual([]);
  } finally {
    await context.close();
    server.close();
  }
});
