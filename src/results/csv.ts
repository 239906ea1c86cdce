import { parseString, writeToString } from 'fast-csv';
import { InputError } from '../errors/input-error.ts';
import { type Cell, RESULT_COLUMNS, type ResultColumn, type ResultRow } from './result-columns.ts';

/**
 * RFC 4180 text of result rows, header first; `withNetwork` false leaves the network columns out (as `replay` does).
 * Numbers are written in the shortest form that reads back to the same double.
 */
export function resultsCsv(
  rows: readonly ResultRow[],
  { withNetwork }: { withNetwork: boolean },
): Promise<string> {
  const columns = (RESULT_COLUMNS as readonly ResultColumn[]).filter(
    ({ network }) => withNetwork || !network,
  );
  return toCsv(
    columns.map(({ name }) => name),
    rows.map((row) => columns.map(({ name }) => row[name as keyof ResultRow])),
  );
}

/** Any table as CSV with RFC 4180's line ends. */
export function toCsv(header: readonly string[], rows: readonly (readonly Cell[])[]): Promise<string> {
  const cell = (value: Cell): string => (value === undefined ? '' : String(value));
  return writeToString([[...header], ...rows.map((row) => row.map(cell))], {
    rowDelimiter: '\r\n',
    includeEndRowDelimiter: true,
  });
}

/**
 * Reads the text of a results file back into rows. Throws InputError, naming the line, for a column that is unknown or
 * missing and for a row of another length.
 */
export async function parseResultsCsv(text: string, file: string): Promise<ResultRow[]> {
  const { header, rows } = await parseTable(text, file);
  const known = new Set<string>(RESULT_COLUMNS.map(({ name }) => name));
  const strange =
    header.find((name) => !known.has(name)) ?? [...known].find((name) => !header.includes(name));
  if (strange !== undefined)
    throw new InputError(`the columns are not those of this program's results: "${strange}"`, {
      place: { file, line: 1 },
      remedy: 'make the results again with this version of sparkxd',
    });
  if (rows.length === 0) throw new InputError('no results in the file', { place: { file } });
  return rows;
}

/**
 * Reads the results of a merged sweep: the columns of `run` with `axis_NAME` columns behind. Throws InputError, naming
 * the line, for strange columns and for a row without a number in one of the columns `needed`.
 */
export async function parseSweepCsv(
  text: string,
  file: string,
  needed: readonly string[],
): Promise<Readonly<Record<string, Cell>>[]> {
  const { header, rows } = await parseTable(text, file);
  const known = RESULT_COLUMNS.map(({ name }) => name as string);
  const expected = [...known, ...header.slice(known.length)];
  const strange = expected.find(
    (name, i) => header[i] !== name || (i >= known.length && !name.startsWith('axis_')),
  );
  if (strange !== undefined)
    throw new InputError(`the columns are not those of a sweep of this program: "${strange}"`, {
      place: { file, line: 1 },
      remedy: 'merge the sweep again with this version of sparkxd: sparkxd sweep merge DIR',
    });
  if (rows.length === 0) throw new InputError('no results in the file', { place: { file } });
  for (const [i, row] of rows.entries())
    for (const name of needed)
      if (typeof row[name] !== 'number')
        throw new InputError(`no number in the column ${name}`, { place: { file, line: i + 2 } });
  return rows;
}

/** A table with a header: its columns, and its rows by column with numbers and truth values read as such. */
export interface Table {
  readonly header: readonly string[];
  readonly rows: Readonly<Record<string, Cell>>[];
}

/** Reads any table back. Throws InputError, naming the line, for a row of another length. */
export async function parseTable(text: string, file: string): Promise<Table> {
  const lines = await new Promise<string[][]>((resolve, reject) => {
    const found: string[][] = [];
    parseString(text)
      .on('error', (error) => reject(new InputError(`not CSV: ${error.message}`, { place: { file } })))
      .on('data', (line: string[]) => found.push(line))
      .on('end', () => resolve(found));
  });
  const [header = [], ...body] = lines;
  const rows = body.map((cells, i) => {
    if (cells.length !== header.length)
      throw new InputError(`${cells.length} cells under ${header.length} columns`, {
        place: { file, line: i + 2 },
      });
    return Object.fromEntries(header.map((name, c) => [name, cellValue(cells[c]!)]));
  });
  return { header, rows };
}

function cellValue(text: string): Cell {
  if (text === '') return undefined;
  if (text === 'true' || text === 'false') return text === 'true';
  const number = Number(text);
  return Number.isFinite(number) ? number : text;
}
