import { compile } from 'vega-lite';
import { describe, expect, it } from 'vitest';
import { bankCharts } from '../../src/report/bank-charts.ts';
import type { Chart } from '../../src/report/chart-parts.ts';
import { logAxis } from '../../src/report/log-axis.ts';
import { replayPage } from '../../src/report/replay-page.ts';
import type { BankRow } from '../../src/results/tables.ts';
import { chartOf, drawn, marks, point, valuesOf } from './replay-points.ts';

const rows = [point(1.35, 1, 0), point(1.35, 2, 0), point(1.025, 1, 0.05), point(1.025, 2, 0.5)];
const NO_ACCURACY = {
  ...{ accuracy: undefined, accuracy_low: undefined, accuracy_high: undefined, baseline_accuracy: undefined },
  ...{ ber_observed: undefined, network: undefined },
};

describe('the page of a replay with accuracy', () => {
  const { charts, summary, numbers } = replayPage(rows);

  it('draws every chart without a warning', async () => {
    expect(charts.map(({ id }) => id)).toEqual([
      ...[
        'accuracy',
        'ber',
        'wrong-reads',
        'against-supply',
        'explore',
        'breakdown',
        'conditions',
        'read-latency',
      ],
    ]);
    for (const chart of charts) {
      const { svg, warnings } = await drawn(chart);
      expect(warnings).toEqual([]);
      expect(svg).not.toMatch(/NaN|undefined|null/);
    }
  });

  it('has a mark for each chip, and energy once a supply', async () => {
    const { svg } = await drawn(chartOf(charts, 'accuracy')!);
    expect(marks(svg, 'point')).toBe(4 + 2);
    expect(valuesOf(chartOf(charts, 'breakdown'))).toHaveLength(2 * 6);
    expect(valuesOf(chartOf(charts, 'read-latency'))).toHaveLength(2 * 4);
    expect(numbers.table.rows).toHaveLength(4);
  });

  it('has legends of chips that take a click', () => {
    for (const id of ['accuracy', 'ber', 'wrong-reads']) {
      const { legends = [] } = compile(chartOf(charts, id)!.spec as never).spec;
      const legend = legends.find(({ title }) => title === 'chip');
      expect(legend?.encode?.labels, id).toMatchObject({ interactive: true });
    }
  });

  it('takes the mean where each chip has an energy of its own', () => {
    const own = [point(1.1, 1, 0), point(1.1, 2, 0, { dram_energy_rd_nJ: 3, dram_energy_total_nJ: 5 })];
    const bars = valuesOf(chartOf(replayPage(own).charts, 'breakdown'));
    expect(bars.map(({ energy }) => energy)).toEqual([1000, 1000, 1000, 2000, 1000, 1000]);
  });

  it('says supply, energy, saving, and accuracy and bound of each chip', () => {
    expect(summary).toEqual([
      'network (weight_format) on 16 images of dataset, repair repair: 100.00 % without errors',
      '1.35 V: 1350.0 pJ an access, saving 0.00 %, 0.00 us for 1 accesses; chip 1: accuracy 100.00 %, bound met; chip 2: accuracy 100.00 %, bound met',
      '1.025 V: 1025.0 pJ an access, saving 32.50 %, 0.00 us for 1 accesses; chip 1: accuracy 95.00 %, bound met; chip 2: accuracy 50.00 %, bound missed',
      'energies and savings: core currents only, no pins',
    ]);
    const many = Array.from({ length: 5 }, (_, i) => point(1.1, i + 1, i / 10));
    expect(replayPage(many).summary[1]).toMatch(/; 5 chips: accuracy 60\.00 to 100\.00 %, bound met by 1$/);
  });

  it('draws the bound where it is known', () => {
    const known = chartOf(replayPage(rows, { bound: 0.01 }).charts, 'accuracy')!;
    expect(valuesOf(known)[0]).toMatchObject({ required_accuracy: 0.99 });
    expect(known.description).toContain('the red rule is the accuracy that the bound requires');
    expect(chartOf(charts, 'accuracy')!.description).toContain('the file does not say');
  });

  it('places zeros at the end of logarithmic axes, and says so', async () => {
    const wrong = chartOf(charts, 'wrong-reads')!;
    expect(valuesOf(wrong).map(({ reads_wrong_share, drawn_at }) => [reads_wrong_share, drawn_at])).toEqual([
      ...[
        [0, 0.001],
        [0, 0.001],
      ],
      ...[
        [0.05, 0.05],
        [0.5, 0.5],
      ],
    ]);
    expect(wrong.description).toContain('the 2 points without a wrong read stand at its end, marked 0');
    expect((await drawn(wrong)).svg).toContain('>0</text>');
    expect(chartOf(charts, 'ber')!.description).toContain('the 2 points without a wrong bit');
  });
});

