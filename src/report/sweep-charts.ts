import {
  type Chart,
  type ChartControl,
  type ChartSpec,
  datumField,
  expressionTitle,
  FADE,
  guideTitle,
  SCHEMA,
  SUPPLY,
  tooltip,
  WIDTH,
} from './chart-parts.ts';
import { observedBerAxis } from './observed-ber.ts';
import { createShownNames, shownName } from './shown-names.ts';
import { ENERGY_TERMS, PINS_TERM, type SweepGroups } from './sweep-groups.ts';

/** An axis as the plan writes it. */
export const axisLabel = (axis: string): string =>
  axis.replace(/^axis_/, '').replaceAll('_', '-') || 'axis without a name';

/** An axis in the charts: a file may call it anything, a field and a parameter of Vega may be called few things. */
interface ChartAxis {
  readonly axis: string;
  readonly field: string;
  readonly parameter: string;
  readonly label: string;
}

function chartAxes({ axes }: SweepGroups): ChartAxis[] {
  const shown = createShownNames();
  return [...axes.keys()].map((axis, i) => ({
    axis,
    field: `axis_${i + 1}`,
    parameter: `show_axis_${i + 1}`,
    label: shown(axisLabel(axis)),
  }));
}

/** A control for each axis; the empty value shows all. */
export const sweepControls = (groups: SweepGroups): ChartControl[] =>
  chartAxes(groups).map(({ axis, parameter, label }) => ({
    does: { parameter },
    label,
    values: groups.axes.get(axis)!.map(String),
  }));

/** The groups with the fields of the charts in place of the names of the axes. */
const chartRows = ({ groups }: SweepGroups, axes: readonly ChartAxis[]) =>
  groups.map((group) => {
    const names = new Set(axes.map(({ axis }) => axis));
    const others = Object.entries(group).filter(([name]) => !names.has(name));
    return Object.fromEntries([...axes.map(({ axis, field }) => [field, group[axis]]), ...others]);
  });

/** What the charts of one sweep have in common. */
interface Common {
  readonly rows: readonly Readonly<Record<string, unknown>>[];
  readonly axes: readonly ChartAxis[];
  readonly headings: Readonly<Record<string, string>>;
  readonly params: readonly Readonly<Record<string, unknown>>[];
  /** Keeps the groups that the reader's choices leave. */
  readonly filters: readonly Readonly<Record<string, string>>[];
  readonly x: Readonly<Record<string, unknown>> & {
    readonly field: string;
    readonly axis?: { readonly title: string };
  };
  /** The field across, if it is an axis of the plan. */
  readonly across: string | undefined;
  /** The same in words. */
  readonly acrossName: string;
  readonly color: ChartAxis | undefined;
  readonly pick: Readonly<Record<string, unknown>> | undefined;
  readonly says: string;
}

