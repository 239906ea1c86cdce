import { parse, View } from 'vega';
import { compile } from 'vega-lite';
import { describe, expect, it } from 'vitest';
import { reportPage } from '../../src/report/html-report.ts';
import { replayPage } from '../../src/report/replay-page.ts';
import type { TraceRow } from '../../src/report/replay-rows.ts';
import { vegaScripts } from '../../src/report/vega-scripts.ts';
import { FULL } from '../effort.ts';
import { chartOf, drawn, marks, point, valuesOf } from './replay-points.ts';

describe('the page of a sweep of traces', () => {
  const sweep = (traces: number): TraceRow[] =>
    Array.from({ length: traces }, (_, i) =>
      [1.2, 1.1, 1, 0.9].map((supply) => {
        const [file, device] = [`folder/trace-${i >> 1}.sxt`, `device-${i % 2}`];
        const energies = { energy_per_bit_pJ: supply * (i + 1), energy_saving_vs_nominal: 1.2 - supply };
        const axes = { axis_trace: file, axis_device: device, axis_supply: supply };
        return { ...point(supply, 1, 0, { ...energies, device }), ...axes, trace: `${file}, ${device}` };
      }),
    ).flat();
  /** The explorer's marks after a choice of the reader's. */
  const explored = async (rows: readonly TraceRow[], choices: Readonly<Record<string, string>>) => {
    const view = new View(parse(compile(chartOf(replayPage(rows).charts, 'explore')!.spec as never).spec));
    for (const [parameter, value] of Object.entries(choices)) view.signal(parameter, value);
    return (await view.runAsync()).toSVG();
  };

  it('has a choice of both axes, of the colour, and of the values of each axis', () => {
    const { controls } = replayPage(sweep(4));
    expect(controls!.map(({ label }) => label)).toEqual([
      ...['y', 'x', 'colour', 'trace', 'device', 'bring out the trace'],
    ]);
    expect(controls![1]!.none).toBe('supply voltage (V)');
    expect(controls![1]!.values[0]).toBe('supply / nominal supply');
  });

  it('draws what is chosen, with the titles of its axes', async () => {
    const before = await explored(sweep(4), {});
    expect(before).toContain('>DRAM energy per bit (pJ)<');
    expect(before).toContain('>supply voltage (V)<');
    const chosen = {
      explore_y: 'bandwidth (GB/s)',
      explore_x: 'supply / nominal supply',
      show_axis_2: 'device-1',
    };
    const after = await explored(sweep(4), chosen);
    expect(after).toContain('>bandwidth (GB/s)<');
    expect(after).toContain('>supply / nominal supply<');
    expect([marks(before, 'point'), marks(after, 'point')]).toEqual([16, 8]);
  });

  it('has the parameters of all choices in every chart', () => {
    const { charts, controls } = replayPage(sweep(4), { bound: 0.01 });
    const wanted = controls!.flatMap(({ does }) => ('parameter' in does ? [does.parameter] : []));
    for (const { spec, id } of charts)
      expect(
        (spec['params'] as { name: string }[]).map(({ name }) => name),
        id,
      ).toEqual(expect.arrayContaining(wanted));
  });

  it.runIf(FULL)('colours one axis of many traces, and stays below 3 MB with 1000 points', async () => {
    const rows = sweep(250);
    const page = replayPage(rows);
    expect(chartOf(page.charts, 'against-supply')!.description).toContain(
      'the mean of the traces of one device',
    );
    for (const chart of page.charts) expect((await drawn(chart)).warnings, chart.id).toEqual([]);
    const html = reportPage({ ...page, csv: '', scripts: await vegaScripts() });
    expect(html.length).toBeLessThan(3_000_000);
  });

  it('shows conditions once where they are the same at every supply, terms that are something, and names first', () => {
    const { charts, numbers } = replayPage(sweep(4));
    const conditions = chartOf(charts, 'conditions')!;
    expect(conditions.description).toContain('the same at every supply');
    expect(new Set(valuesOf(conditions).map(({ supply_V }) => supply_V)).size).toBe(1);
    expect(valuesOf(chartOf(charts, 'breakdown')).map(({ part }) => part)).not.toContain('data pins');
    expect(numbers.table.columns.slice(0, 3).map(({ name }) => name)).toEqual([
      'trace',
      'supply_V',
      'device',
    ]);
  });
});
