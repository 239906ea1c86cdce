import type { NamedBytes } from '../../src/datasets/idx.ts';

/** An IDX file of unsigned bytes with the given extents. */
export function idxFile(file: string, shape: readonly number[], data: ArrayLike<number>): NamedBytes {
  const bytes = new Uint8Array(4 + 4 * shape.length + data.length);
  const header = new DataView(bytes.buffer);
  header.setUint32(0, 0x0800 + shape.length);
  for (const [axis, extent] of shape.entries()) header.setUint32(4 + 4 * axis, extent);
  bytes.set(data, 4 + 4 * shape.length);
  return { file, bytes };
}
