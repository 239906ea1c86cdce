import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AddressMapping, COORDINATES, type Coordinate } from '../../src/dram/address.ts';
import { ADDRESS_ORDERS, addressOrder, createOrderedMapping } from '../../src/dram/address-mapping.ts';
import {
  type BitTable,
  coordinateSizes,
  createBitTableMapping,
} from '../../src/dram/address-mapping-bits.ts';
import { burstsPerRow, type Organisation } from '../../src/hardware/device.ts';
import { randomCases } from '../effort.ts';
import { organisation } from './organisations.ts';

const SEEDED = { seed: 20260512, numRuns: randomCases(150) };

const coordinates = (mapping: AddressMapping, burst: number): number[] => {
  const out = new Int32Array(6);
  mapping.decode(burst, out);
  return [...out];
};
const encode = (mapping: AddressMapping, [a, b, c, d, e, f]: readonly number[]): number =>
  mapping.encode(a!, b!, c!, d!, e!, f!);

/** The definition, bit by bit. */
function decodeByDefinition(table: BitTable, burst: number): number[] {
  const bitOf = (i: number): number => Number((BigInt(burst) >> BigInt(i)) & 1n);
  return COORDINATES.map((coordinate) =>
    table[coordinate].reduce(
      (value, sources, bit) => value + sources.reduce((parity, i) => parity ^ bitOf(i), 0) * 2 ** bit,
      0,
    ),
  );
}

/** Counts on from a burst until the row, the bank or the sequence of columns ends. */
function runByDefinition(mapping: AddressMapping, burst: number): number {
  const first = coordinates(mapping, burst);
  let count = 1;
  while (burst + count < mapping.bursts) {
    const next = coordinates(mapping, burst + count);
    if (!next.every((value, i) => value === (i === 5 ? first[5]! + count : first[i]))) break;
    count++;
  }
  return count;
}

const powers = (most: number) => fc.integer({ min: 0, max: most }).map((bits) => 2 ** bits);
const binaryOrganisation: fc.Arbitrary<Organisation> = fc
  .record({
    channels: powers(1),
    ranks: powers(1),
    bankGroups: powers(2),
    banksPerGroup: powers(2),
    rows: powers(3),
    columns: powers(3).map((bursts) => bursts * 8),
  })
  .map((sizes) => organisation({ ...sizes, rowsPerSubarray: 1 }));

/** A random bijection: a permutation of the address bits, then some bits XORed onto others. */
const tableFor = (memory: Organisation): fc.Arbitrary<BitTable> => {
  const sizes = coordinateSizes(memory);
  const width = (coordinate: Coordinate): number => Math.log2(sizes[coordinate]);
  const bits = COORDINATES.reduce((sum, coordinate) => sum + width(coordinate), 0);
  const index = fc.integer({ min: 0, max: Math.max(bits - 1, 0) });
  return fc
    .tuple(
      fc.shuffledSubarray(
        Array.from({ length: bits }, (_, i) => i),
        { minLength: bits, maxLength: bits },
      ),
      fc.boolean(),
      fc.array(fc.tuple(index, index), { maxLength: 8 }),
    )
    .map(([shuffled, sorted, xors]) => {
      const outputs = (sorted ? [...shuffled].sort((a, b) => a - b) : shuffled).map((bit) => new Set([bit]));
      for (const [to, from] of xors)
        if (to !== from && bits > 0)
          for (const bit of outputs[from]!) if (!outputs[to]!.delete(bit)) outputs[to]!.add(bit);
      // Columns first, so that sorted tables have runs.
      let next = 0;
      const table = {} as Record<Coordinate, number[][]>;
      for (const coordinate of [...COORDINATES].reverse())
        table[coordinate] = Array.from({ length: width(coordinate) }, () => [...outputs[next++]!]);
      return table;
    });
};
const memoryAndTable = binaryOrganisation.chain((memory) =>
  tableFor(memory).map((table) => ({ memory, table })),
);

