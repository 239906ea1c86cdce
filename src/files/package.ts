import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Folder of the package that holds hw-models/, networks/ and traces/: two up from src/files or dist/files. */
export const packageFolder = fileURLToPath(new URL('../..', import.meta.url));

/** The version that package.json names. */
export async function programVersion(): Promise<string> {
  const text = await readFile(join(packageFolder, 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
