import { InputError } from '../errors/input-error.ts';
import type { SourcedValue, ValueReader } from './sourced-values.ts';
import type { YamlDocument } from './yaml-document.ts';

/** A plain number from 0 to 1. Throws InputError at its place for others. */
export function probability(
  document: YamlDocument<unknown>,
  reader: ValueReader,
  path: readonly string[],
  node: SourcedValue,
): number {
  const value = reader.quantity(path, node, 'number');
  if (!(value >= 0 && value <= 1))
    throw new InputError(`${path.join('.')} is ${value}: expected a probability between 0 and 1`, {
      place: document.place(path),
    });
  return value;
}
