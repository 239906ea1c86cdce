import { REPLAY_TABLE } from '../results/columns.ts';
import { breakdownChart, conditionChart, type TrafficRow } from './charts.ts';
import type { PageContents } from './html-report.ts';
import { latencyChart } from './latency-chart.ts';
import { shownColumns } from './numbers-table.ts';

/** Rows that a summary puts into words. */
export const SUMMED_UP = 6;

const NS_PER_US = 1000;

/** The page of replays; rows of one supply have different names in the column `mapping`. */
export function replayPage(results: readonly TrafficRow[]): PageContents {
  const latency = latencyChart(results);
  return {
    title: `Replayed: ${[...new Set(results.map(({ device }) => device))].join(', ')}`,
    summary: results
      .slice(0, SUMMED_UP)
      .map(
        (row) =>
          `${row.mapping}, ${row.supply_V} V: ${row.energy_per_access_pJ.toFixed(1)} pJ an access, ${(row.time_ns / NS_PER_US).toFixed(2)} us for ${row.accesses.toLocaleString('en')} accesses`,
      ),
    charts: [breakdownChart(results), conditionChart(results), ...(latency ? [latency] : [])],
    numbers: {
      says: `${results.length} rows.`,
      table: { columns: shownColumns(REPLAY_TABLE, results), rows: results },
    },
  };
}
