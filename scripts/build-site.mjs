// Builds the documentation site: the pages of docs/ by VitePress, and the studio as its front page. `npm run docs:site`; a folder as argument, otherwise build/site.
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vitepress';
import { putInFront } from './site-front-page.mjs';

const at = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const site = resolve(process.argv[2] ?? at('build/site'));

await build(at('docs'), { outDir: site });
putInFront(at('dist/studio'), site);
process.stdout.write(`${site}\n`);
