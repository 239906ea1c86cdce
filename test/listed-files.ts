import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * The files of a folder of `src/` in which each file exports one object with the file's name: their names in
 * alphabetical order, and the object that each exports under its own name (undefined where there is none).
 */
export async function listedFiles(folder: string): Promise<{ file: string; exported: unknown }[]> {
  const at = new URL(`../src/${folder}/`, import.meta.url);
  const files = readdirSync(fileURLToPath(at))
    .map((file) => file.replace(/\.ts$/, ''))
    .sort();
  return Promise.all(
    files.map(async (file) => {
      const values: unknown[] = Object.values(await import(new URL(`${file}.ts`, at).href));
      const exported = values.find(
        (value) => typeof value === 'object' && value !== null && 'name' in value && value.name === file,
      );
      return { file, exported };
    }),
  );
}
