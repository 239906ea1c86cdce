/** Numbers of a file, read one by one where they lie. */
export interface NumberColumn {
  readonly count: number;
  /** Whether the file has them as whole numbers. */
  readonly whole: boolean;
  get(index: number): number;
}

/** Rows of different lengths: row r has the numbers from offsets[r] to offsets[r + 1] (exclusive). */
export interface RaggedColumn extends NumberColumn {
  readonly offsets: Uint32Array;
}

/** Values of a column that are not as they must be: where the first is, and how many there are. */
export interface Misfits {
  readonly first: number;
  readonly count: number;
}

/** The values from `from` to `to` (exclusive) that do not fit; undefined where all do. */
export function misfitsOf(
  column: NumberColumn,
  fits: (value: number) => boolean,
  from = 0,
  to = column.count,
): Misfits | undefined {
  let [first, count] = [-1, 0];
  for (let k = from; k < to; k++) if (!fits(column.get(k)) && count++ === 0) first = k;
  return count === 0 ? undefined : { first, count };
}

/** ", and so are 3 more" behind the first of several. */
export const andMore = ({ count }: Misfits): string => (count > 1 ? `, and so are ${count - 1} more` : '');

/** Whole numbers from 0 to `end` (exclusive). */
export const isIndexBelow =
  (end: number) =>
  (value: number): boolean =>
    Number.isInteger(value) && value >= 0 && value < end;
