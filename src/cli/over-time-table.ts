import { percent } from '../report/percent.ts';
import type { OverTimeRow } from '../results/tables.ts';
import { formatTable } from './table.ts';
import { OVER_TIME } from './table-columns.ts';

/** Accuracy and wrong bits by the inferences since the weights were written, a line a block; empty without rows. */
export function overTimeTable(rows: readonly OverTimeRow[] | undefined): string {
  const first = rows?.[0];
  if (rows === undefined || first === undefined) return '';
  const writing =
    first.rewrite_every === undefined
      ? 'The weights are written once, before the first inference.'
      : `The weights are written anew after every ${first.rewrite_every} inferences; time and energy of these writes are not counted.`;
  const lines = rows.map((row) => [
    row.supply_V.toFixed(3),
    String(row.chip),
    row.inferences_from === row.inferences_to
      ? String(row.inferences_from)
      : `${row.inferences_from}-${row.inferences_to}`,
    String(row.images),
    percent(row.accuracy),
    percent(row.accuracy_low),
    percent(row.accuracy_high),
    row.wrong_bits_read_per_inference.toFixed(1),
  ]);
  return `\n${formatTable(OVER_TIME, lines)}${writing} Each line has its own images: low and high end its 95 % interval (Wilson).\n`;
}
