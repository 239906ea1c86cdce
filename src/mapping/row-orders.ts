import { banksPerRank, type Organisation, subarraysPerBank } from '../hardware/device.ts';

/** A whole DRAM row: the unit in which policies hand out memory. */
export interface RowPlace {
  readonly channel: number;
  readonly rank: number;
  readonly bank: number;
  readonly row: number;
}

/** A subarray, with its number as error rates are indexed: ((channel * ranks + rank) * banks + bank) * subarrays + subarray. */
export interface SubarrayPlace {
  readonly channel: number;
  readonly rank: number;
  readonly bank: number;
  readonly subarray: number;
  readonly index: number;
}

/** Bank of the whole device: (channel * ranks + rank) * banks + bank. */
export const bankNumber = ({ index }: SubarrayPlace, organisation: Organisation): number =>
  Math.floor(index / subarraysPerBank(organisation));

/** All subarrays of a device, in the order of their numbers. */
export function allSubarrays(organisation: Organisation): SubarrayPlace[] {
  const banks = banksPerRank(organisation);
  const subarrays = subarraysPerBank(organisation);
  const { channels, ranks } = organisation;
  return Array.from({ length: channels * ranks * banks * subarrays }, (_, index) => {
    const bank = Math.floor(index / subarrays);
    const rank = Math.floor(bank / banks);
    return {
      channel: Math.floor(rank / ranks),
      rank: rank % ranks,
      bank: bank % banks,
      subarray: index % subarrays,
      index,
    };
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
  places: readonly SubarrayPlace[],
  organisation: Organisation,
): Generator<RowPlace> {
  const seen = new Map<number, number>();
  const levels: SubarrayPlace[][] = [];
  for (const place of places) {
    const bank = bankNumber(place, organisation);
    const level = seen.get(bank) ?? 0;
    seen.set(bank, level + 1);
    levels[level] ??= [];
    levels[level].push(place);
  }
  for (const level of levels) yield* inTurn(level, organisation);
}