/** All charts of a merged sweep; they share one set of groups and obey the same controls. */
export function sweepCharts(groups: SweepGroups): Chart[] {
  const axes = chartAxes(groups);
  const called = (name: string): ChartAxis | undefined => axes.find(({ axis }) => axis === name);
  const across = called('axis_supply') ?? axes[0];
  const rest = axes.filter((axis) => axis !== across);
  const coloured = rest.find((axis) => axis === called('axis_mapping')) ?? rest[0];
  const named = across === undefined || across.axis === 'axis_supply' ? undefined : across;
  const averaged = groups.averaged.map((axis) => shownName(axisLabel(axis)));
  const common: Common = {
    rows: chartRows(groups, axes),
    axes,
    headings: Object.fromEntries(axes.map(({ field, label }) => [field, label])),
    params: axes.map(({ parameter }) => ({ name: parameter, value: '' })),
    filters: axes.map(({ field, parameter }) => ({
      filter: `${parameter} === '' || '' + ${datumField(field)} === ${parameter}`,
    })),
    acrossName: named?.label ?? 'the supply voltage',
    x: named === undefined ? SUPPLY : { ...nominal(named), axis: { title: guideTitle(named.label) } },
    across: across?.field,
    color: coloured,
    pick:
      coloured === undefined
        ? undefined
        : { name: 'picked', select: { type: 'point', fields: [coloured.field] }, bind: 'legend' },
    says: averaged.length === 0 ? '' : ` Averaged over ${averaged.join(', ')}.`,
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
    ...berChart(common, groups),
    bars(common, {
      id: 'breakdown',
      title: 'Where the energy goes',
      description: `DRAM energy per access by term: means over all that the choices above leave.${common.says}`,
      fields: Object.keys(ENERGY_TERMS).filter(
        (term) => term !== PINS_TERM || groups.groups.some((group) => Number(group[term]) > 0),
      ),
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

/** A channel that tells the values of an axis apart. */
const nominal = ({ field, label }: ChartAxis) => ({
  ...{ field, type: 'nominal', title: expressionTitle(label) },
  sort: null,
});

const base = ({ rows, filters }: Common, description: string): ChartSpec => ({
  $schema: SCHEMA,
  description,
  data: { values: rows },
  transform: filters,
  width: WIDTH,
});

function groupTooltip({ axes }: Common) {
  return tooltip({
    ...Object.fromEntries(axes.map(({ field, label }) => [field, [label] as const])),
    points: ['points'],
    accuracy: ['mean accuracy', '.2%'],
    accuracy_worst: ['worst accuracy', '.2%'],
    ber_observed: ['observed bit error rate', '.2e'],
    ber_chip: ['expected over the chip', '.2e'],
    energy_nJ: ['nJ per inference', ',.0f'],
  });
}

/** How a mark shows the picked colour, where there is one. */
const faded = ({ color }: Common) => (color === undefined ? {} : { color: coloured(color), opacity: FADE });

const coloured = (axis: ChartAxis) => ({ ...nominal(axis), legend: { title: guideTitle(axis.label) } });

interface LineChart extends Omit<Chart, 'spec'> {
  readonly y: Readonly<Record<string, unknown>>;
  readonly whiskers: boolean;
}

/** A line for each setting of the other axes, whose points show their numbers under the pointer. */
function lines(common: Common, { id, title, description, y, whiskers }: LineChart): Chart {
  const { x, params, pick, axes, headings } = common;
  const shown = { type: 'quantitative', scale: { zero: false }, ...y };
  const others = axes.filter(({ axis, field }) => axis !== 'axis_supply' && field !== common.across);
  const encoding = { x, y: shown };
  // An `opacity` of lines would hide that of the points from the legend, which then takes no click.
  const fadedLine = common.color === undefined ? {} : { color: coloured(common.color), strokeOpacity: FADE };
  const detail = others.map(({ field, label }) => ({
    ...{ field, type: 'nominal', title: expressionTitle(label) },
  }));
  const errorbars = {
    mark: { type: 'rule', strokeWidth: 1 },
    encoding: {
      ...encoding,
      y: { ...shown, field: 'accuracy_low' },
      y2: { field: 'accuracy_high' },
      ...fadedLine,
    },
  };
  const layer = [
    ...(whiskers ? [errorbars] : []),
    { mark: { type: 'line', strokeWidth: 1.5 }, encoding: { ...encoding, ...fadedLine, detail } },
    {
      ...(pick === undefined ? {} : { params: [pick] }),
      mark: { type: 'point', filled: true, size: 40 },
      encoding: { ...encoding, ...faded(common), tooltip: groupTooltip(common) },
    },
  ];
  const spec = { ...base(common, description), params, height: 260, layer };
  return { id, title, description, spec, headings };
}

function pareto(common: Common): Chart {
  const description = `Each point is one group: DRAM energy of an inference against its worst accuracy. Up and to the left is better; the line joins the Pareto front of all groups of a dataset (no other costs less and is as accurate).${common.says}`;
  const { params, pick, axes, headings } = common;
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
  const dataset = axes.find(({ axis }) => axis === 'axis_dataset');
  const byDataset = dataset === undefined ? {} : { detail: { field: dataset.field, type: 'nominal' } };
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
    headings,
  };
}

/** Accuracy against the bit errors that were observed in the weights; none where no bit was wrong. */
function berChart(common: Common, { groups }: SweepGroups): Chart[] {
  const axis = observedBerAxis(groups.map(({ ber_observed }) => ber_observed));
  if (axis === undefined) return [];
  const description = `Each point is one group: its mean accuracy against the mean share of the stored bits that were read wrong; the whiskers reach from the lowest to the highest end of the 95 % intervals of what was averaged.${axis.zeros}${common.says}`;
  const { params, pick, headings } = common;
  const y = {
    field: 'accuracy',
    type: 'quantitative',
    title: 'accuracy',
    scale: { zero: false },
    axis: { format: '.1%' },
  };
  const fadedLine = common.color === undefined ? {} : { color: coloured(common.color), strokeOpacity: FADE };
  const layer = [
    {
      mark: { type: 'rule', strokeWidth: 1 },
      encoding: {
        x: axis.x,
        y: { ...y, field: 'accuracy_low' },
        y2: { field: 'accuracy_high' },
        ...fadedLine,
      },
    },
    {
      ...(pick === undefined ? {} : { params: [pick] }),
      mark: { type: 'point', filled: true, size: 40 },
      encoding: { x: axis.x, y, ...faded(common), tooltip: groupTooltip(common) },
    },
  ];
  const least = axis.drawnAt(0);
  const drawn = { calculate: `datum.ber_observed > 0 ? datum.ber_observed : ${least}`, as: 'drawn_at' };
  return [
    {
      id: 'ber',
      title: 'Accuracy against bit errors',
      description,
      spec: {
        ...base(common, description),
        transform: [...common.filters, drawn],
        params,
        height: 260,
        layer,
      },
      headings,
    },
  ];
}

interface BarChart extends Omit<Chart, 'spec'> {
  readonly fields: readonly string[];
  readonly kind: string;
  readonly unit: string;
}

/** Stacked bars over the axis of the lines, one row of them a colour; clicking a kind in the legend fades the others. */
function bars(common: Common, { id, title, description, fields, kind, unit }: BarChart): Chart {
  const { x, color, params, filters, headings } = common;
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
      x: {
        ...ordinal,
        type: 'ordinal',
        axis: { title: x.axis?.title ?? SUPPLY.title, labelAngle: 0, labelOverlap: true },
      },
      y: { field: 'amount', type: 'quantitative', stack: 'zero', title: unit },
      ...(color === undefined
        ? {}
        : { row: { ...nominal(color), header: { title: guideTitle(color.label) } } }),
      color: { field: kind, type: 'nominal', title: kind, sort: fields },
      opacity: { condition: { param: 'kind', value: 1 }, value: 0.15 },
      tooltip: [
        { field: ordinal.field, title: ordinal.title, type: 'nominal' },
        ...(color === undefined ? [] : [nominal(color)]),
        { field: kind, type: 'nominal', title: kind },
        { field: 'amount', type: 'quantitative', title: unit, format: ',.2f' },
      ],
    },
  };
  return { id, title, description, spec, headings };
}
