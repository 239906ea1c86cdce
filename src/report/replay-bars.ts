import { pinsOfRows } from '../results/pins-of-rows.ts';
import { PJ_PER_NJ } from '../units/scale.ts';
import { type Chart, SCHEMA, tooltip } from './chart-parts.ts';
import type { TrafficRow } from './charts.ts';
import type { EnergyRow } from './energy-rows.ts';
import { nameLabels } from './name-labels.ts';
import type { Series } from './replay-axes.ts';
import { averageOf, pointGroups } from './run-summary.ts';

/** Terms of the energy in the order of the stack, from the axis on. */
const TERMS = [
  ['dram_energy_act_nJ', 'activate', '#1f5fa8'],
  ['dram_energy_pre_nJ', 'precharge', '#4187cc'],
  ['dram_energy_rd_nJ', 'read', '#80bae6'],
  ['dram_energy_wr_nJ', 'write', '#e8590c'],
  ['dram_energy_ref_nJ', 'refresh', '#2a9d6f'],
  ['dram_energy_background_nJ', 'background', '#9aa4ae'],
  ['dram_energy_io_nJ', 'data pins', '#9a6fb0'],
] as const;

const CONDITIONS = [
  ['row_misses', 'row misses', '#4187cc'],
  ['row_conflicts', 'row conflicts', '#e8590c'],
] as const;

type Part = readonly [column: string, name: string, colour: string];

interface BarRow {
  readonly supply_V: number;
  readonly trace: string;
  readonly series: string;
  readonly part: string;
  readonly order: number;
  readonly amount: number;
}

/** Energy by its terms, a bar a series, the bars of each supply together. */
export function traceBreakdown(rows: readonly EnergyRow<TrafficRow>[], series: Series): Chart {
  const devices = new Set(rows.map(({ device }) => device)).size;
  const [unit, per] = devices > 1 ? (['bit', 'bytes'] as const) : (['access', 'accesses'] as const);
  const bits = devices > 1 ? 8 : 1;
  return horizontalBars(
    rows,
    series,
    TERMS,
    (group, column) => (averageOf(group, column) * PJ_PER_NJ) / (averageOf(group, per) * bits),
    {
      id: 'breakdown',
      title: 'Where the energy goes',
      description: `DRAM energy per ${unit} by its terms; ${pinsOfRows(rows)}.`,
    },
    `DRAM energy per ${unit} (pJ)`,
  );
}

/** Row misses and conflicts, a bar a series, the bars of each supply together. */
export const traceConditions = (rows: readonly TrafficRow[], series: Series): Chart =>
  horizontalBars(
    rows,
    series,
    CONDITIONS,
    (group, column) => (1000 * averageOf(group, column)) / averageOf(group, 'accesses'),
    {
      id: 'conditions',
      title: 'Row misses and conflicts',
      description: 'Row misses and row conflicts per 1000 accesses; the other accesses are row hits.',
    },
    'row misses and conflicts (per 1000 accesses)',
  );

function horizontalBars<Row extends TrafficRow, Column extends string>(
  rows: readonly Row[],
  series: Series,
  parts: readonly (readonly [Column, string, string])[],
  amountOf: (group: readonly Row[], column: Column) => number,
  chart: Omit<Chart, 'spec'>,
  title: string,
): Chart {
  const all = pointGroups(rows).flatMap((group) =>
    parts.map(([column, part], order): BarRow => {
      const { supply_V, mapping: trace } = group[0]!;
      const amount = Number(amountOf(group, column).toPrecision(6));
      return { supply_V, trace, series: series.of(trace), part, order, amount };
    }),
  );
  const drawn: Part[] = parts.filter(([, part]) => all.some((row) => row.part === part && row.amount > 0));
  // Bars of nothing still have an axis.
  const shown = drawn.length === 0 ? parts.slice(0, 1) : drawn;
  const alike = alikeAtAllSupplies(all);
  // Of a trace, which may lack some supplies, its first.
  const firstOf = new Map(all.map(({ trace, supply_V }) => [trace, supply_V] as const).reverse());
  const values = all.filter(
    ({ part, trace, supply_V }) =>
      shown.some(([, name]) => name === part) && (!alike || supply_V === firstOf.get(trace)),
  );
  const facets = !alike && new Set(values.map(({ supply_V }) => supply_V)).size > 1;
  const several = new Set(all.map(({ supply_V }) => supply_V)).size > 1;
  const averaged =
    series.axis === undefined
      ? ''
      : ` Means over all ${series.label === 'device' ? 'traces of a device' : 'traces of one value'} that the choices above leave.`;
  const description = `${chart.description}${alike && several ? ' To four digits the same at every supply.' : ''}${averaged}`;
  return {
    ...chart,
    description,
    headings: { amount: title, order: 'place in the stack', series: series.label },
    spec: {
      $schema: SCHEMA,
      description,
      data: { values },
      // Means are taken before the stacking: Vega-Lite stacks sums.
      transform: [
        {
          aggregate: [{ op: 'mean', field: 'amount', as: 'amount' }],
          groupby: [...(alike ? [] : ['supply_V']), 'series', 'part', 'order'],
        },
      ],
      params: [{ name: 'kind', select: { type: 'point', fields: ['part'] }, bind: 'legend' }],
      width: 560,
      height: { step: 20 },
      mark: 'bar',
      encoding: {
        ...(facets
          ? {
              row: {
                ...{
                  field: 'supply_V',
                  type: 'ordinal',
                  title: 'supply voltage (V)',
                  sort: 'descending',
                  spacing: 8,
                },
                header: { labelAngle: 0 },
              },
            }
          : {}),
        y: {
          field: 'series',
          type: 'nominal',
          sort: null,
          title: null,
          axis: nameLabels(values.map((row) => row.series)),
        },
        x: { field: 'amount', type: 'quantitative', stack: 'zero', title },
        color: {
          ...{ field: 'part', type: 'nominal', title: null },
          scale: { domain: shown.map(([, part]) => part), range: shown.map(([, , colour]) => colour) },
          legend: { orient: 'top' },
        },
        order: { field: 'order', type: 'quantitative' },
        opacity: { condition: { param: 'kind', value: 1 }, value: 0.15 },
        tooltip: tooltip({
          ...(alike ? {} : { supply_V: ['supply voltage (V)', '.4~g'] as const }),
          series: [series.label],
          part: ['part'],
          amount: [title, ',.4~g'],
        }),
      },
    },
  };
}

/** Whether each part of each trace is the same at every supply, to four digits. */
function alikeAtAllSupplies(rows: readonly BarRow[]): boolean {
  const found = new Map<string, string>();
  return rows.every(({ trace, part, amount }) => {
    const key = JSON.stringify([trace, part]);
    const text = amount.toPrecision(4);
    const known = found.get(key) ?? text;
    found.set(key, known);
    return known === text;
  });
}
