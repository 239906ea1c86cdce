// Bundles the command line and its worker threads as CommonJS: a start then opens a few files in place of hundreds, whose compiled
// code can be kept (src/files/load-chunk.cts). Each command keeps a chunk of its own; large packages that few commands use stay in
// node_modules. Part of `npm run build`.
import { rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { WORKER_MODULES } from '../dist/threads/pool.js';

const root = new URL('../', import.meta.url);
const at = (path) => fileURLToPath(new URL(path, root));
const nameOf = (file) => file.replace(/\.cjs$/, '');
const entries = Object.fromEntries(
  ['cli/program.cjs', ...WORKER_MODULES].map((file) => [nameOf(file), at(`src/${nameOf(file)}.ts`)]),
);
const program = entries['cli/program'];

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
/** What `--help` needs, other than program.ts. */
function isOfStart(id, context) {
  start ??= closureOf(program, context);
  return id !== program && start.has(id);
}

/** Packages that take long to begin, of which most commands need nothing: what is used of them, from when it is first called. */
const LATER = {
  fflate: { classes: ['Gunzip'], functions: ['gzipSync', 'inflateSync', 'strToU8', 'zipSync', 'zlibSync'] },
};
const LATE = '\0later:';
const laterPackages = {
  name: 'later-packages',
  resolveId(name, importer) {
    // Commander runs programs of its own for subcommands that are files; there are none.
    if (name === 'node:child_process' && importer?.includes('/commander/')) return `${LATE}${name}`;
    return name in LATER && !importer?.startsWith(LATE) ? `${LATE}${name}` : undefined;
  },
  load(id) {
    if (!id.startsWith(LATE)) return undefined;
    const name = id.slice(LATE.length);
    const { classes = [], functions = [] } = LATER[name] ?? {};
    return [
      ...classes.map(
        (each) =>
          `export const ${each} = function (...given) { return new (require('${name}').${each})(...given); };`,
      ),
      ...functions.map(
        (each) => `export const ${each} = (...given) => require('${name}').${each}(...given);`,
      ),
    ].join('\n');
  },
};

/** Code that V8 takes from its cache cannot import by itself in Node 20: whoever loads the chunk does so for it. */
const importing = (code) =>
  code.replace(/\bimport\("([^".][^"]*)"\)/g, '(module.importPackage ?? ((name) => import(name)))("$1")');

/** Text of one byte a character takes half the time to read. Lines stay, which source maps name. */
const asAscii = (code) =>
  code.replace(/[^\0-\x7f]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);

const readsYaml = (id, context) => [...closureOf(id, context)].some((imported) => YAML.test(imported));

const bundle = await rolldown({
  cwd: fileURLToPath(root),
  input: entries,
  platform: 'node',
  plugins: [laterPackages],
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
  format: 'cjs',
  exports: 'named',
  sourcemap: true,
  entryFileNames: '[name].cjs',
  chunkFileNames: 'chunks/[name]-[hash].cjs',
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
for (const name of Object.keys(entries)) rmSync(at(`dist/${name}.cjs.compiled`), { force: true });
const { output: written } = await bundle.write(output);
for (const { type, fileName, code } of written)
  if (type === 'chunk') writeFileSync(at(`dist/${fileName}`), asAscii(importing(code)));
await bundle.close();
