import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseRows } from '../../src/results/read-rows.ts';
import { createRowStream } from '../../src/results/stream-rows.ts';
import { WRONG_READ_TABLE } from '../../src/results/tables.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sparkxd-row-stream-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const ROWS = 50_003;
const cellsOf = (i: number) => [
  i,
  i * 1.25,
  `0x${i.toString(16)}`,
  0,
  0,
  i % 8,
  i % 100,
  i % 64,
  '3 17',
  i % 2 ? '3' : undefined,
];

describe('a table that is written row by row', () => {
  it('holds the same rows as CSV and as Parquet, with units', async () => {
    const [csv, parquet] = [join(folder, 'rows.csv'), join(folder, 'rows.parquet')];
    for (const file of [csv, parquet]) {
      const stream = await createRowStream(file, WRONG_READ_TABLE);
      for (let i = 0; i < ROWS; i++) stream.put(cellsOf(i));
      stream.end();
    }
    const rows = await parseRows(WRONG_READ_TABLE, await readFile(csv, 'utf8'), csv);
    const bytes = await readFile(parquet);
    const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer;
    const objects = await parquetReadObjects({ file });
    expect(objects).toHaveLength(ROWS);
    for (const i of [0, 1, 49_999, 50_000, ROWS - 1]) {
      const expected = Object.fromEntries(
        WRONG_READ_TABLE.columns.map((name, c) => [name, cellsOf(i)[c] ?? null]),
      );
      expect(objects[i]).toEqual(expected);
      // A text that looks like a number is read as one.
      const read = Object.fromEntries(
        Object.entries(rows[i]!).map(([name, value]) => [
          name,
          name === 'wrong_bit_positions_after_ecc' && value !== undefined ? String(value) : (value ?? null),
        ]),
      );
      expect({ ...read, address: objects[i]!['address'] }).toEqual(expected);
    }
    const { key_value_metadata } = parquetMetadata(file);
    expect(JSON.parse(key_value_metadata!.find(({ key }) => key === 'units')!.value!)).toMatchObject({
      issued_ns: 'ns',
      column: 'bursts',
    });
  });

  it('is not there when it was given up', async () => {
    const before = await readdir(folder);
    const stream = await createRowStream(join(folder, 'gone.csv'), WRONG_READ_TABLE);
    for (let i = 0; i < 60_000; i++) stream.put(cellsOf(i));
    stream.abandon();
    expect(await readdir(folder)).toEqual(before);
  });
});
