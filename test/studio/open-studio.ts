import type { Server } from 'node:http';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { serve } from '../../src/cli/studio/serve.ts';
import { siteFiles } from '../../src/cli/studio/site-files.ts';

/** A page of the studio, and what went wrong in it: errors, console messages, dialogs, requests beyond its server. */
export interface OpenStudio {
  readonly page: Page;
  readonly faults: readonly string[];
  /** Bytes that were fetched so far. */
  bytes(): number;
}

/** Says what the page's content security policy kept it from. */
const TELL_VIOLATIONS = `addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
  console.error('policy: ' + violatedDirective + ' ' + blockedURI));`;

export async function serveStudio(): Promise<{ readonly server: Server; readonly origin: string }> {
  const { server, port } = await serve(siteFiles(), 0);
  return { server, origin: `http://localhost:${port}` };
}

/** Opens the studio at settings; nothing but its own server answers. */
export async function openStudio(
  browser: Browser,
  origin: string,
  settings = '',
  options: BrowserContextOptions = {},
): Promise<OpenStudio> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  await context.addInitScript(TELL_VIOLATIONS);
  const page = await context.newPage();
  const faults: string[] = [];
  let bytes = 0;
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('dialog', (dialog) => {
    faults.push(`a script ran: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('console', (message) => faults.push(message.text()));
  page.on('request', (request) => {
    if (!request.url().startsWith(`${origin}/`) && !/^(data|blob):/.test(request.url()))
      faults.push(`asked for ${request.url()}`);
  });
  page.on('response', (response) => {
    if (response.status() !== 200) faults.push(`${response.status()} ${response.url()}`);
    bytes += Number(response.headers()['content-length'] ?? 0);
  });
  await page.goto(`${origin}/${settings}`);
  await settled(page);
  return { page, faults, bytes: () => bytes };
}

/** Waits until the page shows all of its settings, or of these. */
export async function settled(page: Page, settings?: string): Promise<void> {
  const shows =
    settings === undefined ? '[data-state=settled]' : `[data-state=settled][data-settings="${settings}"]`;
  await page.waitForSelector(`.studio${shows}`, { timeout: 120_000 });
}

/** The numbers of the point that is shown, by column, as texts. */
export const numbersOf = (page: Page): Promise<Record<string, string>> =>
  page.$$eval('[data-column]', (cells) =>
    Object.fromEntries(cells.map((cell) => [cell.getAttribute('data-column'), cell.textContent ?? ''])),
  );
