import { InputError } from './input-error.ts';
import { quoted } from './printable.ts';

/**
 * Throws InputError, naming both columns by their numbers from 1, for a table whose header (in `line` of the file) has a
 * name twice: a cell would be read from one of the two, and nobody told which.
 */
export function requireDistinctColumns(header: readonly string[], file: string, line = 1): void {
  const seen = new Map<string, number>();
  header.forEach((name, i) => {
    const first = seen.get(name);
    if (first !== undefined)
      throw new InputError(`columns ${first + 1} and ${i + 1} are both called ${quoted(name)}`, {
        place: { file, line },
        remedy: 'give every column a name of its own, or remove one of the two',
      });
    seen.set(name, i);
  });
}
