import { firstFrom, type RowCells, type WrongBits } from '../../faults/row-cells.ts';
import type { BankLevels } from '../../hardware/bank-index.ts';
import { createRowTable } from '../../hardware/row-table.ts';

/** Which cells of a chip hold a wrong value: from the activation that flipped them until they are written. */
export interface PersistentFlips {
  /** A row with these cells is opened for the n-th time (from 0): a cell that flips now restores the wrong value. */
  opened(row: number, cells: RowCells, n: number): void;
  /** Bits `first` to before `end` of a row are written. */
  written(row: number, cells: RowCells, first: number, end: number): void;
  /** Which of the cells `from` to before `to` of a row are wrong, as `WrongBits.flips` answers for a draw. */
  wrong(row: number, cells: RowCells, from: number, to: number, into: Uint32Array): number;
}

export function createPersistentFlips(bits: WrongBits, levels: BankLevels): PersistentFlips {
  /** By cell: 1 from the flip on. */
  const states = createRowTable<Uint8Array>(levels);
  const flipped = new Uint32Array(bits.rowBits);
  return {
    opened(row, cells, n) {
      const { length } = cells.bits;
      if (length === 0) return;
      let state = states.get(row);
      if (state === undefined) {
        state = new Uint8Array(length);
        states.set(row, state);
      }
      for (let from = 0; from < length; ) {
        if (state[from] === 1 || !isKnown(cells, from)) {
          from++;
          continue;
        }
        let to = from + 1;
        while (to < length && state[to] === 0 && isKnown(cells, to)) to++;
        const count = bits.flips(cells, from, to, n, flipped);
        for (let k = 0; k < count; k++) state[flipped[k]!] = 1;
        from = to;
      }
    },
    written(row, cells, first, end) {
      states.get(row)?.fill(0, firstFrom(cells.bits, first), firstFrom(cells.bits, end));
    },
    wrong(row, cells, from, to, into) {
      const state = states.get(row);
      let count = 0;
      for (let i = from; i < to; i++) {
        // Whoever asks for a cell of which nobody knows what it stores is told so by its draw.
        if (!isKnown(cells, i)) bits.flips(cells, i, i + 1, 0, flipped);
        if (state?.[i] === 1) into[count++] = i;
      }
      return count;
    },
  };
}

/** Whether the cell's flips depend on nothing that is not known. */
const isKnown = ({ below }: RowCells, i: number): boolean =>
  typeof below === 'number' || !Number.isNaN(below[i]!);
