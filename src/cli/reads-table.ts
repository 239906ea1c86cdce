import type { ReplayRow } from '../results/columns.ts';
import { type Column, formatTable } from './table.ts';

const percent = (share: number | undefined): string => (share === undefined ? '' : (share * 100).toFixed(2));
const rate = (ber: number | undefined): string =>
  ber === undefined ? '' : ber === 0 ? '0' : ber.toExponential(2);
const whole = (count: number | undefined): string => (count === undefined ? '' : count.toLocaleString('en'));

interface ReadColumn extends Column {
  readonly cell: (row: ReplayRow) => string;
}

const ANY_TRACE: readonly ReadColumn[] = [
  { heading: 'supply', unit: 'V', cell: (row) => row.supply_V.toFixed(3) },
  { heading: 'chip', cell: ({ chip }) => String(chip ?? '') },
  { heading: 'chip BER', cell: ({ ber_chip }) => rate(ber_chip) },
  { heading: 'wrong reads', cell: ({ reads_wrong }) => whole(reads_wrong) },
  { heading: 'wrong share', unit: '% of reads', cell: ({ reads_wrong_share }) => percent(reads_wrong_share) },
  { heading: 'wrong bits', cell: ({ bits_wrong }) => whole(bits_wrong) },
];

const RECORDING: readonly ReadColumn[] = [
  { heading: 'flipped', unit: 'stored bits', cell: ({ flipped_bits }) => whole(flipped_bits) },
  { heading: 'weight BER', cell: ({ ber_observed }) => rate(ber_observed) },
  { heading: 'accuracy', unit: '%', cell: ({ accuracy }) => percent(accuracy) },
  { heading: 'from', unit: '%', cell: ({ accuracy_low }) => percent(accuracy_low) },
  { heading: 'to', unit: '%', cell: ({ accuracy_high }) => percent(accuracy_high) },
  { heading: 'without errors', unit: '%', cell: ({ baseline_accuracy }) => percent(baseline_accuracy) },
  {
    heading: 'bound',
    cell: ({ meets_bound }) => (meets_bound === undefined ? '' : meets_bound ? 'met' : 'missed'),
  },
];

/** What the reads of a replay gave back, a line a supply and chip; empty where nothing says which reads are wrong. */
export function readsTable(rows: readonly ReplayRow[]): string {
  const first = rows[0];
  if (first?.reads_wrong === undefined) return '';
  const columns = first.accuracy === undefined ? ANY_TRACE : [...ANY_TRACE, ...RECORDING];
  const table = formatTable(
    columns,
    rows.map((row) => columns.map(({ cell }) => cell(row))),
  );
  const images =
    first.images === undefined
      ? ''
      : `accuracy over ${first.images} images, from and to: its 95 % interval (Wilson)\n`;
  return `\n${table}${images}`;
}
