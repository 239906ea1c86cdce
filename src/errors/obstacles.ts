import { InputError, type Place } from './input-error.ts';

/** Obstacles that a message names one by one, and characters of all of them together. */
const MOST_NAMED = 8;
const MOST_CHARACTERS = 400;

/**
 * Throws one InputError that names all that is in the way, so that a user mends it in one go; does nothing where nothing is.
 * What has no room in one line is counted. The remedy is of the first obstacle that has one.
 */
export function requireNoObstacles(obstacles: readonly InputError[], place?: Place): void {
  const [first] = obstacles;
  if (first !== undefined) throw asOne([first, ...obstacles.slice(1)], place);
}

/** One InputError for all obstacles. */
export function asOne(obstacles: readonly [InputError, ...InputError[]], place?: Place): InputError {
  const [first] = obstacles;
  const remedy = obstacles.find((each) => each.remedy !== undefined)?.remedy;
  const options = { ...(place ? { place } : {}), ...(remedy === undefined ? {} : { remedy }) };
  if (obstacles.length === 1) return new InputError(first.what, options);
  const named: string[] = [];
  let room = MOST_CHARACTERS;
  for (const { what } of obstacles) {
    room -= what.length + 2;
    if (named.length === MOST_NAMED || (named.length > 0 && room < 0)) break;
    named.push(what);
  }
  const more = obstacles.length > named.length ? `; and ${obstacles.length - named.length} more` : '';
  return new InputError(`${obstacles.length} obstacles: ${named.join('; ')}${more}`, options);
}
