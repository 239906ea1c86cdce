// Builds the studio: src/studio/page and its workers with Vite into dist/studio, static files that any web server can host.
// Vite, not rolldown alone: it bundles workers of workers, and gives hashed names to models, networks and images. Part of `npm run build`.
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { sliceImages } from '../dist/datasets/dataset.js';
import { readDataset, SHIPPED_DATASETS } from '../dist/inputs/read-dataset.js';

const root = new URL('../', import.meta.url);
const at = (path) => fileURLToPath(new URL(path, root));

/** As many test images as the page shows (STUDIO_IMAGES of src/studio/settings.ts; a test holds them equal). */
const IMAGES = 1000;

/** Modules that read files or hash with Node, each with one of the same name in src/studio/host that does so in a browser. */
const HOST_MODULES = [
  'files/read-file',
  'files/sha256',
  'inputs/locate-network',
  'inputs/model-files',
  'inputs/read-dataset',
];
const MAY_BE_HOST_MODULE = new RegExp(
  `^\\..*/(${HOST_MODULES.map((name) => name.split('/')[1]).join('|')})\\.ts$`,
);

await writeImages();
await buildPage();

/** The first test images of each dataset that is installed, as IDX files. */
async function writeImages() {
  const folder = at('dist/studio-images/');
  mkdirSync(folder, { recursive: true });
  for (const name of SHIPPED_DATASETS) {
    const images = `${folder}${name}.idx3-ubyte`;
    // The packages of images are of fixed versions: what was written once stays right.
    if (existsSync(images)) continue;
    const test = await readDataset(name).then(
      (dataset) => sliceImages(dataset.test, 0, IMAGES),
      // fashion-mnist is optional.
      (error) => {
        if (name === 'mnist') throw error;
      },
    );
    if (test === undefined) continue;
    writeFileSync(`${folder}${name}.idx1-ubyte`, idx([test.count], test.labels));
    writeFileSync(images, idx([test.count, test.rows, test.columns], test.pixels));
  }
}

/** An IDX file of unsigned bytes. */
function idx(shape, data) {
  const head = Buffer.alloc(4 * (shape.length + 1));
  head.writeUInt32BE(0x800 + shape.length, 0);
  for (const [i, extent] of shape.entries()) head.writeUInt32BE(extent, 4 * (i + 1));
  return Buffer.concat([head, data]);
}

/** Gives the modules of a browser in place of Node's, and refuses what would need Node. */
function hostModules() {
  return {
    name: 'host-modules',
    enforce: 'pre',
    async resolveId(source, importer, options) {
      if (isBuiltin(source)) {
        // seedrandom looks for entropy that nobody takes from it: every stream here is seeded.
        if (/seedrandom/.test(importer ?? '')) return '\0nothing';
        this.error(`${importer} needs ${source}, which no browser has`);
      }
      if (!MAY_BE_HOST_MODULE.test(source)) return null;
      const resolved = await this.resolve(source, importer, { ...options, skipSelf: true });
      const path = resolved?.id.replaceAll('\\', '/');
      const module = HOST_MODULES.find((name) => path?.endsWith(`/src/${name}.ts`));
      if (module === undefined) return resolved;
      return at(`src/studio/host/${module.split('/')[1]}.ts`);
    },
    load: (id) => (id === '\0nothing' ? 'export default {};' : null),
  };
}

async function buildPage() {
  rmSync(at('dist/studio'), { recursive: true, force: true });
  await build({
    root: at('src/studio/page'),
    configFile: false,
    logLevel: 'error',
    // Relative: the folder may lie anywhere on a web server.
    base: './',
    plugins: [hostModules()],
    worker: { format: 'es', plugins: () => [hostModules()] },
    oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
    build: {
      outDir: at('dist/studio'),
      // Emptied above.
      emptyOutDir: false,
      target: 'es2023',
      assetsInlineLimit: 0,
      chunkSizeWarningLimit: 4000,
      modulePreload: { polyfill: false },
    },
  });
}
