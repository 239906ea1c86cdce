import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/errors/input-error.ts';
import { createChip } from '../../src/faults/chip.ts';
import { compareMaps } from '../../src/faults/compare-maps.ts';
import { readBinaryMap, writeBinaryMap } from '../../src/faults/map-binary.ts';
import { readMapCsv, writeMapCsv } from '../../src/faults/map-csv.ts';
import { mapStatistics } from '../../src/faults/map-statistics.ts';
import { measuredChip } from '../../src/faults/measured-chip.ts';
import { collectWeakCells, mapShape, type WeakCellMap, wholeMemory } from '../../src/faults/weak-cell-map.ts';
import { weakCellsAt } from '../../src/faults/weak-cells-at.ts';
import { allModels, crookedOrganisation, denseProfile, siteOf, smallOrganisation } from './fixtures.ts';

const shape = mapShape(smallOrganisation);
const context = { file: 'map.csv', shape, nominal: 1.35, lowest: 1 };
const read = (text: string) => readMapCsv(text, context);

/** As `toEqual`, which takes seconds over typed arrays of this length. */
function expectSame(map: WeakCellMap, other: WeakCellMap): void {
  const columns = ['channel', 'rank', 'bank', 'row', 'bit', 'failureVoltage', 'flips'] as const;
  for (const column of columns)
    expect(Buffer.compare(Buffer.from(map[column].buffer), Buffer.from(other[column].buffer))).toBe(0);
  const { size, shape: ownShape, nominal, lowest } = map;
  expect({ size, ownShape, nominal, lowest }).toEqual({
    size: other.size,
    ownShape: other.shape,
    nominal: other.nominal,
    lowest: other.lowest,
  });
}

