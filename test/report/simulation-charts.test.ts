import { compile } from 'vega-lite';
import { describe, expect, it } from 'vitest';
import { latencyChart } from '../../src/report/latency-chart.ts';
import { searchSummary } from '../../src/report/search-summary.ts';
import { rowNames, simulationCharts } from '../../src/report/simulation-charts.ts';
import type { OperatingPointRow } from '../../src/results/tables.ts';
import { operatingPointRow, replayRow, simulateRow } from '../results/rows.ts';

/** What a core alone at the memory has not. */
const ONE_CORE = {
  wait_spikes: undefined,
  wait_cores: undefined,
  accelerator_energy_interconnect_per_inference_nJ: undefined,
};
const row = (supply: number, mapping: string) =>
  simulateRow(
    {
      supply_V: supply,
      mapping,
      pe_utilisation: 0.25,
      wait_dram: 0.7,
      wait_lookup: 0.05,
      latency_mean_us: 200,
      ...ONE_CORE,
    },
    2,
  );
const rows = [row(1.35, 'baseline'), row(1.1, 'sparkxd')];

describe('the charts of simulations', () => {
  it('split the latency into compute and waiting, which sum to it', () => {
    const [, latency] = simulationCharts(rows);
    const { values } = latency!.spec['data'] as { values: { run: string; part: string; amount: number }[] };
    const first = values.filter(({ run }) => run === values[0]!.run);
    expect(first.map(({ part, amount }) => [part, amount])).toEqual([
      ...[
        ['compute', 50],
        ['waiting for DRAM', expect.closeTo(140, 9)],
      ],
      ['waiting for lookups', 10],
    ]);
  });

  it('have a bar for every term of every row, with its share', () => {
    const [energy] = simulationCharts(rows);
    const { values } = energy!.spec['data'] as { values: { share: number; amount: number }[] };
    expect(values).toHaveLength(2 * 12);
    expect(values.every(({ share, amount }) => amount === 2 && Math.abs(share - 1 / 12) < 1e-12)).toBe(true);
    for (const { spec } of simulationCharts(rows)) expect(compile(spec as never).spec.marks).toHaveLength(1);
  });

  it('have what several cores add: waiting for each other, and the interconnect', () => {
    const system = simulateRow({ wait_spikes: 0.1, wait_cores: 0.02, latency_mean_us: 100 }, 2);
    const [energy, latency] = simulationCharts([system]);
    const partsOf = (chart: typeof energy): [string, number][] =>
      (chart!.spec['data'] as { values: { part: string; amount: number }[] }).values.map(
        ({ part, amount }) => [part, amount],
      );
    expect(partsOf(energy)).toContainEqual(['interconnect', 2]);
    expect(partsOf(latency).slice(3)).toEqual([
      ['waiting for spikes', 10],
      ['done before other cores', 2],
    ]);
  });

  it('name rows by the columns in which they differ, and by number where they do not', () => {
    expect(rowNames(rows)).toEqual(['baseline, 1.35 V', 'sparkxd, 1.1 V']);
    expect(rowNames([rows[0]!])).toEqual(['1.35 V']);
    expect(rowNames([rows[0]!, rows[0]!])).toEqual(['1.35 V (1)', '1.35 V (2)']);
  });
});

describe('the latency of reads', () => {
  const NOT_READ = {
    ...{ read_latency_mean_ns: undefined, read_latency_p50_ns: undefined },
    ...{ read_latency_p95_ns: undefined, read_latency_p99_ns: undefined, read_latency_max_ns: undefined },
  };

  it('has its mean and percentiles, and a dash for each of several traces', () => {
    const read = (mapping: string) => ({
      ...replayRow({ ...{ ...NOT_READ, read_latency_mean_ns: 4, read_latency_p50_ns: 3 }, supply_V: 1.1 }),
      mapping,
    });
    const one = latencyChart([read('trace')])!;
    expect((one.spec['data'] as { values: unknown[] }).values).toHaveLength(2);
    expect(one.spec['encoding']).not.toHaveProperty('strokeDash');
    const two = latencyChart([read('a'), read('b')])!;
    expect(two.spec['encoding']).toHaveProperty('strokeDash');
    expect(compile(two.spec as never).spec.marks!.length).toBeGreaterThan(0);
  });

  it('is not drawn where nothing was read', () => {
    expect(
      latencyChart([{ ...replayRow({ ...NOT_READ, supply_V: 1.1 }), mapping: 'trace' }]),
    ).toBeUndefined();
  });
});

describe('the answer of a search', () => {
  const point = (supply: number, more: Partial<OperatingPointRow>): OperatingPointRow =>
    operatingPointRow({
      ...{
        split: 'validation',
        network: 'n',
        weight_format: 'int8',
        repair: 'clamp',
        mapping: 'sparkxd',
        timing: 'paper',
      },
      ...{ supply_V: supply, dram_energy_per_inference_nJ: 5000, latency_per_inference_ns: 2500 },
      ...{ accuracy_worst_chip: 0.93, inference_energy_saving_vs_nominal: 0.5, ...more },
    });
  const effort = {
    required: 0.92,
    choices: 8,
    refused: [{}],
    presentations: 1000,
    presentationsUnpruned: 2000,
  };

  it('names baseline, optimum and knee', () => {
    const rows = [point(1.35, {}), point(1.1, { optimum: true }), point(1.25, { knee: true })];
    const [baseline, optimum, knee, effortLine] = searchSummary(rows, effort);
    expect(baseline).toBe(
      'baseline: n int8 at 1.35 V (mapping sparkxd, repair clamp, timing paper): 5.00 uJ, 2.5 us, 93.00 % of the validation images on the worst chip',
    );
    expect(optimum).toMatch(
      /^least energy within the bound \(92\.00 % on every chip\): n int8 at 1\.1 V .* saves 50\.00 %/,
    );
    expect(knee).toMatch(/^knee of the front: n int8 at 1\.25 V/);
    expect(effortLine).toBe(
      '2 points on the front of 8 choices costed; 1 do not fit; 1,000 images shown of 2,000',
    );
  });

  it('has the optimum on the test images, whose rows are not of the front', () => {
    const rows = [
      point(1.35, {}),
      point(1.1, { optimum: true }),
      point(1.35, { split: 'test' }),
      point(1.1, { split: 'test', point: 'chosen' }),
    ];
    const tested = {
      baseline: { images: 2000, accuracyWorst: 0.94 },
      chosen: { accuracyWorst: 0.925 },
      lost: { estimate: 0.015, low: 0.01, high: 0.02 },
      saving: 0.5,
      bound: 0.01,
      meetsBound: false,
    };
    const [, , test, effortLine] = searchSummary(rows, { ...effort, tested });
    expect(test).toBe(
      "chosen on validation images, shown 2,000 test images once: 92.50 % on the worst chip, 1.50 points less than the baseline's 94.00 % (95 % interval over images 1.00 to 2.00), outside the bound of 1.00; saves 50.00 %",
    );
    expect(effortLine).toMatch(/^1 points on the front/);
  });

  it('says that no point meets the bound', () => {
    expect(searchSummary([point(1.35, {}), point(1.1, {})], effort)[1]).toBe(
      'no point keeps every chip at 92.00 %',
    );
  });
});
