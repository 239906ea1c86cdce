import { averageOf, percent, pointGroups } from '../report/run-summary.ts';
import type { RunRow } from '../results/columns.ts';
import { DEFAULT_VOTE } from '../snn/vote.ts';
import { mean } from '../stats/moments.ts';
import { NJ_PER_UJ } from '../units/scale.ts';
import { formatTable } from './table.ts';
import { RUN } from './table-columns.ts';

/** The results for people: one line a supply and mapping, means over chips beside the spread of the accuracy. */
export function runTable(rows: readonly RunRow[]): string {
  return `${linesOf(rows)}${legend(rows)}`;
}

/** What the columns mean that a stranger cannot know. */
function legend([first]: readonly RunRow[]): string {
  const bytes = Math.round((first!.bandwidth_GBps * first!.time_ns) / first!.accesses);
  return [
    `An access is one burst of ${bytes} bytes. Numbers are means over chips; accuracies go from the lowest chip to the highest.\n`,
    `Weights are ${first!.weight_format}, check bits ${first!.ecc}, repair on load ${first!.repair}, timing ${first!.timing}, workload ${first!.workload}${first!.vote === DEFAULT_VOTE ? '' : `, vote ${first!.vote}`}.\n`,
    'Savings are against the nominal supply in the baseline mapping; those of an inference with FP32 weights there, too.\n',
  ].join('');
}

function linesOf(rows: readonly RunRow[]): string {
  return formatTable(
    RUN,
    pointGroups(rows).map((group) => {
      const accuracies = group.map(({ accuracy }) => accuracy);
      const met = group.filter((row) => row.meets_bound).length;
      const ber = averageOf(group, 'ber_observed');
      return [
        group[0]!.supply_V.toFixed(3),
        group[0]!.mapping,
        ber === 0 ? '0' : ber.toExponential(1),
        Math.round(averageOf(group, 'flipped_bits')).toLocaleString('en'),
        percent(mean(accuracies)),
        `${percent(Math.min(...accuracies))} to ${percent(Math.max(...accuracies))}`,
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
