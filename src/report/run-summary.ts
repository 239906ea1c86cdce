import { pinsOfRows } from '../results/pins-of-rows.ts';
import type { NumberColumn, RunRow } from '../results/tables.ts';
import { mean } from '../stats/moments.ts';
import { severalChips } from './accuracy-charts.ts';
import { percent } from './percent.ts';
import { isPopulation, withinModelInWords, yieldInWords } from './yield.ts';

/** Mean of a numeric column. */
export const averageOf = <Row>(rows: readonly Row[], column: NumberColumn<Row>): number =>
  mean(rows.map((row) => Number(row[column])));

/**
 * Whether a point (all chips at one supply under one mapping) meets the bound: on every chip and, of a population, with
 * every module known. A module of which nothing is known at the supply may fail.
 */
export const everyChipHolds = (group: readonly RunRow[]): boolean =>
  group.every((row) => row.meets_bound && !row.modules_saturated && !row.modules_untested);

/**
 * The answer in words: for each mapping the lowest supply at which every chip meets the bound, and what it saves; then how
 * sure that is, or for a population of modules the yield at each supply.
 */
export function runSummary(rows: readonly RunRow[], bound: number): string[] {
  const [first] = rows;
  const chips = severalChips(rows);
  const mappings = [...new Set(rows.map(({ mapping }) => mapping))];
  const lines = mappings.flatMap((mapping) => {
    const groups = pointGroups(rows.filter((row) => row.mapping === mapping));
    const yields = isPopulation(rows) ? groups.map(yieldInWords) : [];
    const met = groups.filter(everyChipHolds);
    if (met.length === 0) {
      const none = isPopulation(rows)
        ? 'at no supply is every module known and within the bound'
        : chips
          ? 'no supply keeps every chip within the bound'
          : 'no supply keeps the accuracy within the bound';
      return [...yields, `${mapping}: ${none}`];
    }
    const lowest = met.reduce((a, b) => (b[0]!.supply_V < a[0]!.supply_V ? b : a));
    const saving = averageOf(lowest, 'energy_saving_vs_nominal');
    return [
      ...yields,
      `${mapping}: within the bound down to ${lowest[0]!.supply_V} V, which saves ${percent(saving)} % of the DRAM energy per access (${pinsOfRows(lowest)})`,
      ...rangeInWords(lowest),
      ...(isPopulation(rows) ? [] : withinModelInWords(lowest)),
    ];
  });
  return [
    `${first!.network} on ${first!.dataset}: ${percent(first!.baseline_accuracy)} % without errors; bound: at most ${percent(bound)} points less${chips ? ', on every chip' : ''}`,
    ...lines,
  ];
}

/** With `--range`: the least and the greatest of the saving of an inference over the ways to price it. */
function rangeInWords(group: readonly RunRow[]): string[] {
  const lows = group.flatMap(({ inference_saving_low }) => inference_saving_low ?? []);
  const highs = group.flatMap(({ inference_saving_high }) => inference_saving_high ?? []);
  if (lows.length === 0 || highs.length === 0) return [];
  const saving = averageOf(group, 'inference_energy_saving_vs_nominal');
  return [
    `  of an inference there ${percent(saving)} %, from ${percent(Math.min(...lows))} to ${percent(Math.max(...highs))} % over currents, laws, rails and data pins`,
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
