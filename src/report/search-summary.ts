import { pinsOfRows } from '../results/pins-of-rows.ts';
import type { OperatingPointRow } from '../results/tables.ts';
import { NJ_PER_UJ } from '../units/scale.ts';
import { percent } from './percent.ts';

/** How much a search looked at. */
export interface SearchEffort {
  /** Accuracy that the worst chip must reach. */
  readonly required: number;
  readonly choices: number;
  readonly refused: readonly unknown[];
  readonly presentations: number;
  readonly presentationsUnpruned: number;
  readonly tested?: TestedInWords | undefined;
}

/** What is known of the optimum on the test images. */
export interface TestedInWords {
  readonly baseline: { readonly images: number; readonly accuracyWorst: number };
  readonly chosen: { readonly accuracyWorst: number };
  readonly saving: number;
  readonly lost: { readonly estimate: number; readonly low: number; readonly high: number };
  readonly bound: number;
  readonly meetsBound: boolean;
}

/** The optimum on the test images, and whether the bound holds there. */
export function testedInWords({ baseline, chosen, saving, lost, bound, meetsBound }: TestedInWords): string {
  const interval = `95 % interval over images ${percent(lost.low)} to ${percent(lost.high)}`;
  return (
    `chosen on validation images, shown ${baseline.images.toLocaleString('en')} test images once: ${percent(chosen.accuracyWorst)} % on the worst chip, ` +
    `${percent(lost.estimate)} points less than the baseline's ${percent(baseline.accuracyWorst)} % (${interval}), ` +
    `${meetsBound ? 'within' : 'outside'} the bound of ${percent(bound)}; saves ${percent(saving)} %`
  );
}

/**
 * The answer of a search in words: baseline, optimum, knee (on the validation images), the optimum on the test images, and
 * what it took. The first row is the baseline.
 */
export function searchSummary(
  rows: readonly OperatingPointRow[],
  { required, choices, refused, presentations, presentationsUnpruned, tested }: SearchEffort,
): string[] {
  const [baseline, ...others] = rows as [OperatingPointRow, ...OperatingPointRow[]];
  const front = others.filter(({ split }) => split !== 'test');
  const optimum = front.find((row) => row.optimum === true);
  const knee = front.find((row) => row.knee === true);
  return [
    `baseline: ${inWords(baseline)}`,
    optimum
      ? `least energy within the bound (${percent(required)} % on every chip): ${inWords(optimum)}, which saves ${percent(optimum.inference_energy_saving_vs_nominal)} % an inference (${pinsOfRows(rows)})`
      : `no point keeps every chip at ${percent(required)} %`,
    ...(tested ? [testedInWords(tested)] : []),
    ...(knee && knee !== optimum ? [`knee of the front: ${inWords(knee)}`] : []),
    `${front.length} points on the front of ${choices} choices costed; ${refused.length} do not fit; ${presentations.toLocaleString('en')} images shown of ${presentationsUnpruned.toLocaleString('en')}`,
  ];
}

function inWords(row: OperatingPointRow): string {
  const { network, weight_format, repair, mapping, timing, supply_V } = row;
  const energy = (row.dram_energy_per_inference_nJ / NJ_PER_UJ).toFixed(2);
  const latency = (row.latency_per_inference_ns / 1000).toFixed(1);
  return `${network} ${weight_format} at ${supply_V} V (mapping ${mapping}, repair ${repair}, timing ${timing}): ${energy} uJ, ${latency} us, ${percent(row.accuracy_worst_chip)} % of the ${row.split} images on the worst chip`;
}
