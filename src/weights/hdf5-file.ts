import type { File } from 'h5wasm';
import { InputError } from '../errors/input-error.ts';
import { areHeapsSound } from './hdf5-heaps.ts';
import { type Hdf5Library, hdf5Library } from './hdf5-library.ts';
import { withBoundedMemory } from './hdf5-memory.ts';
import { hdf5Start } from './hdf5-signature.ts';
import { isStructureSound, statedLength } from './hdf5-structure.ts';

/** An HDF5 file that the library has open. */
export interface OpenHdf5 {
  readonly library: Hdf5Library;
  readonly file: File;
}

let files = 0;
/** The file on which the library has broken down. */
let failedOn: string | undefined;

/**
 * Runs `use` on the bytes of an HDF5 file that may be hostile. Throws InputError for one whose structure is not sound, and what
 * `use` throws; an error of the library is one of the file.
 */
export async function withHdf5<T>(bytes: Uint8Array, name: string, use: (open: OpenHdf5) => T): Promise<T> {
  return onDisk(bytes, name, 'r', use).then(({ value }) => value);
}

/** The bytes of the file as `change` leaves it; with the errors of `withHdf5`. */
export async function changedHdf5(
  bytes: Uint8Array,
  name: string,
  change: (open: OpenHdf5) => void,
): Promise<Uint8Array> {
  return onDisk(bytes, name, 'a', change).then(({ left }) => left());
}

async function onDisk<T>(
  bytes: Uint8Array,
  name: string,
  mode: 'r' | 'a',
  use: (open: OpenHdf5) => T,
): Promise<{ readonly value: T; left(): Uint8Array }> {
  const start = hdf5Start(bytes);
  const stated = start === undefined ? undefined : statedLength(bytes, start);
  if (start !== undefined && stated !== undefined && stated > bytes.length)
    throw new InputError(
      `not a whole HDF5 file: it has ${bytes.length} of the ${stated} bytes that it states`,
      {
        place: { file: name },
        remedy: 'copy it anew: its end is missing',
      },
    );
  if (!areHeapsSound(bytes))
    throw new InputError('not a sound HDF5 file: a heap of texts is damaged', { place: { file: name } });
  if (start === undefined || !isStructureSound(bytes, start))
    throw new InputError(
      'not a sound HDF5 file: what is in it cannot be reached, or goes round in a circle',
      { place: { file: name } },
    );
  if (failedOn !== undefined)
    throw new InputError(`the HDF5 library failed on ${failedOn}, and reads nothing more in this process`, {
      place: { file: name },
      remedy: 'leave that file out and begin anew',
    });
  const library = await hdf5Library();
  const path = `/file-${files++}.h5`;
  library.FS.writeFile(path, bytes);
  try {
    const value = withBoundedMemory(library, () => opened(library, path, mode, use));
    const content = mode === 'a' ? library.FS.readFile(path) : bytes;
    return { value, left: () => content };
  } catch (error) {
    if (error instanceof InputError) throw error;
    // A trap of WebAssembly leaves the library's memory as no call may leave it.
    if (error instanceof Error && error.name === 'RuntimeError') failedOn = name;
    throw new InputError('not a sound HDF5 file', { place: { file: name }, cause: error });
  } finally {
    library.FS.unlink(path);
  }
}

function opened<T>(library: Hdf5Library, path: string, mode: 'r' | 'a', use: (open: OpenHdf5) => T): T {
  const file = library.openFile(path, mode);
  try {
    const value = use({ library, file });
    if (mode === 'a') file.flush();
    return value;
  } finally {
    try {
      file.close();
    } catch {
      // A damaged file may refuse even this; what it held is not used.
    }
  }
}
