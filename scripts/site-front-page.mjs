// Puts the built studio at the front of the built documentation site: its index.html becomes the site's, with a link to the documentation.
import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where the site has its contents page, as the front page sees it (`rewrites` of docs/.vitepress/config.mjs). */
export const CONTENTS = 'contents.html';

const PLACE = '<div id="studio">';

/** The studio's page with a link to the documentation, which the studio moves into its heading when it runs. */
export function withDocumentation(page) {
  if (page.split(PLACE).length !== 2) throw new Error(`the studio's page has not one ${PLACE}`);
  return page.replace(PLACE, `${PLACE}<p><a rel="help" href="./${CONTENTS}">Documentation</a></p>`);
}

/**
 * Copies the files of the studio's folder into the site's. Throws Error where either was not built, and rather than overwrite a page
 * or an asset of the site.
 */
export function putInFront(studio, site) {
  if (!existsSync(join(studio, 'index.html')))
    throw new Error(`${studio} has no studio: npm run build makes it`);
  if (!existsSync(join(site, CONTENTS)))
    throw new Error(`${site} has no ${CONTENTS}: VitePress makes it of docs/index.md`);
  const files = readdirSync(studio, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(studio.length + 1));
  const taken = files.filter((file) => existsSync(join(site, file)));
  if (taken.length > 0) throw new Error(`the site has files of the studio's names: ${taken.join(', ')}`);
  for (const file of files) cpSync(join(studio, file), join(site, file));
  const front = join(site, 'index.html');
  writeFileSync(front, withDocumentation(readFileSync(front, 'utf8')));
}
