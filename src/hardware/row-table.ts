import { type BankLevels, bankCount } from './bank-index.ts';

/** A value for each row of a memory that has one, by row index (bank-index.ts). */
export interface RowTable<T> {
  get(row: number): T | undefined;
  set(row: number, value: T): void;
  clear(): void;
}

/** Rows of a memory up to which a plain array finds them, which is several times as fast as the map of larger ones. */
const MOST_IN_ARRAY = 2 ** 22;

export function createRowTable<T>(levels: BankLevels): RowTable<T> {
  const size = bankCount(levels) * levels.rows;
  if (size <= MOST_IN_ARRAY) {
    const values = new Array<T | undefined>(size).fill(undefined);
    return {
      get: (row) => values[row],
      set(row, value) {
        values[row] = value;
      },
      clear: () => values.fill(undefined),
    };
  }
  const values = new Map<number, T>();
  return {
    get: (row) => values.get(row),
    set(row, value) {
      values.set(row, value);
    },
    clear: () => values.clear(),
  };
}
