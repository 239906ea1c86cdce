import { InvalidArgumentError } from 'commander';
import { suggest } from '../errors/suggest.ts';
import { ERROR_MODEL_IDS, type ErrorModelId } from '../faults/error-model.ts';

/** Parsers for option values; what they refuse is a usage error (exit code 2). */

/** A whole number of at least `least`. */
export function wholeNumber(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || !Number.isSafeInteger(value) || value < least)
      throw new InvalidArgumentError(`expected a whole number of at least ${least}.`);
    return value;
  };
}

/** A number between two bounds, both allowed. */
export function numberBetween(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = text.trim() === '' ? Number.NaN : Number(text);
    if (!(value >= least && value <= most))
      throw new InvalidArgumentError(`expected a number from ${least} to ${most}.`);
    return value;
  };
}

/** "1%" or "0.01" as a fraction between 0 and 1. */
export function fraction(text: string): number {
  const percent = /^(\d+(?:\.\d+)?)\s*%$/.exec(text);
  const value = percent ? Number(percent[1]) / 100 : text.trim() === '' ? Number.NaN : Number(text);
  if (!(value >= 0 && value <= 1)) throw new InvalidArgumentError('expected a share such as 1% or 0.01.');
  return value;
}

/** One of the known words. */
export function oneOf<T extends string>(known: readonly T[], kind: string): (text: string) => T {
  return (text) => {
    const found = known.find((word) => word === text);
    if (found === undefined) throw new InvalidArgumentError(`${suggest(text, known, kind)}.`);
    return found;
  };
}

/** Known words separated by commas, each once, in the order given. */
export function listOf<T extends string>(known: readonly T[], kind: string): (text: string) => T[] {
  const one = oneOf(known, kind);
  return (text) => [...new Set(text.split(',').map((word) => one(word.trim())))];
}

/** The number of one of EDEN's error models. */
export function errorModelId(text: string): ErrorModelId {
  const found = ERROR_MODEL_IDS.find((id) => String(id) === text);
  if (found === undefined) throw new InvalidArgumentError(`the models are ${ERROR_MODEL_IDS.join(', ')}.`);
  return found;
}
