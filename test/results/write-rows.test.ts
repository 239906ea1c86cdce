import fc from 'fast-check';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import { parseTable } from '../../src/results/csv.ts';
import { type FileColumns, type Row, writeRows } from '../../src/results/write-rows.ts';
import { ROW_FORMATS } from '../../src/settings/row-formats.ts';

const COLUMNS: FileColumns = new Map([
  ['network', { unit: '' }],
  ['energy_nJ', { unit: 'nJ' }],
  ['meets_bound', { unit: '' }],
  ['chip', { unit: '' }],
]);

const rows = fc.array(
  fc.record(
    {
      network: fc
        .string({ unit: 'grapheme', minLength: 1 })
        .filter((text) => Number.isNaN(Number(text)) && !/^(true|false)$/.test(text)),
      energy_nJ: fc.double({ noNaN: true, noDefaultInfinity: true }),
      meets_bound: fc.boolean(),
      chip: fc.oneof(fc.nat(), fc.constant('measured')),
    },
    { requiredKeys: [] },
  ),
  { minLength: 1, maxLength: 20 },
);

const absentAsNull = (row: Row): object =>
  Object.fromEntries([...COLUMNS.keys()].map((name) => [name, row[name] ?? null]));

async function readParquet(file: string | Uint8Array) {
  const bytes = file as Uint8Array<ArrayBuffer>;
  const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  return { metadata: parquetMetadata(buffer), rows: await parquetReadObjects({ file: buffer }) };
}

describe('rows of results', () => {
  it('are the same values as JSON Lines and as Parquet', async () => {
    await fc.assert(
      fc.asyncProperty(rows, async (given) => {
        const lines = String(await writeRows('jsonl', COLUMNS, given))
          .trimEnd()
          .split('\n');
        expect(lines.map((line) => JSON.parse(line))).toEqual(
          // JSON has no -0.
          given.map((row) => JSON.parse(JSON.stringify(absentAsNull(row)))),
        );
        const mixed = new Set(given.map(({ chip }) => typeof chip)).has('string');
        const back = await readParquet(await writeRows('parquet', COLUMNS, given));
        expect(back.rows).toEqual(
          given.map((row) => ({
            ...absentAsNull(row),
            chip: row.chip === undefined ? null : mixed ? String(row.chip) : row.chip,
          })),
        );
      }),
      { seed: 2, numRuns: 60 },
    );
  });

  it('are as CSV what JSON Lines are', async () => {
    const given = [{ network: 'n400', energy_nJ: 0.1 + 0.2, meets_bound: true }, { chip: 3 }];
    const table = await parseTable(String(await writeRows('csv', COLUMNS, given)), 'a.csv');
    expect(table.rows.map(absentAsNull)).toEqual(given.map(absentAsNull));
  });

  it('carry names, types and units in Parquet, and give the same bytes again', async () => {
    const given = [{ network: 'n400', energy_nJ: 1, meets_bound: true, chip: 1 }];
    const { metadata } = await readParquet(await writeRows('parquet', COLUMNS, given));
    expect(metadata.schema.slice(1).map(({ name, type }) => [name, type])).toEqual([
      ['network', 'BYTE_ARRAY'],
      ['energy_nJ', 'DOUBLE'],
      ['meets_bound', 'BOOLEAN'],
      ['chip', 'DOUBLE'],
    ]);
    expect(JSON.parse(metadata.key_value_metadata![0]!.value!)).toMatchObject({ energy_nJ: 'nJ', chip: '' });
    for (const format of ROW_FORMATS)
      expect(await writeRows(format, COLUMNS, given)).toEqual(await writeRows(format, COLUMNS, given));
  });

  it('are refused as JSON where a number is not finite', async () => {
    await expect(writeRows('jsonl', COLUMNS, [{ energy_nJ: Number.NaN }])).rejects.toThrow(
      /energy_nJ is NaN/,
    );
  });
});
