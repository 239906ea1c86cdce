import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { barTable, configurationResults, paperSaving } from '../../src/reproduction/reproduction-bars.ts';
import { lowestSupply } from '../../src/reproduction/reproduction-grid.ts';
import {
  cleanAccuracies,
  overTrainings,
  percentText,
} from '../../src/reproduction/reproduction-statistics.ts';
import type { ReproducedStudy } from '../../src/reproduction/reproduction-study.ts';
import { meanInterval } from '../../src/stats/student.ts';
import { runRow } from '../results/rows.ts';

/** Accuracies a supply and mapping, two chips each; clean 0.9. */
function grid(accuracies: Readonly<Record<number, readonly number[]>>, trainingSeed = 1): ReproducedStudy {
  return {
    ...{ id: 'x', role: 'grid', weights: 'single', configuration: 'grid', title: 'grid' },
    ...{ network: 'n400-mnist', trainingSeed, refused: undefined },
    rows: Object.entries(accuracies).flatMap(([supply, chips]) =>
      ['baseline', 'sparkxd'].flatMap((mapping) =>
        chips.map((accuracy) =>
          runRow({
            ...{ supply_V: Number(supply), mapping, accuracy, baseline_accuracy: 0.9, time_ns: 100 },
            inference_energy_saving_vs_nominal: 1 - (Number(supply) / 1.35) ** 2,
          }),
        ),
      ),
    ),
  };
}
const SOUND = { 1.35: [0.9, 0.9], 1.325: [0.9, 0.9], 1.25: [0.9, 0.9], 1.175: [0.9, 0.9] };

