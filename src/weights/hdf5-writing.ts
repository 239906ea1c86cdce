import type { File, Group } from 'h5wasm';
import { hdf5Library } from './hdf5-library.ts';

let files = 0;

/** The bytes of an HDF5 file that `write` fills: the same ones for the same content, at any time. */
export async function writtenHdf5(write: (file: File) => void): Promise<Uint8Array> {
  const { FS, openFile } = await hdf5Library();
  const path = `/written-${files++}.h5`;
  withoutClock(() => {
    const file = openFile(path, 'w');
    write(file);
    file.flush();
    file.close();
  });
  const bytes = FS.readFile(path);
  FS.unlink(path);
  return bytes;
}

/**
 * Runs `write` with the time 0. HDF5 stamps every object with the time, which the library lets no one turn off; the same
 * network must be the same bytes. `write` is synchronous, so nothing else sees the clock stand still.
 */
function withoutClock(write: () => void): void {
  const { now } = Date;
  Date.now = () => 0;
  try {
    write();
  } finally {
    Date.now = now;
  }
}

/** Texts of a group by name. */
export function texts(group: Group | File, values: Readonly<Record<string, string>>): void {
  for (const [name, data] of Object.entries(values)) group.create_dataset({ name, data });
}
