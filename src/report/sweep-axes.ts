import { EXACT_FRACTION } from './accuracy-axis.ts';
import {
  type ChartControl,
  type ChartSpec,
  datumField,
  expressionTitle,
  FADE,
  guideTitle,
  SCHEMA,
  SUPPLY,
  supplyAxis,
  tooltip,
  WIDTH,
} from './chart-parts.ts';
import { nameLabels } from './name-labels.ts';
import { HOLLOW_LEGEND, type SeriesLook, seriesLook } from './series-look.ts';
import { createShownNames, shownName } from './shown-names.ts';
import type { SweepGroups } from './sweep-groups.ts';

/** An axis as the plan writes it. */
export const axisLabel = (axis: string): string =>
  axis.replace(/^axis_/, '').replaceAll('_', '-') || 'axis without a name';

/** An axis in the charts: a file may call it anything, a field and a parameter of Vega may be called few things. */
export interface ChartAxis {
  readonly axis: string;
  readonly field: string;
  readonly parameter: string;
  readonly label: string;
  readonly values: readonly string[];
}

function chartAxes({ axes }: SweepGroups): ChartAxis[] {
  const shown = createShownNames();
  return Array.from(axes, ([axis, values], i) => ({
    axis,
    field: `axis_${i + 1}`,
    parameter: `show_axis_${i + 1}`,
    label: shown(axisLabel(axis)),
    values: values.map(String),
  }));
}

/** A control for each axis; the empty value shows all. */
export const sweepControls = (groups: SweepGroups): ChartControl[] =>
  chartAxes(groups).map(({ parameter, label, values }) => ({ does: { parameter }, label, values }));

/** The groups with the fields of the charts in place of the names of the axes. */
const chartRows = ({ groups }: SweepGroups, axes: readonly ChartAxis[]) =>
  groups.map((group) => {
    const names = new Set(axes.map(({ axis }) => axis));
    const others = Object.entries(group).filter(([name]) => !names.has(name));
    return Object.fromEntries([...axes.map(({ axis, field }) => [field, group[axis]]), ...others]);
  });

/** What the charts of one sweep have in common. */
export interface Common {
  readonly rows: readonly Readonly<Record<string, unknown>>[];
  readonly axes: readonly ChartAxis[];
  readonly headings: Readonly<Record<string, string>>;
  readonly params: readonly Readonly<Record<string, unknown>>[];
  /** Keeps the groups that the reader's choices leave. */
  readonly filters: readonly Readonly<Record<string, string>>[];
  readonly x: Readonly<Record<string, unknown>> & { readonly field: string };
  /** The field across, if it is an axis of the plan. */
  readonly across: string | undefined;
  /** Whether supplies are across. */
  readonly acrossSupplies: boolean;
  /** The same in words. */
  readonly acrossName: string;
  readonly color: ChartAxis | undefined;
  /** The axis that shapes and dashes tell apart, beside the colours. */
  readonly shape: ChartAxis | undefined;
  readonly pick: Readonly<Record<string, unknown>> | undefined;
  /** What was averaged over, as a sentence. */
  readonly says: string;
}

/** Most values that shapes tell apart. */
const MOST_SHAPES = 6;

export function sweepCommon(groups: SweepGroups): Common {
  const axes = chartAxes(groups);
  const called = (name: string): ChartAxis | undefined => axes.find(({ axis }) => axis === name);
  const across = called('axis_supply') ?? axes[0];
  const rest = axes.filter((axis) => axis !== across);
  const color = rest.find((axis) => axis === called('axis_mapping')) ?? rest[0];
  const named = across === undefined || across.axis === 'axis_supply' ? undefined : across;
  const averaged = groups.averaged.map((axis) => shownName(axisLabel(axis)));
  const rows = chartRows(groups, axes);
  return {
    rows,
    axes,
    headings: {
      ...Object.fromEntries(axes.map(({ field, label }) => [field, label])),
      dram_energy_per_inference_nJ: 'DRAM energy per inference (nJ)',
      required: 'accuracy required',
    },
    params: axes.map(({ parameter }) => ({ name: parameter, value: '' })),
    filters: axes.map(({ field, parameter }) => ({
      filter: `${parameter} === '' || '' + ${datumField(field)} === ${parameter}`,
    })),
    acrossSupplies: named === undefined,
    acrossName: named?.label ?? 'the supply voltage',
    x:
      named === undefined
        ? { ...SUPPLY, ...supplyAxis(groups.groups) }
        : { ...nominal(named), axis: { title: guideTitle(named.label), ...nameLabels(named.values) } },
    across: across?.field,
    color,
    shape: rest.find((axis) => axis !== color && axis.values.length <= MOST_SHAPES),
    pick:
      color === undefined
        ? undefined
        : { name: 'picked', select: { type: 'point', fields: [color.field] }, bind: 'legend' },
    says: averaged.length === 0 ? '' : ` Averaged over ${averaged.join(', ')}.`,
  };
}

/** A channel that tells the values of an axis apart. */
export const nominal = ({ field, label }: ChartAxis) => ({
  ...{ field, type: 'nominal', title: expressionTitle(label) },
  sort: null,
});

const coloured = (axis: ChartAxis) => ({
  ...nominal(axis),
  legend: { title: guideTitle(axis.label), ...HOLLOW_LEGEND, ...nameLabels(axis.values) },
});

/** What a spec of any of these charts has. */
export const base = ({ rows, filters }: Common, description: string): ChartSpec => ({
  $schema: SCHEMA,
  description,
  data: { values: rows },
  transform: filters,
  width: WIDTH,
});

/** What a group is, under the pointer. */
export function groupTooltip({ axes }: Common) {
  return tooltip({
    ...Object.fromEntries(axes.map(({ field, label }) => [field, [label] as const])),
    points: ['points'],
    accuracy: ['mean accuracy (fraction)', EXACT_FRACTION],
    accuracy_worst: ['worst accuracy (fraction)', EXACT_FRACTION],
    ber_observed: ['observed bit error rate', '.2e'],
    ber_chip: ['expected over the chip', '.2e'],
    dram_energy_per_inference_nJ: ['DRAM energy per inference (nJ)', ',.0f'],
  });
}

/** How the marks of a sweep look: by the colours, and by shapes and dashes for a second axis. */
export function sweepLook({ color, shape }: Common): SeriesLook {
  if (color === undefined) return { ranks: [], point: {}, line: {}, interval: {} };
  const look = seriesLook(coloured(color), shape === undefined ? undefined : coloured(shape));
  return {
    ranks: look.ranks,
    point: { ...look.point, opacity: FADE },
    // An `opacity` of lines would hide that of the points from the legend, which then takes no click.
    line: { ...look.line, strokeOpacity: FADE },
    interval: { ...look.interval, strokeOpacity: FADE },
  };
}

/** Which marks are of what, in words; empty where there is nothing to tell apart. */
export const lookInWords = ({ color, shape }: Common): string =>
  color === undefined
    ? ''
    : ` Colours and sizes are of the ${color.label}${shape === undefined ? '' : `, shapes and dashes of the ${shape.label}`}.`;
