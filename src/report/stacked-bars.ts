import { FRACTION } from './accuracy-axis.ts';
import { type Chart, SCHEMA, tooltip, WIDTH } from './chart-parts.ts';
import { nameLabels } from './name-labels.ts';

/** Bars of parts, one above the other. */
export interface StackedBars {
  /** What a bar is, for the tooltip. */
  readonly bar: string;
  /** Of the axis, and the format of its numbers. */
  readonly title: string;
  readonly format?: string;
  /** Parts in the order of the stack: what the caller knows them by, name, colour. */
  readonly parts: readonly (readonly [string, string, string])[];
}

/** A bar a name, whose parts are `amounts[name][part]`; a click in the legend fades the other parts. */
export function stackedBars(
  names: readonly string[],
  chart: Omit<Chart, 'spec'>,
  amounts: readonly (readonly number[])[],
  { bar, title, format, parts }: StackedBars,
): Chart {
  const values = names.flatMap((run, i) => {
    const all = amounts[i]!.reduce((a, b) => a + b, 0);
    return parts.map(([, part], order) => {
      const amount = amounts[i]![order]!;
      return { run, part, order, amount, share: all === 0 ? 0 : amount / all };
    });
  });
  const spec = {
    $schema: SCHEMA,
    description: chart.description,
    data: { values },
    params: [{ name: 'kind', select: { type: 'point', fields: ['part'] }, bind: 'legend' }],
    width: WIDTH,
    height: { step: 34 },
    mark: 'bar',
    encoding: {
      y: { field: 'run', type: 'nominal', sort: null, title: null, axis: nameLabels(names) },
      x: {
        field: 'amount',
        type: 'quantitative',
        stack: 'zero',
        title,
        ...(format === undefined ? {} : { axis: { format } }),
      },
      color: {
        field: 'part',
        type: 'nominal',
        title: null,
        scale: { domain: parts.map(([, part]) => part), range: parts.map(([, , colour]) => colour) },
      },
      order: { field: 'order', type: 'quantitative' },
      opacity: { condition: { param: 'kind', value: 1 }, value: 0.15 },
      tooltip: tooltip({
        run: [bar],
        part: ['part'],
        amount: [title, format ?? ',.3f'],
        ...(format === undefined ? { share: ['share (fraction)', FRACTION] as const } : {}),
      }),
    },
  };
  return { ...chart, spec };
}
