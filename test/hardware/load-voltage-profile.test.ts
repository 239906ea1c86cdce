import { describe, expect, it } from 'vitest';
import { createChip } from '../../src/faults/chip.ts';
import { weakCellsAt } from '../../src/faults/weak-cells-at.ts';
import { loadVoltageProfile } from '../../src/hardware/load-voltage-profile.ts';
import { berAt, supplyAtBer } from '../../src/hardware/voltage-profile.ts';
import { siteOf, smallOrganisation } from '../faults/fixtures.ts';
import { shippedModels, withModel } from '../shipped-models.ts';

describe('shipped voltage profiles', () => {
  it('sparkxd-fit is the line of vendor B’s mean, exactly error-free at nominal', async () => {
    const { members, nominal, testLatency } = await loadVoltageProfile('sparkxd-fit', shippedModels);
    const { curve } = members[0]!;
    expect(nominal).toBe(1.35);
    expect(testLatency).toBeUndefined();
    expect(berAt(curve, 1.35)).toBe(0);
    for (const supply of [1.025, 1.1, 1.25, 1.325])
      expect(Math.log10(berAt(curve, supply))).toBeCloseTo(-80.1 * supply + 79.43, 10);
  });

  it.each([
    ['voltron-a', 10, 'A7', 1.1, 0.004418],
    ['voltron-b', 11, 'B10', 1.05, 0.0007518],
    ['voltron-c', 9, 'C6', 1.2, 0.003974],
  ])('%s has its %i modules with their measured points', async (name, count, member, supply, ber) => {
    const profile = await loadVoltageProfile(name, shippedModels);
    expect(profile.members.length).toBe(count);
    expect(profile.testLatency).toBe(10);
    const { curve } = profile.members.find((one) => one.name === member)!;
    expect(berAt(curve, supply) / ber).toBeCloseTo(1, 10);
    for (const { curve: own, bankWeights } of profile.members) {
      expect(own.log10Ber).toEqual([...own.log10Ber].sort((a, b) => b - a));
      if (bankWeights) expect(bankWeights.reduce((a, b) => a + b, 0) / bankWeights.length).toBeCloseTo(1, 12);
    }
  });

  it('invert: the supply at a rate has that rate', async () => {
    for (const name of ['sparkxd-fit', 'sparkxd-points', 'voltron-c']) {
      const { members } = await loadVoltageProfile(name, shippedModels);
      for (const { curve } of members)
        for (let share = 0.05; share < 1; share += 0.1) {
          const low = curve.voltages[0]!;
          const supply = low + share * (curve.errorFree - low);
          const ber = berAt(curve, supply);
          const back = supplyAtBer(curve, ber)!;
          expect(berAt(curve, back - 1e-12) / ber).toBeCloseTo(1, 6);
        }
    }
  });

  it('end where the measurement saturates or stops', async () => {
    const profile = await loadVoltageProfile('voltron-c', shippedModels);
    const chip = createChip(profile, siteOf(smallOrganisation), { seed: 1, member: 'C5' });
    expect(() => weakCellsAt(chip, 1.175)).not.toThrow();
    expect(() => weakCellsAt(chip, 1.15)).toThrow(
      /supply 1.15 V is outside the range of module C5 of voltage profile voltron-c, 1.175 to 1.35 V/,
    );
    expect(() => weakCellsAt(chip, 1.36)).toThrow(/outside the range/);
    expect(() => createChip(profile, siteOf(smallOrganisation), { seed: 1, member: 'C55' })).toThrow(
      /no member "C55"[\s\S]*did you mean C5\?/,
    );
  });
});

const file = (body: string, rest = '') => `
name: mine
description: for a test
sources: { lab: measured here }
measured_on: [ddr4]
nominal: { value: 1.35 V, source: lab }
detection_limit: { value: 1e-10, source: lab }
structure: { source: lab, subarray_spread: 1, common_to_banks: 0.5 }
members:
  D1:
    source: lab
    ${body}
${rest}`;
const load = (text: string) => loadVoltageProfile('mine', withModel('voltage', 'mine', text));