describe('the page of a replay', () => {
  it('has wrong reads alone where there is no accuracy', () => {
    const { charts, summary, numbers } = replayPage(rows.map((row) => ({ ...row, ...NO_ACCURACY })));
    expect(charts.map(({ id }) => id)).toEqual([
      'wrong-reads',
      'against-supply',
      'explore',
      'breakdown',
      'conditions',
      'read-latency',
    ]);
    expect(summary[1]).toMatch(/; chip 1: 5\.00 % of the reads wrong; chip 2: 50\.00 % of the reads wrong$/);
    expect(numbers.table.columns.map(({ name }) => name)).not.toContain('accuracy');
  });

  it('says that nothing was wrong where nothing was', () => {
    const { charts, summary } = replayPage(rows.slice(0, 2));
    expect(charts.map(({ id }) => id)).toEqual(['accuracy', 'breakdown', 'conditions', 'read-latency']);
    expect(summary.at(-1)).toBe('no read came back wrong');
  });

  it('tells traces apart by colour, in the charts and in the table', async () => {
    const two = [...rows, ...rows.map((row) => ({ ...row, trace: 'other' }))];
    const { charts, numbers, summary } = replayPage(two);
    for (const chart of charts) expect((await drawn(chart)).warnings).toEqual([]);
    // Both supplies need the same energy here, so there is one facet.
    expect(valuesOf(chartOf(charts, 'breakdown'))).toHaveLength(2 * 6);
    expect(numbers.table.columns[0]!.name).toBe('trace');
    expect(numbers.table.rows[0]).toMatchObject({ trace: 'trace', mapping: 'mapping' });
    expect(summary[3]).toMatch(/^other, 1\.35 V: /);
  });
});

describe('the charts against supply', () => {
  const part = (device: string, trace: string, nominal: number) =>
    [1, 0.9].map((share) => ({
      ...point(nominal * share, 1, 0, { device, energy_saving_vs_nominal: 1 - share }),
      trace,
    }));
  const fieldsOf = (chart: Chart | undefined) =>
    (
      chart!.spec['concat'] as { layer: { encoding: { x: { field: string }; y: { field: string } } }[] }[]
    ).map(({ layer }) => [layer[0]!.encoding.x.field, layer[0]!.encoding.y.field]);

  it('are over volts and per access where the device is one', () => {
    expect(fieldsOf(chartOf(replayPage(rows).charts, 'against-supply'))).toEqual(
      [
        ...['energy_per_access_pJ', 'energy_saving_vs_nominal', 'time_ns', 'bandwidth_GBps'],
        ...['read_latency_mean_ns', 'read_latency_p99_ns'],
      ].map((y) => ['supply_V', y]),
    );
  });

  it('are over the nominal supply and per bit where devices differ, and a choice brings out a trace', async () => {
    const page = replayPage([...part('a', '<script>', 1.35), ...part('b', 'other', 1.2)]);
    const chart = chartOf(page.charts, 'against-supply')!;
    expect(fieldsOf(chart)[0]).toEqual(['supply_share', 'energy_per_bit_pJ']);
    expect(valuesOf(chart).map(({ supply_share }) => supply_share)).toEqual([1, 0.9, 1, 0.9]);
    expect((await drawn(chart)).warnings).toEqual([]);
    expect(page.controls!.at(-1)).toMatchObject({
      does: { picks: 'series' },
      values: ['<script>', 'other'],
    });
    expect(page.controls!.map(({ label }) => label)).toEqual([
      ...['y', 'x', 'colour', 'trace', 'device', 'bring out the trace'],
    ]);
  });

  it('are over volts where a device has no row at its nominal supply, and none for one supply', () => {
    const unknown = [...part('a', 'one', 1.35), ...part('b', 'other', 1.2).slice(1)];
    expect(fieldsOf(chartOf(replayPage(unknown).charts, 'against-supply'))[0]![0]).toBe('supply_V');
    expect(chartOf(replayPage(rows.slice(0, 2)).charts, 'against-supply')).toBeUndefined();
  });
});

