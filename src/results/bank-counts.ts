import type { BankCounts } from '../dram/channel-statistics.ts';
import { bankAt, bankLevels } from '../hardware/bank-index.ts';
import type { Organisation } from '../hardware/device.ts';
import type { Volts } from '../units/flavours.ts';
import type { Cell } from './result-columns.ts';

/** One bank at one supply (`subarray` undefined), or one of its subarrays that was accessed. */
export interface BankCountRow {
  readonly supply_V: Volts;
  readonly channel: number;
  readonly rank: number;
  /** Counted through the rank. */
  readonly bank: number;
  readonly subarray: number | undefined;
  /** Bursts read and written in the DRAM. */
  readonly accesses: number;
  /** Undefined for subarrays. */
  readonly row_hits: number | undefined;
  readonly row_misses: number | undefined;
  readonly row_conflicts: number | undefined;
}

export const BANK_COUNT_COLUMNS = [
  'supply_V',
  'channel',
  'rank',
  'bank',
  'subarray',
  'accesses',
  'row_hits',
  'row_misses',
  'row_conflicts',
] as const satisfies (keyof BankCountRow)[];

/** The counts of every channel as rows, each bank followed by its subarrays. */
export function bankCountRows(
  organisation: Organisation,
  supply: Volts,
  channels: readonly BankCounts[],
): BankCountRow[] {
  const levels = bankLevels(organisation);
  const { subarrays } = levels;
  return channels.flatMap((counts, channel) =>
    Array.from(counts.rowHits, (hits, flat): BankCountRow[] => {
      const { rank, bank } = bankAt(levels, flat);
      const place = { supply_V: supply, channel, rank, bank };
      const misses = counts.rowMisses[flat]!;
      const conflicts = counts.rowConflicts[flat]!;
      const ofBank = {
        ...place,
        subarray: undefined,
        accesses: hits + misses + conflicts,
        ...{ row_hits: hits, row_misses: misses, row_conflicts: conflicts },
      };
      const first = flat * subarrays;
      const used = Array.from(counts.subarrayAccesses.subarray(first, first + subarrays), (accesses, s) => ({
        ...{ ...place, subarray: s, accesses },
        ...{ row_hits: undefined, row_misses: undefined, row_conflicts: undefined },
      })).filter(({ accesses }) => accesses > 0);
      return [ofBank, ...used];
    }).flat(),
  );
}

/** Rows as the cells of a table with the columns `BANK_COUNT_COLUMNS`. */
export const bankCountCells = (rows: readonly BankCountRow[]): Cell[][] =>
  rows.map((row) => BANK_COUNT_COLUMNS.map((column) => row[column]));
