import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CONTENTS, putInFront, withDocumentation } from '../../scripts/site-front-page.mjs';
import { STUDIO_FOLDER } from '../../src/cli/studio/site-files.ts';

interface SiteConfig {
  readonly rewrites: Readonly<Record<string, string>>;
  readonly locales: { readonly root: { readonly link: string } };
  readonly themeConfig: { readonly nav: readonly { text: string; link: string; target?: string }[] };
}
/** Read by VitePress as it is: nothing of it needs VitePress. */
const CONFIG = new URL('../../docs/.vitepress/config.mjs', import.meta.url).href;

const PAGE = '<body><div id="studio"><p>The studio needs JavaScript.</p></div></body>';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sparkxd-site-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Writes files into a folder of the test, and gives its path. */
function made(name: string, files: Readonly<Record<string, string>>): string {
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name, file)), { recursive: true });
    writeFileSync(join(folder, name, file), text);
  }
  return join(folder, name);
}

describe('the front page of the site', () => {
  it('is the studio with a link to the contents, beside the pages of the site', () => {
    const studio = made('studio', { 'index.html': PAGE, 'assets/a-1.js': 'a' });
    const site = made('site', { [CONTENTS]: 'pages', 'assets/b-2.js': 'b' });
    putInFront(studio, site);
    const read = (file: string) => readFileSync(join(site, file), 'utf8');
    expect(read('index.html')).toBe(
      '<body><div id="studio"><p><a rel="help" href="./contents.html">Documentation</a></p><p>The studio needs JavaScript.</p></div></body>',
    );
    expect([read(CONTENTS), read('assets/a-1.js'), read('assets/b-2.js')]).toEqual(['pages', 'a', 'b']);
    expect(readFileSync(join(studio, 'index.html'), 'utf8')).toBe(PAGE);
  });

  it('overwrites no file of the site, and needs both to be built', () => {
    const studio = made('studio', { 'index.html': PAGE, 'assets/a-1.js': 'a' });
    expect(() => putInFront(studio, made('site', { [CONTENTS]: '', 'assets/a-1.js': '' }))).toThrow(
      "the site has files of the studio's names: assets/a-1.js",
    );
    expect(() => putInFront(studio, folder)).toThrow(/has no contents.html: VitePress/);
    expect(() => putInFront(join(folder, 'site'), join(folder, 'site'))).toThrow(
      /has no studio: npm run build/,
    );
    expect(() => withDocumentation('<body></body>')).toThrow('has not one <div id="studio">');
  });

  it('can be made of the studio as it was built', () => {
    const page = readFileSync(join(STUDIO_FOLDER, 'index.html'), 'utf8');
    expect(withDocumentation(page)).toContain(`href="./${CONTENTS}"`);
  });
});

describe('the configuration of the site', () => {
  it('leaves the front to the studio, and leads to it past its router', async () => {
    const { default: config } = (await import(CONFIG)) as { readonly default: SiteConfig };
    expect(config.rewrites).toEqual({ 'index.md': CONTENTS.replace('.html', '.md') });
    expect(config.locales.root.link).toBe(`/${CONTENTS.replace('.html', '')}`);
    expect(config.themeConfig.nav[0]).toEqual({ text: 'Studio', link: '/', target: '_self' });
  });
});
