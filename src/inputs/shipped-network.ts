import { InputError } from '../errors/input-error.ts';
import { suggest } from '../errors/suggest.ts';

/** Of the files of networks that come with the program, and their folder. */
export const ENDING = '.safetensors';
export const SHIPPED_FOLDER = 'networks';

/**
 * The name of the shipped network that a name stands for, which may have the folder before it and the ending behind it.
 * Throws InputError where it stands for none.
 */
export function shippedName(given: string, shipped: readonly string[]): string {
  const name = given.startsWith(`${SHIPPED_FOLDER}/`) ? given.slice(SHIPPED_FOLDER.length + 1) : given;
  const stem = name.endsWith(ENDING) ? name.slice(0, -ENDING.length) : name;
  if (shipped.includes(stem)) return stem;
  throw new InputError(`no weights "${given}": neither a file nor a shipped network`, {
    remedy: suggest(stem, shipped, 'networks'),
  });
}
