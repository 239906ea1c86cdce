import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { isBinaryMap, readBinaryMap, writeBinaryMap } from '../faults/map-binary.ts';
import { type MapContext, readMapCsv, writeMapCsv } from '../faults/map-csv.ts';
import type { WeakCellMap } from '../faults/weak-cell-map.ts';
import { fileFault, writeWhole } from './files.ts';

/** Ending of the compact binary form; any other name is written as CSV. Reading goes by the content. */
export const BINARY_MAP_ENDING = '.wcm';

/**
 * Reads a weak-cell map, binary or CSV. `context` is what a CSV file does not say; a binary map says it itself.
 * Throws InputError for a file that cannot be read or is not a map.
 */
export async function readMapFile(file: string, context: Omit<MapContext, 'file'>): Promise<WeakCellMap> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(file);
  } catch (error) {
    throw fileFault(error, 'cannot read the weak-cell map', file);
  }
  return isBinaryMap(bytes)
    ? readBinaryMap(bytes, file)
    : readMapCsv(new TextDecoder().decode(bytes), { ...context, file });
}

/** Writes a map whole or not at all; CSV goes out in pieces, since a chip at a low voltage has millions of cells. */
export async function writeMapFile(file: string, map: WeakCellMap): Promise<void> {
  if (file.endsWith(BINARY_MAP_ENDING)) return writeWhole(file, writeBinaryMap(map));
  const temporary = join(dirname(resolve(file)), `.${randomBytes(6).toString('hex')}.part`);
  try {
    await mkdir(dirname(resolve(file)), { recursive: true });
    const handle = await open(temporary, 'w');
    try {
      for (const piece of writeMapCsv(map)) await handle.write(piece);
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    throw fileFault(error, 'cannot write the weak-cell map', file);
  }
}
