import type { Dataset, Entity, File, Group } from 'h5wasm';

type Hdf5Module = typeof import('h5wasm');

/** The library, and how it opens a file that lies in its own memory. */
export interface Hdf5Library extends Awaited<Hdf5Module['ready']> {
  openFile(path: string, mode: 'r' | 'a' | 'w'): File;
}

let loaded: Promise<Hdf5Library> | undefined;

/** The library, once it has loaded. */
export async function hdf5Library(): Promise<Hdf5Library> {
  loaded ??= load();
  return loaded;
}

/** It is an ES module alone, and large: nothing imports it that a start may need. */
async function load(): Promise<Hdf5Library> {
  const { File, ready } = await import('h5wasm');
  const library = await ready;
  // Without this the library prints its errors and goes on.
  library.activate_throwing_error_handler();
  return Object.assign(library, { openFile: (path: string, mode: 'r' | 'a' | 'w') => new File(path, mode) });
}

export const isGroup = (found: Entity | null): found is Group => typeOf(found) === 'Group';
export const isDataset = (found: Entity | null): found is Dataset => typeOf(found) === 'Dataset';

const typeOf = (found: Entity | null): unknown => found && 'type' in found && found.type;
