import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { createChip, failureVoltage, levelAt } from '../../src/faults/chip.ts';
import { largerCurve } from '../../src/hardware/larger-curve.ts';
import { loadVoltageProfile } from '../../src/hardware/load-voltage-profile.ts';
import {
  berAt,
  type ErrorCurve,
  supplyAtBer,
  type VoltageProfile,
} from '../../src/hardware/voltage-profile.ts';
import { siteOf, smallOrganisation } from '../faults/fixtures.ts';
import { shippedModels, withModel } from '../shipped-models.ts';

const load = (name: string) => loadVoltageProfile(name, shippedModels);
const curveOf = async (name: string): Promise<ErrorCurve> => (await load(name)).members[0]!.curve;

/** What Voltron measured of vendor B, as the facts have it: bit error rates at 1.125, 1.1, 1.075, 1.05 and 1.025 V. */
const VENDOR_B: Readonly<Record<string, readonly (number | undefined)[]>> = {
  B1: [0, 0, 2.678e-9, 8.941e-8, 7.282e-8],
  B2: [5.821e-11, 1.985e-8, 9.267e-8, 4.355e-6, undefined],
  B3: [0, 0, 7.16e-9, 1.509e-7, undefined],
  B4: [undefined, 0, 1.746e-10, 5.314e-7, undefined],
  B5: [0, 1.24e-8, 3.245e-6, undefined, undefined],
  B7: [undefined, 0, 1.097e-7, 2.564e-6, 0.001619],
  B8: [0, 5.821e-11, 5.821e-11, 5.891e-8, 3.585e-5],
  B9: [0, 5.821e-11, 1.339e-9, 4.827e-7, 0.0004383],
  B10: [0, 2.503e-9, 5.865e-7, 0.0007518, undefined],
  B11: [undefined, 0, 5.821e-9, 1.262e-6, undefined],
  B12: [undefined, 0, 9.313e-10, undefined, undefined],
};
const SUPPLIES = [1.125, 1.1, 1.075, 1.05, 1.025];
const line = (supply: number): number => 10 ** (-80.1 * supply + 79.43);

describe('the profiles of vendor B’s mean', () => {
  const means = SUPPLIES.map((_, i) => {
    const tested = Object.values(VENDOR_B).flatMap((rates) => rates[i] ?? []);
    return tested.reduce((sum, rate) => sum + rate, 0) / tested.length;
  });

  it('sparkxd-points has the mean of the modules tested at each voltage, and names them', async () => {
    const [{ curve, modules }] = (await load('sparkxd-points')).members as [
      VoltageProfile['members'][number],
    ];
    for (const [i, supply] of SUPPLIES.entries()) {
      expect(berAt(curve, supply) / means[i]!).toBeCloseTo(1, 9);
      const names = Object.keys(VENDOR_B).filter((name) => VENDOR_B[name]![i] !== undefined);
      expect(modules!.find((at) => at.supply === supply)!.modules).toEqual(names);
    }
    // Halfway, the geometric mean of both ends.
    expect(berAt(curve, 1.0625) / Math.sqrt(means[2]! * means[3]!)).toBeCloseTo(1, 9);
    expect(curve.voltages[0]).toBe(1.025);
    expect([berAt(curve, 1.15), berAt(curve, 1.35)]).toEqual([0, 0]);
    expect(berAt(curve, 1.1499)).toBeGreaterThan(5e-12);
  });

  it('sparkxd is the larger of line and means: the line at 1.025 V, as before', async () => {
    const curve = await curveOf('sparkxd');
    for (const [i, supply] of SUPPLIES.entries())
      expect(berAt(curve, supply) / Math.max(means[i]!, line(supply))).toBeCloseTo(1, 9);
    expect(berAt(curve, 1.025)).toBe(berAt(await curveOf('sparkxd-fit'), 1.025));
    expect(berAt(curve, 1.025)).toBeCloseTo(2.13e-3, 5);
    const [fit, points] = [await curveOf('sparkxd-fit'), await curveOf('sparkxd-points')];
    for (let supply = 1.025; supply < 1.36; supply += 0.000_37)
      expect(berAt(curve, supply) / (Math.max(berAt(fit, supply), berAt(points, supply)) || 1)).toBeCloseTo(
        supply < 1.35 ? 1 : 0,
        8,
      );
  });

  it('has the same weak cells as sparkxd-fit at 1.025 V', async () => {
    const [a, b] = await Promise.all(
      ['sparkxd', 'sparkxd-fit'].map(async (name) =>
        createChip(await load(name), siteOf(smallOrganisation), { seed: 3, chip: 2 }),
      ),
    );
    expect(levelAt(a!, 1.025)).toBe(levelAt(b!, 1.025));
    expect(levelAt(a!, 1.05)).toBeGreaterThan(2 * levelAt(b!, 1.05));
  });
});

