import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/**
 * The browser builds of vega, vega-lite and vega-embed, in the order in which a page needs them. They go into the
 * report whole, so that it opens offline and for ever.
 */
export async function vegaScripts(): Promise<string[]> {
  const require = createRequire(import.meta.url);
  return Promise.all(
    ['vega', 'vega-lite', 'vega-embed'].map(async (name) => {
      const folder = packageFolderOf(require.resolve.paths(name) ?? [], name);
      return readFile(join(await folder, 'build', `${name}.min.js`), 'utf8');
    }),
  );
}

/** The packages export no path to their builds, so their folder is looked for as Node does. */
async function packageFolderOf(paths: readonly string[], name: string): Promise<string> {
  for (const path of paths) {
    const manifest = join(path, name, 'package.json');
    const found = await readFile(manifest).then(
      () => true,
      () => false,
    );
    if (found) return dirname(manifest);
  }
  throw new Error(`the package ${name} is not installed`);
}
