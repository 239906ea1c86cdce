import { InputError } from '../../errors/input-error.ts';
import { quoted } from '../../errors/printable.ts';
import { sha256 } from '../../files/sha256.ts';

/** Looks up a word of a memory map among those that this program knows. Throws InputError for another. */
export type KnownWord = <T extends string | number>(
  what: string,
  value: string | number,
  words: readonly T[],
) => T;

/** The words of the map of a trace. */
export const knownWordOf =
  (trace: string): KnownWord =>
  (what, value, words) => {
    const found = words.find((word) => word === value);
    if (found !== undefined) return found;
    throw new InputError(
      `its memory map names an unknown ${what}: ${typeof value === 'string' ? quoted(value) : value}`,
      {
        place: { file: trace },
        remedy:
          'it was recorded by another version of this program; --no-accuracy replays it without its memory map',
      },
    );
  };

/** Reads the weights of a recording, from where it had them or from `given`. Throws InputError for others, and where they cannot be read. */
export async function readRecordedWeights<T extends { readonly file: string; readonly bytes: Uint8Array }>(
  { file, sha256: recorded }: { readonly file: string; readonly sha256: string },
  { trace, weights: given }: { readonly trace: string; readonly weights?: string | undefined },
  read: (name: string) => Promise<T>,
): Promise<T> {
  const remedy = 'name the file with these weights: --weights FILE; or --no-accuracy for energy alone';
  const stored =
    given === undefined
      ? await readNamed(`the weights that ${trace} was recorded of`, remedy, () => read(file))
      : await read(given);
  const found = sha256(stored.bytes);
  if (found === recorded) return stored;
  throw new InputError(
    `these are not the weights that ${trace} was recorded of: ${hashesInWords(found, recorded)}`,
    { place: { file: stored.file }, remedy },
  );
}

/** The same of what it was shown: `samples` are its images, or its events. */
export async function readRecordedSamples<T>(
  { dataset: name, sha256: recorded }: { readonly dataset: string; readonly sha256: string },
  { trace, dataset: given }: { readonly trace: string; readonly dataset?: string | undefined },
  samples: 'images' | 'events',
  read: (name: string) => Promise<T>,
  hashOf: (read: T) => string,
): Promise<T> {
  const what = samples === 'images' ? 'folder with these images' : 'file or folder with these events';
  const remedy = `name the ${what}: --dataset DIR; or --no-accuracy for energy alone`;
  const dataset =
    given === undefined
      ? await readNamed(`the ${samples} that ${trace} was recorded of`, remedy, () => read(name))
      : await read(given);
  const found = hashOf(dataset);
  if (found === recorded) return dataset;
  throw new InputError(
    `the test ${samples} of ${given ?? name} are not those that ${trace} was recorded of: ${hashesInWords(found, recorded)}`,
    { remedy },
  );
}

/** Reads what a recording names; an InputError then says what it was for, and what to do. */
async function readNamed<T>(what: string, remedy: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new InputError(`${what} cannot be read: ${error.what}`, { remedy, cause: error });
  }
}

const hashesInWords = (found: string, recorded: string): string =>
  `SHA-256 ${found.slice(0, 16)}..., recorded ${recorded.slice(0, 16)}...`;
