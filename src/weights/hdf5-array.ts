import type { Dataset, Group, Metadata } from 'h5wasm';
import { quoted } from '../errors/printable.ts';
import { type Hdf5Library, isDataset } from './hdf5-library.ts';
import { readTexts } from './hdf5-text.ts';
import { ELEMENT_BYTES, type ElementType, type Tensor } from './tensor.ts';

/** Elements of one array at most: compressed ones may claim any number. Six times the largest network of the paper. */
const LARGEST_ARRAY = 2 ** 24;
/** Elements of one chunk at most, which is unpacked whole. */
const LARGEST_CHUNK = 2 ** 25;
/** Bytes of a text of fixed length at most. */
const LONGEST_TEXT = 2 ** 20;

/** Filters that the library can undo (HDF5's own), by their registered numbers. */
const KNOWN_FILTERS: ReadonlySet<number> = new Set([1, 2, 3, 5, 6]);
/** Registered numbers of filters that others use, for messages; the file itself may not name them. */
const FILTER_NAMES: Readonly<Record<number, string>> = {
  4: 'SZIP',
  307: 'BZIP2',
  32000: 'LZF',
  32001: 'Blosc',
  32004: 'LZ4',
  32008: 'Bitshuffle',
  32013: 'ZFP',
  32015: 'Zstandard',
  32026: 'Blosc2',
};

/** Element types by class (whole or floating point), size and sign, whatever the order of their bytes. */
const WHOLE: Readonly<Record<number, readonly [unsigned: ElementType, signed: ElementType]>> = {
  1: ['U8', 'I8'],
  2: ['U16', 'I16'],
  4: ['U32', 'I32'],
  8: ['U64', 'I64'],
};
const FLOATING: Readonly<Record<number, ElementType>> = { 2: 'F16', 4: 'F32', 8: 'F64' };

/** Why an array cannot be read, and what to do. */
export interface Unread {
  readonly reason: string;
  readonly remedy?: string;
}

/**
 * The array of that name in a group, little-endian whatever the file has; of no dimensions for a scalar. Where it cannot
 * be read, the reason: it is not there, no numbers, packed by a filter that the library lacks, too large, or damaged.
 */
export function readHdf5Array(library: Hdf5Library, group: Group, key: string): Tensor | Unread {
  const found = group.keys().includes(key) ? group.get(key) : null;
  if (!isDataset(found)) return { reason: `it has no array ${quoted(key)}` };
  const array = `its array ${quoted(key)}`;
  const { shape, total_size: count, chunks } = found.metadata;
  const element = elementTypeOf(library, found.metadata);
  if (element === undefined)
    return {
      reason: `${array} has elements of a type that is not read (${typeName(library, found)})`,
      remedy: 'whole numbers of 8 to 64 bits and floating point of 16, 32 and 64 bits are read',
    };
  if (shape === null) return { reason: `${array} is empty` };
  if (count > LARGEST_ARRAY)
    return { reason: `${array} claims ${shape.join(' x ')} elements, more than ${LARGEST_ARRAY}` };
  if (chunks && chunks.reduce((product, extent) => product * extent, 1) > LARGEST_CHUNK)
    return { reason: `${array} has chunks of ${chunks.join(' x ')} elements, more than ${LARGEST_CHUNK}` };
  const packed = filterObstacle(found);
  if (packed !== undefined)
    return {
      reason: `${array} ${packed}`,
      remedy: 'write it again with gzip, or unpacked: nir.write(FILE, graph, compression="gzip")',
    };
  const bytes = readBytes(library, found, count * ELEMENT_BYTES[element]);
  return bytes ? { type: element, shape: [...shape], bytes } : { reason: `${array} is damaged` };
}

/** The type of numbers of an array or of its rows; undefined for anything but numbers of a size that is read. */
export function elementTypeOf(
  library: Hdf5Library,
  { type, size, signed }: Pick<Metadata, 'type' | 'size' | 'signed'>,
): ElementType | undefined {
  if (type === library.H5T_class_t.H5T_INTEGER.value) return WHOLE[size]?.[signed ? 1 : 0];
  return type === library.H5T_class_t.H5T_FLOAT.value ? FLOATING[size] : undefined;
}

/** "is packed with the filter ..., which is not read" where the library cannot undo a filter of the array. */
export function filterObstacle({ filters }: Dataset): string | undefined {
  const strange = filters.find(({ id }) => !KNOWN_FILTERS.has(id));
  return (
    strange &&
    `is packed with the filter ${FILTER_NAMES[strange.id] ?? `${quoted(strange.name)} (${strange.id})`}, which is not read`
  );
}

/** The bytes as the library has them, which turns any order of bytes into little-endian; undefined if it fails. */
function readBytes(library: Hdf5Library, { file_id, path }: Dataset, length: number): Uint8Array | undefined {
  const pointer = library._malloc(Math.max(1, length));
  try {
    library.get_dataset_data(file_id, path, null, null, null, BigInt(pointer));
    return library.HEAPU8.slice(pointer, pointer + length);
  } catch {
    return undefined;
  } finally {
    library._free(pointer);
  }
}

/**
 * Writes the values of an array that is there, of the tensor's type and shape: little-endian ones, which the library turns into
 * the order of the file. Throws an error of the library where it cannot.
 */
export function writeHdf5Array(
  library: Hdf5Library,
  group: Group,
  key: string,
  { bytes, shape }: Tensor,
): void {
  const { file_id, path } = group.get(key) as Dataset;
  if (bytes.length === 0) return;
  const pointer = library._malloc(bytes.length);
  try {
    library.HEAPU8.set(bytes, pointer);
    const each = (value: (extent: number) => number): bigint[] =>
      shape.map((extent) => BigInt(value(extent)));
    const count = each((extent) => extent);
    library.set_dataset_data(
      file_id,
      path,
      count,
      each(() => 0),
      each(() => 1),
      BigInt(pointer),
    );
  } finally {
    library._free(pointer);
  }
}

function typeName(library: Hdf5Library, { metadata }: Dataset): string {
  const { type, size } = metadata;
  // The library's list holds other things than classes, too.
  const classes = Object.entries(library.H5T_class_t) as [string, { readonly value?: number } | undefined][];
  const name = classes.find(([, each]) => each?.value === type)?.[0];
  return `${(name ?? 'unknown').replace('H5T_', '').toLowerCase()}, ${size} bytes`;
}

/** The text of that name in a group; undefined for anything but one text of moderate length. */
export function readHdf5Text(library: Hdf5Library, group: Group, key: string): string | undefined {
  const found = group.keys().includes(key) ? group.get(key) : null;
  if (!isDataset(found) || found.shape?.length !== 0 || found.metadata.size > LONGEST_TEXT) return undefined;
  return readTexts(library, found)?.[0];
}

/** A matrix of texts with two columns, row by row; undefined for anything else, and for more than `most` rows. */
export function readHdf5Pairs(
  library: Hdf5Library,
  group: Group,
  key: string,
  most: number,
): string[][] | undefined {
  const found = group.keys().includes(key) ? group.get(key) : null;
  if (!isDataset(found) || found.shape?.length !== 2) return undefined;
  const [rows, columns] = found.shape as [number, number];
  if (columns !== 2 || rows > most || found.metadata.size > LONGEST_TEXT / most) return undefined;
  const texts = readTexts(library, found);
  return texts && Array.from({ length: rows }, (_, k) => texts.slice(2 * k, 2 * k + 2));
}
