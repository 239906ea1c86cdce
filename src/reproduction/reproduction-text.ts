import { markdownTable } from '../report/markdown-table.ts';
import { PUBLISHED } from '../report/published.ts';
import { FROM_MEMORY, PUBLISHED_SUPPLIES } from '../results/published-savings.ts';
import { barTable, configurationResults, configurationTable, networkSavings } from './reproduction-bars.ts';
import { networkTable, supplyTable } from './reproduction-grid.ts';
import {
  type CleanAccuracies,
  cleanAccuracies,
  groupBy,
  isWithin,
  percentText,
  spreadOf,
} from './reproduction-statistics.ts';
import type { ReproducedCurve, ReproducedPoint, ReproducedStudy } from './reproduction-study.ts';

/** A picture beside the text. */
export interface TextPicture {
  readonly title: string;
  /** Relative to the text. */
  readonly file: string;
}

/** The Markdown text of a reproduction: SparkXD's and EnforceSNN's numbers beside ours, then each mechanism alone. */
export function reproductionText(
  studies: readonly ReproducedStudy[],
  curves: readonly ReproducedCurve[],
  command: string,
  pictures: readonly TextPicture[],
): string {
  const withRole = (role: ReproducedStudy['role']) => studies.filter((study) => study.role === role);
  const [grid, beyond, ablations] = [withRole('grid'), withRole('beyond'), withRole('ablation')];
  const clean = cleanAccuracies(studies);
  const results = configurationResults(beyond, grid, clean);
  const picture = (name: string): string[] =>
    pictures.filter(({ file }) => file.includes(name)).map(({ title, file }) => `![${title}](${file})`);
  return `${[
    '# SparkXD beside its reproduction',
    introduction(grid, command),
    '## What was to be reached',
    barTable(grid, beyond, clean),
    '## Energy by supply',
    supplyTable(grid),
    ...picture('energy-by-supply'),
    '## Networks',
    networkTable(grid, clean),
    '## Beyond the paper',
    BEYOND,
    configurationTable(results),
    'Saving per inference in %, in brackets the accuracy against clean in points:',
    networkSavings(beyond, clean),
    ...picture('savings'),
    '## Each mechanism alone',
    ablationTable(ablations, clean),
    ...picture('mechanisms'),
    '## Bit errors alone',
    curveTable(curves),
    ...picture('accuracy-by-ber'),
  ].join('\n\n')}\n`;
}

/** How intervals are computed. */
const INTERVALS =
  "Intervals have Student's quantile and stay within what a quantity can be: shares by the score interval, energies on the scale of the logarithm. They are left out where they are narrower than the last digit.";

function introduction(grid: readonly ReproducedStudy[], command: string): string {
  const first = grid[0]!.rows[0]!;
  const chips = new Set(grid[0]!.rows.map(({ chip }) => chip)).size;
  const trainings = new Set(grid.map(({ trainingSeed }) => trainingSeed)).size;
  const interval =
    trainings === 1
      ? `In brackets are 95 % intervals over chips (over networks and chips where a figure is of all networks); one training seed says nothing about other trainings.`
      : `In brackets are 95 % intervals over trainings: chips (and networks, where a figure is of all networks) are averaged within a training seed, then the ${trainings} means are the sample. Seed 1 is the shipped network, the others are trained by its recipe.`;
  return [
    `Written by \`${command}\`; do not edit. ${chips} chips, ${trainings} training ${trainings === 1 ? 'seed' : 'seeds'} a network, ${first.images} test images, ${first.inferences} inferences in the DRAM.`,
    interval,
    INTERVALS,
    `Device ${first.device}, profile ${first.voltage_profile}, timing ${first.timing}. Savings are of the DRAM energy of an inference against all weights in FP32 in the baseline mapping at 1.35 V. Accuracy within 1 % means at most one percentage point below the same training without errors.`,
    `† ${FROM_MEMORY}. Published numbers that are "verified" were read in a stored abstract or source. No supply below 1.025 V is used: nothing was measured there.`,
  ].join(' ');
}

const BEYOND =
  'Repair `median` is done on load and costs no traffic. Inputs are left out by the spikes expected on the training images (`run --prune-inputs`); a spike of theirs on a test image adds nothing, and the accuracies are measured with that. Which format is best for a network is read off these very test accuracies.';

const FAULT_AWARE =
  'A network trained fault-aware is trained for one chip (`sparkxd train --fault-aware --supply`, no repair, headroom 2) and run on it; its control is the same plain training, labelled on that chip. They are measured on fewer chips than the others; what such training gains at higher error rates, and loses at lower ones, is in fault-aware-training.md. FP32 without repair does not lose steadily as the rate grows (last table), so that the control, labelled on the chip, can do better in the baseline mapping, where more of its bits fail.';

function ablationTable(ablations: readonly ReproducedStudy[], clean: CleanAccuracies): string {
  const rows = [...groupBy(ablations, ({ configuration }) => configuration).values()].map((studies) => {
    const { title, refused } = studies[0]!;
    if (refused !== undefined) return [title, `refused: ${refused.split('\n')[0]}`, '', '', '', ''];
    const all = studies.flatMap((study) => study.rows.map((row) => isWithin(row, clean(study))));
    return [
      title,
      percentText(spreadOf('share', studies, (row) => row.ber_chip)),
      percentText(spreadOf('share', studies, (row) => row.accuracy)),
      percentText(spreadOf('difference', studies, (row, study) => row.accuracy - clean(study))),
      `${all.filter(Boolean).length} of ${all.length}`,
      percentText(spreadOf('saving', studies, (row) => row.inference_energy_saving_vs_nominal)),
    ];
  });
  const header = [
    'mechanism',
    'bit error rate of the chip, %',
    'accuracy, %',
    'accuracy against clean, points',
    'chips within 1 %',
    'saving per inference, %',
  ];
  const trained = ablations.some(({ configuration }) => configuration.startsWith('aware-'));
  const named = `N400 on MNIST at ${PUBLISHED_SUPPLIES.at(-1)} V unless named otherwise.${trained ? ` ${FAULT_AWARE}` : ''}`;
  return `${named}\n\n${markdownTable(header, rows)}`;
}

/** Accuracy at each uniform bit error rate, beside EnforceSNN's claim. */
export function curveTable(curves: readonly ReproducedCurve[]): string {
  const rates = curves[0]?.points.map(({ ber }) => ber) ?? [];
  const table = markdownTable(
    ['weights, repair', ...rates.map((ber) => ber.toExponential(0))],
    curves.map(({ format, repair, points }) => [
      `${format.toUpperCase()}, ${repair === 'none' ? 'no repair' : repair}`,
      ...points.map(pointText),
    ]),
  );
  const { value, status } = PUBLISHED.enforceLossless;
  return `Accuracy in %, every bit of N400's weights on MNIST alike flipped at a rate; mean of ${curves[0]?.points[0]?.masks} masks (95 % interval for other masks and images), the shipped training, clean ${percentText({ mean: curves[0]?.clean ?? 0 })}. EnforceSNN (${status}): no loss up to ${value.toExponential(0)}.\n\n${table}`;
}

/** "93.37 (92.87 to 93.84)": percent. */
function pointText({ accuracy, interval }: ReproducedPoint): string {
  const percent = (share: number): string => (share * 100).toFixed(2);
  return interval
    ? `${percent(accuracy)} (${percent(interval.low)} to ${percent(interval.high)})`
    : percent(accuracy);
}
