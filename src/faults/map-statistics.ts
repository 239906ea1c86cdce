import { clopperPearson } from '../stats/binomial.ts';
import type { Interval } from '../stats/interval.ts';
import { type MapShape, type Region, rowsOf, type WeakCellMap } from './weak-cell-map.ts';

/** A part of the memory with its weak cells; `share` is weak / cells with its exact 95 % interval. */
export interface PartStatistics {
  readonly channel: number;
  readonly rank: number;
  readonly bank: number;
  /** Absent for a whole bank. */
  readonly subarray?: number;
  readonly cells: number;
  readonly weak: number;
  readonly share: Interval;
}

/** How weak cells fall on lines (the rows, or the bitlines, of each subarray). */
export interface LineStatistics {
  readonly lines: number;
  readonly linesWithWeakCells: number;
  /**
   * Variance / mean of the counts per line within a subarray, pooled over subarrays: 1 for cells strewn at random,
   * more where lines differ.
   */
  readonly dispersion: number;
  /** The lines with the most weak cells, the worst first, each with its share and interval. */
  readonly worst: readonly (PartStatistics & { readonly line: number })[];
}

export interface MapStatistics {
  readonly cells: number;
  readonly weak: number;
  /** Weak cells / cells. */
  readonly share: Interval;
  /** Mean flips of a read / cells, for data of as many ones as zeros. */
  readonly ber: number;
  readonly banks: readonly PartStatistics[];
  readonly subarrays: readonly PartStatistics[];
  readonly rows: LineStatistics;
  readonly bitlines: LineStatistics;
}

const WORST = 10;

/** Statistics of the cells of a map that lie in a region and fail at `supply`. */
export function mapStatistics(map: WeakCellMap, region: Region, supply: number): MapStatistics {
  const { shape } = map;
  const inRegion = new Set(region.banks);
  const { ranks, banks, rowsPerSubarray } = shape;
  const subarrayWeak = new Map<number, number>();
  const bankWeak = new Map<number, number>();
  const rowWeak = new Map<number, number>();
  const bitlineWeak = new Map<number, number>();
  const perBank = Math.ceil(shape.rows / rowsPerSubarray);
  let weak = 0;
  let flips = 0;
  for (let i = 0; i < map.size; i++) {
    const row = map.row[i]!;
    if (!(map.failureVoltage[i]! > supply) || !inRegion.has(map.bank[i]!)) continue;
    if (row < region.firstRow || row >= region.endRow) continue;
    weak++;
    flips += (map.flips[2 * i]! + map.flips[2 * i + 1]!) / 2;
    const bank = (map.channel[i]! * ranks + map.rank[i]!) * banks + map.bank[i]!;
    const subarray = bank * perBank + Math.floor(row / rowsPerSubarray);
    add(bankWeak, bank);
    add(subarrayWeak, subarray);
    add(rowWeak, bank * shape.rows + row);
    add(bitlineWeak, subarray * shape.rowBits + map.bit[i]!);
  }

  const rowsOfSubarray = new Map<number, number>();
  for (const { channel, rank, bank, row } of rowsOf(shape, region))
    add(
      rowsOfSubarray,
      ((channel * ranks + rank) * banks + bank) * perBank + Math.floor(row / rowsPerSubarray),
    );
  const subarrays = [...rowsOfSubarray].map(([index, rows]) => ({
    ...placeOf(shape, Math.floor(index / perBank)),
    subarray: index % perBank,
    ...shareOf(subarrayWeak.get(index) ?? 0, rows * shape.rowBits),
  }));
  const rowsOfBank = new Map<number, number>();
  for (const [index, rows] of rowsOfSubarray) add(rowsOfBank, Math.floor(index / perBank), rows);
  const cells = [...rowsOfBank.values()].reduce((sum, rows) => sum + rows * shape.rowBits, 0);
  return {
    cells,
    weak,
    share: clopperPearson(weak, cells),
    ber: flips / cells,
    banks: [...rowsOfBank].map(([bank, rows]) => ({
      ...placeOf(shape, bank),
      ...shareOf(bankWeak.get(bank) ?? 0, rows * shape.rowBits),
    })),
    subarrays,
    rows: {
      ...lineStatistics(
        rowWeak,
        subarrayWeak,
        rowsOfSubarray,
        (row) => Math.floor(row / shape.rows) * perBank + Math.floor((row % shape.rows) / rowsPerSubarray),
      ),
      worst: worstOf(rowWeak).map(([row, count]) => ({
        ...placeOf(shape, Math.floor(row / shape.rows)),
        subarray: Math.floor((row % shape.rows) / rowsPerSubarray),
        line: row % shape.rows,
        ...shareOf(count, shape.rowBits),
      })),
    },
    bitlines: {
      ...lineStatistics(
        bitlineWeak,
        subarrayWeak,
        new Map([...rowsOfSubarray.keys()].map((subarray) => [subarray, shape.rowBits])),
        (bitline) => Math.floor(bitline / shape.rowBits),
      ),
      worst: worstOf(bitlineWeak).map(([bitline, count]) => {
        const subarray = Math.floor(bitline / shape.rowBits);
        return {
          ...placeOf(shape, Math.floor(subarray / perBank)),
          subarray: subarray % perBank,
          line: bitline % shape.rowBits,
          ...shareOf(count, rowsOfSubarray.get(subarray)!),
        };
      }),
    },
  };
}

function add(counts: Map<number, number>, key: number, by = 1): void {
  counts.set(key, (counts.get(key) ?? 0) + by);
}

function placeOf({ ranks, banks }: MapShape, bank: number) {
  const rank = Math.floor(bank / banks);
  return { channel: Math.floor(rank / ranks), rank: rank % ranks, bank: bank % banks };
}

const shareOf = (weak: number, cells: number) => ({ cells, weak, share: clopperPearson(weak, cells) });

function worstOf(counts: Map<number, number>): [number, number][] {
  return [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0]).slice(0, WORST);
}

/** Pooled dispersion: sum over subarrays of squared deviations from the subarray's mean, over the sum of means. */
function lineStatistics(
  counts: Map<number, number>,
  weakOfSubarray: Map<number, number>,
  linesOfSubarray: Map<number, number>,
  subarrayOf: (line: number) => number,
): Omit<LineStatistics, 'worst'> {
  const squares = new Map<number, number>();
  for (const [line, count] of counts) add(squares, subarrayOf(line), count * count);
  let lines = 0;
  let deviations = 0;
  let expected = 0;
  for (const [subarray, own] of linesOfSubarray) {
    lines += own;
    const weak = weakOfSubarray.get(subarray) ?? 0;
    deviations += (squares.get(subarray) ?? 0) - (weak * weak) / own;
    expected += (weak / own) * (own - 1);
  }
  return {
    lines,
    linesWithWeakCells: counts.size,
    dispersion: expected === 0 ? Number.NaN : deviations / expected,
  };
}
