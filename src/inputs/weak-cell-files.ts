import { isBinaryMap, readBinaryMap, writeBinaryMap } from '../faults/map-binary.ts';
import { type MapContext, readMapCsv, writeMapCsv } from '../faults/map-csv.ts';
import type { WeakCellMap } from '../faults/weak-cell-map.ts';
import { gunzipped, readBytes } from '../files/read-file.ts';
import { writePieces } from '../files/write-file.ts';
import type { NoteInput } from './recorder.ts';

/** Ending of the compact binary form; any other name is written as CSV. Reading goes by the content. */
export const BINARY_MAP_ENDING = '.wcm';

/**
 * Reads a weak-cell map, binary or CSV. `context` is what a CSV file does not say; a binary map says it itself.
 * Throws InputError for a file that cannot be read or is not a map.
 */
export async function readMapFile(
  file: string,
  context: Omit<MapContext, 'file'>,
  note: NoteInput = () => {},
): Promise<WeakCellMap> {
  const stored = await readBytes(file, { what: 'cannot read the weak-cell map' });
  note('weak_cells', file, stored);
  const bytes = gunzipped(stored, file);
  return isBinaryMap(bytes)
    ? readBinaryMap(bytes, file)
    : readMapCsv(new TextDecoder().decode(bytes), { ...context, file });
}

/** Writes a map whole or not at all; CSV goes out in pieces, since a chip at a low voltage has millions of cells. */
export async function writeMapFile(file: string, map: WeakCellMap): Promise<void> {
  const pieces = file.replace(/\.gz$/, '').endsWith(BINARY_MAP_ENDING)
    ? [writeBinaryMap(map)]
    : writeMapCsv(map);
  await writePieces(file, pieces, 'the weak-cell map');
}
