import type { Dataset } from 'h5wasm';
import type { Hdf5Library } from './hdf5-library.ts';

/** Bytes of a pointer to a text of variable length. */
const POINTER_BYTES = 4;

/**
 * The texts of an array in C order; undefined where its elements are none. Throws the library's error for damaged texts. The library's own way
 * to read texts of variable length (`Dataset.value`) also frees them where reading failed, by pointers that were never set, and then traps.
 */
export function readTexts(library: Hdf5Library, { file_id, path, metadata }: Dataset): string[] | undefined {
  const { type, size, total_size: count, vlen, cset } = metadata;
  if (type !== library.H5T_class_t.H5T_STRING.value) return undefined;
  const each = vlen ? POINTER_BYTES : size;
  const pointer = library._malloc(Math.max(1, count * each));
  if (pointer === 0) throw new RangeError('the HDF5 library has no memory for a text');
  try {
    library.get_dataset_data(file_id, path, null, null, null, BigInt(pointer));
    const bytes = library.HEAPU8.slice(pointer, pointer + count * each);
    const texts = vlen ? pointedTo(library, bytes, cset) : fixedTexts(bytes, each, count, cset);
    // Only behind a whole read: see above.
    if (vlen) library.reclaim_vlen_memory(file_id, path, '', BigInt(pointer));
    return texts;
  } finally {
    library._free(pointer);
  }
}

const UTF8 = 1;

function pointedTo(library: Hdf5Library, { buffer }: Uint8Array, cset: number | undefined): string[] {
  return Array.from(new Uint32Array(buffer), (at) =>
    cset === UTF8 ? library.UTF8ToString(at) : library.AsciiToString(at),
  );
}

function fixedTexts(bytes: Uint8Array, each: number, count: number, cset: number | undefined): string[] {
  const decoder = new TextDecoder(cset === UTF8 ? 'utf-8' : 'ascii');
  return Array.from({ length: count }, (_, k) => {
    const text = bytes.subarray(k * each, (k + 1) * each);
    const end = text.indexOf(0);
    return decoder.decode(end < 0 ? text : text.subarray(0, end));
  });
}
