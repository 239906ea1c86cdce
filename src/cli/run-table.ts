import type { ResultRow } from '../report/result-columns.ts';
import { mean } from '../stats/moments.ts';
import { type Column, formatTable } from './table.ts';

const COLUMNS: readonly Column[] = [
  { heading: 'supply', unit: 'V' },
  { heading: 'mapping', align: 'left' },
  { heading: 'BER', unit: 'of the chip' },
  { heading: 'flipped', unit: 'bits' },
  { heading: 'accuracy', unit: '%' },
  { heading: 'of chips', unit: '% to %' },
  { heading: 'bound' },
  { heading: 'row hits', unit: '%' },
  { heading: 'DRAM energy', unit: 'pJ/access' },
  { heading: 'and', unit: 'uJ/inference' },
  { heading: 'saving', unit: '%/access' },
  { heading: 'and', unit: '%/inference' },
  { heading: 'bandwidth', unit: 'GB/s' },
];

const percent = (share: number): string => (share * 100).toFixed(2);
const numbers = (rows: readonly ResultRow[], column: keyof ResultRow): number[] =>
  rows.map((row) => row[column] as number);
const average = (rows: readonly ResultRow[], column: keyof ResultRow): number => mean(numbers(rows, column));

/** The results for people: one line a supply and mapping, means over chips beside the spread of the accuracy. */
export function runTable(rows: readonly ResultRow[]): string {
  return formatTable(
    COLUMNS,
    groups(rows).map((group) => {
      const accuracy = numbers(group, 'accuracy');
      const met = group.filter((row) => row.meets_bound).length;
      const ber = average(group, 'ber');
      return [
        (group[0]!.supply_V as number).toFixed(3),
        String(group[0]!.mapping),
        ber === 0 ? '0' : ber.toExponential(1),
        Math.round(average(group, 'flipped_bits')).toLocaleString('en'),
        percent(mean(accuracy)),
        `${percent(Math.min(...accuracy))} ${percent(Math.max(...accuracy))}`,
        met === group.length ? 'met' : `met by ${met} of ${group.length}`,
        percent(average(group, 'row_hits') / average(group, 'accesses')),
        average(group, 'energy_per_access_pJ').toFixed(0),
        (average(group, 'dram_energy_per_inference_nJ') / 1000).toFixed(2),
        percent(average(group, 'energy_saving_vs_nominal')),
        percent(average(group, 'inference_energy_saving_vs_nominal')),
        average(group, 'bandwidth_GBps').toFixed(3),
      ];
    }),
  );
}

/** The answer in words: for each mapping the lowest supply at which every chip meets the bound, and what it saves. */
export function runSummary(rows: readonly ResultRow[], bound: number): string {
  const clean = rows[0]!.baseline_accuracy as number;
  const mappings = [...new Set(rows.map((row) => row.mapping as string))];
  const lines = mappings.map((mapping) => {
    const met = groups(rows.filter((row) => row.mapping === mapping)).filter((group) =>
      group.every((row) => row.meets_bound),
    );
    if (met.length === 0) return `${mapping}: no supply keeps every chip within the bound`;
    const lowest = met.reduce((a, b) => ((b[0]!.supply_V as number) < (a[0]!.supply_V as number) ? b : a));
    const saving = average(lowest, 'energy_saving_vs_nominal');
    return `${mapping}: within the bound down to ${lowest[0]!.supply_V} V, which saves ${percent(saving)} % of the DRAM energy per access`;
  });
  return [
    `${rows[0]!.network} on ${rows[0]!.dataset}: ${percent(clean)} % without errors; bound: at most ${percent(bound)} points less, on every chip`,
    ...lines,
    '',
  ].join('\n');
}

/** Rows of the same supply and mapping, in order of appearance. */
function groups(rows: readonly ResultRow[]): ResultRow[][] {
  const found = new Map<string, ResultRow[]>();
  for (const row of rows) {
    const key = `${row.supply_V}/${row.mapping}`;
    const group = found.get(key);
    if (group) group.push(row);
    else found.set(key, [row]);
  }
  return [...found.values()];
}
