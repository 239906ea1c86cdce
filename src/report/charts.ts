import { pinsOfRows } from '../results/pins-of-rows.ts';
import type { ReplayRow, RunRow } from '../results/tables.ts';
import { PJ_PER_NJ } from '../units/scale.ts';
import { berChart } from './ber-chart.ts';
import {
  type Chart,
  type ChartControl,
  FADE,
  MAPPING,
  PICK,
  SCHEMA,
  SUPPLY,
  tooltip,
  WIDTH,
} from './chart-parts.ts';
import type { EnergyRow } from './energy-rows.ts';
import { averageOf, pointGroups } from './run-summary.ts';
import { savingStepsChart } from './saving-steps.ts';

/** Rows of which traffic and energy are drawn: of a run, or of traces, whose name stands in place of the mapping. */
export type TrafficRow = ReplayRow & { readonly mapping: string };

/** Accuracy against supply over energy against supply, one axis of supply for both. */
export function voltageChart(rows: readonly RunRow[]): Chart {
  const description = `Accuracy of each chip with its 95 % interval over images (top) and DRAM energy of one inference (bottom; ${pinsOfRows(rows)}) against the supply voltage, which falls from left to right; a rule marks the accuracy without errors.`;
  const x = SUPPLY;
  const color = MAPPING;
  return {
    id: 'voltage',
    title: 'Supply voltage: what it costs and what it saves',
    description,
    spec: {
      $schema: SCHEMA,
      description,
      data: { values: rows },
      resolve: { scale: { x: 'shared' } },
      vconcat: [
        {
          width: WIDTH,
          height: 200,
          layer: [
            {
              mark: { type: 'rule', strokeDash: [4, 4] },
              encoding: { y: { aggregate: 'mean', field: 'baseline_accuracy', type: 'quantitative' } },
            },
            {
              mark: { type: 'errorbar', ticks: true },
              encoding: {
                x,
                y: {
                  field: 'accuracy_low',
                  type: 'quantitative',
                  title: 'accuracy',
                  scale: { zero: false },
                  axis: { format: '.1%' },
                },
                y2: { field: 'accuracy_high' },
                color,
                opacity: FADE,
              },
            },
            {
              params: [PICK],
              mark: { type: 'point', filled: true, size: 50 },
              encoding: {
                x,
                y: { field: 'accuracy', type: 'quantitative' },
                color,
                shape: MAPPING,
                opacity: FADE,
                tooltip: tooltip({
                  supply_V: ['supply (V)', '.3f'],
                  mapping: ['mapping'],
                  chip: ['chip'],
                  accuracy: ['accuracy', '.2%'],
                  flipped_bits: ['flipped bits', ','],
                  meets_bound: ['within the bound'],
                }),
              },
            },
          ],
        },
        {
          width: WIDTH,
          height: 200,
          mark: { type: 'line', point: { filled: true, size: 50 } },
          encoding: {
            x,
            y: {
              aggregate: 'mean',
              field: 'dram_energy_per_inference_nJ',
              type: 'quantitative',
              title: 'DRAM energy per inference (nJ)',
            },
            color,
            opacity: FADE,
            tooltip: [
              ...tooltip({ supply_V: ['supply (V)', '.3f'], mapping: ['mapping'] }),
              {
                aggregate: 'mean',
                field: 'dram_energy_per_inference_nJ',
                title: 'nJ per inference',
                format: ',.0f',
              },
              {
                aggregate: 'mean',
                field: 'energy_saving_vs_nominal',
                title: 'saving per access',
                format: '.2%',
              },
              { aggregate: 'mean', field: 'bandwidth_GBps', title: 'GB/s', format: '.3f' },
            ],
          },
        },
      ],
    },
  };
}

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

/** Stacked bars, a facet a supply and a bar a mapping or trace; clicking a kind in the legend fades the others. */
function stackedBars(
  chart: Omit<Chart, 'spec'>,
  compared: Compared,
  values: readonly ({ readonly mapping: string } & Readonly<Record<string, unknown>>)[],
  kind: { readonly field: string; readonly sort?: readonly string[] },
  amount: { readonly field: string; readonly title: string; readonly format: string },
): Chart {
  const { description } = chart;
  const spec = {
    $schema: SCHEMA,
    description,
    data: { values },
    params: [{ name: 'kind', select: { type: 'point', fields: [kind.field] }, bind: 'legend' }],
    width: { step: 34 },
    height: 220,
    mark: 'bar',
    encoding: {
      column: {
        field: 'supply_V',
        type: 'ordinal',
        title: 'supply voltage (V)',
        sort: 'descending',
        spacing: 8,
      },
      x: {
        field: 'mapping',
        type: 'nominal',
        title: null,
        // The only trace of a page has no name that tells anything.
        ...(compared === 'trace' && new Set(values.map(({ mapping }) => mapping)).size === 1
          ? { axis: null }
          : {}),
      },
      y: { field: amount.field, type: 'quantitative', stack: 'zero', title: amount.title },
      color: { ...kind, type: 'nominal', title: kind.field },
      opacity: { condition: { param: 'kind', value: 1 }, value: 0.15 },
      tooltip: tooltip({
        supply_V: ['supply (V)', '.3f'],
        mapping: [compared],
        [kind.field]: [kind.field],
        [amount.field]: [amount.title, amount.format],
      }),
    },
  };
  return { ...chart, headings: { mapping: compared }, spec };
}

