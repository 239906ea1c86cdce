import type { RowFormat } from '../settings/row-formats.ts';
import type { Cell, Column } from './column.ts';
import { COLUMNS } from './columns.ts';
import { toCsv } from './csv.ts';
import type { Table } from './tables.ts';

/** A row by column name; a column that it lacks is absent there. */
export type Row = Readonly<Partial<Record<string, Cell>>>;

/** The columns of a file in their order. */
export type FileColumns = ReadonlyMap<string, Pick<Column, 'unit'>>;

/** The columns of a table, and others behind them. */
export const fileColumns = ({ columns }: Table, more: readonly string[] = []): FileColumns =>
  new Map([
    ...columns.map((name): [string, Column] => [name, COLUMNS[name]]),
    ...more.map((name): [string, Pick<Column, 'unit'>] => [name, { unit: '' }]),
  ]);

/** RFC 4180 text of the rows of a table, header first. */
export const tableCsv = (table: Table, rows: readonly Row[]): Promise<string> => csvOf(table.columns, rows);

const csvOf = (names: readonly string[], rows: readonly Row[]): Promise<string> =>
  toCsv(
    names,
    rows.map((row) => names.map((name) => row[name])),
  );

/**
 * A whole results file, the columns in their order. The three forms hold the same values: numbers as doubles (in text in
 * the shortest decimal form that reads back to the same double), absent values as an empty cell or null. A Parquet
 * column is DOUBLE, BOOLEAN or STRING, as its values are; STRING if they are mixed. The same rows give the same bytes.
 * Throws RangeError for numbers that are not finite, which JSON cannot say.
 */
export async function writeRows(
  format: RowFormat,
  columns: FileColumns,
  rows: readonly Row[],
): Promise<string | Uint8Array> {
  const names = [...columns.keys()];
  switch (format) {
    case 'csv':
      return csvOf(names, rows);
    case 'jsonl':
      return rows.map((row) => `${jsonLine(names, row)}\n`).join('');
    case 'parquet':
      return parquet(columns, rows);
  }
}

function jsonLine(names: readonly string[], row: Row): string {
  const cell = (name: string): [string, Cell | null] => {
    const value = row[name];
    if (typeof value === 'number' && !Number.isFinite(value)) throw new RangeError(`${name} is ${value}`);
    return [name, value ?? null];
  };
  return JSON.stringify(Object.fromEntries(names.map(cell)));
}

async function parquet(columns: FileColumns, rows: readonly Row[]): Promise<Uint8Array> {
  const { parquetWriteBuffer } = await import('hyparquet-writer');
  const units = Object.fromEntries([...columns].map(([name, { unit }]) => [name, unit]));
  const buffer = parquetWriteBuffer({
    columnData: [...columns.keys()].map((name) => {
      const values = rows.map((row) => row[name]);
      const type = parquetType(values);
      const data = values.map((value) =>
        value === undefined ? null : type === 'STRING' ? String(value) : value,
      );
      return { name, type, data, nullable: true };
    }),
    kvMetadata: [{ key: 'units', value: JSON.stringify(units) }],
    createdBy: 'sparkxd',
  });
  return new Uint8Array(buffer);
}

function parquetType(values: readonly Cell[]): 'DOUBLE' | 'BOOLEAN' | 'STRING' {
  const kinds = new Set(values.filter((value) => value !== undefined).map((value) => typeof value));
  if (kinds.size !== 1) return 'STRING';
  return kinds.has('number') ? 'DOUBLE' : kinds.has('boolean') ? 'BOOLEAN' : 'STRING';
}
