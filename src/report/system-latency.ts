import type { SourceRow } from '../results/tables.ts';
import { type Chart, SCHEMA, tooltip, WIDTH } from './chart-parts.ts';
import { nameLabels } from './name-labels.ts';

const MEASURES = [
  ['p50', 'median', '#2f74bd'],
  ['p95', '95th percentile', '#d98e04'],
  ['p99', '99th percentile', '#e8590c'],
  ['max', 'greatest', '#9aa4ae'],
] as const;

/** Latency of the requests of each source; undefined where there were none. */
export function sourceLatencyChart(sources: readonly SourceRow[]): Chart | undefined {
  const values = sources
    .filter(({ requests = 0 }) => requests > 0)
    .flatMap((row) =>
      MEASURES.map(([measure, name]) => ({
        source: row.source,
        measure: name,
        latency_ns: row[`request_latency_${measure}_ns`]!,
      })),
    );
  if (values.length === 0) return undefined;
  const y = {
    field: 'source',
    type: 'nominal',
    sort: null,
    title: null,
    axis: nameLabels(values.map(({ source }) => source)),
  };
  const x = {
    field: 'latency_ns',
    type: 'quantitative',
    title: 'latency of a request (ns)',
    scale: { type: 'log', nice: false, padding: 12 },
    axis: { labelSeparation: 12 },
  };
  const description =
    'Latency of the requests of each source, from their arrival at the memory to the end of their last data: median, percentiles and the greatest, on a logarithmic axis.';
  return {
    id: 'system-latency',
    title: 'System: latency of requests by source',
    description,
    headings: { latency_ns: 'latency (ns)' },
    spec: {
      $schema: SCHEMA,
      description,
      data: { values },
      width: WIDTH,
      height: { step: 28 },
      layer: [
        {
          mark: { type: 'rule', opacity: 0.4 },
          encoding: {
            y,
            x: { ...x, aggregate: 'min' },
            x2: { field: 'latency_ns', aggregate: 'max' },
          },
        },
        {
          mark: { type: 'point', filled: true, size: 70, opacity: 1 },
          encoding: {
            y,
            x,
            color: byMeasure(MEASURES.map(([, , colour]) => colour)),
            shape: byMeasure(['circle', 'square', 'triangle-up', 'diamond']),
            tooltip: tooltip({
              source: ['source'],
              measure: ['measure'],
              latency_ns: ['latency (ns)', ',.1f'],
            }),
          },
        },
      ],
    },
  };
}

/** A channel that tells the measures apart. */
const byMeasure = (range: readonly string[]) => ({
  field: 'measure',
  type: 'nominal',
  title: null,
  sort: null,
  scale: { domain: MEASURES.map(([, name]) => name), range },
});
