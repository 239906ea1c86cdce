import type { Cell } from '../results/column.ts';
import { REPLAY_TABLE } from '../results/tables.ts';
import { againstSupplyChart } from './against-supply.ts';
import { type BankFile, bankCharts } from './bank-charts.ts';
import type { Chart, ChartControl } from './chart-parts.ts';
import { breakdownChart, conditionChart } from './charts.ts';
import { withEnergy } from './energy-rows.ts';
import type { PageContents } from './html-report.ts';
import { latencyChart } from './latency-chart.ts';
import { nominalSupplies } from './nominal-supplies.ts';
import { type ShownColumn, shownColumns } from './numbers-table.ts';
import { traceAxes, traceSeries } from './replay-axes.ts';
import { traceBreakdown, traceConditions } from './replay-bars.ts';
import { replayCharts } from './replay-charts.ts';
import { replayControls, underChoices, withParams } from './replay-choices.ts';
import { explorer } from './replay-explorer.ts';
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
  const traces = tracesOf(results);
  const several = traces.length > 1;
  const axes = traceAxes(results);
  const series = traceSeries(results, axes);
  const latency = several ? undefined : latencyChart(traffic, 'trace');
  const supplies = againstSupplyChart(results, series);
  const nominal = nominalSupplies(results);
  const explored = explorer(
    results,
    axes,
    results.every(({ device }) => nominal.has(device)) ? nominal : undefined,
  );
  const anyWrong = results.some(({ reads_wrong = 0 }) => reads_wrong > 0);
  const ofBanks = banks !== undefined && (banks.length > 0 || anyWrong) ? bankCharts(banks) : { charts: [] };
  const columns = identityFirst(shownColumns(REPLAY_TABLE, results), results);
  const picks: ChartControl[] =
    several && series.axis === undefined
      ? [{ does: { picks: 'series' }, label: 'bring out the trace', values: traces }]
      : [];
  const controls = replayControls(axes, explored);
  const charts = [
    ...replayCharts(results, bound, series),
    ...(supplies ? [supplies] : []),
    ...(explored ? [explored.chart] : []),
    ...(several
      ? [...(energies.length > 0 ? [traceBreakdown(energies, series)] : []), traceConditions(traffic, series)]
      : [
          ...(energies.length > 0 ? [breakdownChart(energies, 'trace')] : []),
          conditionChart(traffic, 'trace'),
        ]),
    ...(latency ? [latency] : []),
  ].map((chart) => underChoices(chart, axes, controls));
  return {
    title: `Replayed: ${[...new Set(results.map(({ device }) => device))].join(', ')}`,
    summary: replaySummary(results),
    charts: [
      ...charts,
      ...[...(overTime ? [overTime] : []), ...ofBanks.charts].map((chart) => withParams(chart, controls)),
    ],
    controls: [...controls, ...picks],
    ...(ofBanks.absent ? { figures: [ofBanks.absent] } : {}),
    numbers: {
      says: `${results.length} ${results.length === 1 ? 'row' : 'rows'}.`,
      table: { columns: several ? [TRACE, ...columns] : columns, rows: results },
    },
  };
}

/** Columns that say what a row is of. */
const IDENTITY: readonly string[] = [
  'supply_V',
  'chip',
  'device',
  'mapping',
  'repair',
  'timing',
  'ecc',
  'weight_format',
  'temperature_C',
  'rewrite_every',
];

/** The supply and what else tells these rows apart before all other columns. */
function identityFirst(
  columns: readonly ShownColumn[],
  rows: readonly Readonly<Partial<Record<string, Cell>>>[],
): ShownColumn[] {
  const tells = ({ name }: ShownColumn): boolean =>
    name === 'supply_V' || (IDENTITY.includes(name) && new Set(rows.map((row) => row[name])).size > 1);
  const first = IDENTITY.flatMap((name) => columns.filter((column) => column.name === name && tells(column)));
  return [...first, ...columns.filter((column) => !first.includes(column))];
}
