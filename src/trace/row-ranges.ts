import type { AddressRange } from './memory-map.ts';

/** Where weight rows lie: ranges `start[row]` to `start[row + 1]`, in the order of the row's bytes. */
export interface RowRanges {
  readonly start: Uint32Array;
  readonly address: Float64Array;
  readonly bytes: Float64Array;
}

/** Cuts the ranges of an image into those of its rows: row r is the bytes of the image from `starts[r]` to `starts[r + 1]`. */
export function rowRanges(ranges: Iterable<AddressRange>, starts: ArrayLike<number>): RowRanges {
  const start = new Uint32Array(starts.length);
  const address: number[] = [];
  const bytes: number[] = [];
  let row = 0;
  const bytesOf = (one: number): number => starts[one + 1]! - starts[one]!;
  let left = bytesOf(0);
  for (const [first, length] of ranges) {
    for (let done = 0; done < length; ) {
      const taken = Math.min(left, length - done);
      address.push(first + done);
      bytes.push(taken);
      done += taken;
      left -= taken;
      if (left > 0) continue;
      start[++row] = address.length;
      left = bytesOf(row);
    }
  }
  return { start, address: Float64Array.from(address), bytes: Float64Array.from(bytes) };
}
