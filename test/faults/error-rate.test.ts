import { describe, expect, it } from 'vitest';
import { createChip } from '../../src/faults/chip.ts';
import { ERROR_MODEL_IDS, errorModel, meanFlip } from '../../src/faults/error-model.ts';
import { subarrayBer } from '../../src/faults/subarray-ber.ts';
import { weakCellsAt } from '../../src/faults/weak-cells-at.ts';
import { bytesPerRow } from '../../src/hardware/device.ts';
import { loadVoltageProfile } from '../../src/hardware/load-voltage-profile.ts';
import { berAt, type VoltageProfile } from '../../src/hardware/voltage-profile.ts';
import { clopperPearson } from '../../src/stats/binomial.ts';
import { FULL } from '../effort.ts';
import { shippedModels } from '../shipped-models.ts';
import { middlingOrganisation, siteOf } from './fixtures.ts';

const CHIPS = 20;
const site = siteOf(middlingOrganisation);
const banks = middlingOrganisation.banksPerGroup;
const { rows } = middlingOrganisation;
const rowBits = bytesPerRow(middlingOrganisation) * 8;
const cells = banks * rows * rowBits;

interface Tally {
  inside: number;
  intervals: number;
}

/**
 * Comparisons of 20 chips together that this file makes, at most; each at this part of 1 %, so that all of them hold
 * with 99 % confidence (Bonferroni).
 */
const COMPARISONS = 200;

/** Weak cells of 20 chips against the profile: each chip's 99 % interval is tallied, the 20 together must be inside. */
function holdAgainst(
  profile: VoltageProfile,
  model: ReturnType<typeof errorModel>,
  supplies: (lowest: number) => readonly number[],
  tally: Tally,
): string[] {
  const outside: string[] = [];
  const pooled = new Map<number, { weak: number; expected: number; chips: number }>();
  for (let number = 0; number < CHIPS; number++) {
    const chip = createChip(profile, site, { seed: 2021, chip: number, model });
    for (const supply of supplies(chip.member.curve.voltages[0]!)) {
      const weak = weakCellsAt(chip, supply);
      const bits = new Uint32Array(rowBits);
      let count = 0;
      for (let bank = 0; bank < banks; bank++)
        for (let row = 0; row < rows; row++) count += weak.ofRow(0, 0, bank, row, bits);
      const share = berAt(chip.member.curve, supply) / meanFlip(model);
      const { low, high } = clopperPearson(count, cells, 0.99);
      tally.intervals++;
      if (low <= share && share <= high) tally.inside++;
      const sum = pooled.get(supply) ?? { weak: 0, expected: 0, chips: 0 };
      pooled.set(supply, {
        weak: sum.weak + count,
        expected: sum.expected + share * cells,
        chips: sum.chips + 1,
      });
    }
  }
  for (const [supply, { weak, expected, chips }] of pooled) {
    const { low, high } = clopperPearson(weak, cells * chips, 1 - 0.01 / COMPARISONS);
    const share = expected / (cells * chips);
    if (!(low <= share && share <= high))
      outside.push(`${profile.name} model ${model.id} at ${supply} V: ${weak} weak, ${expected} expected`);
  }
  return outside;
}

const steps = (lowest: number): number[] => {
  const voltages: number[] = [];
  for (let millivolts = 1350; millivolts >= Math.round(lowest * 1000); millivolts -= 25)
    voltages.push(millivolts / 1000);
  return voltages;
};

