import { isBuiltin } from 'node:module';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'vite';

const SRC = fileURLToPath(new URL('../src', import.meta.url));

/** Bundles one module for a browser; gives the code and every module of Node that something in it imports. */
export async function bundleForBrowser(entry: string): Promise<{ code: string; ofNode: string[] }> {
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
