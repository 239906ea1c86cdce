import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { moduleTable } from '../../src/reproduction/appendix-tables.ts';
import { faithful, leadingTable, outcomeOf } from '../../src/reproduction/leading-rows.ts';
import { lowestSupply } from '../../src/reproduction/lowest-supply.ts';
import { pairedBy } from '../../src/reproduction/paired.ts';
import {
  change,
  overChips,
  overSample,
  overTrainings,
  percentText,
  spread,
} from '../../src/reproduction/reproduction-statistics.ts';
import type { ReproducedStudy } from '../../src/reproduction/reproduction-study.ts';
import { meanInterval } from '../../src/stats/student.ts';
import { runRow } from '../results/rows.ts';

/** A study whose rows have these accuracies, a chip each; clean 0.9. */
const study = (
  accuracies: readonly number[],
  changes: Partial<ReproducedStudy> = {},
  row: Parameters<typeof runRow>[0] = {},
): ReproducedStudy => ({
  ...{ id: 'x', role: 'ours', configuration: 'x', title: 'x', network: 'n400-mnist', trainingSeed: 1 },
  refused: undefined,
  rows: accuracies.map((accuracy, chip) =>
    runRow({ chip: chip + 1, accuracy, baseline_accuracy: 0.9, ...row }),
  ),
  ...changes,
});

/** Accuracies a supply and mapping, two chips each; clean 0.9. */
function grid(
  accuracies: Readonly<Record<number, readonly number[]>>,
  network = 'n400-mnist',
): ReproducedStudy {
  const rows = Object.entries(accuracies).flatMap(([supply, chips]) =>
    ['baseline', 'sparkxd'].flatMap(
      (mapping) =>
        study(
          chips,
          {},
          {
            ...{ supply_V: Number(supply), mapping },
            inference_energy_saving_vs_nominal: 1 - (Number(supply) / 1.35) ** 2,
          },
        ).rows,
    ),
  );
  return study([], { role: 'paper', network, rows });
}
const SOUND = { 1.35: [0.9, 0.9], 1.325: [0.9, 0.9], 1.25: [0.9, 0.9], 1.175: [0.9, 0.9] };

describe('intervals of a reproduction', () => {
  it('average chips and networks within a training, then take the trainings as the sample', () => {
    const trainings = [
      study([0.9, 0.8]),
      study([0.7, 0.6], { network: 'n900-mnist' }),
      study([0.5, 0.5], { trainingSeed: 2 }),
    ];
    const { mean, interval } = overTrainings('share', trainings, (row) => row.accuracy);
    expect(mean).toBeCloseTo((0.75 + 0.5) / 2, 12);
    expect(interval).toEqual(spread('share', [0.75, 0.5]).interval);
    expect(overSample('share', trainings, (row) => row.accuracy)).toEqual({ mean, interval });
  });

  it('average networks within a chip, where there is one training', () => {
    const networks = [study([0.9, 0.8]), study([0.7, 0.6], { network: 'n900-mnist' })];
    const byChip = overChips('difference', networks, change);
    const expected = spread('difference', [-0.1, -0.2]);
    expect(byChip.mean).toBeCloseTo(expected.mean, 12);
    expect(byChip.interval!.low).toBeCloseTo(expected.interval!.low, 12);
    expect(overSample('difference', networks, change)).toEqual(byChip);
    expect(percentText(overChips('share', [study([0.25])], (row) => row.accuracy))).toBe('25.00');
  });

  it("are Student's where they are narrow, and stay within what the quantity can be where they are wide", () => {
    const narrow = [0.5, 0.5001, 0.5002];
    for (const quantity of ['share', 'difference', 'ratio'] as const) {
      const { low, high } = spread(quantity, narrow).interval!;
      expect(low).toBeCloseTo(meanInterval(narrow).low, 6);
      expect(high).toBeCloseTo(meanInterval(narrow).high, 6);
    }
    const bounds = {
      share: [0, 1],
      difference: [-1, 1],
      ratio: [0, Infinity],
    } as const;
    for (const [quantity, [least, greatest]] of Object.entries(bounds) as [
      keyof typeof bounds,
      [number, number],
    ][])
      for (const wide of [
        [0.95, 0.999, 0.6],
        [0.99, 0.02],
      ]) {
        const { mean, interval } = spread(quantity, wide);
        expect(interval!.low).toBeGreaterThanOrEqual(least);
        expect(interval!.high).toBeLessThanOrEqual(greatest);
        expect(interval!.low).toBeLessThan(mean);
        expect(interval!.high).toBeGreaterThan(mean);
      }
  });

  it('are printed from low to high, and left out where they are narrower than the last digit', () => {
    expect(percentText({ mean: 0.99, interval: { low: 0.91, high: 0.998 } })).toBe('99.00 (91.00 to 99.80)');
    expect(percentText({ mean: 0.99, interval: { low: 0.98999, high: 0.99001 } })).toBe('99.00');
  });
});

