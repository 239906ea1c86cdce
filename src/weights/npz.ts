import { zipSync } from 'fflate';
import { InputError } from '../errors/input-error.ts';
import { quoted } from '../errors/printable.ts';
import { formatNpy, parseNpy } from './npy.ts';
import type { Tensor, TensorFile } from './tensor.ts';
import type { ZipMembers } from './zip.ts';

/** The array of bytes that carries the metadata, a JSON object of texts. */
const METADATA = 'metadata';
const ENDING = '.npy';

/**
 * Bytes of an .npz archive as `numpy.savez` lays it out: stored, an array a member; metadata, if there are any, as one more.
 * The same content, the same bytes.
 */
export function formatNpz({ tensors, metadata }: TensorFile, name: string): Uint8Array {
  const arrays = [...tensors];
  // An archive without members is not read.
  if (metadata.size > 0 || tensors.size === 0) {
    const text = new TextEncoder().encode(JSON.stringify(Object.fromEntries(metadata)));
    arrays.push([METADATA, { type: 'U8', shape: [text.length], bytes: text }]);
  }
  const members = Object.fromEntries(
    arrays.map(([key, array]) => [`${key}${ENDING}`, formatNpy(array, name)]),
  );
  // The earliest time that zip can say, in local time as zip says it: no clock, no time zone in the bytes.
  return zipSync(members, { level: 0, mtime: new Date(1980, 0, 1) });
}

/**
 * Reads the members of an .npz archive; those that are no arrays of numbers are named as unreadable. Throws InputError
 * where no member is an array.
 */
export function parseNpz(members: ZipMembers, name: string): TensorFile {
  const names = [...members.keys()];
  if (!names.some((member) => member.endsWith(ENDING)))
    throw new InputError(
      names.length === 0
        ? 'the archive is empty'
        : `member ${quoted(names[0]!)} of the archive is not a .npy array`,
      { place: { file: name }, remedy: 'write the weights with numpy.savez or torch.save' },
    );
  const tensors = new Map<string, Tensor>();
  const unreadable = new Map<string, string>();
  for (const [member, content] of members) {
    if (!member.endsWith(ENDING)) {
      unreadable.set(member, 'it is not a .npy array');
      continue;
    }
    const key = member.slice(0, -ENDING.length);
    try {
      tensors.set(key, parseNpy(content(), `${name}/${member}`));
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      unreadable.set(key, error.what);
    }
  }
  const text = tensors.get(METADATA);
  const metadata = text && parseMetadata(text);
  if (metadata) tensors.delete(METADATA);
  return { tensors, metadata: metadata ?? new Map(), unreadable };
}

/** The texts of a JSON object; undefined for an array that holds something else, which may be another program's. */
function parseMetadata({ type, bytes }: Tensor): Map<string, string> | undefined {
  if (type !== 'U8') return undefined;
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const entries = Object.entries(value);
  return entries.every((entry): entry is [string, string] => typeof entry[1] === 'string')
    ? new Map(entries)
    : undefined;
}
