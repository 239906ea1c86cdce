const MAGIC = [0x1f, 0x8b];

/** Bytes from the beginning of a file that `isGzip` needs. */
export const GZIP_HEAD = MAGIC.length;

/** Whether a file that begins so is gzip. */
export const isGzip = (head: Uint8Array): boolean => MAGIC.every((byte, i) => head[i] === byte);

/** A file may expand to this without question, and beyond it by at most `MAXIMUM_RATIO`; deflate's own limit is 1032. */
const FREE_EXPANSION = 2 ** 26;
export const MAXIMUM_RATIO = 500;

/** Whether compressed data that have expanded to so many bytes, out of so many, are taken for a bomb. */
export const expandsTooFar = (expanded: number, taken: number): boolean =>
  expanded > FREE_EXPANSION && expanded > taken * MAXIMUM_RATIO;
