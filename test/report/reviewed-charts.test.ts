import { parse, View } from 'vega';
import { compile } from 'vega-lite';
import { describe, expect, it } from 'vitest';
import { type Chart, WIDTH } from '../../src/report/chart-parts.ts';
import { chartSvg } from '../../src/report/chart-svg.ts';
import { runCharts } from '../../src/report/charts.ts';
import { reportPage, runPage } from '../../src/report/html-report.ts';
import { nameLabels } from '../../src/report/name-labels.ts';
import { identifyingFirst, shownColumns } from '../../src/report/numbers-table.ts';
import { sweepCharts } from '../../src/report/sweep-charts.ts';
import { type SweepRow, sweepGroups } from '../../src/report/sweep-groups.ts';
import { groupColumns } from '../../src/report/sweep-table.ts';
import { vegaScripts } from '../../src/report/vega-scripts.ts';
import { withWidths } from '../../src/report/view-widths.ts';
import { RUN_TABLE, type RunRow } from '../../src/results/tables.ts';
import { tableCsv } from '../../src/results/write-rows.ts';
import { FULL } from '../effort.ts';
import { runRow } from '../results/rows.ts';

// What a reviewer of a paper asks of the charts of runs and sweeps, chart by chart.

const row = (supply: number, mapping: string, chip: number, more: Partial<RunRow> = {}): RunRow =>
  runRow({
    ...{ supply_V: supply, mapping, chip, accuracy: 0.9, accuracy_low: 0.88, accuracy_high: 0.92 },
    ...{ baseline_accuracy: 0.91, inference_energy_saving_vs_nominal: 0.2, access_bytes: 32, device: 'ddr3' },
    ...{
      dram_energy_act_nJ: 3 * supply,
      dram_energy_wr_nJ: 0,
      ber_observed: 1e-4,
      accesses: 100,
      bytes: 3200,
    },
    dram_energy_per_inference_nJ: 100 * supply,
    ...more,
  });
const rows = [1.35, 1.025].flatMap((supply) =>
  ['baseline', 'sparkxd'].flatMap((mapping) => [1, 2].map((chip) => row(supply, mapping, chip))),
);
const swept = (all: readonly RunRow[], axes: readonly (keyof RunRow)[]): SweepRow[] =>
  all.map((one) => ({ ...one, ...Object.fromEntries(axes.map((axis) => [`axis_${axis}`, one[axis]])) }));
const sweepRows = (all: readonly RunRow[]): SweepRow[] =>
  swept(all, ['supply_V', 'mapping', 'chip']).map(({ axis_supply_V, ...one }) => ({
    ...one,
    axis_supply: axis_supply_V,
  })) as unknown as SweepRow[];

const chartOf = (charts: readonly Chart[], id: string): Chart => charts.find((chart) => chart.id === id)!;
const svgOf = ({ spec }: Chart): Promise<string> =>
  new View(parse(compile(spec as never).spec), { renderer: 'none' }).toSVG();
const encodingOf = ({ spec }: Chart) => spec['encoding'] as Record<string, Record<string, unknown>>;
const domainOf = (chart: Chart): unknown =>
  (encodingOf(chart)['color']!['scale'] as { domain: unknown }).domain;

describe('the bound', () => {
  const ids = ['voltage', 'pareto', 'ber'];
  it.each(ids)('is a red rule in %s of a run, at the accuracy that it requires', async (id) => {
    const chart = chartOf(runCharts(rows, 0.01), id);
    expect(await svgOf(chart)).toMatch(
      /accuracy that the bound requires \(fraction\): 0\.9"[^>]*stroke="#c8302b"/,
    );
    expect(chart.description).toContain('the red rule is the accuracy that the bound requires');
    expect(chartOf(runCharts(rows), id).description).not.toContain('bound');
  });

  it.each(['accuracy', 'ber'])('is a red rule in %s of a sweep', async (id) => {
    const chart = chartOf(sweepCharts(sweepGroups(sweepRows(rows), { bound: 0.01 })), id);
    expect((await svgOf(chart)).match(/stroke="#c8302b"/g)).toHaveLength(1);
    expect(chart.description).toContain('the red rule');
  });

  it('of an axis of bounds is that of each point', () => {
    const two = [0.01, 0.02].flatMap((bound) =>
      sweepRows(rows).map((one) => ({ ...one, axis_bound: bound })),
    );
    const required = sweepGroups(two as SweepRow[]).groups.map((group) => group.required);
    expect([...new Set(required)]).toEqual([0.9, 0.89]);
  });
});

