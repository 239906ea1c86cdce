import { subarrayOfRow } from '../hardware/bank-index.ts';
import { clopperPearson } from '../stats/binomial.ts';
import type { Interval } from '../stats/interval.ts';
import type { Region, WeakCellMap } from './weak-cell-map.ts';

/** A part of the memory with its weak cells; `share` is weak / cells with its exact 95 % interval. */
export interface PartStatistics {
  readonly channel: number;
  readonly rank: number;
  readonly bank: number;
  readonly cells: number;
  readonly weak: number;
  readonly share: Interval;
}

export interface SubarrayStatistics extends PartStatistics {
  readonly subarray: number;
}

/** How weak cells fall on lines (the rows, or the bitlines, of each subarray). */
export interface LineStatistics {
  readonly lines: number;
  readonly linesWithWeakCells: number;
  /**
   * Variance / mean of the counts per line within a subarray, pooled over subarrays: 1 for cells strewn at random,
   * more where lines differ; undefined without weak cells.
   */
  readonly dispersion: number | undefined;
  /** The lines with the most weak cells, the worst first, each with its share and interval. */
  readonly worst: readonly (SubarrayStatistics & { readonly line: number })[];
}

export interface MapStatistics {
  readonly cells: number;
  readonly weak: number;
  /** Weak cells / cells. */
  readonly share: Interval;
  /** Mean flips of a read / cells, for data of as many ones as zeros. */
  readonly ber: number;
  readonly banks: readonly PartStatistics[];
  readonly subarrays: readonly SubarrayStatistics[];
  readonly rows: LineStatistics;
  readonly bitlines: LineStatistics;
}

const WORST = 10;

/**
 * Statistics of the cells of a map that lie in a region and fail at `supply`. The map's order brings each subarray's
 * cells together, so one array of counts a line serves all subarrays in turn.
 */
export function mapStatistics(map: WeakCellMap, region: Region, supply: number): MapStatistics {
  const { shape } = map;
  const { channels, ranks, rowsPerSubarray, rowBits } = shape;
  const rows = createLineTally(rowBits);
  const bitlines = createLineTally(rowsPerSubarray);
  const perRow = new Uint32Array(rowsPerSubarray);
  const perBitline = new Uint32Array(rowBits);
  const subarrays: SubarrayStatistics[] = [];
  const banks: PartStatistics[] = [];
  let flips = 0;
  let next = 0;
  for (let channel = 0; channel < channels; channel++)
    for (let rank = 0; rank < ranks; rank++)
      for (const bank of [...new Set(region.banks)].sort((a, b) => a - b)) {
        let bankWeak = 0;
        for (let first = region.firstRow; first < region.endRow; ) {
          const subarray = subarrayOfRow(shape, first);
          const end = Math.min(region.endRow, (subarray + 1) * rowsPerSubarray);
          const place = { channel, rank, bank };
          while (next < map.size && precedes(map, next, place, first)) next++;
          let weak = 0;
          for (; next < map.size && precedes(map, next, place, end); next++) {
            if (!(map.failureVoltage[next]! > supply)) continue;
            weak++;
            flips += (map.flips[2 * next]! + map.flips[2 * next + 1]!) / 2;
            perRow[map.row[next]! - first]!++;
            perBitline[map.bit[next]!]!++;
          }
          const here = { ...place, subarray };
          subarrays.push({ ...here, ...shareOf(weak, (end - first) * rowBits) });
          tally(rows, perRow, end - first, here, first);
          tally(bitlines, perBitline, rowBits, here, 0, end - first);
          bankWeak += weak;
          first = end;
        }
        banks.push({
          channel,
          rank,
          bank,
          ...shareOf(bankWeak, (region.endRow - region.firstRow) * rowBits),
        });
      }
  const cells = banks.reduce((sum, bank) => sum + bank.cells, 0);
  const weak = banks.reduce((sum, bank) => sum + bank.weak, 0);
  return {
    cells,
    weak,
    share: clopperPearson(weak, cells),
    ber: flips / cells,
    banks,
    subarrays,
    rows: lineStatistics(rows),
    bitlines: lineStatistics(bitlines),
  };
}

interface BankPlace {
  readonly channel: number;
  readonly rank: number;
  readonly bank: number;
}

/** Whether cell i stands before a row of a bank in the map's order. */
function precedes(map: WeakCellMap, i: number, { channel, rank, bank }: BankPlace, row: number): boolean {
  return (map.channel[i]! - channel || map.rank[i]! - rank || map.bank[i]! - bank || map.row[i]! - row) < 0;
}

const shareOf = (weak: number, cells: number) => ({ cells, weak, share: clopperPearson(weak, cells) });

type WorstLine = Omit<SubarrayStatistics, 'share'> & { readonly line: number };

interface LineTally {
  readonly cellsPerLine: number;
  readonly worst: WorstLine[];
  lines: number;
  withWeak: number;
  /** Sums over subarrays: squared deviations of counts from the subarray's mean, and what chance makes of them. */
  deviations: number;
  expected: number;
}

const createLineTally = (cellsPerLine: number): LineTally => ({
  cellsPerLine,
  worst: [],
  lines: 0,
  withWeak: 0,
  deviations: 0,
  expected: 0,
});

/** Takes up one subarray's counts a line, and clears them. */
function tally(
  into: LineTally,
  counts: Uint32Array,
  lines: number,
  place: BankPlace & { readonly subarray: number },
  firstLine: number,
  cells = into.cellsPerLine,
): void {
  let sum = 0;
  let squares = 0;
  for (let line = 0; line < lines; line++) {
    const weak = counts[line]!;
    if (weak === 0) continue;
    counts[line] = 0;
    sum += weak;
    squares += weak * weak;
    into.withWeak++;
    if (into.worst.length < WORST || weak > into.worst.at(-1)!.weak) {
      const before = into.worst.findLastIndex((other) => other.weak >= weak);
      into.worst.splice(before + 1, 0, { ...place, line: firstLine + line, cells, weak });
      if (into.worst.length > WORST) into.worst.pop();
    }
  }
  into.lines += lines;
  into.deviations += squares - (sum * sum) / lines;
  into.expected += (sum / lines) * (lines - 1);
}

function lineStatistics({ lines, withWeak, deviations, expected, worst }: LineTally): LineStatistics {
  return {
    lines,
    linesWithWeakCells: withWeak,
    dispersion: expected === 0 ? undefined : deviations / expected,
    worst: worst.map((line) => ({ ...line, ...shareOf(line.weak, line.cells) })),
  };
}
