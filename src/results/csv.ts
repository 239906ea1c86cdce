import { requireDistinctColumns } from '../errors/distinct-columns.ts';
import { InputError } from '../errors/input-error.ts';
import type { Cell } from './column.ts';

/** Any table as RFC 4180 text. Numbers are written in the shortest form that reads back to the same double. */
export async function toCsv(header: readonly string[], rows: readonly (readonly Cell[])[]): Promise<string> {
  const { writeToString } = await import('fast-csv');
  const cell = (value: Cell): string => (value === undefined ? '' : String(value));
  return writeToString([[...header], ...rows.map((row) => row.map(cell))], {
    rowDelimiter: '\r\n',
    includeEndRowDelimiter: true,
  });
}

/** Rows whose text is written at once. */
const ROWS_AT_ONCE = 10_000;

/** The same text piece by piece, for tables of millions of rows. */
export function* csvPieces(
  header: readonly string[],
  rows: Iterable<readonly Cell[]>,
): Generator<string, void, undefined> {
  const line = (cells: readonly Cell[]): string => `${cells.map(csvCell).join(',')}\r\n`;
  let lines = [line(header)];
  for (const row of rows) {
    lines.push(line(row));
    if (lines.length < ROWS_AT_ONCE) continue;
    yield lines.join('');
    lines = [];
  }
  yield lines.join('');
}

function csvCell(cell: Cell): string {
  const text = cell === undefined ? '' : String(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A table with a header: its columns, and its rows by column with numbers and truth values read as such. */
export interface TableText {
  readonly header: readonly string[];
  readonly rows: readonly Readonly<Record<string, Cell>>[];
}

/**
 * Reads any table. Throws InputError, naming the line, for quotation marks that are not closed, two columns of one name
 * and a row of another length.
 */
export async function parseTable(text: string, file: string): Promise<TableText> {
  const { parseString } = await import('fast-csv');
  const lines = await new Promise<string[][]>((resolve, reject) => {
    const found: string[][] = [];
    parseString(text)
      .on('error', () => reject(notCsv(file, found.length + 1)))
      .on('data', (line: string[]) => found.push(line))
      .on('end', () => resolve(found));
  });
  const [header = [], ...body] = lines;
  requireDistinctColumns(header, file);
  const rows = body.map((cells, i) => {
    if (cells.length !== header.length)
      throw new InputError(`${cells.length} cells under ${header.length} columns`, {
        place: { file, line: i + 2 },
      });
    return Object.fromEntries(header.map((name, c) => [name, cellValue(cells[c]!)]));
  });
  return { header, rows };
}

const notCsv = (file: string, line: number): InputError =>
  new InputError('not CSV: quotation marks that do not belong together', {
    place: { file, line },
    remedy: 'a cell in quotation marks ends with one, and has two for each of its own',
  });

function cellValue(text: string): Cell {
  if (text === '') return undefined;
  if (text === 'true' || text === 'false') return text === 'true';
  const number = Number(text);
  return Number.isFinite(number) ? number : text;
}
