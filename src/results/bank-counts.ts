import type { BankCounts } from '../dram/channel-statistics.ts';
import { bankAt, bankLevels } from '../hardware/bank-index.ts';
import type { Organisation } from '../hardware/device.ts';
import type { Volts } from '../units/flavours.ts';
import type { BankRow } from './columns.ts';

/** The counts of every channel as rows, each bank followed by its subarrays that were accessed. */
export function bankCountRows(
  organisation: Organisation,
  supply: Volts,
  channels: readonly BankCounts[],
): BankRow[] {
  const levels = bankLevels(organisation);
  return channels.flatMap((counts, channel) =>
    Array.from(counts.rowHits, (hits, index): BankRow[] => {
      const { rank, bank } = bankAt(levels, index);
      const place = { supply_V: supply, channel, rank, bank };
      const misses = counts.rowMisses[index]!;
      const conflicts = counts.rowConflicts[index]!;
      const ofBank: BankRow = {
        ...place,
        accesses: hits + misses + conflicts,
        row_hits: hits,
        row_misses: misses,
        row_conflicts: conflicts,
      };
      const first = index * levels.subarrays;
      const own = counts.subarrayAccesses.subarray(first, first + levels.subarrays);
      const used = Array.from(own, (accesses, subarray): BankRow => ({ ...place, subarray, accesses }));
      return [ofBank, ...used.filter(({ accesses }) => accesses > 0)];
    }).flat(),
  );
}
