import { zipSync } from 'fflate';
import { InputError } from '../errors/input-error.ts';
import { formatNpy, parseNpy } from './npy.ts';
import type { Tensor, TensorFile } from './safetensors.ts';

/** The array of bytes that carries the metadata, a JSON object of texts. */
const METADATA = 'metadata';
const ENDING = '.npy';

/** Bytes of an .npz archive as `numpy.savez` lays it out: stored, an array a member. The same content, the same bytes. */
export function formatNpz({ tensors, metadata }: TensorFile, name: string): Uint8Array {
  const text = new TextEncoder().encode(JSON.stringify(Object.fromEntries(metadata)));
  const arrays: [string, Tensor][] = [
    ...tensors,
    [METADATA, { type: 'U8', shape: [text.length], bytes: text }],
  ];
  const members = Object.fromEntries(
    arrays.map(([key, array]) => [`${key}${ENDING}`, formatNpy(array, name)]),
  );
  // The earliest time that zip can say, in local time as zip says it: no clock, no time zone in the bytes.
  return zipSync(members, { level: 0, mtime: new Date(1980, 0, 1) });
}

/** Reads the members of an .npz archive. Throws InputError for members that are not arrays of numbers, and metadata that is not texts. */
export function parseNpz(members: ReadonlyMap<string, Uint8Array>, name: string): TensorFile {
  const tensors = new Map<string, Tensor>();
  for (const [member, bytes] of members) {
    if (!member.endsWith(ENDING))
      throw new InputError(`member "${member}" of the archive is not a .npy array`, {
        place: { file: name },
        remedy: 'write the weights with numpy.savez or torch.save',
      });
    tensors.set(member.slice(0, -ENDING.length), parseNpy(bytes, `${name}/${member}`));
  }
  const text = tensors.get(METADATA);
  tensors.delete(METADATA);
  return { tensors, metadata: text ? parseMetadata(text, name) : new Map() };
}

function parseMetadata({ bytes }: Tensor, name: string): Map<string, string> {
  const refused = new InputError(`array "${METADATA}" is not the bytes of a JSON object of texts`, {
    place: { file: name },
  });
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw refused;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw refused;
  return new Map(
    Object.entries(value).map(([key, content]) => {
      if (typeof content !== 'string') throw refused;
      return [key, content];
    }),
  );
}
