import type { BankCounts } from '../dram/channel-statistics.ts';
import { bankAt, bankIndex, bankLevels } from '../hardware/bank-index.ts';
import type { Organisation } from '../hardware/device.ts';
import type { Volts } from '../units/flavours.ts';
import type { BankRow } from './tables.ts';

/** Wrong reads and wrong bits of one chip, by subarray index (hardware/bank-index.ts). */
export interface BankErrors {
  readonly chip: number | 'measured';
  readonly readsWrong: Float64Array;
  readonly bitsWrong: Float64Array;
}

const sum = (counts: Float64Array): number => counts.reduce((total, count) => total + count, 0);

/** The counts of every channel as rows, each bank followed by its subarrays that were accessed. */
export function bankCountRows(
  organisation: Organisation,
  supply: Volts,
  channels: readonly BankCounts[],
  wrong?: BankErrors,
): BankRow[] {
  const levels = bankLevels(organisation);
  const errors = (from: number, to: number) =>
    wrong && {
      reads_wrong: sum(wrong.readsWrong.subarray(from, to)),
      bits_wrong: sum(wrong.bitsWrong.subarray(from, to)),
    };
  return channels.flatMap((counts, channel) =>
    Array.from(counts.rowHits, (hits, index): BankRow[] => {
      const { rank, bank } = bankAt(levels, index);
      const place = { supply_V: supply, channel, rank, bank, ...(wrong ? { chip: wrong.chip } : {}) };
      const misses = counts.rowMisses[index]!;
      const conflicts = counts.rowConflicts[index]!;
      const first = index * levels.subarrays;
      const firstOfAll = bankIndex(levels, channel, rank, bank) * levels.subarrays;
      const ofBank: BankRow = {
        ...place,
        accesses: hits + misses + conflicts,
        row_hits: hits,
        row_misses: misses,
        row_conflicts: conflicts,
        ...errors(firstOfAll, firstOfAll + levels.subarrays),
      };
      const rows = [ofBank];
      for (let subarray = 0; subarray < levels.subarrays; subarray++) {
        const accesses = counts.subarrayAccesses[first + subarray]!;
        if (accesses > 0)
          rows.push({
            ...place,
            subarray,
            accesses,
            ...errors(firstOfAll + subarray, firstOfAll + subarray + 1),
          });
      }
      return rows;
    }).flat(),
  );
}
