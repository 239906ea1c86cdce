import { firstFrom, type RowCells, type WrongBits } from '../../faults/row-cells.ts';
import type { BankLevels } from '../../hardware/bank-index.ts';
import { createRowTable } from '../../hardware/row-table.ts';

/** Which cells of a chip hold a wrong value: from the activation that flipped them until they are written. */
export interface PersistentFlips {
  /** A row with these cells is opened for the n-th time (from 0): a cell that flips now restores the wrong value. */
  opened(row: number, cells: RowCells, n: number): void;
  /** Bits `first` to before `end` of a row are written. */
  written(row: number, cells: RowCells, first: number, end: number): void;
  /** Whether cell i of the row is wrong. */
  isWrong(row: number, i: number): boolean;
}

export function createPersistentFlips(wrong: WrongBits, levels: BankLevels): PersistentFlips {
  const states = createRowTable<Uint8Array>(levels);
  return {
    opened(row, cells, n) {
      const { length } = cells.bits;
      if (length === 0) return;
      const state = states.get(row) ?? new Uint8Array(length);
      states.set(row, state);
      for (let i = 0; i < length; i++)
        if (state[i] === 0 && isKnown(cells, i) && wrong.flips(cells, i, n)) state[i] = 1;
    },
    written(row, { bits }, first, end) {
      const state = states.get(row);
      if (state) state.fill(0, firstFrom(bits, first), firstFrom(bits, end));
    },
    isWrong: (row, i) => states.get(row)?.[i] === 1,
  };
}

/** Whether the cell's flips depend on nothing that is not known. */
export const isKnown = ({ probability }: RowCells, i: number): boolean =>
  !Number.isNaN(typeof probability === 'number' ? probability : probability[i]!);
