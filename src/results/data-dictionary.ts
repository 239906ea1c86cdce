import type { Column } from './column.ts';
import { COLUMNS, type ColumnName } from './columns.ts';
import { TABLES, type Table } from './tables.ts';

/** docs/results.md: every table and every column with its unit, scope and definition, as the code has them. */
export function dataDictionary(): string {
  const used = new Set<ColumnName>(TABLES.flatMap(({ columns }) => columns));
  return [
    '# What the numbers mean',
    '',
    'Every table that the program writes, and every column of them. One quantity has one name in all tables; the name says',
    'its scope and its unit. Energies of all that was simulated end in `_nJ`, those of one inference in',
    '`_per_inference_nJ`. Tables are RFC 4180: header first, numbers in the shortest decimal form that reads back to the same',
    'double, absent values empty. This file is generated from `src/results/` by `npm run docs`.',
    '',
    '`run --also jsonl,parquet` writes the same rows as `results.jsonl` (an object a line, absent values null) and as',
    '`results.parquet` (DOUBLE, BOOLEAN or STRING as the values are, absent values null, units in the metadata).',
    '`sparkxd verify DIR` derives points again from `manifest.json` and compares the bytes of their rows; `--all` does so',
    'for every point and for the other two files.',
    '',
    'The JSON of `run`, `simulate`, `replay`, `map` and `power` has, beside its rows, `remarks`: the lines that stderr has without',
    '`--quiet`, such as why the energy of a device must be doubted, or that bit errors are taken over from another standard.',
    '',
    '## Tables',
    '',
    ...TABLES.flatMap(tableSection),
    '## Columns',
    '',
    '| column | type | unit | of | definition |',
    '|---|---|---|---|---|',
    ...(Object.keys(COLUMNS) as ColumnName[]).filter((name) => used.has(name)).map(columnLine),
    '',
  ].join('\n');
}

function tableSection(table: Table): string[] {
  const absent = Object.entries(table.absent);
  return [
    `### ${table.name}`,
    '',
    table.says,
    '',
    table.columns.map((name) => `\`${name}\``).join(', '),
    '',
    ...(absent.length > 0 ? [`Absent ${reasons(absent).join('; ')}.`, ''] : []),
  ];
}

function columnLine(name: ColumnName): string {
  const { type, unit, scope, definition, absent }: Column = COLUMNS[name];
  const empty = absent === undefined ? '' : `; absent where ${absent}`;
  const kind = type === 'number-or-text' ? 'number or text' : type;
  return `| \`${name}\` | ${kind} | ${unit === '' ? '-' : unit} | ${scope} | ${definition}${empty} |`;
}

/** The reasons for which columns are absent, each once with its columns. */
function reasons(absent: readonly (readonly [name: string, when: string])[]): string[] {
  const names = new Map<string, string[]>();
  for (const [name, when] of absent) names.set(when, [...(names.get(when) ?? []), `\`${name}\``]);
  return [...names].map(([when, columns]) => `where ${when}: ${columns.join(', ')}`);
}
