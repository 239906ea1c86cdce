import { writeBinaryMap } from '../faults/map-binary.ts';
import { writeMapCsv } from '../faults/map-csv.ts';
import type { WeakCellMap } from '../faults/weak-cell-map.ts';
import { writePieces } from '../files/write-file.ts';

/** Ending of the compact binary form; any other name is written as CSV. Reading goes by the content. */
export const BINARY_MAP_ENDING = '.wcm';

/** Writes a map whole or not at all; CSV goes out in pieces, since a chip at a low voltage has millions of cells. */
export async function writeMapFile(file: string, map: WeakCellMap): Promise<void> {
  const pieces = file.replace(/\.gz$/, '').endsWith(BINARY_MAP_ENDING)
    ? [writeBinaryMap(map)]
    : writeMapCsv(map);
  await writePieces(file, pieces, 'the weak-cell map');
}
