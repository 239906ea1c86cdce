import { InputError, type Place } from './input-error.ts';

/** Obstacles that a message names one by one. */
const MOST_NAMED = 8;

/**
 * Throws one InputError that names all that is in the way, so that a user mends it in one go; does nothing where nothing is.
 * The remedy is of the first obstacle that has one.
 */
export function requireNoObstacles(obstacles: readonly InputError[], place?: Place): void {
  const [first] = obstacles;
  if (first === undefined) return;
  const remedy = obstacles.find((each) => each.remedy !== undefined)?.remedy;
  const options = { ...(place ? { place } : {}), ...(remedy === undefined ? {} : { remedy }) };
  if (obstacles.length === 1) throw new InputError(first.what, options);
  const named = obstacles.slice(0, MOST_NAMED).map(({ what }) => what);
  const more = obstacles.length > MOST_NAMED ? `; and ${obstacles.length - MOST_NAMED} more` : '';
  throw new InputError(`${obstacles.length} obstacles: ${named.join('; ')}${more}`, options);
}
