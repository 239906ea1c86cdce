import { InputError } from '../errors/input-error.ts';
import type { Cell, Column } from './column.ts';
import { COLUMNS, type ColumnName } from './columns.ts';
import { parseTable } from './csv.ts';
import type { Table, TableRow } from './tables.ts';

/** Columns behind those of a table: of a merged sweep, `axis_NAME` for each axis. */
const AXIS = 'axis_';

/**
 * Reads rows of a table back from CSV. Throws InputError, naming the line, for a column that is unknown or missing, a row
 * of another length, a cell of another type, and a file without rows. With `behind` the file may have more columns
 * behind its own: `axis_NAME` columns (axes), or columns of any name that the user added (any).
 */
export async function parseRows<T extends Table>(
  table: T,
  text: string,
  file: string,
  { behind, older = false }: { readonly behind?: 'axes' | 'any'; readonly older?: boolean } = {},
): Promise<(TableRow<T> & Readonly<Record<string, Cell>>)[]> {
  const { header, rows } = await parseTable(text, file);
  const own = table.columns.filter((name) => !older || header.includes(name) || !mayBeEmpty(table, name));
  const more = behind === undefined ? [] : header.slice(own.length);
  const allowed = (name: string): boolean => behind === 'any' || name.startsWith(AXIS);
  const expected: readonly string[] = [...own, ...more];
  const strange =
    header.find((name) => !expected.includes(name)) ??
    expected.find((name, i) => header[i] !== name || (i >= own.length && !allowed(name)));
  if (strange !== undefined || header.length !== expected.length)
    throw new InputError(`the columns are not those of this program's results: "${strange ?? ''}"`, {
      place: { file, line: 1 },
      remedy:
        behind === 'axes'
          ? 'merge the sweep again with this version of sparkxd: sparkxd sweep merge DIR'
          : 'make the results again with this version of sparkxd',
    });
  if (rows.length === 0) throw new InputError('no results in the file', { place: { file } });
  return rows.map((row, i) => checkedRow(table, row, { file, line: i + 2 }));
}

/** A row that has the types of a table's columns. Throws InputError, naming the column, for one that has not. */
export function checkedRow<T extends Table>(
  table: T,
  row: Readonly<Record<string, Cell>>,
  place: { readonly file: string; readonly line?: number },
): TableRow<T> & Readonly<Record<string, Cell>> {
  for (const name of table.columns) {
    const wrong = complaint(table, name, row[name]);
    if (wrong !== undefined) throw new InputError(wrong, { place });
  }
  return row as TableRow<T> & Readonly<Record<string, Cell>>;
}

const FITS: Readonly<Record<Column['type'], readonly string[]>> = {
  number: ['number'],
  boolean: ['boolean'],
  // A name may look like a number.
  text: ['string', 'number', 'boolean'],
  'number-or-text': ['number', 'string'],
};

/** Whether a column's cells may be empty in this table. */
export function mayBeEmpty(table: Table, name: ColumnName): boolean {
  const column: Column = COLUMNS[name];
  return column.absent !== undefined || table.absent[name] !== undefined;
}

function complaint(table: Table, name: ColumnName, value: Cell): string | undefined {
  const column: Column = COLUMNS[name];
  if (value === undefined)
    return mayBeEmpty(table, name)
      ? undefined
      : `no ${column.type === 'number' ? 'number' : 'value'} in the column ${name}`;
  return FITS[column.type].includes(typeof value)
    ? undefined
    : `no ${column.type} in the column ${name}, but ${JSON.stringify(value).slice(0, 40)}`;
}
