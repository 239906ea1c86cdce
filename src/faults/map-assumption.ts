import { bankIndex, bankLevels, rowIndex, subarrayIndex } from '../hardware/bank-index.ts';
import type { MeasuredChip } from './measured-chip.ts';

/**
 * How much of a device a measured map lists, and what is assumed of the rest, in one line. A map lists cells that fail and
 * not the rows that were tested, so that a row without a cell is one without errors here, whether or not it was tested.
 */
export function mapAssumption({ map, organisation, file = 'the weak-cell map' }: MeasuredChip): string {
  const levels = bankLevels(organisation);
  const { channels, ranks, banks, subarrays, rows } = levels;
  const [bankSet, subarraySet, rowSet] = [new Set<number>(), new Set<number>(), new Set<number>()];
  for (let i = 0; i < map.size; i++) {
    const [channel, rank, bank, row] = [map.channel[i]!, map.rank[i]!, map.bank[i]!, map.row[i]!];
    bankSet.add(bankIndex(levels, channel, rank, bank));
    subarraySet.add(subarrayIndex(levels, channel, rank, bank, row));
    rowSet.add(rowIndex(levels, channel, rank, bank, row));
  }
  const all = channels * ranks * banks;
  const count = (value: number): string => value.toLocaleString('en');
  const of = (found: number, total: number, what: string): string =>
    `${count(found)} of ${count(total)} ${what}`;
  return [
    `${file} lists ${count(map.size)} weak cell${map.size === 1 ? '' : 's'}`,
    ` in ${of(bankSet.size, all, 'banks')}, ${of(subarraySet.size, all * subarrays, 'subarrays')}, ${of(rowSet.size, all * rows, 'rows')};`,
    ` every other cell of the device, in these rows and in all others, is assumed sound from ${map.lowest} to ${map.nominal} V`,
  ].join('');
}
