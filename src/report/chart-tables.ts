type Row = Readonly<Record<string, unknown>>;

/** Rows of a table from which on a page has it by columns. */
const BY_COLUMNS = 1000;

/** A column of a table: a value for all rows, or one for each (of few `words` the number of each), or for each of the rows `at`. */
export type PackedColumn =
  | { readonly name: string; readonly value: unknown }
  | { readonly name: string; readonly words: readonly string[]; readonly values: readonly number[] }
  | { readonly name: string; readonly values: readonly unknown[]; readonly at?: readonly number[] };

/** Rows as a page has them in JSON; its script has `unpackedRows` read them. */
export type PackedTable = readonly Row[] | { readonly rows: number; readonly columns: PackedColumn[] };

/**
 * Rows for JSON. A large table names each field once, not in every row, and says once what all rows have in common.
 * Fields stand in the order in which the rows first have them.
 */
export function packedRows(rows: readonly Row[]): PackedTable {
  if (rows.length < BY_COLUMNS) return rows;
  const found = new Map<string, { at: number[]; values: unknown[] }>();
  for (const [k, row] of rows.entries())
    for (const name of Object.keys(row)) {
      const value = row[name];
      // JSON leaves out what is undefined.
      if (value === undefined) continue;
      let column = found.get(name);
      if (column === undefined) found.set(name, (column = { at: [], values: [] }));
      column.at.push(k);
      column.values.push(value);
    }
  const columns = Array.from(found, ([name, { at, values }]): PackedColumn => {
    if (at.length < rows.length) return { name, values, at };
    const [value] = values;
    return typeof value !== 'object' && values.every((other) => other === value)
      ? { name, value }
      : (wordsColumn(name, values) ?? { name, values });
  });
  return { rows: rows.length, columns };
}

/** A column of texts that repeat; undefined for others. */
function wordsColumn(name: string, values: readonly unknown[]): PackedColumn | undefined {
  const numbers = new Map<string, number>();
  const found: number[] = [];
  for (const value of values) {
    if (typeof value !== 'string') return undefined;
    const number = numbers.get(value) ?? numbers.size;
    numbers.set(value, number);
    found.push(number);
  }
  return numbers.size * 2 > values.length ? undefined : { name, words: [...numbers.keys()], values: found };
}

/** The rows of a table as read from JSON, for the script of a page, which has this text in it: no types, no imports. */
export const UNPACKED_ROWS = `
function unpackedRows(table) {
  if (Array.isArray(table)) return table;
  const entries = Array.from({ length: table.rows }, () => []);
  for (const { name, value, words, values, at } of table.columns)
    if (values === undefined) for (const row of entries) row.push([name, value]);
    else values.forEach((own, k) => entries[at === undefined ? k : at[k]].push([name, words === undefined ? own : words[own]]));
  // A field may have any name, that of the prototype, too.
  return entries.map((row) => Object.fromEntries(row));
}`;