describe('bit error rate of generated chips', () => {
  it.runIf(FULL)(
    'is the profile’s at every voltage, under every model: chips within their 99 % intervals, 20 together too',
    async () => {
      const tally = { inside: 0, intervals: 0 };
      const outside: string[] = [];
      for (const name of ['sparkxd', 'voltron-a', 'voltron-b', 'voltron-c']) {
        const profile = await loadVoltageProfile(name, shippedModels);
        for (const id of ERROR_MODEL_IDS) outside.push(...holdAgainst(profile, errorModel(id), steps, tally));
      }
      expect(outside).toEqual([]);
      // Of single chips' intervals, 99 % should hold; with their number, 98 % leaves no doubt.
      expect(tally.intervals).toBeGreaterThan(2000);
      expect(tally.inside / tally.intervals).toBeGreaterThan(0.98);
    },
  );

  it('is spread over subarrays as subarrayBer expects', async () => {
    const profile = await loadVoltageProfile('voltron-c', shippedModels);
    for (const id of ERROR_MODEL_IDS) {
      const chip = createChip(profile, site, { seed: 5, model: errorModel(id), member: 'C4' });
      const supply = 1.1;
      const expected = subarrayBer(chip, supply);
      const weak = weakCellsAt(chip, supply);
      const bits = new Uint32Array(rowBits);
      const { rowsPerSubarray } = middlingOrganisation;
      const perSubarray = rowsPerSubarray * rowBits;
      let mean = 0;
      expected.forEach((ber, index) => {
        const bank = Math.floor(index / (rows / rowsPerSubarray));
        const firstRow = (index % (rows / rowsPerSubarray)) * rowsPerSubarray;
        let count = 0;
        for (let row = firstRow; row < firstRow + rowsPerSubarray; row++)
          count += weak.ofRow(0, 0, bank, row, bits);
        const share = ber / meanFlip(chip.model);
        const { low, high } = clopperPearson(count, perSubarray, 1 - 1e-5);
        expect(share).toBeGreaterThanOrEqual(low);
        expect(share).toBeLessThanOrEqual(high);
        mean += ber / expected.length;
      });
      expect(mean / berAt(chip.member.curve, supply)).toBeCloseTo(1, 10);
      expect(Math.max(...expected) / Math.min(...expected)).toBeGreaterThan(100);
    }
  });

  it('is kept when whole subarrays are full: what they cannot take, the others do', () => {
    const profile: VoltageProfile = {
      name: 'full',
      description: 'for tests',
      measuredOn: ['ddr3'],
      publishedFor: [],
      nominal: 1.35,
      members: [
        { name: 'only', curve: { voltages: [1, 1.35], log10Ber: [Math.log10(0.6), -3], errorFree: 1.35 } },
      ],
      structure: { spread: 2, commonToBanks: 0.5 },
      provenance: [],
    };
    for (const id of ERROR_MODEL_IDS) {
      if (id === 3) continue;
      const model = errorModel(id, id === 0 ? {} : { spread: 0.5 });
      const chip = createChip(profile, site, { seed: 5, model });
      const ber = subarrayBer(chip, 1);
      expect(ber.filter((rate) => rate === 1).length).toBeGreaterThan(0);
      expect(ber.reduce((sum, rate) => sum + rate, 0) / ber.length).toBeCloseTo(0.6, 10);
      const weak = weakCellsAt(chip, 1);
      const bits = new Uint32Array(rowBits);
      const full = ber.indexOf(1);
      const { rowsPerSubarray } = middlingOrganisation;
      const subarrays = rows / rowsPerSubarray;
      const count = weak.ofRow(
        0,
        0,
        Math.floor(full / subarrays),
        (full % subarrays) * rowsPerSubarray,
        bits,
      );
      expect(count).toBe(rowBits);
      expect(new Set(bits).size).toBe(rowBits);
    }
  });
});

describe('structure', () => {
  /** Variance over mean of the counts per line: 1 for cells strewn at random, more where lines differ. */
  const dispersion = (counts: Float64Array): number => {
    const mean = counts.reduce((a, b) => a + b, 0) / counts.length;
    const variance = counts.reduce((sum, c) => sum + (c - mean) ** 2, 0) / (counts.length - 1);
    return variance / mean;
  };

  it('clusters along bitlines in model 1, along rows in model 2, and along neither in 0 and 3', async () => {
    const profile = await loadVoltageProfile('sparkxd', shippedModels);
    const found = ERROR_MODEL_IDS.map((id) => {
      const chip = createChip(profile, site, {
        seed: 9,
        model: errorModel(id),
        structure: { spread: 0, commonToBanks: 0 },
      });
      const weak = weakCellsAt(chip, 1.025);
      const bits = new Uint32Array(rowBits);
      const perRow = new Float64Array(64);
      const perBitline = new Float64Array(rowBits);
      for (let row = 0; row < 64; row++) {
        const count = weak.ofRow(0, 0, 3, row, bits);
        perRow[row] = count;
        for (let i = 0; i < count; i++) perBitline[bits[i]!]!++;
      }
      return { rows: dispersion(perRow), bitlines: dispersion(perBitline) };
    });
    for (const id of [0, 3]) {
      expect(found[id]!.rows).toBeLessThan(1.5);
      expect(found[id]!.bitlines).toBeLessThan(1.1);
    }
    expect(found[1]!.bitlines).toBeGreaterThan(1.2);
    expect(found[1]!.rows).toBeLessThan(1.5);
    expect(found[2]!.rows).toBeGreaterThan(10);
    expect(found[2]!.bitlines).toBeLessThan(1.1);
  });

  it('differs by orders of magnitude between chips of one vendor, as the modules measured do', async () => {
    const profile = await loadVoltageProfile('voltron-b', shippedModels);
    const rates = Array.from({ length: 40 }, (_, number) => {
      const chip = createChip(profile, site, { seed: 1, chip: number });
      return berAt(chip.member.curve, 1.075);
    });
    expect(Math.max(...rates) / Math.min(...rates)).toBeGreaterThan(1e4);
    expect(new Set(rates).size).toBeGreaterThan(8);
  });
});
