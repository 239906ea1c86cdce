import { InputError, type Place } from '../../errors/input-error.ts';
import { quoted } from '../../errors/printable.ts';

/** One value of a memory specification of another program, as its file gives it. */
export interface FileValue {
  /** Section and key, such as "memtimingspec.RCD"; a key of no section stands alone. */
  readonly path: string;
  readonly text: string;
  readonly place: Place;
}

/** The values of a file, and which of them have been used. */
export interface FileValues {
  readonly file: string;
  /** The first of these paths that the file has; the case of letters does not matter. The value counts as used. */
  take(...paths: readonly string[]): FileValue | undefined;
  /** The same without counting as used. */
  look(...paths: readonly string[]): FileValue | undefined;
  /** What nobody has used, in the order of the file. */
  unused(): readonly FileValue[];
}

/** Throws InputError for a key that a section has twice: two values for one thing. */
export function createFileValues(file: string, values: readonly FileValue[]): FileValues {
  const byPath = new Map<string, FileValue>();
  for (const value of values) {
    const key = value.path.toLowerCase();
    const first = byPath.get(key);
    if (first !== undefined)
      throw new InputError(`${quoted(value.path)} is given twice, first in line ${first.place.line ?? 1}`, {
        place: value.place,
        remedy: 'remove one of them',
      });
    byPath.set(key, value);
  }
  const used = new Set<FileValue>();
  const look = (...paths: readonly string[]): FileValue | undefined => {
    for (const path of paths) {
      const value = byPath.get(path.toLowerCase());
      if (value !== undefined) return value;
    }
    return undefined;
  };
  return {
    file,
    look,
    take(...paths) {
      const value = look(...paths);
      if (value !== undefined) used.add(value);
      return value;
    },
    unused: () => values.filter((value) => !used.has(value)),
  };
}

/** The key without its section. */
export const keyOf = ({ path }: FileValue): string => path.slice(path.lastIndexOf('.') + 1);

const DECIMAL = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/;

/** The value as a number of at least 0. Throws InputError at its place. */
export function numberOf(value: FileValue): number {
  const number = DECIMAL.test(value.text) ? Number(value.text) : Number.NaN;
  if (!Number.isFinite(number) || number < 0)
    throw new InputError(`${keyOf(value)} is ${quoted(value.text)}: expected a number of at least 0`, {
      place: value.place,
    });
  return number;
}

/** The value as a whole number of at least `least`. Throws InputError at its place. */
export function wholeOf(value: FileValue, least = 1): number {
  const number = numberOf(value);
  if (!Number.isSafeInteger(number) || number < least)
    throw new InputError(
      `${keyOf(value)} is ${quoted(value.text)}: expected a whole number of at least ${least}`,
      { place: value.place },
    );
  return number;
}
