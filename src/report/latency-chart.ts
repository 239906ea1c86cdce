import { mean } from '../stats/moments.ts';
import { type Chart, SCHEMA, SUPPLY, supplyAxis, tooltip, WIDTH } from './chart-parts.ts';
import type { TrafficRow } from './charts.ts';
import { pointGroups } from './run-summary.ts';

const MEASURES = [
  ['mean', 'mean'],
  ['p50', 'median'],
  ['p95', '95th percentile'],
  ['p99', '99th percentile'],
] as const;

/**
 * Latency of reads against supply, its mean and percentiles (means over the rows of one supply and mapping), a dash a
 * mapping or trace, whichever `called` says; undefined where nothing was read.
 */
export function latencyChart(
  rows: readonly TrafficRow[],
  called: 'mapping' | 'trace' = 'mapping',
): Chart | undefined {
  const values = pointGroups(rows).flatMap((group) =>
    MEASURES.flatMap(([measure, name]) => {
      const latencies = group
        .map((row) => row[`read_latency_${measure}_ns`])
        .filter((latency) => latency !== undefined);
      const { supply_V, mapping } = group[0]!;
      return latencies.length === 0 ? [] : [{ supply_V, mapping, measure: name, latency: mean(latencies) }];
    }),
  );
  if (values.length === 0) return undefined;
  const several = new Set(values.map(({ mapping }) => mapping)).size > 1;
  const description =
    'Latency of reads from entry into the queue to the end of the data, mean and percentiles, against the supply voltage.';
  return {
    id: 'read-latency',
    title: 'Latency of reads',
    description,
    headings: { mapping: called },
    spec: {
      $schema: SCHEMA,
      description,
      data: { values },
      width: WIDTH,
      height: 220,
      mark: { type: 'line', point: { filled: true, size: 50 } },
      encoding: {
        x: { ...SUPPLY, ...supplyAxis(values) },
        y: {
          field: 'latency',
          type: 'quantitative',
          title: 'latency of a read (ns)',
          scale: { zero: false },
        },
        color: { field: 'measure', type: 'nominal', title: null, sort: MEASURES.map(([, name]) => name) },
        ...(several ? { strokeDash: { field: 'mapping', type: 'nominal', title: null } } : {}),
        tooltip: tooltip({
          supply_V: ['supply (V)', '.3f'],
          ...(several ? { mapping: [called] as const } : {}),
          measure: ['measure'],
          latency: ['latency (ns)', ',.1f'],
        }),
      },
    },
  };
}
