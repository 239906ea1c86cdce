import { pinsOfRows } from '../results/pins-of-rows.ts';
import type { ReplayRow, RunRow } from '../results/tables.ts';
import { PJ_PER_NJ } from '../units/scale.ts';
import { type BoundRow, chipMeans, paretoChart, severalMappings, voltageChart } from './accuracy-charts.ts';
import { berChart } from './ber-chart.ts';
import { requiredAccuracy } from './bound-rules.ts';
import { type Chart, type ChartControl, SCHEMA, tooltip } from './chart-parts.ts';
import type { EnergyRow } from './energy-rows.ts';
import { energyUnit } from './energy-unit.ts';
import { partScale } from './part-colours.ts';
import { averageOf, pointGroups } from './run-summary.ts';
import { savingStepsChart } from './saving-steps.ts';

/** Rows of which traffic and energy are drawn: of a run, or of traces, whose name stands in place of the mapping. */
export type TrafficRow = ReplayRow & { readonly mapping: string };

const TERMS = ['io', 'background', 'ref', 'wr', 'rd', 'pre', 'act'] as const;
const TERM_NAMES: Readonly<Record<(typeof TERMS)[number], string>> = {
  act: 'activate',
  pre: 'precharge',
  rd: 'read',
  wr: 'write',
  ref: 'refresh',
  background: 'background',
  io: 'data pins',
};

/** What bars of one supply are of. */
type Compared = 'mapping' | 'trace';

type BarValue = { readonly mapping: string; readonly supply_V: number } & Readonly<Record<string, unknown>>;

/** The parts of a bar, the uppermost first, as in the legend; without those that are 0 in all bars. */
function partsShown(values: readonly BarValue[], kind: string, amount: string, parts: readonly string[]) {
  const drawn = new Set(values.filter((value) => value[amount] !== 0).map((value) => value[kind]));
  const kept = parts.filter((part) => drawn.has(part));
  // Bars of nothing still have an axis.
  return kept.length > 0 ? kept : parts.slice(0, 1);
}

/** What the bars of one supply show, to four digits: supplies that agree in it need one facet. */
const facetText = (values: readonly BarValue[], supply: number): string =>
  JSON.stringify(
    values
      .filter(({ supply_V }) => supply_V === supply)
      .map(({ supply_V, ...others }) =>
        Object.values(others).map((value) =>
          typeof value === 'number' ? Number(value.toPrecision(4)) : value,
        ),
      ),
  );

/**
 * Stacked bars. Where supplies differ, a facet a supply and a bar a mapping or trace; of one mapping a bar a supply. Clicking
 * a kind in the legend fades the others.
 */
function stackedBars(
  chart: Omit<Chart, 'spec'>,
  compared: Compared,
  all: readonly BarValue[],
  kind: { readonly field: string; readonly parts: readonly string[] },
  amount: { readonly field: string; readonly title: string; readonly format: string },
): Chart {
  const shown = partsShown(all, kind.field, amount.field, kind.parts);
  const supplies = [...new Set(all.map(({ supply_V }) => supply_V))];
  const alike = new Set(supplies.map((supply) => facetText(all, supply))).size === 1;
  const several = new Set(all.map(({ mapping }) => mapping)).size > 1;
  const values = all
    .filter(({ supply_V }) => !alike || !several || supply_V === supplies[0])
    .filter((value) => shown.includes(String(value[kind.field])))
    // The first part of the legend is the uppermost of the stack.
    .map((value) => ({ ...value, order: -shown.indexOf(String(value[kind.field])) }));
  const faceted = several && !alike;
  const same = several && alike && supplies.length > 1 ? ' The same at every supply voltage.' : '';
  const description = `${chart.description}${same}`;
  const supply = { field: 'supply_V', type: 'ordinal', title: 'supply voltage (V)', sort: 'descending' };
  const spec = {
    $schema: SCHEMA,
    description,
    data: { values },
    params: [{ name: 'kind', select: { type: 'point', fields: [kind.field] }, bind: 'legend' }],
    width: { step: 26 },
    height: 220,
    mark: 'bar',
    encoding: {
      ...(faceted ? { column: { ...supply, spacing: 8 } } : {}),
      x: several ? { field: 'mapping', type: 'nominal', title: null } : supply,
      y: { field: amount.field, type: 'quantitative', stack: 'zero', title: amount.title },
      color: { field: kind.field, type: 'nominal', title: kind.field, scale: partScale(shown) },
      order: { field: 'order', type: 'quantitative' },
      opacity: { condition: { param: 'kind', value: 1 }, value: 0.15 },
      tooltip: tooltip({
        supply_V: ['supply (V)', '.3f'],
        ...(several ? { mapping: [compared] as const } : {}),
        [kind.field]: [kind.field],
        [amount.field]: [amount.title, amount.format],
      }),
    },
  };
  return { ...chart, description, headings: { mapping: compared, order: 'place in the stack' }, spec };
}

