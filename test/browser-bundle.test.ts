import { readdirSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'vite';
import { expect, it } from 'vitest';
import { PURE_ROOMS } from './floors.ts';

const SRC = fileURLToPath(new URL('../src', import.meta.url));
const ASSEMBLY = /[/\\]assembly[/\\]/;

/** Bundles one module for a browser; gives the code and every module of Node that something in it imports. */
async function bundleForBrowser(entry: string): Promise<{ code: string; ofNode: string[] }> {
  const ofNode: string[] = [];
  const entryPlugin: Plugin = {
    name: 'entry',
    enforce: 'pre',
    resolveId(id, importer) {
      if (id === 'virtual:entry') return id;
      if (isBuiltin(id)) ofNode.push(`${id} from ${importer}`);
      return undefined;
    },
    load: (id) => (id === 'virtual:entry' ? entry : undefined),
  };
  const outcome = await build({
    root: SRC,
    configFile: false,
    logLevel: 'silent',
    plugins: [entryPlugin],
    build: {
      write: false,
      minify: false,
      target: 'es2023',
      rollupOptions: { input: 'virtual:entry', preserveEntrySignatures: 'strict' },
    },
  });
  if (!('output' in outcome)) throw new Error('expected one bundle');
  return { code: outcome.output.map((part) => ('code' in part ? part.code : '')).join('\n'), ofNode };
}

const files = PURE_ROOMS.flatMap((room) =>
  readdirSync(join(SRC, room), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !ASSEMBLY.test(`${room}/${file}`))
    .map((file) => join(SRC, room, file)),
);

it('bundles every file of the pure rooms for a browser, with nothing of Node', async () => {
  const entry = files.map((file, i) => `export * as m${i} from ${JSON.stringify(file)};`).join('\n');
  const { code, ofNode } = await bundleForBrowser(entry);
  // seedrandom takes its own entropy from Node's crypto where there is one; the streams are seeded and never ask for it.
  expect(ofNode.filter((name) => !/^crypto from .*[/\\]seedrandom[/\\]/.test(name))).toEqual([]);
  expect(code.length).toBeGreaterThan(500_000);
  expect(code).toContain('createChip');
  expect(code).not.toMatch(/["'`]node:/);
}, 120_000);

it('would find a module of Node', async () => {
  const { ofNode } = await bundleForBrowser(
    "import { readFileSync } from 'node:fs'; export { readFileSync };",
  );
  expect(ofNode).toHaveLength(1);
});
