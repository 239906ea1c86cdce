import { inflateSync } from 'fflate';
import { crc32 } from '../bytes/crc32.ts';
import { InputError } from '../errors/input-error.ts';
import { quoted } from '../errors/printable.ts';

const END = { signature: 0x06054b50, bytes: 22, longestComment: 65_535 } as const;
/** The end of an archive with 64-bit numbers, and what says where that end is. */
const END_64 = { signature: 0x06064b50, bytes: 56 } as const;
const LOCATOR_64 = { signature: 0x07064b50, bytes: 20 } as const;
const ENTRY = { signature: 0x02014b50, bytes: 46 } as const;
const LOCAL = { signature: 0x04034b50, bytes: 30 } as const;
/** The extra field that holds 64-bit numbers where the fields of 32 bits are all ones. */
const EXTRA_64 = 1;
const ALL_ONES = 0xffffffff;
/** Deflate cannot expand by more than this; a larger claim is an attack. */
const LARGEST_EXPANSION = 1032;
/** Bound of all members together that are unpacked. Stored ones take no memory of their own. */
const LARGEST_CONTENT = 2 ** 28;

/** The members of an archive by name; each is unpacked and held against its CRC-32 when it is asked for. */
export type ZipMembers = ReadonlyMap<string, () => Uint8Array>;

interface Entry {
  readonly label: string;
  readonly flags: number;
  readonly method: number;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
  /** Where the member's own header begins. */
  readonly local: number;
}

export function isZip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b && (bytes[2] === 3 || bytes[2] === 5);
}

/**
 * The members of a zip archive, zip64 included. Throws InputError for an archive that is truncated, has a damaged
 * directory or names a member twice. Asking for a member throws InputError where it is encrypted, packed by another
 * method than deflate, damaged, or where the members asked for are more than 256 MiB unpacked.
 */
export function readZip(file: Uint8Array, name: string): ZipMembers {
  const refuse = (what: string): InputError =>
    new InputError(`not a sound zip archive: ${what}`, { place: { file: name } });
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const { count, start, end } = findDirectory(view, refuse);
  const members = new Map<string, () => Uint8Array>();
  let unpacked = 0;
  let at = start;
  for (let k = 0; k < count; k++) {
    const { entry, next } = readEntry(file, view, at, end, () =>
      refuse(`entry ${k + 1} of its directory is damaged (byte ${at})`),
    );
    if (members.has(entry.label)) throw refuse(`it has two members ${quoted(entry.label)}`);
    let content: Uint8Array | undefined;
    members.set(entry.label, () => {
      content ??= readMember(file, view, entry, end, refuse, (bytes) => {
        const fits = unpacked + bytes <= LARGEST_CONTENT;
        if (fits) unpacked += bytes;
        return fits;
      });
      return content;
    });
    at = next;
  }
  return members;
}

type Refuse = (what: string) => InputError;

/** Where the directory lies and how many entries it has. */
function findDirectory(view: DataView, refuse: Refuse): { count: number; start: number; end: number } {
  const end = findEnd(view);
  if (end < 0) throw refuse(`truncated: no directory at its end (byte ${view.byteLength})`);
  const count = view.getUint16(end + 10, true);
  const start = view.getUint32(end + 16, true);
  if (count !== 0xffff && start !== ALL_ONES) return { count, start, end };
  const locator = end - LOCATOR_64.bytes;
  if (locator < 0 || view.getUint32(locator, true) !== LOCATOR_64.signature) return { count, start, end };
  const end64 = Number(view.getBigUint64(locator + 8, true));
  if (end64 + END_64.bytes > locator || view.getUint32(end64, true) !== END_64.signature)
    throw refuse(`its zip64 directory is not where byte ${locator} says`);
  return {
    count: Number(view.getBigUint64(end64 + 32, true)),
    start: Number(view.getBigUint64(end64 + 48, true)),
    end: end64,
  };
}

function readEntry(
  file: Uint8Array,
  view: DataView,
  at: number,
  end: number,
  damaged: () => InputError,
): { entry: Entry; next: number } {
  if (at + ENTRY.bytes > end || view.getUint32(at, true) !== ENTRY.signature) throw damaged();
  const name = at + ENTRY.bytes;
  const extra = name + view.getUint16(at + 28, true);
  const comment = extra + view.getUint16(at + 30, true);
  const next = comment + view.getUint16(at + 32, true);
  if (next > end) throw damaged();
  // In the order in which the extra field holds those that do not fit.
  const fields = [24, 20, 42].map((offset) => view.getUint32(at + offset, true));
  const [size, packed, local] = fields.includes(ALL_ONES) ? widened(view, fields, extra, comment) : fields;
  const entry: Entry = {
    label: new TextDecoder().decode(file.subarray(name, extra)),
    flags: view.getUint16(at + 8, true),
    method: view.getUint16(at + 10, true),
    crc: view.getUint32(at + 16, true),
    size: size!,
    packed: packed!,
    local: local!,
  };
  return { entry, next };
}

/** The fields with those that are all ones taken from the zip64 extra field, where there is one. */
function widened(view: DataView, fields: readonly number[], from: number, to: number): number[] {
  for (let at = from; at + 4 <= to; at += 4 + view.getUint16(at + 2, true)) {
    if (view.getUint16(at, true) !== EXTRA_64) continue;
    let value = at + 4;
    return fields.map((field) => {
      if (field !== ALL_ONES || value + 8 > to) return field;
      value += 8;
      return Number(view.getBigUint64(value - 8, true));
    });
  }
  return [...fields];
}

function readMember(
  file: Uint8Array,
  view: DataView,
  { label, flags, method, crc, packed, size, local }: Entry,
  end: number,
  refuse: Refuse,
  take: (bytes: number) => boolean,
): Uint8Array {
  const member = `member ${quoted(label)}`;
  if (flags & 1) throw refuse(`${member} is encrypted (byte ${local})`);
  if (method !== 0 && method !== 8) throw refuse(`${member} is packed by method ${method} (byte ${local})`);
  if (local + LOCAL.bytes > end || view.getUint32(local, true) !== LOCAL.signature)
    throw refuse(`${member} has no header at byte ${local}`);
  const data = local + LOCAL.bytes + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
  if (data + packed > end) throw refuse(`truncated: ${member} ends at byte ${data + packed}`);
  if (size > packed * LARGEST_EXPANSION)
    throw refuse(`${member} claims ${size} bytes from ${packed} (byte ${local})`);
  if (method !== 0 && !take(size))
    throw refuse(`${member} brings what is unpacked to more than ${LARGEST_CONTENT / 2 ** 20} MiB`);
  const bytes = unpack(file.subarray(data, data + packed), method, size);
  if (bytes?.length !== size || crc32(bytes) !== crc)
    throw refuse(`${member} is damaged (its CRC-32 or length is wrong, byte ${data})`);
  return bytes;
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
