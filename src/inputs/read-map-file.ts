import { isBinaryMap, readBinaryMap } from '../faults/map-binary.ts';
import { type MapContext, readMapCsv } from '../faults/map-csv.ts';
import type { WeakCellMap } from '../faults/weak-cell-map.ts';
import { gunzipped, readBytes } from '../files/read-file.ts';
import type { NoteInput } from './recorder.ts';

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
