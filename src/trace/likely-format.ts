import { InputError } from '../errors/input-error.ts';

/**
 * What `read` gives. Where the user named a format and the file looks like another one, which is `likely`, an InputError
 * ends with that format and the flag that names it instead of its own remedy.
 */
export function orLikelyFormat<T>(likely: string | undefined, flag: string, read: () => T): T {
  if (likely === undefined) return read();
  try {
    return read();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new InputError(error.what, {
      ...(error.place === undefined ? {} : { place: error.place }),
      remedy: `the file looks like ${likely}: give ${flag}`,
      cause: error,
    });
  }
}
