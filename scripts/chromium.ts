// A real Chromium, as Debian and others install it, for the suites that look at pages.
import { existsSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

function executable(): string {
  const found = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);
  if (!found) throw new Error('this suite needs Chromium: apt-get install chromium');
  return found;
}

/** A context of its own with one page, and what goes wrong in it. @param scratch - a folder for its profile */
export async function openChromium(
  scratch: string,
  options: BrowserContextOptions = {},
): Promise<{ context: BrowserContext; page: Page; faults: string[] }> {
  const profile = mkdtempSync(join(scratch, 'profile-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: executable(),
    args: [
      '--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking',
      '--disable-component-update --disable-sync',
    ].flatMap((line) => line.split(' ')),
    viewport: { width: 1400, height: 900 },
    ...options,
  });
  const faults: string[] = [];
  const page = await context.newPage();
  page.on('console', (message) => message.type() !== 'log' && faults.push(`${page.url()}: ${message.text()}`));
  page.on('pageerror', (error) => faults.push(`${page.url()}: ${error.message}`));
  page.on('requestfailed', (request) => faults.push(`${request.url()}: ${request.failure()?.errorText}`));
  page.on('response', (response) => response.status() >= 400 && faults.push(`${response.url()}: ${response.status()}`));
  return { context, page, faults };
}