describe('series that coincide', () => {
  it('are rings of different sizes, of which the legend says the mapping', async () => {
    const svg = await svgOf(chartOf(runCharts(rows), 'voltage'));
    expect(svg).toMatch(/role-legend-label[\s\S]*>baseline<[\s\S]*>sparkxd</);
    const rings = svg.match(
      /<path aria-label="[^"]*mapping: \w+[^"]*" role="graphics-symbol"[^>]* d="[^"]*"/g,
    )!;
    const shapes = new Set(rings.map((ring) => / d="([^"]*)"/.exec(ring)![1]));
    expect(shapes.size).toBeGreaterThanOrEqual(2);
    expect(svg).toContain('stroke-dasharray="6,4"');
  });

  it('of a second axis differ by shape, which has a legend, too', async () => {
    const two = ['d1', 'd2'].flatMap((device) => rows.map((one) => ({ ...one, device })));
    const groups = sweepGroups(
      swept(two, ['mapping', 'device']).map((one) => ({ ...one, axis_supply: one.supply_V })) as SweepRow[],
    );
    const accuracy = chartOf(sweepCharts(groups), 'accuracy');
    expect(await svgOf(accuracy)).toMatch(/>baseline<[\s\S]*>d1<[\s\S]*>d2<[\s\S]*>device</);
    expect(accuracy.description).toContain('shapes and dashes of the device');
  });
});

describe('stacked bars', () => {
  it('have a legend in the order of the stack, without terms that are always 0', async () => {
    for (const chart of [
      chartOf(runCharts(rows), 'breakdown'),
      chartOf(sweepCharts(sweepGroups(sweepRows(rows))), 'breakdown'),
    ]) {
      expect(domainOf(chart)).toEqual(['activate', 'precharge', 'read', 'refresh', 'background']);
      const bars = [
        ...(await svgOf(chart)).matchAll(
          /aria-label="([^"]*)" role="graphics-symbol"[^>]* d="M[\d.]+,([\d.]+)/g,
        ),
      ];
      const top = (term: string): number =>
        Math.min(...bars.filter(([, label]) => label!.includes(term)).map(([, , y]) => Number(y)));
      expect(top('activate')).toBeLessThan(top('background'));
    }
  });

  it('have facets only where they differ', () => {
    const faceted = (of: readonly RunRow[], id: string) =>
      Object.keys(encodingOf(chartOf(runCharts(of), id))).includes('column');
    expect(faceted(rows, 'breakdown')).toBe(true);
    expect(faceted(rows, 'conditions')).toBe(false);
    expect(chartOf(runCharts(rows), 'conditions').description).toContain('The same at every supply voltage.');
    const conditions = chartOf(sweepCharts(sweepGroups(sweepRows(rows))), 'conditions');
    expect(encodingOf(conditions)['row']).toBeUndefined();
    expect(conditions.description).toContain('The same for every mapping.');
    const apart = rows.map((one) => ({ ...one, row_misses: one.mapping === 'baseline' ? 1 : 9 }));
    expect(
      encodingOf(chartOf(sweepCharts(sweepGroups(sweepRows(apart))), 'conditions'))['row'],
    ).toBeDefined();
  });

  it('are of a bit where devices differ', () => {
    const two = rows.flatMap((one) => [one, { ...one, device: 'lpddr4', access_bytes: 64, bytes: 6400 }]);
    const title = (chart: Chart) => encodingOf(chart)['y']!['title'];
    const groups = sweepGroups(sweepRows(rows));
    expect(title(chartOf(sweepCharts(groups), 'breakdown'))).toBe('DRAM energy (pJ per access)');
    expect(groups.groups[0]).toMatchObject({ activate: 40.5 });
    const both = sweepGroups(
      sweepRows(two).map((one) => ({ ...one, axis_device: one.device })) as SweepRow[],
    );
    expect(title(chartOf(sweepCharts(both), 'breakdown'))).toBe('DRAM energy (pJ per bit)');
    expect(both.groups.slice(0, 2)).toMatchObject([{ activate: 0.158203 }, { activate: 0.0791016 }]);
    expect(groupColumns(both).find(({ name }) => name === 'activate')!.heading).toBe(
      'dram_energy_act (pJ per bit)',
    );
  });
});