const SITE = siteOf(smallOrganisation);

/** Curves with steps of random width and height, plateaus included. */
const curves = fc
  .tuple(
    fc.array(fc.tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 0, max: 30 })), {
      minLength: 1,
      maxLength: 6,
    }),
    fc.integer({ min: 0, max: 30 }),
  )
  .map(([steps, start]): ErrorCurve => {
    let [voltage, rate] = [0.9 + start / 1000, -0.5 - start / 10];
    const voltages = [voltage];
    const log10Ber = [rate];
    for (const [width, height] of steps) {
      voltage += width / 1000;
      rate -= height / 10;
      voltages.push(voltage);
      log10Ber.push(rate);
    }
    return { voltages, log10Ber, errorFree: voltage };
  });

describe('the larger of two curves', () => {
  it('is the larger rate at every supply, never rises with the supply, and is inverted exactly', () => {
    fc.assert(
      fc.property(curves, curves, fc.array(fc.double({ min: 0, max: 1, noNaN: true })), (a, b, shares) => {
        const curve = largerCurve(a, b);
        const low = Math.max(a.voltages[0]!, b.voltages[0]!);
        expect(curve.errorFree).toBe(Math.max(a.errorFree, b.errorFree));
        if (low > curve.errorFree) return;
        expect(curve.voltages[0]).toBe(low);
        expect(curve.log10Ber).toEqual([...curve.log10Ber].sort((x, y) => y - x));
        expect(curve.voltages).toEqual([...curve.voltages].sort((x, y) => x - y));
        const supplies = [...a.voltages, ...b.voltages, ...curve.voltages].filter((v) => v >= low);
        for (const share of shares) supplies.push(low + share * (curve.errorFree - low));
        for (const supply of supplies) {
          const expected = Math.max(berAt(a, supply), berAt(b, supply));
          const found = berAt(curve, supply);
          if (expected === 0) expect(found).toBe(0);
          else expect(Math.abs(Math.log10(found / expected))).toBeLessThan(1e-9);
        }
        for (const share of shares) {
          const [most, least] = [curve.log10Ber[0]!, curve.log10Ber.at(-1)!];
          const ber = 10 ** (least + share * (most - least));
          const supply = supplyAtBer(curve, ber);
          if (supply === undefined) continue;
          // Below the supply at least so many fail, and above it no more.
          if (supply > low + 1e-9)
            expect(Math.log10(berAt(curve, supply - 1e-10) / ber)).toBeGreaterThan(-1e-4);
          const above = berAt(curve, supply + 1e-10);
          if (above > 0) expect(Math.log10(above / ber)).toBeLessThan(1e-4);
        }
      }),
    );
  });

  it('gives nested chips, also across its steps: a cell fails at all supplies below its failure voltage', async () => {
    const chip = createChip(await load('sparkxd'), SITE, { seed: 1, chip: 1 });
    const supplies = [1.16, 1.15, 1.1499, 1.14, 1.13, 1.125, 1.1, 1.04, 1.0375, 1.03, 1.025];
    const levels = supplies.map((supply) => levelAt(chip, supply));
    expect(levels).toEqual([...levels].sort((a, b) => a - b));
    for (const [i, level] of levels.entries()) {
      if (i === 0 || level === levels[i - 1]) continue;
      // A cell between the levels of two supplies fails from somewhere between them on.
      const hazard = -Math.log1p(-(level + levels[i - 1]!) / 2);
      const fails = failureVoltage(chip, hazard, 1)!;
      expect(fails).toBeGreaterThanOrEqual(supplies[i]! - 1e-12);
      expect(fails).toBeLessThanOrEqual(supplies[i - 1]! + 1e-12);
    }
  });
});

