import { mean } from '../stats/moments.ts';
import { type Chart, type ChartControl, datumField, PAGE, SCHEMA, tooltip } from './chart-parts.ts';
import { nameLabels } from './name-labels.ts';
import type { TraceAxis } from './replay-axes.ts';
import type { TraceRow } from './replay-rows.ts';
import { pointGroups } from './run-summary.ts';

/** Quantities that may be drawn against each other: field and name with unit. Fields are columns of the CSV. */
const QUANTITIES = [
  ['energy_per_bit_pJ', 'DRAM energy per bit (pJ)'],
  ['energy_per_access_pJ', 'DRAM energy per access (pJ)'],
  ['dram_energy_total_nJ', 'DRAM energy (nJ)'],
  ['energy_saving_vs_nominal', 'saving per access (fraction)'],
  ['time_ns', 'time (ns)'],
  ['bandwidth_GBps', 'bandwidth (GB/s)'],
  ['read_latency_mean_ns', 'mean latency of reads (ns)'],
  ['read_latency_p99_ns', '99th percentile of the latency of reads (ns)'],
  ['accuracy', 'accuracy (fraction)'],
  ['reads_wrong_share', 'wrong reads (fraction of reads)'],
] as const;

const SUPPLY_V = ['supply_V', 'supply voltage (V)'] as const;
const RELATIVE = ['supply_share', 'supply / nominal supply'] as const;

type Quantity = readonly [field: string, name: string];

/** The explorer of a page and the choices that it obeys. */
export interface ExploreChoices {
  readonly chart: Chart;
  readonly controls: readonly ChartControl[];
}

const MOST_COLOURS = 10;
const ALL = 'one colour';
const HEIGHT = 320;

/** The title of an axis, which follows the choice: titles of Vega-Lite's axes cannot. */
const axisTitle = (title: string, mark: Readonly<Record<string, unknown>>) => ({
  data: { values: [{}] },
  mark: { type: 'text', text: { expr: title }, fontWeight: 'bold', align: 'center', ...mark },
});

/**
 * Any quantity against supply or any other quantity, a line a trace, coloured by what the reader chooses; undefined where
 * there is one point. `nominal` are nominal supplies by device where all are known.
 */
export function explorer(
  rows: readonly TraceRow[],
  axes: readonly TraceAxis[],
  nominal: ReadonlyMap<string, number> | undefined,
): ExploreChoices | undefined {
  const groups = pointGroups(rows.map((row) => ({ ...row, mapping: row.trace })));
  if (groups.length < 2) return undefined;
  const known: Quantity[] = QUANTITIES.filter(([field]) => rows.some((row) => row[field] !== undefined));
  const supplies: Quantity[] = nominal === undefined ? [SUPPLY_V] : [SUPPLY_V, RELATIVE];
  const colours = axes.filter(({ values }) => values.length <= MOST_COLOURS);
  const values = groups.map((group) => {
    const [{ supply_V, trace, device }] = group as [TraceRow, ...TraceRow[]];
    const means = known.flatMap(([field]) => {
      const cells = group
        .map((row) => row[field as (typeof QUANTITIES)[number][0]])
        .filter((x) => x !== undefined);
      return cells.length === 0 ? [] : [[field, Number(mean(cells).toPrecision(6))]];
    });
    const share =
      nominal === undefined ? {} : { supply_share: Number((supply_V / nominal.get(device)!).toPrecision(6)) };
    return { trace, supply_V, ...share, ...Object.fromEntries(means) };
  });
  const y = choice('explore_y', 'y', known);
  const x = choice('explore_x', 'x', [...supplies, ...known]);
  const colour = choice('explore_colour', 'colour', [
    ...colours.map(({ field, label }): Quantity => [field, label]),
    ['', ALL],
  ]);
  const isSupply = supplies
    .slice(1)
    .reduce((all, [, name]) => `${all} || explore_x === '${name}'`, "explore_x === ''");
  const place = (channel: 'x' | 'y') => ({
    field: `drawn_${channel}`,
    type: 'quantitative',
    title: null,
    scale: {
      zero: false,
      nice: false,
      padding: 12,
      ...(channel === 'x' ? { reverse: { expr: isSupply } } : {}),
    },
  });
  const color = {
    field: 'drawn_colour',
    type: 'nominal',
    title: null,
    sort: null,
    legend:
      colours.length === 0
        ? null
        : { orient: 'top', columns: 2, ...nameLabels(colours.flatMap((axis) => axis.values)) },
  };
  const encoding = { x: place('x'), y: place('y'), color };
  const says = {
    trace: ['trace'] as const,
    ...Object.fromEntries([...supplies, ...known].map(([field, name]) => [field, [name, '.6~g'] as const])),
  };
  const description = `One quantity against another, of the choices y, x and colour above (${[...supplies, ...known].map(([, name]) => name).join('; ')}). Each point is a supply; a line joins the supplies of one setting. Axes begin where the data do; a supply falls from left to right.`;
  const chart: Chart = {
    id: 'explore',
    title: 'Any quantity against any other',
    description,
    headings: Object.fromEntries([...supplies, ...known]),
    spec: {
      $schema: SCHEMA,
      description,
      data: { values },
      params: [y, x, colour].map(({ parameter }) => ({ name: parameter, value: '' })),
      transform: [
        { calculate: y.value, as: 'drawn_y' },
        { calculate: x.value, as: 'drawn_x' },
        { calculate: colour.value, as: 'drawn_colour' },
        { filter: 'isValid(datum.drawn_x) && isValid(datum.drawn_y)' },
      ],
      width: PAGE,
      height: HEIGHT,
      layer: [
        {
          mark: { type: 'line', strokeWidth: 1.5 },
          encoding: {
            ...encoding,
            detail: { field: 'trace', type: 'nominal' },
            order: { field: 'supply_V', type: 'quantitative' },
          },
        },
        // Rings, so that those below show.
        {
          mark: { type: 'point', filled: false, size: 50, strokeWidth: 1.8 },
          encoding: { ...encoding, shape: color, tooltip: tooltip(says) },
        },
        axisTitle(x.title, { x: { expr: 'width / 2' }, y: HEIGHT + 34 }),
        axisTitle(y.title, { x: -58, y: HEIGHT / 2, angle: 270 }),
      ],
    },
  };
  return {
    chart,
    controls: [y, x, colour].filter(({ control }) => control.values.length > 0).map(({ control }) => control),
  };
}

interface Choice {
  readonly parameter: string;
  readonly control: ChartControl;
  /** Vega expressions of the value of a row and of the name of what was chosen. */
  readonly value: string;
  readonly title: string;
}

/** A choice among fields, of which the first needs none. */
function choice(parameter: string, label: string, fields: readonly Quantity[]): Choice {
  const [[first, name], ...others] = fields as readonly [Quantity, ...Quantity[]];
  const of = (field: string): string => (field === '' ? "''" : datumField(field));
  const chain = (say: (quantity: Quantity) => string, last: string): string =>
    others.reduceRight(
      (rest, other) => `${parameter} === ${JSON.stringify(other[1])} ? ${say(other)} : ${rest}`,
      last,
    );
  return {
    parameter,
    control: { does: { parameter }, label, none: name, values: others.map(([, other]) => other) },
    value: chain(([field]) => of(field), of(first)),
    title: chain(([, other]) => JSON.stringify(other), JSON.stringify(name)),
  };
}