describe('the lowest supply within the bound', () => {
  it('is the lowest at which every chip of every study holds, and at all supplies above it', () => {
    const holds = grid({ ...SOUND, 1.1: [0.9, 0.9], 1.025: [0.9, 0.89] });
    const breaks = grid({ ...SOUND, 1.1: [0.9, 0.9], 1.025: [0.9, 0.8899] });
    expect(lowestSupply([holds], 'sparkxd')).toBe(1.025);
    expect(lowestSupply([holds, breaks], 'sparkxd')).toBe(1.1);
    const luck = grid({ ...SOUND, 1.1: [0.9, 0.5], 1.025: [0.9, 0.9] });
    expect(lowestSupply([luck], 'sparkxd')).toBe(1.175);
    expect(lowestSupply([grid({ 1.35: [0.5] })], 'sparkxd')).toBeUndefined();
  });

  it('decides what the faithful row saves, network by network', () => {
    const low = grid({ ...SOUND, 1.1: [0.9, 0.9], 1.025: [0.9, 0.895] });
    const high = grid({ ...SOUND, 1.1: [0.9, 0.9], 1.025: [0.5, 0.9] }, 'n900-mnist');
    const found = faithful([low, high])!;
    expect(found.saving).toBeCloseTo(1 - ((1.1 / 1.35) ** 2 + (1.025 / 1.35) ** 2) / 2, 12);
    expect(found).toMatchObject({ networksWithin: 2, networks: 2, chipsWithin: 4, chips: 4 });
    expect(faithful([low, grid({ 1.35: [0.5] }, 'n900-mnist')])).toBeUndefined();
  });
});

describe('the outcome of a configuration', () => {
  const ofTwo = [
    study([0.9, 0.88], {}, { inference_energy_saving_vs_nominal: 0.4 }),
    study([0.87, 0.89], { network: 'n900-mnist' }, { inference_energy_saving_vs_nominal: 0.5 }),
  ];

  it('is a mean over networks and chips, with the worst network, and counts what holds', () => {
    const found = outcomeOf(ofTwo);
    expect(found).toMatchObject({ networksWithin: 1, networks: 2, chipsWithin: 2, chips: 4 });
    expect(found.saving).toBeCloseTo(0.45, 12);
    expect(found.change.mean).toBeCloseTo(-0.015, 12);
    expect(found.worst.network).toBe('n900-mnist');
    expect(found.worst.change).toBeCloseTo(-0.02, 12);
    expect(found.range).toBeUndefined();
  });

  it('has the range of the savings of its rows', () => {
    const ends = { inference_saving_low: 0.2, inference_saving_high: 0.6 };
    const wider = { inference_saving_low: 0.3, inference_saving_high: 0.7 };
    expect(outcomeOf([study([0.9], {}, ends), study([0.9], {}, wider)]).range).toEqual({
      low: 0.2,
      high: 0.7,
    });
  });

  it('stands between what the papers say', () => {
    const lines = leadingTable([grid({ ...SOUND, 1.1: [0.9, 0.9], 1.025: [0.9, 0.9] })], ofTwo).split('\n');
    expect(lines[2]).toMatch(/published by SparkXD \(verified\) \| about 40 \|/);
    expect(lines[3]).toMatch(/^\| faithful: .*\| 42\.35 \|/);
    expect(lines[4]).toMatch(
      /^\| x \| 45\.00 \| {2}\| -1\.50 .*-2\.00 \(n900-mnist\) \| 1 of 2 \| 2 of 4 \|$/,
    );
    expect(lines.at(-1)).toMatch(/EnforceSNN \(verified\) \| up to 84\.9/);
  });
});

describe('paired differences', () => {
  it('are chip by chip, of the same network and training, a value a training where there are several', () => {
    const chips = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 3, maxLength: 3 });
    fc.assert(
      fc.property(chips, chips, (a, b) => {
        const [x, y] = [study(a), study(b)];
        expect(pairedBy([x], [y])).toEqual(a.map((value, k) => value - b[k]!));
        // A chip that the partner lacks has no difference.
        expect(pairedBy([x], [study(b.slice(1), {}, {})])).toHaveLength(2);
        const second = study(b, { trainingSeed: 2 });
        const [first, other] = pairedBy([x, second], [study(a, { trainingSeed: 2 }), y]);
        expect(first).toBeCloseTo(-other!, 12);
      }),
      { seed: 1, numRuns: 50 },
    );
  });
});

describe('the table of measured modules', () => {
  it('counts saturated modules as failing and leaves untested ones out, but names them', () => {
    const rows = [0.9, 0.9, 0.8].map((accuracy, i) =>
      runRow({
        chip: i + 1,
        module: `B${i}`,
        supply_V: 1.1,
        accuracy,
        baseline_accuracy: 0.9,
        modules_known: 3,
        modules_saturated: 7,
        modules_untested: 2,
        inference_energy_saving_vs_nominal: 0.3436,
      }),
    );
    const line = moduleTable([study([], { role: 'modules', title: 'modules', rows })]).split('\n')[2];
    // Clopper and Pearson of 2 of 10.
    expect(line).toBe('| n400-mnist | modules | 1.100 | 2 of 10 | 3 to 56 | 7 | 2 | 34.36 |');
  });
});
