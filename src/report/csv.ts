import { writeToString } from 'fast-csv';
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
