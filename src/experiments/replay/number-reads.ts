import type { SentPiece } from '../../dram/count-reads.ts';
import { firstFrom, type WrongBits } from '../../faults/row-cells.ts';
import { bankLevels, rowIndex } from '../../hardware/bank-index.ts';
import { burstsPerRow, bytesPerBurst, type Organisation } from '../../hardware/device.ts';

/** The numbers of the accesses that wait to be served. */
export interface NumberedReads {
  readonly sent: SentPiece;
  /** The number of the access of the burst that was sent first and is served now; undefined where it has no weak cell. */
  served(rowIndex: number, column: number): number | undefined;
}

/** Numbers the accesses of the bursts that hold weak cells of a chip, in the order in which they are sent. */
export function numberReads(organisation: Organisation, wrong: WrongBits): NumberedReads {
  const levels = bankLevels(organisation);
  const columns = burstsPerRow(organisation);
  const burstBits = bytesPerBurst(organisation) * 8;
  const numbers = new Map<number, number[]>();
  let accesses = 0;
  return {
    sent(channel, rank, bank, row, column, count, write) {
      const first = accesses;
      accesses += count;
      if (write) return;
      const { bits } = wrong.of(channel, rank, bank, row);
      const end = (column + count) * burstBits;
      let latest = -1;
      for (let i = firstFrom(bits, column * burstBits); i < bits.length && bits[i]! < end; i++) {
        const burst = Math.floor(bits[i]! / burstBits);
        if (burst === latest) continue;
        latest = burst;
        const key = rowIndex(levels, channel, rank, bank, row) * columns + burst;
        const queue = numbers.get(key);
        if (queue) queue.push(first + burst - column);
        else numbers.set(key, [first + burst - column]);
      }
    },
    served(index, column) {
      const key = index * columns + column;
      const queue = numbers.get(key);
      const number = queue?.shift();
      if (queue?.length === 0) numbers.delete(key);
      return number;
    },
  };
}
