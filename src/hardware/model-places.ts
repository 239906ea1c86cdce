import type { Place } from '../errors/input-error.ts';

/** Where the keys of a model's file stand, by dotted path, such as "timing.tRCD" or "rails.VDD2.currents". */
export type ModelPlaces = Readonly<Record<string, Place>>;

/** The part of an InputError's options that says where. */
export interface AtPlace {
  readonly place?: Place;
}

/**
 * Where a model's file gives what is at `path`, or else the nearest above it, as a part of an InputError's options: a fault
 * that only a simulation finds then names the line to correct. Empty for a model that comes from no file.
 */
export function placeIn(places: ModelPlaces | undefined, ...path: readonly string[]): AtPlace {
  if (places === undefined) return {};
  for (let depth = path.length; depth >= 0; depth--) {
    const place = places[path.slice(0, depth).join('.')];
    if (place !== undefined) return { place };
  }
  return {};
}
