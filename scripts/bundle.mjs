// Bundles the command line and its worker threads over what tsc wrote: a start then opens a few files in place of hundreds.
// Each command keeps a chunk of its own; large packages that few commands use stay in node_modules. Part of `npm run build`.
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { WORKER_MODULES } from '../dist/threads/pool.js';

const root = new URL('../', import.meta.url);
const at = (path) => fileURLToPath(new URL(path, root));
const nameOf = (file) => file.replace(/\.js$/, '');
const entries = Object.fromEntries(
  ['cli/main.js', ...WORKER_MODULES].map((file) => [nameOf(file), at(`src/${nameOf(file)}.ts`)]),
);
const main = entries['cli/main'];

const SOURCES = /[\\/]src[\\/]/;
const YAML = /[\\/]node_modules[\\/]yaml[\\/]/;
/** As many commands and other modules that are imported on demand must need a module for it to be in a shared chunk. */
const SHARED = 12;

/** The module, and all that it imports statically. */
function closureOf(id, context, found = new Set()) {
  if (found.has(id)) return found;
  found.add(id);
  for (const imported of context.getModuleInfo(id)?.importedIds ?? []) closureOf(imported, context, found);
  return found;
}

let start;
/** What `--help` needs, other than main.ts, which waits for the command that imports these. */
function isOfStart(id, context) {
  start ??= closureOf(main, context);
  return id !== main && start.has(id);
}

const readsYaml = (id, context) => [...closureOf(id, context)].some((imported) => YAML.test(imported));

const bundle = await rolldown({
  cwd: fileURLToPath(root),
  input: entries,
  platform: 'node',
  // The entries may export what other chunks need.
  preserveEntrySignatures: 'allow-extension',
  external: [
    // Native code, threads that find files beside their own, and what is one file already.
    '@resvg/resvg-js',
    'piscina',
    'h5wasm',
    'h5wasm/node',
    'mathjs/lib/browser/math.js',
    // The charts of a report.
    /^vega/,
  ],
  // A module that one command imports on demand may be part of another command's own start.
  checks: { ineffectiveDynamicImport: false },
  onLog(level, log, handle) {
    if (level === 'warn') throw new Error(`bundle: ${log.message}`);
    handle(level, log);
  },
});
const output = {
  dir: at('dist'),
  format: 'esm',
  sourcemap: true,
  entryFileNames: '[name].js',
  chunkFileNames: 'chunks/[name]-[hash].js',
  codeSplitting: {
    includeDependenciesRecursively: false,
    // What a module imports is shared by at least as many as the module itself, so no two of these chunks need each other.
    groups: [
      {
        debugName: 'start',
        name: (id, context) => (isOfStart(id, context) ? 'start' : null),
        priority: 2,
      },
      {
        debugName: 'yaml-models',
        name: (id, context) => (SOURCES.test(id) && readsYaml(id, context) ? 'yaml-models' : null),
        minShareCount: SHARED,
        priority: 1,
      },
      { name: 'shared', test: SOURCES, minShareCount: SHARED },
    ],
  },
};
// A bundle that cannot be made leaves the one before whole.
await bundle.generate(output);
rmSync(at('dist/chunks'), { recursive: true, force: true });
await bundle.write(output);
await bundle.close();
