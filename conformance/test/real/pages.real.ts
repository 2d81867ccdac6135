/** Looks at the pages of a real run in Chromium: a relay that is wrong and hostile, wide and narrow, light and dark, printed. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Message } from '@0k-sync/spec';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openChromium } from '../../../scripts/chromium.ts';
import { ScriptedRelay, ScriptedSession } from '../../src/model/scripted-relay.ts';
import { kit } from '../kit.ts';

const scratch = mkdtempSync(join(tmpdir(), 'pages-'));
const file = (name: string) => join(scratch, name);
const address = (name: string, anchor = '') => `${pathToFileURL(file(name)).href}${anchor}`;
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const HOSTILE =
  "</title></style></svg><script>hacked()</script><img src=x onerror=hacked()>\" onload='hacked()' \u202e";

/** Says that there is always more, and puts what would be code into every text that it may choose. */
class Hostile extends ScriptedSession {
  override send(message: Message): void {
    if (message.type === 'Welcome') super.send({ ...message, ext: { ...message.ext, relay: HOSTILE.slice(0, 64) } });
    else if (message.type === 'Error') super.send({ ...message, message: HOSTILE });
    else super.send(message.type === 'PullResponse' ? { ...message, has_more: true } : message);
  }
}

beforeAll(async () => {
  const relay = await ScriptedRelay.listen(Hostile);
  const run = (name: string, ...more: string[]) =>
    kit(
      '--relay',
      relay.url,
      '--seed',
      '7',
      '--timeout',
      '2',
      '--html',
      file(`${name}.html`),
      '--json',
      file(`${name}.json`),
      ...more,
    );
  try {
    expect((await run('wrong', '--only', 'ERR,CUR-3*,SES-0*')).code).toBe(1);
    expect((await run('other', '--only', 'CUR-3*')).code).toBe(1);
  } finally {
    await relay.close();
  }
  expect((await kit('matrix', file('wrong.json'), file('other.json'), '--html', file('matrix.html'))).code).toBe(0);
});

/** How far the page is wider than its window, in pixels. */
const overflow = (page: Page) => page.evaluate('document.documentElement.scrollWidth - innerWidth');

const SIGHTS: [string, BrowserContextOptions][] = [
  ['wide and light', { viewport: { width: 1280, height: 900 }, colorScheme: 'light' }],
  ['wide and dark', { viewport: { width: 1280, height: 900 }, colorScheme: 'dark' }],
  ['narrow and light', { viewport: { width: 360, height: 740 }, colorScheme: 'light' }],
  ['narrow and dark', { viewport: { width: 360, height: 740 }, colorScheme: 'dark' }],
];

test.each(SIGHTS)('%s: nothing runs, nothing is loaded, nothing sticks out', async (_, options) => {
  const { context, page, faults } = await openChromium(scratch, options);
  try {
    const loaded: string[] = [];
    page.on('request', (request) => loaded.push(request.url()));
    await page.addInitScript('window.hacked = () => console.error("hacked")');
    for (const name of ['wrong.html', 'matrix.html']) {
      await page.goto(address(name));
      expect(await page.locator('script, img, [onload], [onerror]').count()).toBe(0);
      // Open, all of it has to fit too.
      await page.evaluate('document.querySelectorAll("details").forEach((each) => { each.open = true; })');
      expect(await overflow(page), name).toBeLessThanOrEqual(0);
      const [paper, ink] = (await page.evaluate(
        '[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.body).color]',
      )) as [string, string];
      const light = (color: string) => Math.max(...color.match(/\d+/g)!.map(Number)) > 127;
      expect([light(paper), light(ink)]).toEqual(options.colorScheme === 'light' ? [true, false] : [false, true]);
    }
    expect(loaded.every((url) => url.startsWith('file:'))).toBe(true);
    expect(faults).toEqual([]);
  } finally {
    await context.close();
  }
});

test('without scripts the section of a check can be linked to, opened and read', async () => {
  const { context, page } = await openChromium(scratch, { javaScriptEnabled: false });
  try {
    await page.goto(address('wrong.html', '#CUR-39'));
    const section = page.locator('[id="CUR-39"]');
    const { y } = (await section.boundingBox())!;
    expect(y).toBeGreaterThanOrEqual(0);
    expect(y).toBeLessThan(900);
    await expect(section.locator('blockquote').textContent()).resolves.toMatch(/^CUR-\d\d \(MUST\) A relay MUST/);
    expect(await section.locator('svg').boundingBox()).toMatchObject({ width: expect.any(Number) });
    const bytes = section.locator('table.wire').first();
    expect(await bytes.isVisible()).toBe(false);
    await section.getByText('Every step, with its bytes').click();
    await section.locator('ol summary').first().click();
    expect(await bytes.isVisible()).toBe(true);
    await expect(bytes.textContent()).resolves.toMatch(/a5 48 65 6c 6c 6f.*"Hello"/s);
    // A cell of the matrix leads there too.
    await page.locator('.cells a[href="#ERR-01"]').click();
    expect(page.url()).toBe(address('wrong.html', '#ERR-01'));
  } finally {
    await context.close();
  }
});

test('printed, every failure has its drawing and its steps', async () => {
  const { context, page } = await openChromium(scratch, { colorScheme: 'dark' });
  try {
    await page.goto(address('wrong.html'));
    await page.emulateMedia({ media: 'print' });
    expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(255, 255, 255)');
    expect(await page.locator('[id="CUR-39"] ol.steps').isVisible()).toBe(true);
    expect(await page.locator('[id="CUR-39"] table.wire').first().isVisible()).toBe(false);
    const pdf = await page.pdf({ path: file('wrong.pdf'), format: 'A4' });
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
    expect(readFileSync(file('wrong.pdf')).length).toBeGreaterThan(20_000);
  } finally {
    await context.close();
  }
});
