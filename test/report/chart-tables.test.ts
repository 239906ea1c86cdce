import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type PackedTable, packedRows, UNPACKED_ROWS } from '../../src/report/chart-tables.ts';

type Rows = readonly Readonly<Record<string, unknown>>[];

/** As the script of a page has it. */
const unpackedRows = new Function(`${UNPACKED_ROWS}; return unpackedRows;`)() as (table: PackedTable) => Rows;
const throughJson = <T>(value: T): T => JSON.parse(JSON.stringify(value));

const cell = fc.oneof(fc.double(), fc.string(), fc.boolean(), fc.constant(undefined), fc.constant(null));
const field = fc.oneof(
  fc.constantFrom('supply_V', 'mapping', '__proto__', 'constructor', '2', '1'),
  fc.string(),
);

describe('the rows of charts on a page', () => {
  it('are read as they were written, however many there are', () => {
    const some = fc.array(fc.dictionary(field, cell, { noNullPrototype: true }), {
      minLength: 1,
      maxLength: 5,
    });
    fc.assert(
      fc.property(some, fc.constantFrom(1, 999, 1000, 1001), (patterns, count) => {
        const rows = Array.from({ length: count }, (_, k) => patterns[(k * k) % patterns.length]!);
        const read = unpackedRows(throughJson(packedRows(rows)));
        const plain: Rows = throughJson(rows);
        expect(read).toEqual(plain);
        const fields = (of: Rows): string[] => [...new Set(of.flatMap(Object.keys))];
        expect(fields(read)).toEqual(fields(plain));
      }),
      { seed: 1, numRuns: 60 },
    );
  });

  it('name a field once, and a value that all have in common once', () => {
    const rows = Array.from({ length: 1000 }, (_, k) => ({
      mapping: 'baseline',
      energy: k,
      ...(k === 7 ? { odd: 1 } : {}),
    }));
    expect(packedRows(rows)).toEqual({
      rows: 1000,
      columns: [
        { name: 'mapping', value: 'baseline' },
        { name: 'energy', values: rows.map(({ energy }) => energy) },
        { name: 'odd', values: [1], at: [7] },
      ],
    });
  });

  it('name a text that repeats once, and its number in each row', () => {
    const rows = Array.from({ length: 1000 }, (_, k) => ({ trace: k % 2 === 0 ? 'even' : 'odd', k }));
    expect(packedRows(rows)).toMatchObject({
      columns: [{ name: 'trace', words: ['even', 'odd'], values: rows.map(({ k }) => k % 2) }, { name: 'k' }],
    });
    expect(unpackedRows(throughJson(packedRows(rows)))).toEqual(rows);
  });
});