describe('intervals of a reproduction', () => {
  it('average chips within a training, then take the trainings as the sample', () => {
    const trainings = fc.array(
      fc.array(
        fc.integer({ min: 0, max: 100 }).map((k) => k / 100),
        { minLength: 1, maxLength: 5 },
      ),
      { minLength: 2, maxLength: 5 },
    );
    fc.assert(
      fc.property(trainings, (values) => {
        const means = values.map((chips) => chips.reduce((a, b) => a + b, 0) / chips.length);
        const { mean, interval } = overTrainings('share', values);
        const { estimate, high } = meanInterval(means);
        expect(mean).toBeCloseTo(estimate, 12);
        const half = high - estimate;
        const { low, high: bounded } = interval!;
        expect(low).toBeGreaterThanOrEqual(0);
        expect(bounded).toBeLessThanOrEqual(1);
        // Each end lies Student's half width away, as that is where the mean is the end.
        if (half > 1e-9)
          for (const end of [low, bounded])
            expect(Math.abs(mean - end)).toBeCloseTo(
              half * Math.sqrt((end * (1 - end)) / (mean * (1 - mean))),
              9,
            );
      }),
      { seed: 1, numRuns: 100 },
    );
  });

  it('of one training are over its chips, of one value none', () => {
    const chips = [0.1, 0.2, 0.4];
    expect(overTrainings('share', [chips])).toEqual(overTrainings('share', [[0.1], [0.2], [0.4]]));
    expect(percentText(overTrainings('share', [[0.25]]))).toBe('25.00');
  });

  it("are Student's where they are narrow, and stay within what the quantity can be where they are wide", () => {
    const narrow = [0.5, 0.5001, 0.5002];
    for (const quantity of ['share', 'difference', 'saving', 'ratio'] as const) {
      const { low, high } = overTrainings(quantity, [narrow]).interval!;
      expect(low).toBeCloseTo(meanInterval(narrow).low, 6);
      expect(high).toBeCloseTo(meanInterval(narrow).high, 6);
    }
    const bounds = {
      share: [0, 1],
      difference: [-1, 1],
      saving: [-Infinity, 1],
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
        const { mean, interval } = overTrainings(quantity, [wide]);
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
  const clean = () => 0.9;
  it('is the lowest at which every chip of every training holds, and at all supplies above it', () => {
    const holds = grid({ ...SOUND, 1.1: [0.9, 0.9], 1.025: [0.9, 0.89] });
    const breaks = grid({ ...SOUND, 1.1: [0.9, 0.9], 1.025: [0.9, 0.8899] }, 2);
    expect(lowestSupply([holds], 'sparkxd', clean)).toBe(1.025);
    expect(lowestSupply([holds, breaks], 'sparkxd', clean)).toBe(1.1);
    const luck = grid({ ...SOUND, 1.1: [0.9, 0.5], 1.025: [0.9, 0.9] });
    expect(lowestSupply([luck], 'sparkxd', clean)).toBe(1.175);
    expect(lowestSupply([grid({ 1.35: [0.5] })], 'sparkxd', clean)).toBeUndefined();
  });

  it('decides the saving of a network, over the trainings', () => {
    const studies = [1, 2, 3].map((seed) => grid({ ...SOUND, 1.1: [0.9, 0.9], 1.025: [0.5, 0.9] }, seed));
    const { mean, interval } = paperSaving(studies, cleanAccuracies(studies));
    expect(mean).toBeCloseTo(1 - (1.1 / 1.35) ** 2, 12);
    expect(interval!.low).toBeCloseTo(mean, 12);
  });
});

describe('a configuration over networks', () => {
  it('counts chips within the bound and has speed against the baseline at nominal supply', () => {
    const studies = [1, 2].map((seed) => grid({ 1.35: [0.9, 0.9], 1.025: [0.9, 0.9] }, seed));
    const beyond: ReproducedStudy[] = studies.map((study, i) => ({
      ...study,
      ...{ role: 'beyond', configuration: 'prune', title: 'pruned' },
      rows: [0.895, 0.87].map((accuracy) =>
        runRow({ accuracy, time_ns: 50, inference_energy_saving_vs_nominal: 0.5 + i / 10 }),
      ),
    }));
    const [result, ...others] = configurationResults(beyond, studies, cleanAccuracies(studies));
    expect(others).toEqual([]);
    expect(result).toMatchObject({ chips: 4, chipsWithin: 2, title: 'pruned' });
    expect(result!.saving.mean).toBeCloseTo(0.55, 12);
    // What is left of the energy is 0.5 and 0.4, their standard error a ninth of their mean.
    expect(result!.saving.interval!.high).toBeCloseTo(1 - 0.45 / Math.exp(12.7062047 / 9), 6);
    expect(result!.worst).toBeCloseTo(-0.03, 12);
    expect(result!.speed.mean).toBe(2);
  });
});

describe('the bars', () => {
  const networks = ['n400-mnist', 'n400-fashion-mnist'];
  const ofAll = networks.flatMap((network) =>
    [1, 2].map((seed) => ({
      ...grid({ ...SOUND, 1.1: [0.9, 0.9], 1.025: [0.9, 0.9] }, seed),
      network,
    })),
  );
  const grids = ofAll.map((study) => ({
    ...study,
    rows: study.rows.map((row) => ({ ...row, bandwidth_GBps: row.mapping === 'sparkxd' ? 6 : 5 })),
  }));
  const beyond = (network: string, configuration: string, saving: number, accuracy: number) =>
    [1, 2].map(
      (seed): ReproducedStudy => ({
        ...grid({}, seed),
        ...{ network, configuration, role: 'beyond', weights: 'integer', title: configuration },
        rows: [runRow({ accuracy, time_ns: 25, inference_energy_saving_vs_nominal: saving })],
      }),
    );

  it('take for each network the best that keeps every chip within the bound', () => {
    const studies = [
      ...beyond('n400-mnist', 'int8', 0.86, 0.9),
      ...beyond('n400-mnist', 'int4', 0.94, 0.895),
      ...beyond('n400-fashion-mnist', 'int8', 0.86, 0.9),
      ...beyond('n400-fashion-mnist', 'int4', 0.94, 0.7),
    ];
    const lines = barTable(grids, studies, cleanAccuracies(grids)).split('\n');
    const line = (start: string) => lines.find((text) => text.startsWith(`| ${start}`))!;
    expect(line('saving within 1 % with quantisation, one format')).toMatch(/86\.00 % \(int8;.* no \|$/);
    expect(line('saving within 1 % with quantisation, the best')).toMatch(
      /90\.00 % \(each network the best of: int4; int8;.* 4 of 4 chips .* yes \|$/,
    );
    expect(line('saving within 1 % with FP32')).toContain('nothing keeps every chip');
    expect(line('data throughput')).toContain('1.200 to 1.200x');
    expect(line('data throughput')).toContain('| 1.02x † |');
  });
});
