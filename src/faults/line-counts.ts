import { bankLevels, subarrayIndex } from '../hardware/bank-index.ts';
import type { WeakCellMap } from './weak-cell-map.ts';

/** How weak cells of one subarray fall on its lines: `count[i]` cells on each of `lines[i]` lines. */
export interface LineCounts {
  /** Weak cells / cells of the subarray. */
  readonly share: number;
  readonly count: readonly number[];
  readonly lines: readonly number[];
}

/** Cells of a line, and for every subarray with weak cells the histogram of their number per line. */
export interface LineData {
  readonly linesPerSubarray: number;
  readonly cellsPerLine: number;
  readonly subarrays: readonly LineCounts[];
}

/** Counts along bitlines or rows of each subarray, over the cells of a map that fail at `supply`. */
export function countLines(map: WeakCellMap, supply: number, along: 'bitlines' | 'rows'): LineData {
  const levels = bankLevels(map.shape);
  const { rowsPerSubarray, rowBits } = map.shape;
  const linesPerSubarray = along === 'bitlines' ? rowBits : rowsPerSubarray;
  const cellsPerLine = along === 'bitlines' ? rowsPerSubarray : rowBits;
  const bySubarray = new Map<number, Map<number, number>>();
  for (let i = 0; i < map.size; i++) {
    if (!(map.failureVoltage[i]! > supply)) continue;
    const row = map.row[i]!;
    const subarray = subarrayIndex(levels, map.channel[i]!, map.rank[i]!, map.bank[i]!, row);
    const line = along === 'bitlines' ? map.bit[i]! : row % rowsPerSubarray;
    let counts = bySubarray.get(subarray);
    if (!counts) {
      counts = new Map();
      bySubarray.set(subarray, counts);
    }
    counts.set(line, (counts.get(line) ?? 0) + 1);
  }
  const subarrays = [...bySubarray.values()].map((counts): LineCounts => {
    const histogram = new Map([[0, linesPerSubarray - counts.size]]);
    let weak = 0;
    for (const count of counts.values()) {
      histogram.set(count, (histogram.get(count) ?? 0) + 1);
      weak += count;
    }
    return {
      share: weak / (linesPerSubarray * cellsPerLine),
      count: [...histogram.keys()],
      lines: [...histogram.values()],
    };
  });
  return { linesPerSubarray, cellsPerLine, subarrays };
}