describe('the population of all measured modules', () => {
  let population: VoltageProfile;
  beforeAll(async () => {
    population = await load('voltron-population');
  });

  it('has the thirty modules with their own curves, clustering and retention', async () => {
    expect(population.population).toBe(true);
    expect(population.members.length).toBe(30);
    for (const name of ['voltron-a', 'voltron-b', 'voltron-c']) {
      const vendor = await load(name);
      for (const member of vendor.members)
        expect(population.members).toContainEqual({
          ...member,
          structure: vendor.structure,
          retention: vendor.retention,
        });
    }
    const chip = createChip(population, SITE, { seed: 1, member: 'C4' });
    const own = createChip(await load('voltron-c'), SITE, { seed: 1, member: 'C4' });
    expect(chip.factors).toEqual(own.factors);
  });

  it('is given to the first thirty chips of a seed whole, to the next thirty again', () => {
    const membersOf = (seed: number, from: number): string[] =>
      Array.from(
        { length: 30 },
        (_, i) => createChip(population, SITE, { seed, chip: from + i }).member.name,
      );
    const all = population.members.map(({ name }) => name).sort();
    const [first, second, other] = [membersOf(1, 1), membersOf(1, 31), membersOf(2, 1)];
    for (const names of [first, second, other]) expect([...names].sort()).toEqual(all);
    expect(first).not.toEqual(second);
    expect(first).not.toEqual(other);
  });

  const KNOWN_AT_1025 = ['B1', 'B7', 'B8', 'B9'];

  it('refuses a module below the lowest voltage at which it was tested, and names those that were', async () => {
    const chip = createChip(await load('voltron-b'), SITE, { seed: 1, member: 'B5' });
    expect(() => levelAt(chip, 1.075)).not.toThrow();
    expect(() => levelAt(chip, 1.025)).toThrow(
      /supply 1.025 V is outside the range of module B5 of voltage profile voltron-b, 1.075 to 1.35 V\n.*another chip \(known there: B1, B7, B8, B9; of seed 1 chips [\d, ]+\)/,
    );
  });

  it('names the chips of the seed whose modules are known at a supply', async () => {
    const profile = await load('voltron-population');
    const chips = Array.from({ length: 30 }, (_, i) => i + 1);
    for (const seed of [1, 2]) {
      const memberOf = (chip: number) => createChip(profile, SITE, { seed, chip });
      const unknown = chips.find((chip) => !KNOWN_AT_1025.includes(memberOf(chip).member.name))!;
      const numbers = chips.filter((chip) => KNOWN_AT_1025.includes(memberOf(chip).member.name));
      expect(numbers.length).toBe(4);
      expect(() => levelAt(memberOf(unknown), 1.025)).toThrow(
        `(known there: B1, B7, B8, B9; of seed ${seed} chips ${numbers.join(', ')})`,
      );
      for (const chip of numbers) expect(() => levelAt(memberOf(chip), 1.025)).not.toThrow();
    }
    // Of many the first five are named.
    const saturated = chips.find((chip) =>
      createChip(profile, SITE, { seed: 1, chip }).member.name.startsWith('C'),
    )!;
    expect(() => levelAt(createChip(profile, SITE, { seed: 1, chip: saturated }), 1.06)).toThrow(
      /of seed 1 chips (\d+, ){4}\d+ \.\.\.\)/,
    );
  });

  const text = (rest: string) => `
name: mine
description: for a test
sources: { lab: measured here }
measured_on: [ddr3]
nominal: { value: 1.35 V, source: lab }
${rest}
`;
  const refused = (rest: string) =>
    expect(loadVoltageProfile('mine', withModel('voltage', 'mine', text(rest)))).rejects;

  it('is refused with profiles that do not go together', async () => {
    await refused('members_of: [voltron-a]').toThrow(
      /errors of voltron-a were measured at tRCD and tRP of 10 ns, those of mine at no latency/,
    );
    await refused(
      'test_latency: { value: 10 ns, source: lab }\nmembers_of: [voltron-a, voltron-b, voltron-a]',
    ).toThrow(
      /two members are called A1: one of voltron-a and one of voltron-a\n.*mine.yaml:8:\d+\n.*name voltron-a once/,
    );
    await refused('members_of: [mine]').toThrow(/mine is made of itself/);
    await refused('population: true\nmembers_of: [sparkxd-fit]').toThrow(/population of mine is one module/);
  });
});