describe('a run of one mapping and one chip', () => {
  const one = [1.35, 1.1].map((supply) => row(supply, 'baseline', 1));
  it('speaks of neither', async () => {
    for (const chart of runCharts(one)) {
      expect(chart.description, chart.id).not.toMatch(/(one|each|every) chip|chips|and mapping/);
      if (chart.id !== 'saving-steps') expect(await svgOf(chart), chart.id).not.toContain('>mapping<');
    }
  });
});

describe('axes', () => {
  it('of supplies end where the data do and have a number at each supply', async () => {
    const svg = await svgOf(chartOf(runCharts(rows), 'voltage'));
    expect(svg).toMatch(/>1\.35<[\s\S]*>1\.025</);
    expect(svg).not.toMatch(/>1\.4<|>1\.40<|>1\.00</);
  });

  it('say their unit, the same as the column', () => {
    for (const charts of [runCharts(rows), sweepCharts(sweepGroups(sweepRows(rows)))]) {
      const pareto = JSON.stringify(chartOf(charts, 'pareto').spec);
      expect(pareto).toContain('DRAM energy per inference (nJ)');
      expect(pareto).toContain('"dram_energy_per_inference_nJ"');
      expect(pareto).not.toContain('nJ per inference');
    }
  });
});

describe('long names', () => {
  it('are cut in the middle beside a chart, unless two became the same', () => {
    const long = (end: string): string => `networks/${'x'.repeat(40)}/${end}`;
    expect(nameLabels(['short'])).toEqual({ labelLimit: 420 });
    expect(nameLabels([long('a.npz'), 'short'])).toMatchObject({ labelExpr: expect.stringContaining('…') });
    const alike = ['1', '2'].map((middle) => `${'a'.repeat(30)}${middle}${'b'.repeat(30)}`);
    expect(nameLabels(alike)).toEqual({ labelLimit: 420 });
  });
});

describe('fractions', () => {
  it('are the same in chart, table and CSV, and accuracy never has an axis beyond 1', async () => {
    const all = rows.map((row) => ({ ...row, accuracy: 1, accuracy_high: 1, baseline_accuracy: 1 }));
    for (const charts of [runCharts(all), sweepCharts(sweepGroups(sweepRows(all)))]) {
      for (const { spec } of charts) expect(JSON.stringify({ ...spec, data: {} })).not.toMatch(/"[^"]*%"/);
      const svg = await svgOf(charts[0]!);
      expect(svg).toContain('accuracy (fraction)');
      // A tick above 1 would say 1.002 or 1.005; supplies have two decimals.
      expect(svg).not.toMatch(/>1\.00[1-9]</);
    }
    const html = reportPage(runPage({ title: '', summary: [], rows, csv: '', manifest: '{}', scripts: [] }));
    expect(html).toContain('>accuracy (fraction)</th>');
    expect(html).toContain('>supply_V</th>');
    expect(html).toContain('"accuracy":"accuracy (fraction)"');
  });
});

