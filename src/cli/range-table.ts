import type { SavingCase, SavingRange } from '../energy/saving-range.ts';
import { percent } from '../report/percent.ts';
import type { ReplayRow } from '../results/tables.ts';
import { formatTable } from './table.ts';
import { savingCases } from './table-columns.ts';

/**
 * What each saving may be: its least and greatest, and every way to price it, the laws side by side. A row and its range
 * have the same place; chips that share an outcome are there once. Empty without ranges.
 */
export function rangeTable(rows: readonly ReplayRow[], ranges: readonly SavingRange[]): string {
  if (ranges.length === 0) return '';
  const seen = new Set<string>();
  const shown = ranges.flatMap((range, i) => {
    const row = rows[i]!;
    const key = JSON.stringify([row.supply_V, range.cases]);
    if (seen.has(key)) return [];
    seen.add(key);
    return [{ row, range }];
  });
  const laws = [...new Set(ranges[0]!.cases.map(({ law }) => law))];
  const lines = shown.map(({ row: { supply_V, energy_saving_vs_nominal: saving, data_pins }, range }) => {
    const own = saving === undefined ? '' : `${percent(saving)} % (data pins ${data_pins}), `;
    return `${supply_V.toFixed(3)} V: saving ${own}from ${percent(range.low)} to ${percent(range.high)} % over ${range.cases.length} ways to price it\n`;
  });
  const cases = shown
    .filter(({ range }) => range.low !== 0 || range.high !== 0)
    .flatMap(({ row, range }) =>
      together(range.cases, laws.length).map((group) => {
        const [{ rails, currents, pins }] = group as [SavingCase];
        return [
          row.supply_V.toFixed(3),
          rails,
          currents,
          pins,
          ...group.map(({ saving }) => percent(saving)),
        ];
      }),
    );
  const left = [...new Set(ranges.flatMap((range) => range.left.map(leftOut)))];
  const table = cases.length === 0 ? '' : formatTable(savingCases(laws), cases);
  return `\n${lines.join('')}${table}${left.join('')}`;
}

/** The cases in groups of `size`: all laws of one choice of rails, currents and pins. */
const together = (cases: readonly SavingCase[], size: number): SavingCase[][] =>
  Array.from({ length: cases.length / size }, (_, i) => cases.slice(i * size, (i + 1) * size));

const leftOut = ({ rails, currents, why }: SavingRange['left'][number]): string =>
  `left out: currents ${currents} of ${rails}: ${why}\n`;
