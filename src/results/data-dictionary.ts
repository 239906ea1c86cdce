import { RESULT_COLUMNS, type ResultColumn } from './result-columns.ts';

/** docs/results.md: every column of a results file with its unit and definition, as the code has them. */
export function dataDictionary(): string {
  const rows = (RESULT_COLUMNS as readonly ResultColumn[]).map(
    ({ name, unit, definition, network }) =>
      `| \`${name}\` | ${unit === '' ? '-' : unit} | ${definition} | ${network ? '' : 'yes'} |`,
  );
  return [
    '# What the numbers mean',
    '',
    'One row of `results.csv` is one point: a supply voltage, a mapping, a chip. RFC 4180, header first, numbers in the',
    'shortest decimal form that reads back to the same double, absent values empty. This file is generated from',
    '`src/report/result-columns.ts` by `npm run docs`.',
    '',
    '`run --also jsonl,parquet` writes the same rows as `results.jsonl` (an object a line, absent values null) and as',
    '`results.parquet` (DOUBLE, BOOLEAN or STRING as the values are, absent values null, units in the metadata).',
    '`sparkxd verify DIR` derives points again from `manifest.json` and compares the bytes of their rows; `--all` does so',
    'for every point and for the other two files.',
    '',
    '| column | unit | definition | in `replay --csv` too |',
    '|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}
