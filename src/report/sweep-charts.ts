import {
  type Chart,
  type ChartControl,
  type ChartSpec,
  FADE,
  SCHEMA,
  SUPPLY,
  tooltip,
  WIDTH,
} from './chart-parts.ts';
import { ENERGY_TERMS, type SweepGroups } from './sweep-groups.ts';

/** An axis as the plan writes it. */
export const axisLabel = (axis: string): string => axis.replace(/^axis_/, '').replaceAll('_', '-');

const parameterOf = (axis: string): string => `show_${axis}`;

/** A control for each axis; the empty value shows all. */
export const sweepControls = ({ axes }: SweepGroups): ChartControl[] =>
  [...axes].map(([axis, values]) => ({
    does: { parameter: parameterOf(axis) },
    label: axisLabel(axis),
    values: values.map(String),
  }));

/** What the charts of one sweep have in common. */
interface Common {
  readonly groups: SweepGroups;
  readonly params: readonly Readonly<Record<string, unknown>>[];
  /** Keeps the groups that the reader's choices leave. */
  readonly filters: readonly Readonly<Record<string, string>>[];
  readonly x: Readonly<Record<string, unknown>>;
  /** The same in words. */
  readonly acrossName: string;
  readonly color: Readonly<Record<string, unknown>> | undefined;
  readonly pick: Readonly<Record<string, unknown>> | undefined;
  readonly says: string;
}

/** All charts of a merged sweep; they share one set of groups and obey the same controls. */
export function sweepCharts(groups: SweepGroups): Chart[] {
  const names = [...groups.axes.keys()];
  const across = names.includes('axis_supply') ? 'axis_supply' : names[0];
  const rest = names.filter((axis) => axis !== across);
  const coloured = rest.includes('axis_mapping') ? 'axis_mapping' : rest[0];
  const nominal = (field: string) => ({ field, type: 'nominal', title: axisLabel(field), sort: null });
  const common: Common = {
    groups,
    params: names.map((axis) => ({ name: parameterOf(axis), value: '' })),
    filters: names.map((axis) => ({
      filter: `${parameterOf(axis)} === '' || '' + datum.${axis} === ${parameterOf(axis)}`,
    })),
    acrossName: across === undefined || across === 'axis_supply' ? 'the supply voltage' : axisLabel(across),
    x: across === undefined || across === 'axis_supply' ? SUPPLY : nominal(across),
    color: coloured === undefined ? undefined : nominal(coloured),
    pick:
      coloured === undefined
        ? undefined
        : { name: 'picked', select: { type: 'point', fields: [coloured] }, bind: 'legend' },
    says: groups.averaged.length === 0 ? '' : ` Averaged over ${groups.averaged.map(axisLabel).join(', ')}.`,
  };
  return [
    lines(common, {
      id: 'accuracy',
      title: 'Accuracy',
      description: `Mean accuracy against ${common.acrossName}, a line for each setting of the other axes; the whiskers reach from the lowest to the highest end of the 95 % intervals of what was averaged.${common.says}`,
      y: { field: 'accuracy', title: 'accuracy', axis: { format: '.1%' } },
      whiskers: true,
    }),
    lines(common, {
      id: 'energy',
      title: 'Energy',
      description: `DRAM energy of one inference against ${common.acrossName}, a line for each setting of the other axes.${common.says}`,
      y: { field: 'energy_nJ', title: 'DRAM energy per inference (nJ)' },
      whiskers: false,
    }),
    pareto(common),
    bars(common, {
      id: 'breakdown',
      title: 'Where the energy goes',
      description: `DRAM energy per access by term: means over all that the choices above leave.${common.says}`,
      fields: Object.keys(ENERGY_TERMS),
      kind: 'term',
      unit: 'pJ per access',
    }),
    bars(common, {
      id: 'conditions',
      title: 'Row misses and conflicts',
      description: `Row misses and conflicts per thousand accesses: means over all that the choices above leave; the other accesses are row hits.${common.says}`,
      fields: ['row misses', 'row conflicts'],
      kind: 'condition',
      unit: 'per 1000 accesses',
    }),
  ];
}

const base = ({ groups, filters }: Common, description: string): ChartSpec => ({
  $schema: SCHEMA,
  description,
  data: { values: groups.groups },
  transform: filters,
  width: WIDTH,
});

function groupTooltip({ groups }: Common) {
  return tooltip({
    ...Object.fromEntries([...groups.axes.keys()].map((axis) => [axis, [axisLabel(axis)] as const])),
    points: ['points'],
    accuracy: ['mean accuracy', '.2%'],
    accuracy_worst: ['worst accuracy', '.2%'],
    energy_nJ: ['nJ per inference', ',.0f'],
  });
}

/** How a mark shows the picked colour, where there is one. */
const faded = ({ color }: Common) => (color === undefined ? {} : { color, opacity: FADE });

