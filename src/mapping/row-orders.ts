import {
  bankLevels,
  bankOfSubarray,
  type RowPlace,
  type SubarrayPlace,
  subarrayAt,
  subarrayCount,
} from '../hardware/bank-index.ts';
import type { Organisation } from '../hardware/device.ts';

/** A subarray with its index in the whole device, by which error rates are looked up (hardware/bank-index.ts). */
export interface IndexedSubarray extends SubarrayPlace {
  readonly index: number;
}

/** All subarrays of a device, by ascending index. */
export function allSubarrays(organisation: Organisation): IndexedSubarray[] {
  const levels = bankLevels(organisation);
  return Array.from({ length: subarrayCount(levels) }, (_, index) => {
    const { channel, rank, bank, subarray } = subarrayAt(levels, index);
    return { channel, rank, bank, subarray, index };
  });
}

/** The rows of each subarray, one subarray after the other. */
export function* oneByOne(
  places: Iterable<SubarrayPlace>,
  { rowsPerSubarray }: Organisation,
): Generator<RowPlace> {
  for (const { channel, rank, bank, subarray } of places)
    for (let i = 0; i < rowsPerSubarray; i++)
      yield { channel, rank, bank, row: subarray * rowsPerSubarray + i };
}

/** One row of each of the subarrays in turn, until all their rows are handed out. */
export function* inTurn(
  places: readonly SubarrayPlace[],
  { rowsPerSubarray }: Organisation,
): Generator<RowPlace> {
  for (let i = 0; i < rowsPerSubarray; i++)
    for (const { channel, rank, bank, subarray } of places)
      yield { channel, rank, bank, row: subarray * rowsPerSubarray + i };
}

/**
 * Subarrays of the same number in all banks in turn, then those of the next number: consecutive rows lie in different
 * banks, so that one bank's activation hides behind another's reads.
 */
export function* acrossBanks(
  places: readonly SubarrayPlace[],
  organisation: Organisation,
): Generator<RowPlace> {
  const levels = new Map<number, SubarrayPlace[]>();
  for (const place of places) {
    const level = levels.get(place.subarray);
    if (level) level.push(place);
    else levels.set(place.subarray, [place]);
  }
  for (const number of [...levels.keys()].sort((a, b) => a - b))
    yield* inTurn(levels.get(number)!, organisation);
}

/** The k-th subarray of every bank, as the places are ordered, in turn; then the next of every bank. */
export function* levelByLevel(
  places: readonly IndexedSubarray[],
  organisation: Organisation,
): Generator<RowPlace> {
  const levels = bankLevels(organisation);
  const seen = new Map<number, number>();
  const rounds: IndexedSubarray[][] = [];
  for (const place of places) {
    const bank = bankOfSubarray(levels, place.index);
    const round = seen.get(bank) ?? 0;
    seen.set(bank, round + 1);
    rounds[round] ??= [];
    rounds[round].push(place);
  }
  for (const round of rounds) yield* inTurn(round, organisation);
}

/** All rows of the first order, then all rows of the second, and so on. */
export function* inSequence(...orders: readonly Iterable<RowPlace>[]): Generator<RowPlace> {
  for (const order of orders) yield* order;
}
