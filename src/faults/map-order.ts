import { InputError, type Place } from '../errors/input-error.ts';
import { allocateMap, type MapShape, type WeakCellMap } from './weak-cell-map.ts';

/**
 * A map in its canonical order (channel, rank, bank, row, bit), from cells in any order. Throws InputError when a cell
 * is listed twice; `placeOf` says where the input lists the cell of an index.
 */
export function sortedMap(map: WeakCellMap, placeOf: (index: number) => Place): WeakCellMap {
  const order = Uint32Array.from({ length: map.size }, (_, i) => i).sort((a, b) => compareCells(map, a, b));
  const sorted = allocateMap(map.size, map.shape, map.nominal, map.lowest);
  order.forEach((from, to) => {
    if (to > 0 && compareCells(map, order[to - 1]!, from) === 0) {
      const [first, second] = [order[to - 1]!, from].sort((a, b) => a - b) as [number, number];
      const { line } = placeOf(first);
      throw new InputError(
        `bank ${map.bank[from]}, row ${map.row[from]}, bit ${map.bit[from]} is listed twice${line === undefined ? '' : ` (first in line ${line})`}`,
        { place: placeOf(second), remedy: 'a cell has one failure voltage: keep one of the two' },
      );
    }
    sorted.channel[to] = map.channel[from]!;
    sorted.rank[to] = map.rank[from]!;
    sorted.bank[to] = map.bank[from]!;
    sorted.row[to] = map.row[from]!;
    sorted.bit[to] = map.bit[from]!;
    sorted.failureVoltage[to] = map.failureVoltage[from]!;
    sorted.flips[2 * to] = map.flips[2 * from]!;
    sorted.flips[2 * to + 1] = map.flips[2 * from + 1]!;
  });
  return sorted;
}

function compareCells(map: WeakCellMap, a: number, b: number): number {
  return (
    map.channel[a]! - map.channel[b]! ||
    map.rank[a]! - map.rank[b]! ||
    map.bank[a]! - map.bank[b]! ||
    map.row[a]! - map.row[b]! ||
    map.bit[a]! - map.bit[b]!
  );
}

/** Values that a cell's fields may take: whole numbers from 0 to before these. */
export const FIELD_LIMITS = {
  channel: 'channels',
  rank: 'ranks',
  bank: 'banks',
  row: 'rows',
  bit: 'rowBits',
} as const satisfies Record<string, keyof MapShape>;