describe('bit tables', () => {
  it('decode as defined, are bijections, and encode is the exact inverse', () => {
    fc.assert(
      fc.property(memoryAndTable, ({ memory, table }) => {
        const mapping = createBitTableMapping(memory, table);
        const seen = new Set<string>();
        for (let burst = 0; burst < mapping.bursts; burst++) {
          const at = coordinates(mapping, burst);
          expect(at).toEqual(decodeByDefinition(table, burst));
          expect(encode(mapping, at)).toBe(burst);
          seen.add(at.join());
        }
        expect(seen.size).toBe(mapping.bursts);
      }),
      { ...SEEDED, numRuns: randomCases(60) },
    );
  });

  it('know how far a row goes, as brute force counts', () => {
    fc.assert(
      fc.property(memoryAndTable, ({ memory, table }) => {
        const mapping = createBitTableMapping(memory, table);
        for (let burst = 0; burst < mapping.bursts; burst += 1 + (burst % 3))
          expect(mapping.burstsToRowEnd(burst)).toBe(runByDefinition(mapping, burst));
      }),
      { ...SEEDED, numRuns: randomCases(60) },
    );
  });

  it('hold addresses far beyond 32 bits', () => {
    const memory = organisation({
      channels: 8,
      ranks: 4,
      rows: 2 ** 22,
      banksPerGroup: 16,
      columns: 2 ** 17,
    });
    fc.assert(
      fc.property(
        tableFor(memory).chain((table) =>
          fc.record({ table: fc.constant(table), burst: fc.integer({ min: 0, max: 2 ** 45 - 1 }) }),
        ),
        ({ table, burst }) => {
          const mapping = createBitTableMapping(memory, table);
          expect(mapping.bursts).toBe(2 ** 45);
          const at = coordinates(mapping, burst);
          expect(at).toEqual(decodeByDefinition(table, burst));
          expect(encode(mapping, at)).toBe(burst);
        },
      ),
      SEEDED,
    );
  });

  it('take a row count that is no power of two when the row has the uppermost bits', () => {
    const memory = organisation({ rows: 6, rowsPerSubarray: 2 });
    const table: BitTable = {
      channel: [],
      rank: [],
      bankGroup: [],
      bank: [
        [3, 5],
        [4, 7],
      ],
      row: [[5], [6], [7]],
      column: [[0], [1], [2]],
    };
    const mapping = createBitTableMapping(memory, table);
    expect(mapping.bursts).toBe(6 * 4 * 8);
    const seen = new Set<string>();
    for (let burst = 0; burst < mapping.bursts; burst++) {
      const at = coordinates(mapping, burst);
      expect(at[4]).toBeLessThan(6);
      expect(encode(mapping, at)).toBe(burst);
      seen.add(at.join());
    }
    expect(seen.size).toBe(mapping.bursts);
    const swapped = { ...table, row: [[6], [5], [7]] };
    expect(() => createBitTableMapping(memory, swapped)).toThrow(/row bit 0 must be bit 5/);
  });

  it('are refused when two addresses fall on the same place, naming the bits', () => {
    const memory = organisation();
    const table: BitTable = {
      channel: [],
      rank: [],
      bankGroup: [],
      bank: [[3], [4]],
      row: [[5], [6], [7], [3, 4]],
      column: [[0], [1], [2]],
    };
    const place = (coordinate: Coordinate, bit: number) => ({
      file: 'm.yaml',
      line: COORDINATES.indexOf(coordinate) + 1,
      column: bit + 1,
    });
    expect(() => createBitTableMapping(memory, table, place)).toThrow(
      'the mapping is no bijection: row bit 3 is always bank bit 0 xor bank bit 1\n  at m.yaml:5:4\n  bit 8 of the burst address is used nowhere',
    );
    const short = { ...table, row: [[5], [6], [7]] };
    expect(() => createBitTableMapping(memory, short, place)).toThrow(
      "row has 3 bits, but the device's 16 need 4\n  at m.yaml:5:1",
    );
    const beyond = { ...table, row: [[5], [6], [7], [9]] };
    expect(() => createBitTableMapping(memory, beyond, place)).toThrow(
      'row bit 3 takes bit 9 of the burst address, which has bits 0 to 8\n  at m.yaml:5:4',
    );
    const twice = { ...table, row: [[5], [6], [7], [8, 8]] };
    expect(() => createBitTableMapping(memory, twice, place)).toThrow(/twice: they cancel out/);
    expect(() => createBitTableMapping(organisation({ ranks: 3 }), table, place)).toThrow(
      /cannot number 3 members of rank/,
    );
  });
});

