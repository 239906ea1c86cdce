import { banksPerRank, type Organisation } from './device.ts';

/**
 * How many members of each level the next outer level has: ranks a channel, banks a rank, subarrays and rows a bank,
 * rows a subarray.
 *
 * Banks, subarrays and rows of a whole memory are numbered from 0, the innermost level fastest:
 *
 *     rank index     = channel * ranks + rank
 *     bank index     = rank index * banks + bank
 *     subarray index = bank index * subarrays + subarray, where subarray = floor(row / rowsPerSubarray)
 *     row index      = bank index * rows + row
 *
 * `bank` counts through the rank: bankGroup * banksPerGroup + bank in group. Within one channel the same functions
 * serve with channel 0. A loop makes its levels once, before it begins.
 */
export interface BankLevels {
  readonly channels: number;
  readonly ranks: number;
  readonly banks: number;
  readonly subarrays: number;
  readonly rows: number;
  readonly rowsPerSubarray: number;
}

/** What the levels follow from: a device's organisation, or a shape that gives its banks a rank as one number. */
type MemoryShape = Pick<Organisation, 'channels' | 'ranks' | 'rows' | 'rowsPerSubarray'> &
  (Pick<Organisation, 'bankGroups' | 'banksPerGroup'> | Pick<BankLevels, 'banks'>);

/** The levels of a memory. The last subarray of a bank may be a part of one where the rows are no whole subarrays. */
export function bankLevels(memory: MemoryShape): BankLevels {
  const { channels, ranks, rows, rowsPerSubarray } = memory;
  return {
    channels,
    ranks,
    banks: 'banks' in memory ? memory.banks : banksPerRank(memory),
    subarrays: Math.ceil(rows / rowsPerSubarray),
    rows,
    rowsPerSubarray,
  };
}

export interface BankPlace {
  readonly channel: number;
  readonly rank: number;
  /** Counted through the rank. */
  readonly bank: number;
}

export interface SubarrayPlace extends BankPlace {
  readonly subarray: number;
}

export interface RowPlace extends BankPlace {
  readonly row: number;
}

/** Banks of the whole memory. */
export const bankCount = ({ channels, ranks, banks }: Pick<BankLevels, 'channels' | 'ranks' | 'banks'>) =>
  channels * ranks * banks;

/** Subarrays of the whole memory. */
export const subarrayCount = (levels: BankLevels): number => bankCount(levels) * levels.subarrays;

export const rankIndex = ({ ranks }: Pick<BankLevels, 'ranks'>, channel: number, rank: number): number =>
  channel * ranks + rank;

export const bankIndex = (levels: BankLevels, channel: number, rank: number, bank: number): number =>
  rankIndex(levels, channel, rank) * levels.banks + bank;

/** The index of the subarray that holds a row of a bank. */
export const subarrayIndex = (
  levels: BankLevels,
  channel: number,
  rank: number,
  bank: number,
  row: number,
): number => bankIndex(levels, channel, rank, bank) * levels.subarrays + subarrayOfRow(levels, row);

export const rowIndex = (
  levels: BankLevels,
  channel: number,
  rank: number,
  bank: number,
  row: number,
): number => bankIndex(levels, channel, rank, bank) * levels.rows + row;

/** The subarray of its bank, from 0, in which a row lies. */
export const subarrayOfRow = (
  { rowsPerSubarray }: Pick<Organisation, 'rowsPerSubarray'>,
  row: number,
): number => Math.floor(row / rowsPerSubarray);

/** The index of the bank that holds a subarray. */
export const bankOfSubarray = ({ subarrays }: BankLevels, index: number): number =>
  Math.floor(index / subarrays);

/** The inverse of `bankIndex`. */
export function bankAt({ ranks, banks }: BankLevels, index: number): BankPlace {
  const rank = Math.floor(index / banks);
  return { channel: Math.floor(rank / ranks), rank: rank % ranks, bank: index % banks };
}

/** The inverse of `subarrayIndex`. */
export function subarrayAt(levels: BankLevels, index: number): SubarrayPlace {
  const { channel, rank, bank } = bankAt(levels, bankOfSubarray(levels, index));
  return { channel, rank, bank, subarray: index % levels.subarrays };
}

/** The inverse of `rowIndex`. */
export function rowAt(levels: BankLevels, index: number): RowPlace {
  const { channel, rank, bank } = bankAt(levels, Math.floor(index / levels.rows));
  return { channel, rank, bank, row: index % levels.rows };
}
