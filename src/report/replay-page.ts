import { RESULT_COLUMNS, type ResultColumn, type ResultRow } from '../results/result-columns.ts';
import { breakdownChart, conditionChart } from './charts.ts';
import type { PageContents } from './html-report.ts';
import { latencyChart } from './latency-chart.ts';

/** Rows that a summary puts into words. */
export const SUMMED_UP = 6;

/** Numbers that every row of a replay must have. */
export const REPLAY_NUMBERS = [
  ...['supply_V', 'accesses', 'row_misses', 'row_conflicts', 'energy_per_access_pJ', 'time_ns'],
  ...(['act', 'pre', 'rd', 'wr', 'ref', 'background'] as const).map((term) => `dram_energy_${term}_nJ`),
];

/** The page of replays; rows of one supply have different names in the column `mapping`. */
export function replayPage(results: readonly ResultRow[]): PageContents {
  const columns = (RESULT_COLUMNS as readonly ResultColumn[]).filter(
    ({ name, network }) => !network && name in results[0]!,
  );
  const latency = latencyChart(results);
  return {
    title: `Replayed: ${[...new Set(results.map(({ device }) => device))].join(', ')}`,
    summary: results
      .slice(0, SUMMED_UP)
      .map(
        (row) =>
          `${row.mapping}, ${row.supply_V} V: ${(row.energy_per_access_pJ as number).toFixed(1)} pJ an access, ${((row.time_ns as number) / 1000).toFixed(2)} us for ${(row.accesses as number).toLocaleString('en')} accesses`,
      ),
    charts: [breakdownChart(results), conditionChart(results), ...(latency ? [latency] : [])],
    numbers: { says: `${results.length} rows.`, table: { columns, rows: results } },
  };
}
