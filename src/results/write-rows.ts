import { toCsv } from './csv.ts';
import type { Cell, ResultColumn } from './result-columns.ts';

/** Forms of a results file: RFC 4180, one JSON object a line, Apache Parquet. */
export const ROW_FORMATS = ['csv', 'jsonl', 'parquet'] as const;
export type RowFormat = (typeof ROW_FORMATS)[number];

/** A row by column name; a column that it lacks is absent there. */
export type Row = Readonly<Partial<Record<string, Cell>>>;

/**
 * A whole results file, the columns in their order. The three forms hold the same values: numbers as doubles (in text in
 * the shortest decimal form that reads back to the same double), absent values as an empty cell or null. A Parquet
 * column is DOUBLE, BOOLEAN or STRING, as its values are; STRING if they are mixed. The same rows give the same bytes.
 * Throws RangeError for numbers that are not finite, which JSON cannot say.
 */
export async function writeRows(
  format: RowFormat,
  columns: readonly ResultColumn[],
  rows: readonly Row[],
): Promise<string | Uint8Array> {
  switch (format) {
    case 'csv':
      return toCsv(
        columns.map(({ name }) => name),
        rows.map((row) => columns.map(({ name }) => row[name])),
      );
    case 'jsonl':
      return rows.map((row) => `${jsonLine(columns, row)}\n`).join('');
    case 'parquet':
      return parquet(columns, rows);
  }
}

function jsonLine(columns: readonly ResultColumn[], row: Row): string {
  const cell = ({ name }: ResultColumn): [string, Cell | null] => {
    const value = row[name];
    if (typeof value === 'number' && !Number.isFinite(value)) throw new RangeError(`${name} is ${value}`);
    return [name, value ?? null];
  };
  return JSON.stringify(Object.fromEntries(columns.map(cell)));
}

async function parquet(columns: readonly ResultColumn[], rows: readonly Row[]): Promise<Uint8Array> {
  const { parquetWriteBuffer } = await import('hyparquet-writer');
  const units = Object.fromEntries(columns.map(({ name, unit }) => [name, unit]));
  const buffer = parquetWriteBuffer({
    columnData: columns.map(({ name }) => {
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
