import { type Chart, type ChartControl, datumField } from './chart-parts.ts';
import type { TraceAxis } from './replay-axes.ts';
import type { ExploreChoices } from './replay-explorer.ts';

type Row = Readonly<Record<string, unknown>>;

/** The choices of a page of several traces: what the explorer draws, and for each axis which of its traces all charts show. */
export const replayControls = (
  axes: readonly TraceAxis[],
  explorer: ExploreChoices | undefined,
): ChartControl[] => [
  ...(explorer?.controls ?? []),
  ...axes.map(({ field, label, values }) => ({ does: { parameter: `show_${field}` }, label, values })),
];

/** The chart with the parameters of these choices, which the page sets in every chart. */
export function withParams(chart: Chart, controls: readonly ChartControl[]): Chart {
  const own = (chart.spec['params'] ?? []) as readonly Row[];
  const declared = own.map(({ name }) => name);
  const params = controls.flatMap(({ does }) =>
    'parameter' in does && !declared.includes(does.parameter) ? [{ name: does.parameter, value: '' }] : [],
  );
  return params.length === 0 ? chart : { ...chart, spec: { ...chart.spec, params: [...params, ...own] } };
}

/** The chart, whose rows say their trace, with the traces alone that the choices leave. */
export function underChoices(
  chart: Chart,
  axes: readonly TraceAxis[],
  controls: readonly ChartControl[],
): Chart {
  if (axes.length === 0) return withParams(chart, controls);
  const { spec } = chart;
  const { values } = spec['data'] as { readonly values: readonly Row[] };
  const rows = values.map((row) => ({
    ...row,
    ...Object.fromEntries(axes.map(({ field, of }) => [field, of.get(String(row['trace']))])),
  }));
  const filters = axes.map(({ field }) => ({
    filter: `show_${field} === '' || ${datumField(field)} === show_${field}`,
  }));
  const transform = [...filters, ...((spec['transform'] ?? []) as readonly Row[])];
  const headings = Object.fromEntries(axes.map(({ field, label }) => [field, label]));
  return withParams(
    {
      ...chart,
      headings: { ...headings, ...chart.headings },
      spec: { ...spec, data: { values: rows }, transform },
    },
    controls,
  );
}
