import { percent } from '../report/percent.ts';
import { averageOf, pointGroups } from '../report/run-summary.ts';
import { pinsOfRows } from '../results/pins-of-rows.ts';
import type { RunRow } from '../results/tables.ts';
import { DEFAULT_VOTE } from '../snn/vote.ts';
import { LOAD_REPAIRS, repairOf } from '../sparkxd/repair-on-load.ts';
import { mean } from '../stats/moments.ts';
import { NJ_PER_UJ } from '../units/scale.ts';
import { rateInWords } from './rate-in-words.ts';
import { formatTable } from './table.ts';
import { RUN } from './table-columns.ts';

/** The results for people: one line a supply and mapping, means over chips beside the spread of the accuracy. */
export function runTable(rows: readonly RunRow[]): string {
  return `${linesOf(rows)}${legend(rows)}`;
}

/** What the columns mean that a stranger cannot know. */
function legend(rows: readonly RunRow[]): string {
  const [first] = rows;
  const bytes = Math.round((first!.bandwidth_GBps * first!.time_ns) / first!.accesses);
  return [
    `An access is one burst of ${bytes} bytes. Numbers are means over chips but for the worst and the best one; a chip passes whose accuracy is within the bound.\n`,
    `Chosen: ${choices(first!)}.\n`,
    'Savings are against the nominal supply in the baseline mapping; those of an inference with FP32 weights there, too.\n',
    `Energies and savings: ${pinsOfRows(rows)}.\n`,
    'BER is a bit error rate: observed, wrong over stored bits of the weights; of the chip, the mean expected over all its subarrays.\n',
  ].join('');
}

const TIMINGS: Readonly<Record<string, string>> = {
  nominal: "the data sheet's",
  stretched: 'stretched for the supply, the errors that this leaves',
  paper: 'stretched for the supply, all errors kept',
};
const WORKLOADS: Readonly<Record<string, string>> = {
  stream: 'all weights once an inference',
  event: 'a weight row a spike',
};

/** Each choice that is one value for all rows, and what it is, in one line. */
function choices({
  weight_format,
  ecc,
  repair,
  timing,
  workload,
  vote,
  voltage_profile,
  energy_model,
}: RunRow): string {
  const known = LOAD_REPAIRS.find((name) => name === repair);
  return [
    `weights ${weight_format}`,
    ecc === 'none' ? 'no check bits' : `check bits ${ecc}`,
    `repair ${repair}${known === undefined ? '' : ` (${repairOf(known).summary})`}`,
    `timing ${timing} (${TIMINGS[timing]})`,
    `workload ${workload} (${WORKLOADS[workload]})`,
    ...(vote === DEFAULT_VOTE ? [] : [`vote ${vote}`]),
    `errors of ${voltage_profile}`,
    `energy ${energy_model}`,
  ].join('; ');
}

function linesOf(rows: readonly RunRow[]): string {
  return formatTable(
    RUN,
    pointGroups(rows).map((group) => {
      const accuracies = group.map(({ accuracy }) => accuracy);
      const met = group.filter((row) => row.meets_bound).length;
      return [
        group[0]!.supply_V.toFixed(3),
        group[0]!.mapping,
        rateInWords(averageOf(group, 'ber_observed')),
        rateInWords(averageOf(group, 'ber_chip')),
        Math.round(averageOf(group, 'flipped_bits')).toLocaleString('en'),
        percent(mean(accuracies)),
        percent(Math.min(...accuracies)),
        percent(Math.max(...accuracies)),
        `${met} of ${group.length}`,
        percent(averageOf(group, 'row_hits') / averageOf(group, 'accesses')),
        averageOf(group, 'energy_per_access_pJ').toFixed(0),
        (averageOf(group, 'dram_energy_per_inference_nJ') / NJ_PER_UJ).toFixed(2),
        percent(averageOf(group, 'energy_saving_vs_nominal')),
        percent(averageOf(group, 'inference_energy_saving_vs_nominal')),
        averageOf(group, 'bandwidth_GBps').toFixed(3),
      ];
    }),
  );
}
