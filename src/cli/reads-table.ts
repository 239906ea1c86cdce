import { percent } from '../report/percent.ts';
import type { ReplayRow } from '../results/tables.ts';
import { rateInWords as rate } from './rate-in-words.ts';
import { formatTable } from './table.ts';
import { RECORDED_READS, TRACE_READS } from './table-columns.ts';

const shown = (share: number | undefined): string => (share === undefined ? '' : percent(share));
const whole = (count: number | undefined): string => (count === undefined ? '' : count.toLocaleString('en'));

const traceCells = (row: ReplayRow): string[] => [
  row.supply_V.toFixed(3),
  String(row.chip ?? ''),
  rate(row.ber_chip),
  whole(row.reads_wrong),
  shown(row.reads_wrong_share),
  whole(row.bits_wrong),
];

const recordedCells = (row: ReplayRow): string[] => [
  ...traceCells(row),
  whole(row.flipped_bits),
  rate(row.ber_observed),
  shown(row.accuracy),
  shown(row.accuracy_low),
  shown(row.accuracy_high),
  shown(row.baseline_accuracy),
  row.meets_bound === undefined ? '' : row.meets_bound ? 'met' : 'missed',
];

/** What the reads of a replay gave back, a line a supply and chip; empty where nothing says which reads are wrong. */
export function readsTable(rows: readonly ReplayRow[]): string {
  const first = rows.find(({ reads_wrong }) => reads_wrong !== undefined);
  if (first === undefined) return '';
  if (first.accuracy === undefined) return `\n${formatTable(TRACE_READS, rows.map(traceCells))}`;
  return `\n${formatTable(RECORDED_READS, rows.map(recordedCells))}Accuracy is over ${first.images} images; the interval is its 95 % one (Wilson); the bound is what may be lost of the error-free accuracy. BER: bit error rate.\n`;
}
