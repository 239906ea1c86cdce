import { InputError } from '../errors/input-error.ts';
import { quoted } from '../errors/printable.ts';
import { ELEMENT_BYTES, type ElementType, type Tensor, type TensorFile } from './tensor.ts';

const LENGTH_BYTES = 8;
/** The limit of the format's own reader (Hugging Face safetensors): beyond it a header is an attack. */
const MAXIMUM_HEADER_BYTES = 100_000_000;
const METADATA_KEY = '__metadata__';

/** Bytes of a safetensors file, tensors in the order of the map. The header is padded so that data begins aligned. */
export function formatSafetensors({ tensors, metadata }: TensorFile): Uint8Array {
  let end = 0;
  const entries = [...tensors].map(([name, { type, shape, bytes }]) => {
    const begin = end;
    end += bytes.length;
    return [name, { dtype: type, shape, data_offsets: [begin, end] }] as const;
  });
  const text = JSON.stringify(Object.fromEntries([[METADATA_KEY, Object.fromEntries(metadata)], ...entries]));
  const unpadded = new TextEncoder().encode(text);
  const headerBytes = Math.ceil(unpadded.length / LENGTH_BYTES) * LENGTH_BYTES;

  const file = new Uint8Array(LENGTH_BYTES + headerBytes + end);
  new DataView(file.buffer).setBigUint64(0, BigInt(headerBytes), true);
  file.fill(0x20, LENGTH_BYTES, LENGTH_BYTES + headerBytes).set(unpadded, LENGTH_BYTES);
  let at = LENGTH_BYTES + headerBytes;
  for (const { bytes } of tensors.values()) {
    file.set(bytes, at);
    at += bytes.length;
  }
  return file;
}

/**
 * Reads a safetensors file that may be hostile: nothing is allocated from its own claims. Throws InputError unless the
 * header is JSON of the known form, each tensor's bytes are what its type and shape say, and tensors cover the data
 * without gap or overlap. Tensors of element types that are not read (F8_E4M3, C64) are named as unreadable.
 */
export function parseSafetensors(file: Uint8Array, name: string): TensorFile {
  const refuse = (what: string): InputError =>
    new InputError(`not a sound safetensors file: ${what}`, { place: { file: name } });

  if (file.length < LENGTH_BYTES) throw refuse(`${file.length} bytes are too short for a header`);
  const claimed = new DataView(file.buffer, file.byteOffset, LENGTH_BYTES).getBigUint64(0, true);
  if (claimed > BigInt(Math.min(file.length - LENGTH_BYTES, MAXIMUM_HEADER_BYTES)))
    throw refuse(
      `truncated, or foreign: it claims a header of ${claimed} bytes and has ${file.length} in all`,
    );
  const dataStart = LENGTH_BYTES + Number(claimed);
  const header = parseHeader(file.subarray(LENGTH_BYTES, dataStart), refuse);
  const data = file.subarray(dataStart);

  const metadata = new Map<string, string>();
  const tensors = new Map<string, Tensor>();
  const unreadable = new Map<string, string>();
  const extents: { name: string; begin: number; end: number }[] = [];
  for (const [key, value] of Object.entries(header)) {
    if (key === METADATA_KEY) {
      if (!isRecord(value)) throw refuse(`${METADATA_KEY} is not an object`);
      for (const [word, text] of Object.entries(value)) {
        if (typeof text !== 'string') throw refuse(`${METADATA_KEY} has ${quoted(word)}, which is not text`);
        metadata.set(word, text);
      }
      continue;
    }
    const { dtype, shape, begin, end } = parseEntry(key, value, refuse);
    if (end > data.length)
      throw refuse(`truncated: tensor ${quoted(key)} ends at byte ${end} of ${data.length} bytes of data`);
    if (isElementType(dtype)) tensors.set(key, { type: dtype, shape, bytes: data.subarray(begin, end) });
    else unreadable.set(key, `its elements are ${dtype}, which are not read`);
    extents.push({ name: key, begin, end });
  }
  requireCovered(extents, data.length, refuse);
  return { tensors, metadata, unreadable };
}

/** A copy of a sound safetensors file with other bytes for these tensors, whose types and shapes stay: all else as it was. */
export function patchSafetensors(
  file: Uint8Array,
  tensors: ReadonlyMap<string, Tensor>,
  name: string,
): Uint8Array {
  const patched = file.slice();
  for (const [key, { bytes }] of parseSafetensors(file, name).tensors)
    patched.set(tensors.get(key)?.bytes ?? bytes, bytes.byteOffset - file.byteOffset);
  return patched;
}

type Refuse = (what: string) => InputError;

function parseHeader(bytes: Uint8Array, refuse: Refuse): Record<string, unknown> {
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw refuse('its header is not JSON');
  }
  if (!isRecord(header)) throw refuse('its header is not a JSON object');
  return header;
}

/** Element types of the format that are not read. */
const FOREIGN_TYPES: readonly string[] = [
  ...['F4', 'F6_E2M3', 'F6_E3M2'],
  ...['F8_E4M3', 'F8_E4M3FNUZ', 'F8_E5M2', 'F8_E5M2FNUZ', 'F8_E8M0'],
  'C64',
];

const isElementType = (dtype: string): dtype is ElementType => Object.hasOwn(ELEMENT_BYTES, dtype);

function parseEntry(
  name: string,
  entry: unknown,
  refuse: Refuse,
): { dtype: string; shape: readonly number[]; begin: number; end: number } {
  if (!isRecord(entry)) throw refuse(`the entry of tensor ${quoted(name)} is not an object`);
  const { dtype, shape, data_offsets: offsets } = entry;
  if (typeof dtype !== 'string' || !(isElementType(dtype) || FOREIGN_TYPES.includes(dtype)))
    throw refuse(
      `tensor ${quoted(name)} has the unknown dtype ${typeof dtype === 'string' ? quoted(dtype) : 'that is no text'}`,
    );
  if (!isCounts(shape)) throw refuse(`tensor ${quoted(name)} has no valid shape`);
  if (!isCounts(offsets) || offsets.length !== 2 || offsets[0]! > offsets[1]!)
    throw refuse(`tensor ${quoted(name)} has no valid data_offsets`);

  const [begin, end] = offsets as [number, number];
  if (!isElementType(dtype)) return { dtype, shape, begin, end };
  const expected = shape.reduce((product, extent) => product * extent, ELEMENT_BYTES[dtype]);
  if (end - begin !== expected)
    throw refuse(
      `tensor ${quoted(name)} has ${end - begin} bytes, ${dtype} ${shape.join(' x ')} needs ${expected}`,
    );
  return { dtype, shape, begin, end };
}

function requireCovered(
  extents: { name: string; begin: number; end: number }[],
  length: number,
  refuse: Refuse,
): void {
  extents.sort((a, b) => a.begin - b.begin || a.end - b.end);
  let covered = 0;
  for (const { name, begin, end } of extents) {
    if (begin < covered) throw refuse(`tensor ${quoted(name)} overlaps the one before it`);
    if (begin > covered)
      throw refuse(`${begin - covered} bytes before tensor ${quoted(name)} belong to none`);
    covered = end;
  }
  if (covered !== length) throw refuse(`${length - covered} bytes at its end belong to no tensor`);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isCounts(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((extent) => Number.isSafeInteger(extent) && extent >= 0);
}
