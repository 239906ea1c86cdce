import { accessSync, constants } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { FULL } from '../effort.ts';

/** Where the browser of these tests is: .ci/run names it in CHROMIUM, and what it names must be there. */
const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

/** Without a browser these tests are skipped, unless one was promised. */
export function hasBrowser(): boolean {
  if (process.env['CHROMIUM'] !== undefined) return true;
  if (!FULL) {
    console.info(
      'npm test leaves the browser to CI: CHROMIUM=/usr/bin/chromium, or SPARKXD_TESTS=full, has it',
    );
    return false;
  }
  try {
    accessSync(executablePath, constants.X_OK);
    return true;
  } catch {
    console.info(`no browser here: the tests of reports in a browser are skipped (apt-get install chromium)`);
    return false;
  }
}

export const openBrowser = (): Promise<Browser> =>
  chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });

/** Says what the page's content security policy kept it from. */
const TELL_VIOLATIONS = `addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
  console.error('policy: ' + violatedDirective + ' ' + blockedURI));`;

/** A page of a report, and what went wrong in it: errors, console messages, dialogs, and requests beyond the file. */
export interface OpenedPage {
  readonly page: Page;
  readonly faults: readonly string[];
}

/** Opens a report from its file, with no network, and waits until it is drawn. */
export async function openPage(
  browser: Browser,
  file: string,
  options: BrowserContextOptions = {},
): Promise<OpenedPage> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  await context.addInitScript(TELL_VIOLATIONS);
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('dialog', (dialog) => {
    faults.push(`a script ran: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) faults.push(message.text());
  });
  const { href } = pathToFileURL(file);
  page.on('request', (request) => {
    if (request.url() !== href && !/^(data|blob):/.test(request.url()))
      faults.push(`asked for ${request.url()}`);
  });
  await page.route(/^(?!file:|data:|blob:)/, (route) => route.abort());
  await page.goto(href);
  await page.waitForSelector('html[data-drawn=true]', { timeout: 30_000, state: 'attached' });
  return { page, faults };
}
