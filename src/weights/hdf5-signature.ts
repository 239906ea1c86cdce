/** Every HDF5 file has this where it begins: at byte 0, or behind a block of the user's own of 512 bytes times a power of 2. */
const SIGNATURE = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];
const SMALLEST_USER_BLOCK = 512;

export const isHdf5 = (bytes: Uint8Array): boolean => hdf5Start(bytes) !== undefined;

/** The byte at which the HDF5 file in a file begins. */
export function hdf5Start(bytes: Uint8Array): number | undefined {
  for (let at = 0; at < bytes.length; at = at === 0 ? SMALLEST_USER_BLOCK : 2 * at)
    if (SIGNATURE.every((byte, k) => bytes[at + k] === byte)) return at;
  return undefined;
}
