import { REPLAY_TABLE } from '../results/tables.ts';
import { againstSupplyChart } from './against-supply.ts';
import { type BankFile, bankCharts } from './bank-charts.ts';
import type { Chart } from './chart-parts.ts';
import { breakdownChart, conditionChart } from './charts.ts';
import { withEnergy } from './energy-rows.ts';
import type { PageContents } from './html-report.ts';
import { latencyChart } from './latency-chart.ts';
import { type ShownColumn, shownColumns } from './numbers-table.ts';
import { replayCharts } from './replay-charts.ts';
import { type TraceRow, tracesOf, trafficRows } from './replay-rows.ts';
import { replaySummary } from './replay-summary.ts';

const TRACE: ShownColumn = { name: 'trace', unit: '', definition: 'the file, or the axes of the sweep' };

/** What is known of a replay besides its rows. */
export interface ReplayContext {
  /** Accuracy that may be lost, where it is known. */
  readonly bound?: number | undefined;
  /** Files of counts by bank; absent where there cannot be any. */
  readonly banks?: readonly BankFile[] | undefined;
  /** Accuracy by the inferences since the weights were written. */
  readonly overTime?: Chart | undefined;
}

/** The page of replays. Rows of one trace, supply and chip have different names in `trace`. */
export function replayPage(
  results: readonly TraceRow[],
  { bound, banks, overTime }: ReplayContext = {},
): PageContents {
  const traffic = trafficRows(results);
  const energies = withEnergy(traffic);
  const latency = latencyChart(traffic, 'trace');
  const supplies = againstSupplyChart(results);
  const traces = tracesOf(results);
  const anyWrong = results.some(({ reads_wrong = 0 }) => reads_wrong > 0);
  const ofBanks = banks !== undefined && (banks.length > 0 || anyWrong) ? bankCharts(banks) : { charts: [] };
  const columns = shownColumns(REPLAY_TABLE, results);
  return {
    title: `Replayed: ${[...new Set(results.map(({ device }) => device))].join(', ')}`,
    summary: replaySummary(results),
    charts: [
      ...replayCharts(results, bound),
      ...(supplies ? [supplies] : []),
      ...(overTime ? [overTime] : []),
      ...ofBanks.charts,
      ...(energies.length > 0 ? [breakdownChart(energies, 'trace')] : []),
      conditionChart(traffic, 'trace'),
      ...(latency ? [latency] : []),
    ],
    controls:
      traces.length > 1 ? [{ does: { picks: 'trace' }, label: 'bring out the trace', values: traces }] : [],
    ...(ofBanks.absent ? { figures: [ofBanks.absent] } : {}),
    numbers: {
      says: `${results.length} ${results.length === 1 ? 'row' : 'rows'}.`,
      table: { columns: traces.length > 1 ? [TRACE, ...columns] : columns, rows: results },
    },
  };
}
