import { type Chart, guideTitle, SUPPLY } from './chart-parts.ts';
import { partScale } from './part-colours.ts';
import { base, type ChartAxis, type Common, nominal } from './sweep-axes.ts';

/** Stacked bars of a sweep. */
export interface SweepBars extends Omit<Chart, 'spec'> {
  /** Fields of the parts, the uppermost of the stack first. */
  readonly fields: readonly string[];
  /** What a part is. */
  readonly kind: string;
  /** Title of the axis of amounts, with the unit. */
  readonly amount: string;
}

/** Whether the bars differ between the values of an axis anywhere, to four digits. */
function differAlong({ axes, rows }: Common, axis: ChartAxis, fields: readonly string[]): boolean {
  const found = new Map<string, string>();
  for (const row of rows) {
    const others = axes.filter((one) => one !== axis).map(({ field }) => row[field]);
    const key = JSON.stringify(others);
    const text = fields.map((field) => Number(row[field]).toPrecision(4)).join();
    if ((found.get(key) ?? text) !== text) return true;
    found.set(key, text);
  }
  return false;
}

/**
 * Stacked bars over the axis of the lines, without parts that are always 0; a row of them for each colour, where these
 * differ. Clicking a kind in the legend fades the others.
 */
export function sweepBars(common: Common, chart: SweepBars): Chart {
  const { id, title, kind, amount } = chart;
  const { x, params, filters, headings, rows, color } = common;
  const some = chart.fields.filter((field) => rows.some((row) => row[field] !== 0));
  const fields = some.length > 0 ? some : chart.fields.slice(0, 1);
  const rowsOf = color !== undefined && differAlong(common, color, fields) ? color : undefined;
  const same = color !== undefined && rowsOf === undefined ? ` The same for every ${color.label}.` : '';
  const description = `${chart.description}${same}${common.says}`;
  const across = common.acrossSupplies
    ? { field: 'supply_V', title: SUPPLY.title, sort: 'descending', axis: { title: SUPPLY.title } }
    : x;
  const spec = {
    ...base(common, description),
    // The means are taken before the stacking: Vega-Lite stacks sums, and warns of a stacked mean.
    transform: [
      ...filters,
      { fold: fields, as: [kind, 'amount'] },
      {
        aggregate: [{ op: 'mean', field: 'amount', as: 'amount' }],
        groupby: [across.field, ...(rowsOf === undefined ? [] : [rowsOf.field]), kind],
      },
      // The first part of the legend is the uppermost of the stack.
      { calculate: `-indexof(${JSON.stringify(fields)}, datum[${JSON.stringify(kind)}])`, as: 'order' },
    ],
    params: [...params, { name: 'kind', select: { type: 'point', fields: [kind] }, bind: 'legend' }],
    height: rowsOf === undefined ? 220 : 130,
    mark: { type: 'bar', width: { band: 0.7 } },
    encoding: {
      x: {
        ...across,
        type: 'ordinal',
        axis: { ...(across['axis'] as object), labelAngle: 0, labelOverlap: 'greedy' },
      },
      y: { field: 'amount', type: 'quantitative', stack: 'zero', title: amount },
      ...(rowsOf === undefined
        ? {}
        : { row: { ...nominal(rowsOf), header: { title: guideTitle(rowsOf.label) } } }),
      color: { field: kind, type: 'nominal', title: kind, scale: partScale(fields) },
      order: { field: 'order', type: 'quantitative' },
      opacity: { condition: { param: 'kind', value: 1 }, value: 0.15 },
      tooltip: [
        { field: across.field, title: across['title'], type: 'nominal' },
        ...(rowsOf === undefined ? [] : [nominal(rowsOf)]),
        { field: kind, type: 'nominal', title: kind },
        { field: 'amount', type: 'quantitative', title: amount, format: ',.2f' },
      ],
    },
  };
  return { id, title, description, spec, headings };
}
