import { parse, View } from 'vega';
import { compile } from 'vega-lite';
import { describe, expect, it } from 'vitest';
import { berChart } from '../../src/report/ber-chart.ts';
import type { Chart } from '../../src/report/chart-parts.ts';
import { breakdownChart, runCharts } from '../../src/report/charts.ts';
import { observedBerAxis } from '../../src/report/observed-ber.ts';
import { simulationCharts } from '../../src/report/simulation-charts.ts';
import { sweepCharts } from '../../src/report/sweep-charts.ts';
import { type SweepRow, sweepGroups } from '../../src/report/sweep-groups.ts';
import type { RunRow } from '../../src/results/tables.ts';
import { runRow, simulateRow } from '../results/rows.ts';

const point = (supply: number, chip: number, observed: number, more: Partial<RunRow> = {}): RunRow =>
  runRow({
    ...{ supply_V: supply, chip, mapping: 'baseline', ber_observed: observed, ber_chip: 3 * observed },
    ...{ accuracy: 0.9 - observed, accuracy_low: 0.85, accuracy_high: 0.93, baseline_accuracy: 0.92 },
    ...more,
  });
const rows = [point(1.35, 1, 0), point(1.35, 2, 0), point(1.1, 1, 3e-4), point(1.025, 1, 2e-2)];
const swept: SweepRow[] = rows.map((row) => ({ ...row, axis_supply: row.supply_V, axis_chip: row.chip }));

const svgOf = async ({ spec }: Chart): Promise<string> =>
  new View(parse(compile(spec as never).spec), { renderer: 'none' }).toSVG();
const points = (svg: string): number => svg.match(/aria-roledescription="point"/g)?.length ?? 0;
const berOf = (charts: readonly Chart[]): Chart => charts.find(({ id }) => id === 'ber')!;

describe('accuracy against bit errors', () => {
  it.each([
    ['of a run', berChart(rows)!, 4],
    ['of a sweep', berOf(sweepCharts(sweepGroups(swept))), 3],
  ] as const)(
    '%s is drawn against the observed rate, points without a wrong bit at a mark 0',
    async (_, chart, count) => {
      const svg = await svgOf(chart);
      expect(svg).toContain('>observed bit error rate</text>');
      expect(svg).toContain('>0</text>');
      expect(points(svg)).toBe(count);
      expect(svg).not.toMatch(/NaN|undefined|null|Infinity/);
      expect(chart.description).toMatch(/the \d points without a wrong bit stand at its end, marked 0/);
    },
  );

  it('has each point at its own rate, zeros one decade below the least', () => {
    const { values } = berChart(rows)!.spec['data'] as { values: { drawn_at: number }[] };
    expect(values.map(({ drawn_at }) => drawn_at)).toEqual([1e-5, 1e-5, 3e-4, 2e-2]);
    const axis = observedBerAxis([1e-3, 2e-3])!;
    expect(axis.zeros).toBe('');
    expect(axis.x['title']).toBe('observed bit error rate');
  });

  it('is not drawn where no bit was wrong, which leaves the other charts', () => {
    const clean = rows.slice(0, 2);
    expect(berChart(clean)).toBeUndefined();
    expect(runCharts(clean).map(({ id }) => id)).toContain('voltage');
    expect(sweepCharts(sweepGroups(swept.slice(0, 2))).map(({ id }) => id)).not.toContain('ber');
  });

  it('of a sweep is of the mean rates of each group', () => {
    const [group] = sweepGroups(
      [1e-3, 3e-3].map((rate, i) => ({ ...point(1.1, i + 1, rate), axis_supply: 1.1, axis_chip: i + 1 })),
    ).groups;
    expect(group).toMatchObject({ ber_observed: 2e-3, ber_chip: 6e-3, ber_placed: 1 });
  });
});

describe('data pins in charts', () => {
  const pinned = rows.map((row) => ({ ...row, data_pins: '1.8 pF at 1.2 V', dram_energy_io_nJ: 5 }));
  const termsOf = ({ spec }: Chart): string[] => {
    const { values } = spec['data'] as { values: { term: string }[] };
    return [...new Set(values.map(({ term }) => term))];
  };

  it('are a term where they are counted, and each chart of energy says which', () => {
    expect(termsOf(breakdownChart(rows))).not.toContain('data pins');
    expect(termsOf(breakdownChart(pinned))).toContain('data pins');
    for (const id of ['voltage', 'pareto', 'breakdown', 'saving-steps']) {
      const said = (of: readonly RunRow[]) => runCharts(of).find((chart) => chart.id === id)!.description;
      const saving = { inference_energy_saving_vs_nominal: 0.1 };
      expect(said(rows.map((row) => ({ ...row, ...saving }))), id).toContain('core currents only, no pins');
      expect(said(pinned.map((row) => ({ ...row, ...saving }))), id).toContain(
        'with pins: 1.8 pF at 1.2 V, unscaled',
      );
    }
  });

  it('are a term of a sweep and of a simulation where they are counted', () => {
    const breakdown = (of: readonly SweepRow[]) =>
      JSON.stringify(sweepCharts(sweepGroups(of)).find(({ id }) => id === 'breakdown')!.spec['transform']);
    expect(breakdown(swept)).not.toContain('data pins');
    expect(breakdown(swept.map((row) => ({ ...row, dram_energy_io_nJ: 5 })))).toContain('data pins');
    const parts = (changes: Parameters<typeof simulateRow>[0]) =>
      JSON.stringify(simulationCharts([simulateRow(changes)])[0]!.spec);
    expect(parts({})).not.toContain('DRAM data pins');
    expect(parts({ dram_energy_io_per_inference_nJ: 2 })).toContain('DRAM data pins');
  });
});
