import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { parseString } from 'fast-csv';
import { describe, expect, it } from 'vitest';
import { parseTable, toCsv } from '../../src/results/csv.ts';
import { dataDictionary } from '../../src/results/data-dictionary.ts';
import { REPLAY_TABLE, RUN_TABLE } from '../../src/results/tables.ts';
import { tableCsv } from '../../src/results/write-rows.ts';

const parse = (text: string): Promise<string[][]> =>
  new Promise((resolve, reject) => {
    const rows: string[][] = [];
    parseString(text)
      .on('error', reject)
      .on('data', (row: string[]) => rows.push(row))
      .on('end', () => resolve(rows));
  });

describe('results.csv', () => {
  it('begins with the header, and replay leaves out what is of no trace', async () => {
    const [header] = await parse(await tableCsv(RUN_TABLE, [{ device: 'd' }]));
    expect(header).toEqual(RUN_TABLE.columns);
    const [replayHeader] = await parse(await tableCsv(REPLAY_TABLE, [{ device: 'd' }]));
    expect(replayHeader).not.toContain('dram_energy_per_inference_nJ');
    expect(replayHeader).toContain('energy_per_access_pJ');
  });

  it('reads back to the same cells, whatever they hold', async () => {
    const cell = fc.oneof(
      fc.double({ noNaN: true }),
      fc.boolean(),
      fc.string({ minLength: 1, unit: 'grapheme' }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 5 }), async (rows) => {
        const read = await parse(await toCsv(['a', 'b'], rows));
        expect(read.slice(1)).toEqual(rows.map((row) => row.map(String)));
      }),
      { seed: 4, numRuns: 100 },
    );
  });
});

describe('any table', () => {
  it('with two columns of one name is refused, with both', async () => {
    await expect(parseTable('a,b,c,b\r\n1,2,3,4\r\n', 'r.csv')).rejects.toThrow(
      /^columns 2 and 4 are both called "b"\n {2}at r.csv:1\n/,
    );
  });

  it('with a quotation mark that is not closed is refused with the line', async () => {
    await expect(parseTable('a,b\r\n1,2\r\n3,"4\r\n', 'r.csv')).rejects.toThrow(
      /^not CSV: quotation marks that do not belong together\n {2}at r.csv:3\n/,
    );
  });
});

describe('docs/results.md', () => {
  it('is what the code says (npm run docs writes it)', () => {
    expect(readFileSync(new URL('../../docs/results.md', import.meta.url), 'utf8')).toBe(dataDictionary());
  });
});
