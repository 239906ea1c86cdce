import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createChip, type GeneratedChip } from '../../src/faults/chip.ts';
import { weakCellsAt } from '../../src/faults/weak-cells-at.ts';
import { banksPerRank, type Organisation } from '../../src/hardware/device.ts';
import { FULL, randomCases } from '../effort.ts';
import { referenceRow } from '../reference/weak-cells.ts';
import {
  allModels,
  crookedOrganisation,
  denseProfile,
  middlingOrganisation,
  siteOf,
  smallOrganisation,
} from './fixtures.ts';

interface Row {
  readonly channel: number;
  readonly rank: number;
  readonly bank: number;
  readonly row: number;
}
const arbitraryRow = (organisation: Organisation): fc.Arbitrary<Row> =>
  fc.record({
    channel: fc.nat(organisation.channels - 1),
    rank: fc.nat(organisation.ranks - 1),
    bank: fc.nat(banksPerRank(organisation) - 1),
    row: fc.nat(organisation.rows - 1),
  });

/** The weak cells of a row, by bit. */
function weakRow(chip: GeneratedChip, supply: number, { channel, rank, bank, row }: Row) {
  const weak = weakCellsAt(chip, supply);
  const bits = new Uint32Array(weak.rowBits);
  const flips = new Float64Array(2 * weak.rowBits);
  const failures = new Float64Array(weak.rowBits);
  const count = weak.ofRow(channel, rank, bank, row, bits, flips, failures);
  return Array.from({ length: count }, (_, i) => ({
    bit: bits[i]!,
    failureVoltage: failures[i]!,
    flips: [flips[2 * i]!, flips[2 * i + 1]!],
  })).sort((a, b) => a.bit - b.bit);
}

describe('weak cells of a generated chip', () => {
  it.each([
    ['a small memory', smallOrganisation],
    ['a memory without a power of two', crookedOrganisation],
  ])(
    'are those whose failure voltage lies above the supply: the cell-by-cell map says the same (%s)',
    (_, organisation) => {
      fc.assert(
        fc.property(
          fc.nat(),
          fc.constantFrom(...allModels),
          arbitraryRow(organisation),
          fc.oneof(fc.double({ min: 1, max: 1.3499, noNaN: true }), fc.constantFrom(1, 1.1, 1.25, 1.35)),
          fc.constantFrom(1.35, 1.2),
          (seed, model, row, supply, nominal) => {
            const chip = createChip(denseProfile, siteOf(organisation, nominal), { seed, model });
            const scaled = (supply / 1.35) * nominal;
            const expected = referenceRow(chip, row.channel, row.rank, row.bank, row.row).filter(
              ({ failureVoltage }) => failureVoltage !== undefined && failureVoltage > scaled,
            );
            expect(weakRow(chip, scaled, row)).toEqual(expected);
          },
        ),
        { seed: 5, numRuns: randomCases(80) },
      );
    },
  );

  it('agree with the cell-by-cell map exactly at a cell’s own failure voltage and next to it', () => {
    for (const model of allModels) {
      const chip = createChip(denseProfile, siteOf(smallOrganisation), { seed: 11, model });
      const row = { channel: 0, rank: 0, bank: 2, row: 17 };
      const cells = referenceRow(chip, 0, 0, 2, 17);
      const voltages = cells.flatMap(({ failureVoltage }) => failureVoltage ?? []);
      for (const voltage of voltages.filter((_, i) => i % 7 === 0))
        for (const supply of [voltage, voltage - 2e-16, voltage + 2e-16, voltage - 1e-12, voltage + 1e-12]) {
          if (supply > 1.35 - 1e-9) continue;
          const expected = cells.filter((cell) => (cell.failureVoltage ?? 0) > supply).map(({ bit }) => bit);
          expect(weakRow(chip, supply, row).map(({ bit }) => bit)).toEqual(expected);
        }
    }
  });

  const voltages = FULL ? 100 : 25;
  it(`are nested over ${voltages} voltages, bit by bit`, () => {
    for (const model of allModels) {
      const chip = createChip(denseProfile, siteOf(crookedOrganisation), { seed: 3, model });
      const { channels, ranks, rows } = crookedOrganisation;
      const banks = banksPerRank(crookedOrganisation);
      let previous = new Set<number>();
      for (let step = 0; step < voltages; step++) {
        const weak = weakCellsAt(chip, 1.35 - (0.35 * step) / (voltages - 1));
        const bits = new Uint32Array(weak.rowBits);
        const here = new Set<number>();
        for (let bank = 0; bank < channels * ranks * banks; bank++)
          for (let row = 0; row < rows; row++) {
            const rank = Math.floor(bank / banks);
            const count = weak.ofRow(Math.floor(rank / ranks), rank % ranks, bank % banks, row, bits);
            for (let i = 0; i < count; i++) here.add((bank * rows + row) * weak.rowBits + bits[i]!);
          }
        for (const cell of previous)
          if (!here.has(cell)) expect.fail(`cell ${cell} recovered at step ${step}`);
        if (step === 0) expect(here.size).toBe(0);
        previous = here;
      }
      expect(previous.size).toBeGreaterThan(10_000);
    }
  });

  it('do not depend on the order of asking, nor on who asks (a copy of the chip in another worker)', () => {
    const chip = createChip(denseProfile, siteOf(smallOrganisation), { seed: 8, model: allModels[1]! });
    const copy = structuredClone(chip);
    const ask = weakCellsAt(chip, 1.1);
    const askCopy = weakCellsAt(copy, 1.1);
    const bits = new Uint32Array(ask.rowBits);
    const forwards: string[] = [];
    for (let row = 0; row < 64; row++) forwards.push(bits.slice(0, ask.ofRow(0, 0, 1, row, bits)).join());
    const backwards: string[] = [];
    for (let row = 63; row >= 0; row--)
      backwards.unshift(bits.slice(0, askCopy.ofRow(0, 0, 1, row, bits)).join());
    expect(backwards).toEqual(forwards);
    expect(new Set(forwards).size).toBeGreaterThan(60);
  });

  it('differ from chip to chip and from seed to seed', () => {
    const maps = [
      { seed: 1, chip: 0 },
      { seed: 1, chip: 1 },
      { seed: 2, chip: 0 },
    ].map((options) => {
      const chip = createChip(denseProfile, siteOf(smallOrganisation), options);
      return JSON.stringify(weakRow(chip, 1.1, { channel: 0, rank: 0, bank: 0, row: 0 }));
    });
    expect(new Set(maps).size).toBe(3);
  });

  it('are exactly none at nominal supply', () => {
    for (const model of allModels) {
      const chip = createChip(denseProfile, siteOf(middlingOrganisation), { seed: 1, model });
      const weak = weakCellsAt(chip, 1.35);
      const bits = new Uint32Array(weak.rowBits);
      for (let row = 0; row < 256; row++) expect(weak.ofRow(0, 0, 0, row, bits)).toBe(0);
    }
  });
});
