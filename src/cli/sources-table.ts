import { percent } from '../report/percent.ts';
import type { SourceRow } from '../results/tables.ts';
import { formatTable } from './table.ts';
import { SOURCES } from './table-columns.ts';

const fixed = (value: number | undefined, digits: number): string => value?.toFixed(digits) ?? '';
const share = (value: number | undefined): string => (value === undefined ? '' : percent(value));

/** Who asked the memory for what, and what it cost; the last row is what no source alone has. */
export function sourcesTable(sources: readonly SourceRow[]): string {
  return formatTable(
    SOURCES,
    sources.map((row) => {
      const served = (row.row_hits ?? 0) + (row.row_misses ?? 0) + (row.row_conflicts ?? 0);
      return [
        row.source,
        row.requests?.toLocaleString('en') ?? '',
        fixed(row.bandwidth_GBps, 3),
        share(row.bus_share),
        served === 0 ? '' : share(row.row_hits! / served),
        fixed(row.request_latency_mean_ns, 1),
        fixed(row.request_latency_p99_ns, 1),
        share(row.pe_utilisation),
        share(row.wait_dram),
        fixed(row.dram_energy_total_nJ, 1),
      ];
    }),
  );
}
