import { averageOf, percent, pointGroups } from '../report/run-summary.ts';
import type { ResultRow } from '../results/result-columns.ts';
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

const numbers = (rows: readonly ResultRow[], column: keyof ResultRow): number[] =>
  rows.map((row) => row[column] as number);

/** The results for people: one line a supply and mapping, means over chips beside the spread of the accuracy. */
export function runTable(rows: readonly ResultRow[]): string {
  return formatTable(
    COLUMNS,
    pointGroups(rows).map((group) => {
      const accuracy = numbers(group, 'accuracy');
      const met = group.filter((row) => row.meets_bound).length;
      const ber = averageOf(group, 'ber');
      return [
        (group[0]!.supply_V as number).toFixed(3),
        String(group[0]!.mapping),
        ber === 0 ? '0' : ber.toExponential(1),
        Math.round(averageOf(group, 'flipped_bits')).toLocaleString('en'),
        percent(mean(accuracy)),
        `${percent(Math.min(...accuracy))} ${percent(Math.max(...accuracy))}`,
        met === group.length ? 'met' : `met by ${met} of ${group.length}`,
        percent(averageOf(group, 'row_hits') / averageOf(group, 'accesses')),
        averageOf(group, 'energy_per_access_pJ').toFixed(0),
        (averageOf(group, 'dram_energy_per_inference_nJ') / 1000).toFixed(2),
        percent(averageOf(group, 'energy_saving_vs_nominal')),
        percent(averageOf(group, 'inference_energy_saving_vs_nominal')),
        averageOf(group, 'bandwidth_GBps').toFixed(3),
      ];
    }),
  );
}