describe('weak-cell maps as files', () => {
  it('come back from CSV and from binary exactly as they went', () => {
    fc.assert(
      fc.property(
        fc.nat(),
        fc.constantFrom(...allModels),
        fc.constantFrom(smallOrganisation, crookedOrganisation),
        fc.double({ min: 1.2, max: 1.35, noNaN: true }),
        (seed, model, organisation, supply) => {
          const chip = createChip(denseProfile, siteOf(organisation), { seed, model });
          const map = collectWeakCells(weakCellsAt(chip, supply), 1.35, supply);
          const own = { file: 'map.csv', shape: map.shape, nominal: 1.35, lowest: supply };
          expectSame(readMapCsv([...writeMapCsv(map, 100)].join(''), own), map);
          expectSame(readBinaryMap(writeBinaryMap(map), 'map.wcm'), map);
        },
      ),
      { seed: 5, numRuns: 25 },
    );
  });

  it('are compact in binary: less than 12 bytes a cell', () => {
    const chip = createChip(denseProfile, siteOf(smallOrganisation), { seed: 1 });
    const map = collectWeakCells(weakCellsAt(chip, 1.1), 1.35, 1.1);
    expect(writeBinaryMap(map).length / map.size).toBeLessThan(12);
  });

  it('take cells in any order, with or without flip probability', () => {
    const map = read('bit,row,bank,failure_voltage_V\n9,3,1,1.1\n4,3,1,1.2\n200,63,0,1.05\n');
    expect([...map.bank]).toEqual([0, 1, 1]);
    expect([...map.bit]).toEqual([200, 4, 9]);
    expect([...map.flips]).toEqual([1, 1, 1, 1, 1, 1]);
    expect([...read('bank,row,bit,failure_voltage_V,flip_probability\r\n0,0,0,1.1,0.25\r\n').flips]).toEqual([
      0.25, 0.25,
    ]);
  });

  it.each([
    [
      'a cell listed twice',
      '0,1,2,1.1\n0,1,3,1.1\n0,1,2,1.2',
      /map.csv:4/,
      /listed twice \(first in line 2\)/,
    ],
    ['a bank the device lacks', '4,0,0,1.1', /map.csv:2/, /bank 4 is outside the memory, which has 0 to 3/],
    ['a row the device lacks', '0,64,0,1.1', /map.csv:2/, /row 64 is outside/],
    ['a bit the device lacks', '0,0,256,1.1', /map.csv:2/, /bit 256 is outside/],
    ['half a bit', '0,0,1.5,1.1', /map.csv:2/, /bit 1.5 is outside/],
    ['a word for a number', '0,0,one,1.1', /map.csv:2/, /bit is "one", not a number/],
    ['an empty field', '0,0,,1.1', /map.csv:2/, /bit is "", not a number/],
    ['a field too few', '0,0,1', /map.csv:2/, /3 fields where the header has 4/],
    [
      'a failure voltage below the range',
      '0,0,1,0.9',
      /map.csv:2/,
      /failure voltage 0.9 V is outside .* 1 to 1.35 V/,
    ],
    ['a failure voltage above nominal', '0,0,1,1.4', /map.csv:2/, /failure voltage 1.4 V is outside/],
  ])('refuse %s, with the line', (_, cells, place, what) => {
    const fault = (): unknown => read(`bank,row,bit,failure_voltage_V\n${cells}\n`);
    expect(fault).toThrow(InputError);
    expect(fault).toThrow(what);
    expect(fault).toThrow(place);
  });

  it.each([
    [
      'probability above 1',
      'bank,row,bit,failure_voltage_V,flip_probability\n0,0,0,1.1,1.5',
      /1.5 is outside 0 to 1/,
    ],
    [
      'negative probability',
      'bank,row,bit,failure_voltage_V,flip_probability\n0,0,0,1.1,-0.1',
      /outside 0 to 1/,
    ],
    ['missing column', 'bank,row,failure_voltage_V\n', /needs the column bit/],
    ['unknown column', 'bank,rows,bit,failure_voltage_V\n', /unknown column "rows"[\s\S]*did you mean row\?/],
    ['repeated column', 'bank,row,bit,bit,failure_voltage_V\n', /columns 3 and 4 are both called "bit"/],
    ['half of a pair', 'bank,row,bit,failure_voltage_V,flip_probability_0\n', /go together/],
    ['empty file', '', /unknown column ""/],
  ])('refuse a %s', (_, text, what) => {
    expect(() => read(text)).toThrow(InputError);
    expect(() => read(text)).toThrow(what);
  });

  it('need the channel where there are several', () => {
    const several = { ...context, shape: mapShape(crookedOrganisation) };
    expect(() => readMapCsv('bank,row,bit,failure_voltage_V\n0,0,0,1.1\n', several)).toThrow(
      /needs the column channel/,
    );
  });

  it('refuse a damaged binary file wherever it is cut or changed', () => {
    const chip = createChip(denseProfile, siteOf(smallOrganisation), { seed: 2 });
    const bytes = writeBinaryMap(collectWeakCells(weakCellsAt(chip, 1.2), 1.35, 1.2));
    for (let length = 0; length < bytes.length; length += Math.max(1, Math.floor(bytes.length / 200)))
      expect(() => readBinaryMap(bytes.slice(0, length), 'map.wcm')).toThrow(InputError);
    expect(() => readBinaryMap(Uint8Array.of(...bytes, 0), 'map.wcm')).toThrow(/bytes left over/);
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const damaged = bytes.slice();
        damaged[at]! ^= change;
        try {
          readBinaryMap(damaged, 'map.wcm');
        } catch (error) {
          expect(error).toBeInstanceOf(InputError);
        }
      }),
      { seed: 5, numRuns: 300 },
    );
  });
});

describe('measured chips', () => {
  const map = read('bank,row,bit,failure_voltage_V\n0,0,0,1.1\n');

  it('refuse a device of another geometry or another nominal supply', () => {
    const wider = siteOf({ ...smallOrganisation, columns: 64 });
    expect(() => measuredChip(map, wider, new Uint32Array(4))).toThrow(
      /another geometry: 256 bits a row, the device has 512/,
    );
    expect(() => measuredChip(map, siteOf(smallOrganisation, 1.2), new Uint32Array(4))).toThrow(
      /nominal supply of 1.35 V, the device has 1.2 V/,
    );
  });

  it('fail below a cell’s failure voltage and not at it', () => {
    const chip = measuredChip(map, siteOf(smallOrganisation), new Uint32Array(4));
    const bits = new Uint32Array(256);
    const count = (supply: number) => weakCellsAt(chip, supply).ofRow(0, 0, 0, 0, bits);
    expect(count(1.1)).toBe(0);
    expect(count(1.0999)).toBe(1);
    expect(weakCellsAt(chip, 1.05).ofRow(0, 0, 0, 1, bits)).toBe(0);
  });
});

