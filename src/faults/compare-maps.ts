import { InputError } from '../errors/input-error.ts';
import { bankCount } from '../hardware/bank-index.ts';
import type { WeakCellMap } from './weak-cell-map.ts';

/** Two maps of the same memory side by side, at one supply. */
export interface MapComparison {
  readonly supply: number;
  /** Weak cells at the supply in each, and in both. */
  readonly first: number;
  readonly second: number;
  readonly shared: number;
  /** Shared cells / cells weak in either (Jaccard); undefined when there are none. */
  readonly overlap: number | undefined;
  /** Shared cells that two unrelated maps with these counts would have. */
  readonly sharedByChance: number;
  /** Every weak cell of the first is weak in the second, and the reverse. */
  readonly firstInSecond: boolean;
  readonly secondInFirst: boolean;
  /** Over shared cells: mean and greatest absolute difference of the failure voltages (second - first), in volts. */
  readonly meanDifference: number | undefined;
  readonly greatestDifference: number;
}

/** Compares maps at a supply, by default the highest of their lowest supplies. Throws InputError for different memories. */
export function compareMaps(a: WeakCellMap, b: WeakCellMap, at?: number): MapComparison {
  for (const level of ['channels', 'ranks', 'banks', 'rows', 'rowBits'] as const)
    if (a.shape[level] !== b.shape[level])
      throw new InputError(
        `the maps are for different memories: ${level} ${a.shape[level]} and ${b.shape[level]}`,
      );
  const supply = at ?? Math.max(a.lowest, b.lowest);
  for (const { lowest, nominal } of [a, b])
    if (!(supply >= lowest && supply <= nominal))
      throw new InputError(`supply ${supply} V is outside the range of a map, ${lowest} to ${nominal} V`, {
        remedy: 'compare where both maps say something',
      });

  let [first, second, shared] = [0, 0, 0];
  let sum = 0;
  let greatest = 0;
  const weak = (map: WeakCellMap, i: number): boolean => map.failureVoltage[i]! > supply;
  for (let i = 0, j = 0; i < a.size || j < b.size; ) {
    const order = i === a.size ? 1 : j === b.size ? -1 : compareCells(a, i, b, j);
    const inFirst = order <= 0 && weak(a, i);
    const inSecond = order >= 0 && weak(b, j);
    if (inFirst) first++;
    if (inSecond) second++;
    if (inFirst && inSecond) {
      shared++;
      const difference = b.failureVoltage[j]! - a.failureVoltage[i]!;
      sum += difference;
      greatest = Math.max(greatest, Math.abs(difference));
    }
    if (order <= 0) i++;
    if (order >= 0) j++;
  }
  const { rows, rowBits } = a.shape;
  return {
    supply,
    first,
    second,
    shared,
    overlap: first + second === 0 ? undefined : shared / (first + second - shared),
    sharedByChance: (first * second) / (bankCount(a.shape) * rows * rowBits),
    firstInSecond: shared === first,
    secondInFirst: shared === second,
    meanDifference: shared === 0 ? undefined : sum / shared,
    greatestDifference: greatest,
  };
}

function compareCells(a: WeakCellMap, i: number, b: WeakCellMap, j: number): number {
  return (
    a.channel[i]! - b.channel[j]! ||
    a.rank[i]! - b.rank[j]! ||
    a.bank[i]! - b.bank[j]! ||
    a.row[i]! - b.row[j]! ||
    a.bit[i]! - b.bit[j]!
  );
}
