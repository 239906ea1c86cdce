import type { NumberColumn, RunRow } from '../results/columns.ts';
import { pinsOfRows } from '../results/pins-of-rows.ts';
import { mean } from '../stats/moments.ts';

/** A share as percent with two decimals, without the sign. */
export const percent = (share: number): string => (share * 100).toFixed(2);

/** Mean of a numeric column. */
export const averageOf = <Row>(rows: readonly Row[], column: NumberColumn<Row>): number =>
  mean(rows.map((row) => Number(row[column])));

/** The answer in words: for each mapping the lowest supply at which every chip meets the bound, and what it saves. */
export function runSummary(rows: readonly RunRow[], bound: number): string[] {
  const [first] = rows;
  const mappings = [...new Set(rows.map(({ mapping }) => mapping))];
  const lines = mappings.map((mapping) => {
    const met = pointGroups(rows.filter((row) => row.mapping === mapping)).filter((group) =>
      group.every((row) => row.meets_bound),
    );
    if (met.length === 0) return `${mapping}: no supply keeps every chip within the bound`;
    const lowest = met.reduce((a, b) => (b[0]!.supply_V < a[0]!.supply_V ? b : a));
    const saving = averageOf(lowest, 'energy_saving_vs_nominal');
    return `${mapping}: within the bound down to ${lowest[0]!.supply_V} V, which saves ${percent(saving)} % of the DRAM energy per access (${pinsOfRows(lowest)})`;
  });
  return [
    `${first!.network} on ${first!.dataset}: ${percent(first!.baseline_accuracy)} % without errors; bound: at most ${percent(bound)} points less, on every chip`,
    ...lines,
  ];
}

/** Rows of the same supply and mapping, in order of appearance. */
export function pointGroups<Row extends { readonly supply_V: number; readonly mapping: string }>(
  rows: readonly Row[],
): Row[][] {
  const found = new Map<string, Row[]>();
  for (const row of rows) {
    const key = `${row.supply_V}/${row.mapping}`;
    const group = found.get(key);
    if (group) group.push(row);
    else found.set(key, [row]);
  }
  return [...found.values()];
}