describe('mapStatistics', () => {
  it('counts as a plain loop does, in any region', () => {
    fc.assert(
      fc.property(
        fc.nat(),
        fc.subarray([0, 1, 2, 3, 4, 5], { minLength: 1 }),
        fc.nat(47),
        fc.nat(47),
        fc.double({ min: 1.05, max: 1.3, noNaN: true }),
        (seed, banks, a, b, supply) => {
          const chip = createChip(denseProfile, siteOf(crookedOrganisation), { seed });
          const map = collectWeakCells(weakCellsAt(chip, 1.05), 1.35, 1.05);
          const region = { banks, firstRow: Math.min(a, b), endRow: Math.max(a, b) + 1 };
          const statistics = mapStatistics(map, region, supply);
          const inside = Array.from({ length: map.size }, (_, i) => i).filter(
            (i) =>
              map.failureVoltage[i]! > supply &&
              banks.includes(map.bank[i]!) &&
              map.row[i]! >= region.firstRow &&
              map.row[i]! < region.endRow,
          );
          expect(statistics.weak).toBe(inside.length);
          expect(statistics.cells).toBe(4 * banks.length * (region.endRow - region.firstRow) * 192);
          for (const part of statistics.subarrays) {
            const own = inside.filter(
              (i) =>
                map.channel[i] === part.channel &&
                map.rank[i] === part.rank &&
                map.bank[i] === part.bank &&
                Math.floor(map.row[i]! / 24) === part.subarray,
            );
            expect(part.weak).toBe(own.length);
          }
          const perRow = new Map<string, number>();
          for (const i of inside) {
            const key = [map.channel[i], map.rank[i], map.bank[i], map.row[i]].join();
            perRow.set(key, (perRow.get(key) ?? 0) + 1);
          }
          expect(statistics.rows.linesWithWeakCells).toBe(perRow.size);
          expect(statistics.rows.worst[0]?.weak ?? 0).toBe(Math.max(0, ...perRow.values()));
          expect(statistics.rows.worst.map(({ weak }) => weak)).toEqual(
            [...perRow.values()].sort((x, y) => y - x).slice(0, 10),
          );
        },
      ),
      { seed: 5, numRuns: 15 },
    );
  });

  it('finds no dispersion in an empty map', () => {
    const chip = createChip(denseProfile, siteOf(smallOrganisation), { seed: 1 });
    const map = collectWeakCells(weakCellsAt(chip, 1.35), 1.35, 1.35);
    const { weak, rows, share } = mapStatistics(map, wholeMemory(map.shape), 1.35);
    expect(weak).toBe(0);
    expect(rows.dispersion).toBeUndefined();
    expect(share.low).toBe(0);
    expect(share.high).toBeGreaterThan(0);
  });
});

describe('compareMaps', () => {
  const mapOf = (seed: number, supply: number) => {
    const chip = createChip(denseProfile, siteOf(smallOrganisation), { seed });
    return collectWeakCells(weakCellsAt(chip, supply), 1.35, supply);
  };

  it('sees that a lower supply’s map contains a higher one’s', () => {
    const comparison = compareMaps(mapOf(1, 1.2), mapOf(1, 1.1));
    expect(comparison.supply).toBe(1.2);
    expect(comparison).toMatchObject({
      firstInSecond: true,
      secondInFirst: true,
      greatestDifference: 0,
      overlap: 1,
    });
  });

  it('sees two chips share what chance gives', () => {
    const { shared, sharedByChance, firstInSecond } = compareMaps(mapOf(1, 1.1), mapOf(2, 1.1));
    expect(firstInSecond).toBe(false);
    // Both chips are weak in the same banks, so they share somewhat more than by chance.
    expect(shared).toBeGreaterThan(0.5 * sharedByChance);
    expect(shared).toBeLessThan(10 * sharedByChance);
  });

  it('refuses other memories, and supplies that a map does not know', () => {
    const chip = createChip(denseProfile, siteOf(crookedOrganisation), { seed: 1 });
    const other = collectWeakCells(weakCellsAt(chip, 1.2), 1.35, 1.2);
    expect(() => compareMaps(mapOf(1, 1.2), other)).toThrow(/different memories/);
    expect(() => compareMaps(mapOf(1, 1.2), mapOf(2, 1.2), 1.1)).toThrow(/outside the range of a map/);
  });
});
