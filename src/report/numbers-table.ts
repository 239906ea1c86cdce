import type { Cell } from '../results/column.ts';
import { COLUMNS } from '../results/columns.ts';
import type { Table } from '../results/tables.ts';

/** A column of the table of all numbers on a page. */
export interface ShownColumn {
  readonly name: string;
  /** What stands above the column, where that is not its name. */
  readonly heading?: string;
  readonly unit: string;
  readonly definition: string;
}

/** Last words of names that say a unit which is written otherwise. */
const SAID: readonly string[] = ['GBps', 'bytes'];

/** What stands above a column: its name as in the CSV file, and its unit where the name does not end in it. */
export function columnHeading(name: string, unit: string): string {
  const last = name.split('_').at(-1)!;
  return unit === '' || unit.endsWith(last) || SAID.includes(last) ? name : `${name} (${unit})`;
}

/** The headings of the columns of results, by name. */
export const columnHeadings = (names: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    names.flatMap((name) =>
      Object.hasOwn(COLUMNS, name)
        ? [[name, columnHeading(name, COLUMNS[name as keyof typeof COLUMNS].unit)]]
        : [],
    ),
  );

/** The numbers behind a page's charts. */
export interface NumbersTable {
  readonly columns: readonly ShownColumn[];
  readonly rows: readonly Readonly<Partial<Record<string, Cell>>>[];
}

/** Rows of this table on a page; the rest is in the download. */
export const SHOWN_ROWS = 500;

/** Columns that say which row it is, in this order; the rest of a table comes behind. */
const IDENTIFYING: readonly string[] = [
  ...['network', 'trace', 'dataset', 'device', 'weight_format', 'supply_V', 'mapping', 'chip', 'module'],
];

/**
 * The columns with those first that tell the rows apart: names, supply, mapping and chip where they differ between
 * rows. With one row all keep their places.
 */
export function identifyingFirst(
  columns: readonly ShownColumn[],
  rows: NumbersTable['rows'],
): readonly ShownColumn[] {
  const first = IDENTIFYING.flatMap((name) =>
    columns.filter((column) => column.name === name && rows.some((row) => row[name] !== rows[0]![name])),
  );
  return [...first, ...columns.filter((column) => !first.includes(column))];
}

/** The columns of a table that hold anything in these rows. */
export const shownColumns = (
  { columns }: Table,
  rows: readonly Readonly<Partial<Record<string, Cell>>>[],
): ShownColumn[] =>
  columns
    .filter((name) => rows.some((row) => row[name] !== undefined))
    .map((name) => ({ name, unit: COLUMNS[name].unit, definition: COLUMNS[name].definition }));
