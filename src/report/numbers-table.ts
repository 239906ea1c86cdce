import type { Cell } from '../results/column.ts';
import { COLUMNS } from '../results/columns.ts';
import type { Table } from '../results/tables.ts';

/** A column of the table of all numbers on a page. */
export interface ShownColumn {
  readonly name: string;
  readonly unit: string;
  readonly definition: string;
}

/** The numbers behind a page's charts. */
export interface NumbersTable {
  readonly columns: readonly ShownColumn[];
  readonly rows: readonly Readonly<Partial<Record<string, Cell>>>[];
}

/** Rows of this table on a page; the rest is in the download. */
export const SHOWN_ROWS = 500;

/** The columns of a table that hold anything in these rows. */
export const shownColumns = (
  { columns }: Table,
  rows: readonly Readonly<Partial<Record<string, Cell>>>[],
): ShownColumn[] =>
  columns
    .filter((name) => rows.some((row) => row[name] !== undefined))
    .map((name) => ({ name, unit: COLUMNS[name].unit, definition: COLUMNS[name].definition }));
