import { InputError } from '../../errors/input-error.ts';
import { quoted } from '../../errors/printable.ts';
import { loadStandard } from '../load-standard.ts';
import type { ModelSource } from '../model-source.ts';
import type { Standard } from '../standard.ts';
import { type FileValue, keyOf } from './file-values.ts';

/**
 * The standard that a file names, in capitals or not. Throws InputError for one that has no file in
 * `hw-models/standards/`, with the names of those that have.
 */
export async function standardOf(value: FileValue, models: ModelSource): Promise<Standard> {
  const known = await models.list('standards');
  const name = value.text.toLowerCase();
  if (!known.includes(name))
    throw new InputError(
      `${keyOf(value)} is ${quoted(value.text)}: devices of this standard cannot be imported`,
      {
        place: value.place,
        remedy: `standards that are known: ${known.join(', ')}`,
      },
    );
  return loadStandard(name, models);
}

/** Whether the standard has times within a bank group and between groups. */
export const hasBankGroups = ({ parameters }: Standard): boolean =>
  parameters.some((name) => name.endsWith('_L'));

/** Throws InputError where a file lacks a section or key without which nothing can be said. */
export function requireValue(value: FileValue | undefined, what: string, file: string): FileValue {
  if (value !== undefined) return value;
  throw new InputError(`the file gives no ${what}`, { place: { file } });
}
