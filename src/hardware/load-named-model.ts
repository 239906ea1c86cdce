import { formatPlace, InputError, type Place } from '../errors/input-error.ts';

/**
 * Loads a model that another model's file names, such as the standard of a device. Throws what `load` throws; an
 * InputError then also says which file and line named the model, and has that place if it has none of its own.
 */
export async function loadNamedModel<T>(what: string, namedAt: Place, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const { what: fault, place, remedy } = error;
    const naming = place === undefined ? undefined : `named as its ${what} by ${formatPlace(namedAt)}`;
    const last = [remedy, remedy && naming ? `(${naming})` : naming]
      .filter((part) => part !== undefined)
      .join(' ');
    throw new InputError(fault, {
      place: place ?? namedAt,
      ...(last === '' ? {} : { remedy: last }),
      cause: error,
    });
  }
}
