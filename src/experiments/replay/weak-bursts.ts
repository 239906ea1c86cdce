import { bankCount, bankLevels } from '../../hardware/bank-index.ts';
import { burstsPerRow, bytesPerBurst, type Organisation } from '../../hardware/device.ts';
import type { WatchedChip } from './watched-chip.ts';

/** Bursts of a memory up to which a bit each tells whether they hold weak cells. */
const MOST_BURSTS = 2 ** 28;

/** Whether one of `count` bursts of a row from `column` on may hold a weak cell; `index` is the row's. */
export type MayBeWeak = (
  index: number,
  channel: number,
  rank: number,
  bank: number,
  row: number,
  column: number,
  count: number,
) => boolean;

/** A bit for each burst of the rows that were asked for: most reads of a good memory end here, with a single look. */
export function weakBursts(organisation: Organisation, chips: readonly WatchedChip[]): MayBeWeak {
  const levels = bankLevels(organisation);
  const columns = burstsPerRow(organisation);
  const burstBits = bytesPerBurst(organisation) * 8;
  const rows = bankCount(levels) * levels.rows;
  if (rows * columns > MOST_BURSTS) return () => true;
  const known = new Uint8Array(rows);
  const weak = new Uint8Array(Math.ceil((rows * columns) / 8));
  return (index, channel, rank, bank, row, column, count) => {
    if (known[index] === 0) {
      known[index] = 1;
      for (const { wrong } of chips) {
        const { bits } = wrong.of(channel, rank, bank, row);
        for (let i = 0; i < bits.length; i++) {
          const burst = index * columns + Math.floor(bits[i]! / burstBits);
          weak[burst >>> 3]! |= 1 << (burst & 7);
        }
      }
    }
    const first = index * columns + column;
    for (let burst = first; burst < first + count; burst++)
      if ((weak[burst >>> 3]! >>> (burst & 7)) & 1) return true;
    return false;
  };
}
