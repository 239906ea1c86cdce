import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SiteFile, siteFiles } from '../../src/cli/studio/site-files.ts';
import { LONG } from '../effort.ts';
import { hasBrowser, openBrowser } from '../report-browser/open-page.ts';
import { openStudio } from '../studio/open-studio.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const run = promisify(execFile);

/** Whether what builds the site is installed; the reason is said where it is not. */
function hasBuilder(): boolean {
  const { resolve } = createRequire(import.meta.url);
  const lacks = ['typedoc', 'vitepress'].filter((name) => {
    try {
      return !resolve(`${name}/package.json`);
    } catch {
      return true;
    }
  });
  if (lacks.length > 0)
    console.info(`the site is not built here: ${lacks.join(', ')} not installed (npm ci)`);
  return lacks.length === 0;
}

/** A web server that knows nothing but files, as any host of a site does. */
async function serveFiles(files: ReadonlyMap<string, SiteFile>): Promise<Server> {
  const server = createServer((request, response) => {
    const path = (request.url ?? '').replace(/[?#].*/, '');
    const found = files.get(path.endsWith('/') ? `${path}index.html` : path);
    if (found === undefined) response.writeHead(404).end();
    else
      void readFile(found.file).then((content) =>
        response
          .writeHead(200, { 'Content-Type': found.type, 'Content-Length': content.length })
          .end(content),
      );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

describe.skipIf(!LONG || !hasBuilder() || !hasBrowser())('the documentation site', () => {
  let site: string;
  let server: Server;
  let browser: Browser;
  let files: ReadonlyMap<string, SiteFile>;

  beforeAll(async () => {
    site = mkdtempSync(join(tmpdir(), 'sparkxd-site-'));
    // A type that the reference mentions and lacks, or a dead link, ends these.
    await run('npm', ['run', '--silent', 'docs:api'], { cwd: ROOT });
    await run('node', ['scripts/build-site.mjs', site], { cwd: ROOT });
    files = siteFiles(site);
    server = await serveFiles(files);
    browser = await openBrowser();
  }, 600_000);
  afterAll(async () => {
    await browser?.close();
    server?.close();
    rmSync(site, { recursive: true });
  });

  it('opens with the studio, which draws its charts and leads to the documentation and back', async () => {
    const origin = `http://localhost:${(server.address() as AddressInfo).port}`;
    const { page, faults, bytes } = await openStudio(browser, origin);
    await page.waitForSelector('.chart svg');
    expect(await page.locator('.chart svg').count()).toBe(3);
    expect(bytes()).toBeGreaterThan(2e6);
    expect(bytes()).toBeLessThan(6e6);

    await page.getByRole('link', { name: 'Documentation' }).click();
    await page.waitForURL(`${origin}/contents.html`);
    expect(await page.textContent('h1')).toContain('sparkxd');
    // By VitePress's router, and to a page of its own from there.
    await page.getByRole('link', { name: 'Ten minutes' }).first().click();
    await page.waitForURL(`${origin}/tutorial.html`);
    await page.getByRole('link', { name: 'sparkxd', exact: true }).first().click();
    await page.waitForURL(`${origin}/contents.html`);

    await page.getByRole('link', { name: 'Studio', exact: true }).first().click();
    await page.waitForURL(`${origin}/`);
    await page.waitForSelector('.studio[data-state=settled] .chart svg');
    expect(faults).toEqual([]);
  }, 240_000);

  it('has every page and file that its pages link to', async () => {
    const dead: string[] = [];
    for (const [path, { file }] of files) {
      if (!path.endsWith('.html')) continue;
      for (const [, address] of (await readFile(file, 'utf8')).matchAll(/ (?:href|src)="([^"#]+)[^"]*"/g)) {
        if (/^[a-z]+:/.test(address!)) continue;
        const { pathname } = new URL(address!, `http://site${path}`);
        const wanted = decodeURIComponent(pathname);
        if (!files.has(wanted.endsWith('/') ? `${wanted}index.html` : wanted))
          dead.push(`${path}: ${address}`);
      }
    }
    expect(dead).toEqual([]);
  });
});
