/** A value of a result row; absent values are empty cells. */
export type Cell = string | number | boolean | undefined;

/** What a column's cells are; `number-or-text` only where a number may be replaced by a word. */
export type ColumnType = 'number' | 'boolean' | 'text' | 'number-or-text';

/** A column of results: what its cells are, in which unit, and of what they speak. Its name says scope and unit. */
export interface Column {
  readonly type: ColumnType;
  /** Empty for words and plain ratios. */
  readonly unit: string;
  /** What the value is of: the point, all that was simulated, one inference, one access, ... */
  readonly scope: string;
  readonly definition: string;
  /** When the cell is empty; columns without this are never empty. */
  readonly absent?: string;
}

/** Words for the scopes of columns. */
export const SCOPE = {
  point: 'point',
  simulated: 'all that was simulated',
  inference: 'one inference (mean)',
  access: 'one access (mean)',
  read: 'one read',
  request: 'one request (mean)',
  command: 'one access of this kind',
  chip: 'chip',
  weights: 'weights as stored',
  images: 'images',
  window: 'one window of time',
} as const;

type Scope = (typeof SCOPE)[keyof typeof SCOPE];

type Made<T extends ColumnType, A extends string | undefined> = A extends string
  ? Omit<Column, 'type' | 'absent'> & { readonly type: T; readonly absent: string }
  : Omit<Column, 'type' | 'absent'> & { readonly type: T };

const made =
  <T extends ColumnType>(type: T) =>
  <A extends string | undefined = undefined>(
    unit: string,
    scope: Scope,
    definition: string,
    absent?: A,
  ): Made<T, A> =>
    ({ type, unit, scope, definition, ...(absent === undefined ? {} : { absent }) }) as Made<T, A>;

export const numbers = made('number');
export const truth = made('boolean');
const words = made('text');
/** Text about the point. */
export const text = <A extends string | undefined = undefined>(
  definition: string,
  absent?: A,
): Made<'text', A> => words('', SCOPE.point, definition, absent);
export const numberOrText = made('number-or-text');

type CellOfType = { number: number; boolean: boolean; text: string; 'number-or-text': number | string };

type Optional<C, N extends keyof C> = N extends keyof C
  ? C[N] extends { readonly absent: string }
    ? N
    : never
  : never;

/** A row of a table whose columns are `N` of the columns `C`: every cell that is never empty is there. */
export type RowOf<C extends Readonly<Record<string, Column>>, N extends keyof C> = {
  readonly [K in Exclude<N, Optional<C, N>>]: CellOfType[C[K]['type']];
} & {
  readonly [K in Optional<C, N>]?: CellOfType[C[K]['type']] | undefined;
};
