import type { ReplayRow } from '../results/tables.ts';
import type { TrafficRow } from './charts.ts';
import { pointGroups } from './run-summary.ts';

/** A row of a replay, and what charts call the trace that it is of. */
export type TraceRow = ReplayRow & { readonly trace: string };

/** Names of traces, in order of appearance. */
export const tracesOf = (rows: readonly TraceRow[]): string[] => [...new Set(rows.map(({ trace }) => trace))];

/** What a chip is called: "chip 3", or "measured map". */
export const chipName = (chip: number | string | undefined): string =>
  chip === undefined ? 'no chip' : chip === 'measured' ? 'measured map' : `chip ${chip}`;

/**
 * The rows whose traffic and energy are drawn; the trace stands in place of the mapping. Chips that served a trace at one
 * supply with the same commands are one row, that of the first. Where they differ (weights placed for each chip) all
 * rows are there, and charts draw their means.
 */
export function trafficRows(rows: readonly TraceRow[]): TrafficRow[] {
  return pointGroups(rows.map((row) => ({ ...row, mapping: row.trace }))).flatMap((group) => {
    const [first] = group;
    const shared = group.every(
      (row) =>
        row.dram_energy_total_nJ === first!.dram_energy_total_nJ &&
        row.cycles === first!.cycles &&
        row.accesses === first!.accesses,
    );
    return shared ? [first!] : group;
  });
}
