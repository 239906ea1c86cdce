import { pinsOfRows } from '../results/pins-of-rows.ts';
import { withEnergy } from './energy-rows.ts';
import { percent } from './percent.ts';
import { chipName, type TraceRow, tracesOf } from './replay-rows.ts';

/** Supplies, simulations or traces that a summary puts into words. */
export const SUMMED_UP = 6;

/** Chips that a line names one by one. */
const NAMED_CHIPS = 4;
const NS_PER_US = 1000;

/** The answer in words: what was recorded, and a line for each supply (of a trace) with all its chips. */
export function replaySummary(rows: readonly TraceRow[]): string[] {
  const several = tracesOf(rows).length > 1;
  const ofChips = new Set(rows.map(({ chip }) => chip)).size > 1;
  const groups = new Map<string, TraceRow[]>();
  for (const row of rows) {
    const key = JSON.stringify([row.trace, row.supply_V]);
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  const points = [...groups.values()];
  const left = points.length - SUMMED_UP;
  return [
    ...recordings(rows).slice(0, SUMMED_UP),
    ...points
      .slice(0, SUMMED_UP)
      .map((chips) => `${several ? `${chips[0]!.trace}, ` : ''}${pointInWords(chips, ofChips)}`),
    ...(left > 0 ? [`${left} more below, in the table of all numbers`] : []),
    ...(withEnergy(rows).length > 0 ? [`energies and savings: ${pinsOfRows(withEnergy(rows))}`] : []),
    ...(rows.every(({ reads_wrong }) => reads_wrong === 0) ? ['no read came back wrong'] : []),
  ];
}

/** What each recording answers without errors. */
function recordings(rows: readonly TraceRow[]): string[] {
  const lines = rows
    .filter(({ accuracy }) => accuracy !== undefined)
    .map(
      ({ network, dataset, weight_format, images, repair, baseline_accuracy }) =>
        `${network} (${weight_format}) on ${images} ${images === 1 ? 'image' : 'images'} of ${dataset}, repair ${repair}: ${percent(baseline_accuracy!)} % without errors`,
    );
  return [...new Set(lines)];
}

function pointInWords(chips: readonly TraceRow[], named: boolean): string {
  const [row] = chips;
  const time = `${(row!.time_ns / NS_PER_US).toFixed(2)} us for ${row!.accesses.toLocaleString('en')} accesses`;
  return `${row!.supply_V} V: ${energyInWords(chips)}, ${time}${readsInWords(chips, named)}`;
}

function energyInWords(chips: readonly TraceRow[]): string {
  const known = withEnergy(chips);
  if (known.length === 0) return 'energy not known';
  const energy = rangeOf(known, ({ energy_per_access_pJ }) => energy_per_access_pJ.toFixed(1));
  const saving = rangeOf(known, ({ energy_saving_vs_nominal }) => percent(energy_saving_vs_nominal));
  return `${energy} pJ an access, saving ${saving} %${uncertaintyInWords(known)}`;
}

/** What a saving may be, where the replay was told to say so. */
function uncertaintyInWords(chips: readonly TraceRow[]): string {
  const lows = chips.flatMap(({ saving_low }) => saving_low ?? []);
  const highs = chips.flatMap(({ saving_high }) => saving_high ?? []);
  if (lows.length === 0 || highs.length === 0) return '';
  const [low, high] = [Math.min(...lows), Math.max(...highs)];
  return low === 0 && high === 0
    ? ''
    : ` (${percent(low)} to ${percent(high)} % over currents, voltage law, rails and data pins)`;
}

/** The lowest and the highest of the chips, or what they share. */
function rangeOf<Row>(chips: readonly Row[], say: (row: Row) => string): string {
  const texts = [...new Set(chips.map(say))].sort((a, b) => Number(a) - Number(b));
  return texts.length === 1 ? texts[0]! : `${texts[0]} to ${texts.at(-1)}`;
}

const bound = ({ meets_bound }: TraceRow): string => (meets_bound ? 'bound met' : 'bound missed');

/** A share as percent, and one that two decimals would make zero with one digit. */
const smallPercent = (share: number): string =>
  share > 0 && share < 5e-5 ? String(Number((share * 100).toPrecision(1))) : percent(share);

/** The chip is named where there are several. */
function readsInWords(chips: readonly TraceRow[], named: boolean): string {
  const recorded = chips.every(({ accuracy }) => accuracy !== undefined);
  if (!recorded && chips.some(({ reads_wrong_share }) => reads_wrong_share === undefined)) return '';
  const nameOf = ({ chip }: TraceRow): string => (named ? `${chipName(chip)}: ` : '');
  const accuracy = (row: TraceRow): string => percent(row.accuracy!);
  const wrong = (row: TraceRow): string => smallPercent(row.reads_wrong_share!);
  if (chips.length <= NAMED_CHIPS)
    return chips
      .map((row) =>
        recorded
          ? `; ${nameOf(row)}accuracy ${accuracy(row)} %, ${bound(row)}`
          : `; ${nameOf(row)}${wrong(row)} % of the reads wrong`,
      )
      .join('');
  const met = chips.filter(({ meets_bound }) => meets_bound).length;
  return recorded
    ? `; ${chips.length} chips: accuracy ${rangeOf(chips, accuracy)} %, bound met by ${met}`
    : `; ${chips.length} chips: ${rangeOf(chips, wrong)} % of the reads wrong`;
}
