import type { AddressRange } from './memory-map.ts';

/** Where the rows of a tensor lie: ranges `start[row]` to `start[row + 1]`, in the order of the row's bytes. */
export interface RowRanges {
  readonly start: Uint32Array;
  readonly address: Float64Array;
  readonly bytes: Float64Array;
}

/** Cuts the ranges of an image into those of its rows of `rowStride` bytes each. */
export function rowRanges(ranges: Iterable<AddressRange>, rows: number, rowStride: number): RowRanges {
  const start = new Uint32Array(rows + 1);
  const address: number[] = [];
  const bytes: number[] = [];
  let row = 0;
  let left = rowStride;
  for (const [first, length] of ranges) {
    for (let done = 0; done < length; ) {
      const taken = Math.min(left, length - done);
      address.push(first + done);
      bytes.push(taken);
      done += taken;
      left -= taken;
      if (left > 0) continue;
      start[++row] = address.length;
      left = rowStride;
    }
  }
  return { start, address: Float64Array.from(address), bytes: Float64Array.from(bytes) };
}