/** Where the energy goes: its terms per access, stacked, for each supply and mapping or trace. */
export function breakdownChart(
  rows: readonly EnergyRow<TrafficRow>[],
  compared: Compared = 'mapping',
): Chart {
  const shown = TERMS.filter((term) => term !== 'io' || rows.some((row) => row.dram_energy_io_nJ > 0));
  const values = pointGroups(rows).flatMap((group) =>
    shown.map((term) => ({
      supply_V: group[0]!.supply_V,
      mapping: group[0]!.mapping,
      term: TERM_NAMES[term],
      energy: (averageOf(group, `dram_energy_${term}_nJ`) * PJ_PER_NJ) / averageOf(group, 'accesses'),
    })),
  );
  const chart = {
    id: 'breakdown',
    title: 'Where the energy goes',
    description: `DRAM energy per access, stacked by term, for each supply voltage and ${compared} (means over chips); ${pinsOfRows(rows)}.`,
  };
  const kind = {
    field: 'term',
    sort: Object.keys(TERM_NAMES)
      .flatMap((term) => shown.filter((one) => one === term))
      .map((term) => TERM_NAMES[term]),
  };
  return stackedBars(chart, compared, values, kind, {
    field: 'energy',
    title: 'pJ per access',
    format: ',.1f',
  });
}

/** Energy per inference against accuracy: what one gets for what one pays. */
export function paretoChart(rows: readonly RunRow[]): Chart {
  const description = `Each point is one chip at one supply voltage: DRAM energy of an inference (${pinsOfRows(rows)}) against accuracy. Up and to the left is better.`;
  return {
    id: 'pareto',
    title: 'Energy against accuracy',
    description,
    spec: {
      $schema: SCHEMA,
      description,
      data: { values: rows },
      params: [PICK],
      width: WIDTH,
      height: 260,
      mark: { type: 'point', filled: true, size: 60 },
      encoding: {
        x: {
          field: 'dram_energy_per_inference_nJ',
          type: 'quantitative',
          title: 'DRAM energy per inference (nJ)',
          scale: { zero: false },
        },
        y: {
          field: 'accuracy',
          type: 'quantitative',
          title: 'accuracy',
          scale: { zero: false },
          axis: { format: '.1%' },
        },
        color: {
          field: 'supply_V',
          type: 'ordinal',
          title: 'supply (V)',
          sort: 'descending',
          scale: { scheme: 'viridis' },
        },
        shape: MAPPING,
        opacity: FADE,
        tooltip: tooltip({
          supply_V: ['supply (V)', '.3f'],
          mapping: ['mapping'],
          chip: ['chip'],
          accuracy: ['accuracy', '.2%'],
          dram_energy_per_inference_nJ: ['nJ per inference', ',.0f'],
          inference_energy_saving_vs_nominal: ['saving per inference', '.2%'],
        }),
      },
    },
  };
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
    description: `Row misses and row conflicts per thousand accesses, for each supply voltage and ${compared} (means over chips); all other accesses are row hits.`,
  };
  const amount = { field: 'share', title: 'per 1000 accesses', format: '.2f' };
  return stackedBars(chart, compared, values, { field: 'condition' }, amount);
}

/** All charts of a run. */
export function runCharts(rows: readonly RunRow[]): Chart[] {
  const always = [voltageChart(rows), paretoChart(rows), breakdownChart(rows), conditionChart(rows)];
  return [...always, ...[savingStepsChart(rows), berChart(rows)].filter((chart) => chart !== undefined)];
}

/** The mapping to bring out in all charts of a run; nothing to choose where there is one. */
export function runControls(rows: readonly RunRow[]): ChartControl[] {
  const values = [...new Set(rows.map(({ mapping }) => mapping))];
  return values.length > 1 ? [{ does: { picks: 'mapping' }, label: 'bring out the mapping', values }] : [];
}