describe('field orders', () => {
  const anySize = fc.integer({ min: 1, max: 5 });
  const anyOrganisation = fc
    .record({
      channels: anySize,
      ranks: anySize,
      bankGroups: anySize,
      banksPerGroup: anySize,
      rows: anySize,
      columns: anySize.map((bursts) => bursts * 8),
    })
    .map((sizes) => organisation({ ...sizes, rowsPerSubarray: 1 }));
  const anyOrder = fc.shuffledSubarray([...COORDINATES], { minLength: 6, maxLength: 6 });

  it('are bijections of any sizes, with encode as inverse and exact row ends', () => {
    fc.assert(
      fc.property(anyOrganisation, anyOrder, (memory, order) => {
        const mapping = createOrderedMapping(memory, order);
        const step = Math.max(1, Math.floor(mapping.bursts / 300));
        for (let burst = 0; burst < mapping.bursts; burst += step) {
          const at = coordinates(mapping, burst);
          expect(encode(mapping, at)).toBe(burst);
          expect(mapping.burstsToRowEnd(burst)).toBe(runByDefinition(mapping, burst));
        }
      }),
      SEEDED,
    );
  });

  it('count through the coordinates, the last one fastest', () => {
    const memory = organisation({ ranks: 3, banksPerGroup: 2, rows: 5, rowsPerSubarray: 1 });
    const mapping = createOrderedMapping(memory, 'bank-row-column');
    let burst = 0;
    for (let rank = 0; rank < 3; rank++)
      for (let bank = 0; bank < 2; bank++)
        for (let row = 0; row < 5; row++)
          for (let column = 0; column < burstsPerRow(memory); column++)
            expect(coordinates(mapping, burst++)).toEqual([0, rank, 0, bank, row, column]);
    expect(burst).toBe(mapping.bursts);
  });

  it("read Ramulator's bigrams, with bank groups faster than banks", () => {
    const memory = organisation({ channels: 2, ranks: 2, bankGroups: 2 });
    expect(addressOrder('RoBaRaCoCh', memory)).toEqual([
      'row',
      'bank',
      'bankGroup',
      'rank',
      'column',
      'channel',
    ]);
    expect(addressOrder('ChRaBaRoCo', memory)).toEqual([
      'channel',
      'rank',
      'bank',
      'bankGroup',
      'row',
      'column',
    ]);
    expect(addressOrder('ChRaBgBaRoCo', memory)).toEqual(ADDRESS_ORDERS['bank-row-column']);
    expect(addressOrder('RoBaCo', organisation())).toEqual([
      'channel',
      'rank',
      'row',
      'bank',
      'bankGroup',
      'column',
    ]);
    expect(addressOrder('row-bank-column', memory)).toBe(ADDRESS_ORDERS['row-bank-column']);
  });

  it('are refused when unknown, double or short of a coordinate', () => {
    const memory = organisation({ ranks: 2 });
    expect(() => addressOrder('row-bank-colum', memory)).toThrow(
      'unknown address order "row-bank-colum"\n  did you mean row-bank-column?, or bigrams such as RoBaRaCoCh',
    );
    expect(() => addressOrder('RoBaRaCoXx', memory)).toThrow(/unknown part "Xx"/);
    expect(() => addressOrder('RoBaRaCoRo', memory)).toThrow(/has Ro twice/);
    expect(() => addressOrder('ChRoBaCo', memory)).toThrow(/leaves out rank, of which the device has 2/);
  });
});
