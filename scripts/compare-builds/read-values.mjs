// What a build printed or wrote, as columns of values: a Map from the name of a column to a Map from row to value.
import { createHash } from 'node:crypto';

/** The columns of one output; its name says what it is: standard output or .json, .csv, or else bytes. */
export function readValues(name, bytes) {
  if (name === 'stdout' || name.endsWith('.json')) return jsonValues(bytes.toString('utf8'));
  if (name.endsWith('.csv')) return csvValues(bytes.toString('utf8'));
  const hash = createHash('sha256').update(bytes).digest('hex');
  return new Map([['(bytes, SHA-256)', new Map([['', `${bytes.length} bytes, ${hash}`]])]]);
}

/**
 * The leaves of JSON by their paths, `rows[].ber` with the indices of the arrays as the row. Several documents on lines
 * of their own are an array. An array also has its length as a value.
 */
function jsonValues(text) {
  const columns = new Map();
  for (const [at, document] of documentsOf(text).entries())
    addLeaves(columns, '', at === 0 ? [] : [at], document);
  return columns;
}

function documentsOf(text) {
  try {
    return [JSON.parse(text)];
  } catch {
    return text
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map((line) => JSON.parse(line));
  }
}

function addLeaves(columns, path, indices, value) {
  if (Array.isArray(value)) {
    addValue(columns, `${path}.length`, indices.join('.'), value.length);
    for (const [i, element] of value.entries()) addLeaves(columns, `${path}[]`, [...indices, i], element);
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, inner] of Object.entries(value))
      addLeaves(columns, path === '' ? key : `${path}.${key}`, indices, inner);
  } else addValue(columns, path, indices.join('.'), value);
}

function addValue(columns, column, row, value) {
  const rows = columns.get(column) ?? new Map();
  rows.set(row, value);
  columns.set(column, rows);
}

/**
 * The columns of a CSV file with a header (RFC 4180), rows counted from 1; an empty field is a value. A file whose
 * first line repeats a field or begins with a number has no header: its columns are field 1, field 2, ...
 */
function csvValues(text) {
  const records = csvRecords(text);
  const first = records[0] ?? [];
  const hasHeader = !NUMBER.test(first[0] ?? '') && new Set(first).size === first.length;
  const body = hasHeader ? records.slice(1) : records;
  const columns = new Map([['(rows)', new Map([['', body.length]])]]);
  if (hasHeader) for (const name of first) columns.set(name, new Map());
  for (const [i, record] of body.entries())
    for (const [j, field] of record.entries())
      addValue(columns, (hasHeader ? first[j] : undefined) ?? `field ${j + 1}`, String(i + 1), field);
  return columns;
}

export const NUMBER = /^-?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

function csvRecords(text) {
  if (!text.includes('"'))
    return text
      .split(/\r?\n/)
      .filter((line) => line !== '')
      .map((line) => line.split(','));
  const records = [];
  let record = [];
  for (const [, separator, quoted, plain] of text.matchAll(/(^|,|\r?\n)(?:"((?:[^"]|"")*)"|([^",\r\n]*))/g)) {
    if (separator !== ',' && record.length > 0) {
      records.push(record);
      record = [];
    }
    record.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
  }
  records.push(record);
  return records.filter((fields) => fields.length > 1 || fields[0] !== '');
}
