import { inflateSync } from 'fflate';
import { crc32 } from '../bytes/crc32.ts';
import { InputError } from '../errors/input-error.ts';

const END = { signature: 0x06054b50, bytes: 22, longestComment: 65_535 } as const;
const ENTRY = { signature: 0x02014b50, bytes: 46 } as const;
const LOCAL = { signature: 0x04034b50, bytes: 30 } as const;
/** Deflate cannot expand by more than this; a larger claim is an attack. */
const LARGEST_EXPANSION = 1032;
/** Bound of all members together, unpacked. */
const LARGEST_CONTENT = 2 ** 30;

export function isZip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b && (bytes[2] === 3 || bytes[2] === 5);
}

/**
 * The members of a zip archive by name, stored or deflated, each held against its CRC-32. Throws InputError for an
 * archive that is truncated, damaged, encrypted or zip64, names a member twice, or claims more than 1 GiB.
 */
export function readZip(file: Uint8Array, name: string): Map<string, Uint8Array> {
  const refuse = (what: string): InputError =>
    new InputError(`not a sound zip archive: ${what}`, { place: { file: name } });
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const end = findEnd(view);
  if (end < 0) throw refuse(`truncated: no directory at its end (byte ${file.length})`);
  const count = view.getUint16(end + 10, true);
  let at = view.getUint32(end + 16, true);
  if (count === 0xffff || at === 0xffffffff) throw refuse(`zip64 archives are not read (byte ${end})`);

  const members = new Map<string, Uint8Array>();
  let total = 0;
  for (let k = 0; k < count; k++) {
    if (at + ENTRY.bytes > end || view.getUint32(at, true) !== ENTRY.signature)
      throw refuse(`entry ${k + 1} of its directory is damaged (byte ${at})`);
    const [flags, method] = [view.getUint16(at + 8, true), view.getUint16(at + 10, true)];
    const crc = view.getUint32(at + 16, true);
    const [packed, size] = [view.getUint32(at + 20, true), view.getUint32(at + 24, true)];
    const [nameBytes, extraBytes] = [view.getUint16(at + 28, true), view.getUint16(at + 30, true)];
    const local = view.getUint32(at + 42, true);
    const label = new TextDecoder().decode(file.subarray(at + ENTRY.bytes, at + ENTRY.bytes + nameBytes));
    at += ENTRY.bytes + nameBytes + extraBytes + view.getUint16(at + 32, true);

    if (members.has(label)) throw refuse(`it has two members "${label}"`);
    if (flags & 1) throw refuse(`member "${label}" is encrypted (byte ${local})`);
    if (method !== 0 && method !== 8)
      throw refuse(`member "${label}" is packed by method ${method} (byte ${local})`);
    if (local + LOCAL.bytes > end || view.getUint32(local, true) !== LOCAL.signature)
      throw refuse(`member "${label}" has no header at byte ${local}`);
    const data = local + LOCAL.bytes + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
    if (data + packed > end) throw refuse(`truncated: member "${label}" ends at byte ${data + packed}`);
    total += size;
    if (total > LARGEST_CONTENT || size > packed * LARGEST_EXPANSION)
      throw refuse(`member "${label}" claims ${size} bytes from ${packed} (byte ${local})`);
    const bytes = unpack(file.subarray(data, data + packed), method, size);
    if (bytes?.length !== size || crc32(bytes) !== crc)
      throw refuse(`member "${label}" is damaged (its CRC-32 or length is wrong, byte ${data})`);
    members.set(label, bytes);
  }
  return members;
}

function unpack(packed: Uint8Array, method: number, size: number): Uint8Array | undefined {
  if (method === 0) return packed;
  try {
    return inflateSync(packed, { out: new Uint8Array(size) });
  } catch {
    return undefined;
  }
}

/** The last record of the archive, behind which only a comment of the length it states may stand; -1 for none. */
function findEnd(view: DataView): number {
  const last = view.byteLength - END.bytes;
  for (let at = last; at >= Math.max(0, last - END.longestComment); at--)
    if (
      view.getUint32(at, true) === END.signature &&
      at + END.bytes + view.getUint16(at + 20, true) === view.byteLength
    )
      return at;
  return -1;
}