interface LineChart extends Omit<Chart, 'spec'> {
  readonly y: Readonly<Record<string, unknown>>;
  readonly whiskers: boolean;
}

/** A line for each setting of the other axes, whose points show their numbers under the pointer. */
function lines(common: Common, { id, title, description, y, whiskers }: LineChart): Chart {
  const { x, params, pick, groups } = common;
  const shown = { type: 'quantitative', scale: { zero: false }, ...y };
  const others = [...groups.axes.keys()].filter((axis) => axis !== 'axis_supply' && axis !== x.field);
  const encoding = { x, y: shown, ...faded(common) };
  const detail = others.map((field) => ({ field, type: 'nominal' }));
  const errorbars = {
    mark: { type: 'rule', strokeWidth: 1 },
    encoding: {
      ...encoding,
      y: { ...shown, field: 'accuracy_low' },
      y2: { field: 'accuracy_high' },
      ...(common.color === undefined ? {} : { color: common.color }),
    },
  };
  const layer = [
    ...(whiskers ? [errorbars] : []),
    { mark: { type: 'line', strokeWidth: 1.5 }, encoding: { ...encoding, detail } },
    {
      ...(pick === undefined ? {} : { params: [pick] }),
      mark: { type: 'point', filled: true, size: 40 },
      encoding: { ...encoding, tooltip: groupTooltip(common) },
    },
  ];
  return { id, title, description, spec: { ...base(common, description), params, height: 260, layer } };
}

function pareto(common: Common): Chart {
  const description = `Each point is one group: DRAM energy of an inference against its worst accuracy. Up and to the left is better; the line joins the Pareto front of all groups of a dataset (no other costs less and is as accurate).${common.says}`;
  const { params, pick, groups } = common;
  const encoding = {
    x: {
      field: 'energy_nJ',
      type: 'quantitative',
      title: 'DRAM energy per inference (nJ)',
      scale: { zero: false, padding: 12 },
    },
    y: {
      field: 'accuracy_worst',
      type: 'quantitative',
      title: 'worst accuracy',
      scale: { zero: false, padding: 12 },
      axis: { format: '.1%' },
    },
  };
  const byDataset = groups.axes.has('axis_dataset')
    ? { detail: { field: 'axis_dataset', type: 'nominal' } }
    : {};
  const front = {
    transform: [{ filter: 'datum.front' }],
    mark: { type: 'line', interpolate: 'step-after', strokeWidth: 2, strokeDash: [5, 3], color: '#888888' },
    encoding: { ...encoding, ...byDataset },
  };
  const points = {
    ...(pick === undefined ? {} : { params: [pick] }),
    mark: { type: 'point', filled: true },
    encoding: {
      ...encoding,
      ...faded(common),
      size: { condition: { test: 'datum.front', value: 110 }, value: 35 },
      tooltip: groupTooltip(common),
    },
  };
  return {
    id: 'pareto',
    title: 'Energy against accuracy',
    description,
    spec: { ...base(common, description), params, height: 300, layer: [front, points] },
  };
}

interface BarChart extends Omit<Chart, 'spec'> {
  readonly fields: readonly string[];
  readonly kind: string;
  readonly unit: string;
}

/** Stacked bars over the axis of the lines, one row of them a colour; clicking a kind in the legend fades the others. */
function bars(common: Common, { id, title, description, fields, kind, unit }: BarChart): Chart {
  const { x, color, params, filters } = common;
  const ordinal = x === SUPPLY ? { field: 'supply_V', title: SUPPLY.title, sort: 'descending' } : x;
  const spec = {
    ...base(common, description),
    // The means are taken before the stacking: Vega-Lite stacks sums, and warns of a stacked mean.
    transform: [
      ...filters,
      { fold: fields, as: [kind, 'amount'] },
      {
        aggregate: [{ op: 'mean', field: 'amount', as: 'amount' }],
        groupby: [ordinal.field, ...(color === undefined ? [] : [color.field]), kind],
      },
    ],
    params: [...params, { name: 'kind', select: { type: 'point', fields: [kind] }, bind: 'legend' }],
    height: color === undefined ? 220 : 130,
    mark: 'bar',
    encoding: {
      x: { ...ordinal, type: 'ordinal', axis: { labelAngle: 0, labelOverlap: true } },
      y: { field: 'amount', type: 'quantitative', stack: 'zero', title: unit },
      ...(color === undefined ? {} : { row: { ...color } }),
      color: { field: kind, type: 'nominal', title: kind, sort: fields },
      opacity: { condition: { param: 'kind', value: 1 }, value: 0.15 },
      tooltip: [
        { ...ordinal, type: 'nominal' },
        ...(color === undefined ? [] : [{ ...color }]),
        { field: kind, type: 'nominal', title: kind },
        { field: 'amount', type: 'quantitative', title: unit, format: ',.2f' },
      ],
    },
  };
  return { id, title, description, spec };
}
