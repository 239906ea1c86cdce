import type { OperatingPointRow } from '../results/columns.ts';
import { pinsOfRows } from '../results/pins-of-rows.ts';
import { NJ_PER_UJ } from '../units/scale.ts';
import { percent } from './run-summary.ts';

/** How much a search looked at. */
export interface SearchEffort {
  /** Accuracy that the worst chip must reach. */
  readonly required: number;
  readonly choices: number;
  readonly refused: readonly unknown[];
  readonly presentations: number;
  readonly presentationsUnpruned: number;
}

/** The answer of a search in words: baseline, optimum, knee, and what it took. The first row is the baseline. */
export function searchSummary(
  rows: readonly OperatingPointRow[],
  { required, choices, refused, presentations, presentationsUnpruned }: SearchEffort,
): string[] {
  const [baseline, ...front] = rows as [OperatingPointRow, ...OperatingPointRow[]];
  const optimum = front.find((row) => row.optimum === true);
  const knee = front.find((row) => row.knee === true);
  return [
    `baseline: ${inWords(baseline)}`,
    optimum
      ? `least energy within the bound (${percent(required)} % on every chip): ${inWords(optimum)}, which saves ${percent(optimum.inference_energy_saving_vs_nominal)} % an inference (${pinsOfRows(rows)})`
      : `no point keeps every chip at ${percent(required)} %`,
    ...(knee && knee !== optimum ? [`knee of the front: ${inWords(knee)}`] : []),
    `${front.length} points on the front of ${choices} choices costed; ${refused.length} do not fit; ${presentations.toLocaleString('en')} images shown of ${presentationsUnpruned.toLocaleString('en')}`,
  ];
}

function inWords(row: OperatingPointRow): string {
  const { network, weight_format, repair, mapping, timing, supply_V } = row;
  const energy = (row.dram_energy_per_inference_nJ / NJ_PER_UJ).toFixed(2);
  const latency = (row.latency_per_inference_ns / 1000).toFixed(1);
  return `${network} ${weight_format} at ${supply_V} V (mapping ${mapping}, repair ${repair}, timing ${timing}): ${energy} uJ, ${latency} us, ${percent(row.accuracy_worst_chip)} % on the worst chip`;
}