describe('the table of all numbers', () => {
  it('begins with what tells the rows apart', () => {
    const columns = identifyingFirst(shownColumns(RUN_TABLE, rows), rows).map(({ name }) => name);
    expect(columns.slice(0, 4)).toEqual(['supply_V', 'mapping', 'chip', 'network']);
    expect(new Set(columns).size).toBe(shownColumns(RUN_TABLE, rows).length);
  });

  it('has one format for a column', () => {
    const html = reportPage(runPage({ title: '', summary: [], rows, csv: '', manifest: '{}', scripts: [] }));
    expect(html).toContain('<td class="number">1.350</td>');
    expect(html).toContain('<td class="number">1.025</td>');
  });
});

describe('pictures as files', () => {
  it('fit the column of a paper, in points, with letters of 7 and 8 points', async () => {
    for (const id of ['voltage', 'pareto', 'ber']) {
      const svg = await chartSvg(chartOf(runCharts(rows, 0.01), id).spec);
      const [, width, unit] = /^<svg[^>]* width="([\d.]+)(pt)"/.exec(svg)!;
      expect(unit).toBe('pt');
      expect(Number(width), id).toBeLessThanOrEqual(252);
      const sizes = [...svg.matchAll(/font-size="([\d.]+)px"/g)].map(([, size]) => Number(size) * 0.75);
      expect(Math.min(...sizes)).toBeCloseTo(7, 1);
      expect(Math.max(...sizes)).toBeCloseTo(8, 1);
    }
  });

  // Each draws every chart: `npm test` takes the narrowest and the widest.
  it.each(FULL ? [1, 2, 6, 15] : [6])(
    'have the width of a column or of the page, bars of %i supplies too',
    async (supplies) => {
      const many = Array.from({ length: supplies }, (_, i) =>
        ['baseline', 'sparkxd'].map((mapping) => row(Number((1.35 - i / 50).toFixed(2)), mapping, 1)),
      ).flat();
      for (const chart of runCharts(many, 0.01)) {
        const [, width] = /^<svg[^>]* width="([\d.]+)pt"/.exec(await chartSvg(chart.spec))!;
        // Few bars are narrower than a column.
        expect(
          Number(width) <= 252 || (Number(width) > (supplies > 10 ? 490 : 510) && Number(width) <= 516),
          `${chart.id}: ${width}`,
        ).toBe(true);
      }
    },
  );

  it('have another width wherever a chart has its own', () => {
    const spec = {
      width: WIDTH,
      data: { values: [{ width: WIDTH }] },
      mark: { type: 'bar', width: 40 },
      vconcat: [{ width: WIDTH }, { width: { step: 9 } }],
    };
    const halved = withWidths(spec, (width, each) => (each ? width : width / 2));
    expect(halved).toEqual({
      ...spec,
      width: WIDTH / 2,
      vconcat: [{ width: WIDTH / 2 }, { width: { step: 9 } }],
    });
  });
});

describe('a page of 1000 points', () => {
  it('of a run stays under 3 MB', async () => {
    const many = Array.from({ length: 1000 }, (_, i) =>
      row(1 + (i % 50) / 100, i % 2 ? 'sparkxd' : 'baseline', i, {
        ...{ accuracy: Math.sqrt(i) / 40, ber_observed: 1e-6 * Math.sqrt(i), time_ns: Math.sqrt(i + 0.1) },
        dram_energy_per_inference_nJ: 1000 + Math.sqrt(i),
      }),
    );
    const csv = await tableCsv(RUN_TABLE, many);
    const html = reportPage(
      runPage({ title: '', summary: [], rows: many, csv, manifest: '{}', scripts: await vegaScripts() }),
    );
    expect(html.length).toBeLessThan(3_000_000);
  });
});
