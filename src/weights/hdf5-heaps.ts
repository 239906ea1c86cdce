const SIGNATURE = [0x47, 0x43, 0x4f, 0x4c, 1, 0, 0, 0]; // "GCOL", version 1
const HEADER_BYTES = 16;
const ALIGNMENT = 8;

/**
 * Whether every heap of texts in an HDF5 file (its "global heap collections", with lengths of 64 bits) can be walked
 * from its first object to its end. The library goes round for ever in one whose free space claims 0 bytes.
 */
export function areHeapsSound(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = bytes.indexOf(SIGNATURE[0]!); at >= 0; at = bytes.indexOf(SIGNATURE[0]!, at + 1))
    if (SIGNATURE.every((byte, k) => bytes[at + k] === byte) && !isHeapSound(view, at)) return false;
  return true;
}

function isHeapSound(view: DataView, start: number): boolean {
  if (start + HEADER_BYTES > view.byteLength) return false;
  const end = start + Number(view.getBigUint64(start + 8, true));
  if (end > view.byteLength) return false;
  for (let at = start + HEADER_BYTES; at + HEADER_BYTES <= end; ) {
    const size = Number(view.getBigUint64(at + 8, true));
    // Object 0 is the free space, whose size counts its own header.
    const isFree = view.getUint16(at, true) === 0;
    const length = isFree ? size : HEADER_BYTES + Math.ceil(size / ALIGNMENT) * ALIGNMENT;
    if (length < HEADER_BYTES || at + length > end) return false;
    at += length;
  }
  return true;
}
