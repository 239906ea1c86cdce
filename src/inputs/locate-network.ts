import { access, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from '../errors/input-error.ts';
import { suggest } from '../errors/suggest.ts';
import { packageFolder } from '../files/package.ts';
import { isSameFile } from '../files/same-file.ts';

const ENDING = '.safetensors';
const SHIPPED_FOLDER = 'networks';

/** The file of that name, or of that shipped network. Throws InputError where there is neither. */
export async function locate(nameOrFile: string): Promise<string> {
  if (await isThere(nameOrFile)) return nameOrFile;
  const name = nameOrFile.startsWith(`${SHIPPED_FOLDER}/`)
    ? nameOrFile.slice(SHIPPED_FOLDER.length + 1)
    : nameOrFile;
  const stem = name.endsWith(ENDING) ? name.slice(0, -ENDING.length) : name;
  const shipped = await shippedNetworks();
  if (shipped.includes(stem)) return join(packageFolder, SHIPPED_FOLDER, `${stem}${ENDING}`);
  throw new InputError(`no weights "${nameOrFile}": neither a file nor a shipped network`, {
    remedy: suggest(stem, shipped, 'networks'),
  });
}

async function isThere(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

/** Names of the networks that come with the program. */
export async function shippedNetworks(): Promise<string[]> {
  const files = await readdir(join(packageFolder, SHIPPED_FOLDER));
  return files
    .filter((file) => file.endsWith(ENDING))
    .map((file) => file.slice(0, -ENDING.length))
    .sort();
}

/** Throws InputError where one of the files to be written is the file of weights that is read, also under a shipped name. */
export function requireNotOver(file: string, written: readonly (string | undefined)[]): void {
  const over = written.find((name) => name !== undefined && isSameFile(name, file));
  if (over !== undefined)
    throw new InputError(`${over} would be written over the weights that are read`, {
      place: { file },
      remedy: 'name another file',
    });
}