describe('a user’s own profile', () => {
  const rising = 'points: [[1.35 V, 0], [1.2 V, 1e-6], [1.1 V, 1e-7], [1.05 V, 1e-3]]';

  it('is read with points, weights and plateaus levelled', async () => {
    const { members } = await load(file(`${rising}\n    bank_weights: [1, 3]`, 'measured: true'));
    expect(members[0]!.levelled).toEqual([{ supply: 1.1, measured: 1e-7, taken: 1e-6 }]);
    expect(members[0]!.curve).toEqual({
      voltages: [1.05, 1.1, 1.2, 1.35],
      log10Ber: [-3, -6, -6, -10],
      errorFree: 1.35,
    });
    expect(members[0]!.bankWeights).toEqual([0.5, 1.5]);
  });

  it.each([
    [
      'errors that fall with the supply, unless its points are as measured',
      rising,
      /fewer errors at 1.1 V \(1e-7\) than at a higher supply \(0.000001\)\n.*mine.yaml:12:\d+\n.*"measured: true"/,
    ],
    [
      'a rate below the detection limit',
      'points: [[1.35 V, 0], [1.1 V, 1e-11]]',
      /a rate of 1e-11 at 1.1 V, below the detection_limit of 1e-10\n.*mine.yaml:12:\d+\n.*write 0 if no error was found/,
    ],
    [
      'a population of one module',
      'points: [[1.35 V, 0], [1.1 V, 1e-6]]\npopulation: true',
      /the population of mine is one module, which says nothing of others\n.*mine.yaml:13:1\n/,
    ],
    [
      'two curves of one member',
      'points: [[1.35 V, 0], [1.1 V, 1e-6]]\n    mean_of: voltron-b',
      /needs either a line or points, or one of mean_of and larger_of/,
    ],
    ['a mean of itself', 'mean_of: mine', /mine is made of itself[\s\S]*mine names mine/],
    ['the mean of a line', 'mean_of: sparkxd-fit', /sparkxd-fit, whose members have no tested points/],
    [
      'the larger of many',
      'larger_of: [sparkxd-fit, voltron-a]',
      /voltron-a has 10 members: which of them is not said\n.*mine.yaml:12/,
    ],
    [
      'a probability above 1',
      'points: [[1.35 V, 0], [1.1 V, 2]]',
      /is 2: expected a probability[\s\S]*mine.yaml:12/,
    ],
    ['rising voltages', 'points: [[1.1 V, 0], [1.35 V, 0]]', /must fall in voltage/],
    [
      'no error-free voltage',
      'points: [[1.35 V, 1e-9], [1.1 V, 1e-3]]',
      /must begin with an error-free voltage/,
    ],
    [
      'points after saturation',
      'points: [[1.35 V, 0], [1.2 V, saturated], [1.1 V, 0.1]]',
      /after it has saturated/,
    ],
    ['a current for a voltage', 'points: [[80 mA, 0], [1.1 V, 1e-3]]', /is not a voltage/],
    ['neither line nor points', 'bank_weights: [1]', /needs either a line or points/],
    [
      'a negative weight',
      'points: [[1.35 V, 0]]\n    bank_weights: [1, -1]',
      /bank_weights.1 is -1: expected 0 to 1000000000/,
    ],
    [
      'a rising line',
      'line: { decades_per_volt: 3, log10_at_zero: -9, lowest: 1 V }',
      /not a falling line of probabilities/,
    ],
    [
      'a line of more than certainty',
      'line: { decades_per_volt: -80, log10_at_zero: 90, lowest: 1 V }',
      /not a falling line of probabilities/,
    ],
    ['an unknown key', 'point: [[1.35 V, 0]]', /unknown key "point"[\s\S]*did you mean points\?/],
  ])('is refused with %s', async (_, body, what) => {
    await expect(load(file(body))).rejects.toThrow(what);
  });

  it('is refused when retention falls with the refresh interval or the rates are too few', async () => {
    const points = 'points: [[1.35 V, 0]]';
    const retention = (rates: string) =>
      `retention:\n  source: lab\n  detection_limit: 1e-12\n  intervals: [64 ms, 128 ms]\n  series: [[1.35 V, 20 degC, ${rates}]]`;
    await expect(load(file(points, retention('[1e-9, 1e-10]')))).rejects.toThrow(/must not fall/);
    await expect(load(file(points, retention('[1e-9]')))).rejects.toThrow(/1 rates for 2 intervals/);
    await expect(load(file(points, retention('[0, 1e-9]')))).resolves.toMatchObject({
      retention: { series: [{ temperature: 20, intervals: [64, 128] }] },
    });
  });
});
