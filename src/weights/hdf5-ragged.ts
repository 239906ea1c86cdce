import type { Dataset, Group, Metadata } from 'h5wasm';
import { quoted } from '../errors/printable.ts';
import { elementTypeOf, filterObstacle, type Unread } from './hdf5-array.ts';
import { type Hdf5Library, isDataset } from './hdf5-library.ts';
import { ELEMENT_BYTES, type ElementType } from './tensor.ts';

/** Rows that are read at once: the library holds them while they are copied. */
const ROWS_AT_ONCE = 256;
/** Rows of an array at most. */
const MOST_ROWS = 2 ** 24;
/** What the library writes for a row: how many numbers it has, and where they lie. */
const ROW_BYTES = 8;

/** An array whose rows have different lengths: row r has the elements from offsets[r] to offsets[r + 1] (exclusive). */
export interface RaggedTensor {
  readonly type: ElementType;
  readonly offsets: Uint32Array;
  /** Little-endian, row after row. */
  readonly bytes: Uint8Array;
}

/**
 * The array of variable-length rows of that name in a group, of at most `most` numbers. Where it cannot be read, the reason: it is not
 * there, its rows are no numbers, packed by a filter that the library lacks, too large, or damaged.
 */
export function readHdf5Rows(
  library: Hdf5Library,
  group: Group,
  key: string,
  most: number,
): RaggedTensor | Unread {
  const found = group.keys().includes(key) ? group.get(key) : null;
  if (!isDataset(found)) return { reason: `it has no array ${quoted(key)}` };
  const array = `its array ${quoted(key)}`;
  const { type, shape, vlen_type: element } = found.metadata as Metadata & { readonly vlen_type?: Metadata };
  if (type !== library.H5T_class_t.H5T_VLEN.value || element === undefined)
    return {
      reason: `${array} does not have rows of variable length`,
      remedy: 'in h5py: dtype=h5py.vlen_dtype(numpy.float16)',
    };
  const numbers = elementTypeOf(library, element);
  if (numbers === undefined) return { reason: `the rows of ${array} are not numbers of a type that is read` };
  if (shape?.length !== 1)
    return { reason: `${array} has ${shape?.length ?? 0} dimensions, not one row a sample` };
  const rows = shape[0]!;
  if (rows > MOST_ROWS) return { reason: `${array} claims ${rows} rows, more than ${MOST_ROWS}` };
  const packed = filterObstacle(found);
  if (packed !== undefined)
    return { reason: `${array} ${packed}`, remedy: 'write it again with gzip, or unpacked' };
  return readRows(library, found, { numbers, rows, most, array });
}

function readRows(
  library: Hdf5Library,
  dataset: Dataset,
  want: {
    readonly numbers: ElementType;
    readonly rows: number;
    readonly most: number;
    readonly array: string;
  },
): RaggedTensor | Unread {
  const { numbers, rows, most, array } = want;
  const size = ELEMENT_BYTES[numbers];
  const offsets = new Uint32Array(rows + 1);
  const pieces: Uint8Array[] = [];
  const pointer = library._malloc(ROW_BYTES * ROWS_AT_ONCE);
  try {
    for (let row = 0; row < rows; row += ROWS_AT_ONCE) {
      const taken = Math.min(ROWS_AT_ONCE, rows - row);
      const count = [BigInt(taken)];
      library.get_dataset_data(dataset.file_id, dataset.path, count, [BigInt(row)], [1n], BigInt(pointer));
      try {
        const heads = new DataView(library.HEAPU8.buffer, pointer, ROW_BYTES * taken);
        for (let k = 0; k < taken; k++) {
          const length = heads.getUint32(ROW_BYTES * k, true);
          const start = heads.getUint32(ROW_BYTES * k + 4, true);
          const end = offsets[row + k]! + length;
          if (end > most) return { reason: `${array} has more than ${most} numbers` };
          if (start + length * size > library.HEAPU8.length) return { reason: `${array} is damaged` };
          offsets[row + k + 1] = end;
          if (length > 0) pieces.push(library.HEAPU8.slice(start, start + length * size));
        }
      } finally {
        library.reclaim_vlen_memory_count(dataset.file_id, dataset.path, '', BigInt(pointer), count);
      }
    }
  } catch (error) {
    // A trap of WebAssembly leaves the library unusable, which the caller must learn.
    if (error instanceof Error && error.name === 'RuntimeError') throw error;
    return { reason: `${array} is damaged` };
  } finally {
    library._free(pointer);
  }
  const bytes = new Uint8Array(offsets[rows]! * size);
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return { type: numbers, offsets, bytes };
}