const ofEach = (rows: readonly TrafficRow[], compared: Compared): string =>
  severalMappings(rows) ? `for each supply voltage and ${compared}` : 'for each supply voltage';

/** Where the energy goes: its terms per access, stacked, for each supply and mapping or trace. */
export function breakdownChart(
  rows: readonly EnergyRow<TrafficRow>[],
  compared: Compared = 'mapping',
): Chart {
  const unit = energyUnit(rows);
  const values = pointGroups(rows).flatMap((group) =>
    TERMS.map((term) => ({
      supply_V: group[0]!.supply_V,
      mapping: group[0]!.mapping,
      term: TERM_NAMES[term],
      energy:
        (averageOf(group, `dram_energy_${term}_nJ`) * PJ_PER_NJ) /
        (averageOf(group, unit.column) * unit.each),
    })),
  );
  const chart = {
    id: 'breakdown',
    title: 'Where the energy goes',
    description: `DRAM energy per ${unit.column === 'bytes' ? 'bit' : 'access'}, stacked by term, ${ofEach(rows, compared)}${chipMeans(rows)}; ${pinsOfRows(rows)}.`,
  };
  const kind = { field: 'term', parts: Object.values(TERM_NAMES) };
  const title = `DRAM energy (${unit.name})`;
  return stackedBars(chart, compared, values, kind, { field: 'energy', title, format: ',.1f' });
}

/** What accesses found: shares of misses and conflicts. */
export function conditionChart(rows: readonly TrafficRow[], compared: Compared = 'mapping'): Chart {
  const values = pointGroups(rows).flatMap((group) =>
    (['misses', 'conflicts'] as const).map((condition) => ({
      supply_V: group[0]!.supply_V,
      mapping: group[0]!.mapping,
      condition: `row ${condition}`,
      share: (1000 * averageOf(group, `row_${condition}`)) / averageOf(group, 'accesses'),
    })),
  );
  const chart = {
    id: 'conditions',
    title: 'Row misses and conflicts',
    description: `Row misses and row conflicts per thousand accesses, ${ofEach(rows, compared)}${chipMeans(rows)}; all other accesses are row hits.`,
  };
  const amount = { field: 'share', title: 'row misses and conflicts (per 1000 accesses)', format: '.2f' };
  const kind = { field: 'condition', parts: ['row conflicts', 'row misses'] };
  return stackedBars(chart, compared, values, kind, amount);
}

/** All charts of a run. `bound` is the loss of accuracy allowed, a share; without it no bound is drawn. */
export function runCharts(rows: readonly RunRow[], bound?: number): Chart[] {
  const bounded = rows.map(
    (row): BoundRow =>
      bound === undefined ? row : { ...row, required: requiredAccuracy(row.baseline_accuracy, bound) },
  );
  const ber = berChart(bounded);
  const { values } = (ber?.spec['data'] ?? { values: bounded }) as { readonly values: readonly BoundRow[] };
  const table = values.map(shownCells);
  // One table for all three, of which the page has only what they show.
  const ofPoints = (chart: Chart): Chart => ({
    ...chart,
    headings: { drawn_at: 'drawn at', required: 'accuracy required' },
    spec: { ...chart.spec, data: { values: table } },
  });
  const steps = savingStepsChart(rows);
  return [
    ofPoints(voltageChart(bounded)),
    ofPoints(paretoChart(bounded)),
    ...(ber === undefined ? [] : [ofPoints(ber)]),
    breakdownChart(rows),
    conditionChart(rows),
    ...(steps === undefined ? [] : [steps]),
  ];
}

const POINT_CELLS = [
  ...['supply_V', 'mapping', 'chip', 'accuracy', 'accuracy_low', 'accuracy_high', 'baseline_accuracy'],
  ...['required', 'meets_bound', 'flipped_bits', 'ber_observed', 'drawn_at', 'ber_placed', 'ber_chip'],
  ...['dram_energy_per_inference_nJ', 'energy_saving_vs_nominal', 'inference_energy_saving_vs_nominal'],
  'bandwidth_GBps',
];

/** What the charts of points show of a row. */
const shownCells = (row: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(POINT_CELLS.filter((name) => row[name] !== undefined).map((name) => [name, row[name]]));

/** The mapping to bring out in all charts of a run; nothing to choose where there is one. */
export function runControls(rows: readonly RunRow[]): ChartControl[] {
  const values = [...new Set(rows.map(({ mapping }) => mapping))];
  return values.length > 1 ? [{ does: { picks: 'mapping' }, label: 'bring out the mapping', values }] : [];
}