describe('a logarithmic axis', () => {
  it('ends at decades around the values', () => {
    expect(logAxis([2e-5, 3e-3], '.0e')!.scale['domain']).toEqual([1e-5, 1e-2]);
    expect(logAxis([0, 2e-5, 3e-3], '.0e')!.scale['domain']).toEqual([1e-6, 1e-2]);
    expect(logAxis([1], '.0e')!.scale['domain']).toEqual([1, 10]);
    expect(logAxis([0, 0], '.0e')).toBeUndefined();
  });

  it('has few labels over many decades', () => {
    const { axis } = logAxis([1e-30, 1], '.0e')!;
    expect((axis['values'] as number[]).length).toBeLessThanOrEqual(10);
  });
});

describe('the charts of banks', () => {
  const bank = (supply: number, chip: number, number: number, more: Partial<BankRow> = {}): BankRow => ({
    ...{
      supply_V: supply,
      chip,
      channel: 0,
      rank: 0,
      bank: number,
      accesses: 9,
      reads_wrong: 4,
      bits_wrong: 5,
    },
    ...more,
  });
  const counts = [1.1, 1.025].flatMap((supply) =>
    [1, 2].flatMap((chip) => [
      ...[
        bank(supply, chip, 0),
        bank(supply, chip, 0, { subarray: 0 }),
        bank(supply, chip, 0, { subarray: 3 }),
      ],
      bank(supply, chip, 1, { accesses: 0, reads_wrong: 0, bits_wrong: 0 }),
    ]),
  );

  it('are of the lowest supply, a part for each chip', async () => {
    const { charts, absent } = bankCharts([{ name: 'banks', rows: counts }]);
    expect(absent).toBeUndefined();
    const [bars, map] = charts;
    expect(valuesOf(bars).map(({ part, bank, reads_wrong }) => [part, bank, reads_wrong])).toEqual([
      ...[
        ['chip 1', 0, 4],
        ['chip 1', 1, 0],
      ],
      ...[
        ['chip 2', 0, 4],
        ['chip 2', 1, 0],
      ],
    ]);
    expect(bars!.description).toContain('at 1.025 V');
    for (const chart of charts) expect((await drawn(chart)).warnings).toEqual([]);
    expect(marks((await drawn(map!)).svg, 'rect mark')).toBe(4);
  });

  it('draw no map of one subarray, and no more than twelve chips', () => {
    const many = Array.from({ length: 14 }, (_, i) => bank(1, i, 0));
    const { charts } = bankCharts([{ name: 'banks', rows: [...many, bank(1, 0, 0, { subarray: 2 })] }]);
    expect(charts).toHaveLength(1);
    expect(valuesOf(charts[0])).toHaveLength(12);
    expect(charts[0]!.description).toContain('of the first 12 of 14 chips');
  });

  it('say why there are none', () => {
    const why = (rows: readonly BankRow[]) => bankCharts([{ name: 'banks', rows }]).absent!.absent;
    expect(bankCharts([]).absent!.absent).toContain('--bank-csv');
    expect(why([bank(1, 1, 0, { reads_wrong: undefined })])).toContain('no voltage profile');
    expect(why([bank(1, 1, 0, { reads_wrong: 0 })])).toContain('no read came back wrong at 1 V');
  });
});
