import { percent } from '../report/percent.ts';
import { pinsOfRows } from '../results/pins-of-rows.ts';
import { FROM_MEMORY } from '../results/published-savings.ts';
import type { RunRow } from '../results/tables.ts';
import { ablationTables, atMeanTable, curveTable, moduleTable, trainingTable } from './appendix-tables.ts';
import { LOWEST } from './configurations.ts';
import { faithful, leadingTable, networkTable, outcomeOf } from './leading-rows.ts';
import { accuracyByNetwork, energyBySupply, throughput } from './paper-figures.ts';
import { keepsBound, meanOf, saving } from './reproduction-statistics.ts';
import type { ReproducedCurve, ReproducedStudy, Reproduction, StudyRole } from './reproduction-study.ts';

/** A picture beside the text. */
export interface TextPicture {
  readonly title: string;
  /** Relative to the text. */
  readonly file: string;
}

/** The two texts of a reproduction, in Markdown. */
export interface ReproductionTexts {
  /** What a reader of the paper looks for: one page. */
  readonly page: string;
  /** Everything behind it. */
  readonly appendix: string;
}

/** File of the appendix beside the page. */
export const APPENDIX = 'reproduction-appendix.md';

/** The page leads with the faithful row, then ours; the appendix has every table. */
export function reproductionTexts(
  { studies, curves, atMean }: Reproduction,
  command: string,
  pictures: readonly TextPicture[],
): ReproductionTexts {
  const withRole = (role: StudyRole) => studies.filter((study) => study.role === role);
  const [paper, ours, ablations] = [withRole('paper'), withRole('ours'), withRole('ablation')];
  const [modules, trainings] = [withRole('modules'), withRole('training')];
  const picture = (name: string): string[] =>
    pictures.filter(({ file }) => file.includes(name)).map(({ title, file }) => `![${title}](${file})`);
  const page = [
    '# SparkXD beside its reproduction',
    `Written by \`${command}\`; do not edit. [The appendix](${APPENDIX}) has every table, how many chips, images and trainings each figure is of, and what its interval is over.`,
    summary(paper, ours),
    leadingTable(paper, ours),
    atMeanInWords(atMean),
    legend(paper),
    '## What a saving leaves open',
    ...openQuestions(ablations, modules),
    '## Energy by supply',
    energyBySupply(paper),
    ...picture('energy-by-supply'),
    '## Accuracy against bit errors',
    ...picture('accuracy-by-ber'),
    '## Savings per network',
    ...picture('savings'),
    '## Throughput',
    throughput(paper),
  ];
  const appendix = [
    '# Appendix of the reproduction',
    `Written by \`${command}\`; do not edit. The page is [reproduction.md](reproduction.md).`,
    method(studies),
    "## Accuracy by network with the paper's means",
    accuracyByNetwork(paper),
    '## Ours, by network',
    `Accuracy against clean in points at ${LOWEST} V with its interval over chips, and the saving per inference in %.`,
    networkTable(ours),
    ...(ablations.length === 0 ? [] : ['## Each mechanism alone and together', ablationTables(ablations)]),
    ...picture('mechanisms'),
    ...(modules.length === 0 ? [] : ['## Measured modules', MODULES, moduleTable(modules)]),
    ...(trainings.length === 0 ? [] : ['## Fault-aware training', TRAINING, trainingTable(trainings)]),
    '## Bit errors alone',
    curveTable(curves),
    `Each network at the mean bit error rate of a chip at ${LOWEST} V (flips anywhere):`,
    atMeanTable(atMean),
  ];
  return { page: `${page.join('\n\n')}\n`, appendix: `${appendix.join('\n\n')}\n` };
}

/** The answer in plain words. */
function summary(paper: readonly ReproducedStudy[], ours: readonly ReproducedStudy[]): string {
  const first = faithful(paper);
  const lines = [
    first
      ? `With the paper's means alone (its mapping, FP32, weights brought back into their range) the networks save ${percent(first.saving)} % where all chips stay within one point; the paper says about 40 %: ${first.saving >= 0.4 ? 'reached' : 'not reached'}.`
      : "With the paper's means alone some network stays within one point at no supply.",
  ];
  const of = (configuration: string): ReproducedStudy[] =>
    ours.filter((study) => study.configuration === configuration);
  for (const [configuration, what] of [
    ['fp32', 'Setting what no weight can be to zero, without knowing images or chips,'],
    ['uint8', 'UINT8 scaled by the largest weight, without any repair,'],
  ] as const) {
    const studies = of(configuration);
    if (studies.length === 0) continue;
    const found = outcomeOf(studies);
    lines.push(
      `${what} saves ${percent(found.saving)} % at ${LOWEST} V; the mean over chips stays within one point on ${found.networksWithin} of ${found.networks} networks${
        keepsBound(found.worst.change)
          ? ''
          : ` (worst: ${found.worst.network}, ${percent(found.worst.change)} points)`
      }.`,
    );
  }
  return lines.join(' ');
}

/** What the leading table's words mean. */
function legend(paper: readonly ReproducedStudy[]): string {
  const rows = paper.flatMap((study) => study.rows);
  return [
    `Savings are of the DRAM energy of an inference (${pinsOfRows(rows)}; quadratic law; all weights stored unless a row says otherwise) against FP32 weights in the baseline mapping at 1.35 V.`,
    'They vary with nothing that a seed draws; "from .. to" is over what is not known: public sets of currents, voltage law (linear to exponent 2.3), the knob\'s rails or the part\'s own, data pins in or out.',
    'Accuracy is against the same network without errors, image by image, mean over networks and chips; in brackets the 95 % interval over chips.',
    `† ${FROM_MEMORY}. "Verified" was read in a stored abstract or source.`,
  ].join(' ');
}

/** What the headline rests on, from the ablations. */
function openQuestions(ablations: readonly ReproducedStudy[], modules: readonly ReproducedStudy[]): string[] {
  const savingOf = (configuration: string): string | undefined => {
    const studies = ablations.filter(
      (study) => study.configuration === configuration && study.rows.length > 0,
    );
    return studies.length === 0 ? undefined : percent(meanOf(studies, saving));
  };
  const [rails, all] = [savingOf('rails'), savingOf('mapping-zero')];
  return [
    ...(rails && all
      ? [
          `**Rails.** The paper lowers one knob that all rails follow: ${all} % for N400. LPDDR3 has two rails; with VDD2 alone at the same share, as the part allows, it is ${rails} %.`,
        ]
      : []),
    `**The premise.** By Voltron's own rule a module whose latencies are stretched for a voltage has no errors there: the paper stretches them and counts the errors of the unstretched measurement, too. Its energy is that of a slow DRAM, its accuracy that of a fast one.${stretchedInWords(modules)}`,
  ];
}

/** What becomes of the measured modules when they have the latencies of Voltron's circuit. */
function stretchedInWords(modules: readonly ReproducedStudy[]): string {
  const at = (configuration: string): RunRow[] =>
    modules
      .filter((study) => study.configuration === configuration && study.network === modules[0]!.network)
      .flatMap((study) => study.rows.filter((row) => row.supply_V === LOWEST));
  const [slow, fast] = [at('modules-stretched'), at('modules')];
  if (slow.length === 0) return '';
  const flipped = (rows: readonly RunRow[]): number => rows.filter((row) => row.flipped_bits > 0).length;
  return ` With these latencies ${flipped(slow)} of ${slow.length} measured modules flip a bit of N400's weights at ${LOWEST} V; at the latencies of the measurement ${flipped(fast)} of the ${fast.length} that are known there do.`;
}

/** What remains at the mean rate of a chip, where no mapping chooses good places. */
function atMeanInWords(atMean: readonly ReproducedCurve[]): string {
  const ways = [...new Set(atMean.map(({ format, repair }) => `${format} ${repair}`))];
  const lines = ways.map((way) => {
    const own = atMean.filter(({ format, repair }) => `${format} ${repair}` === way);
    const lost = own.map(({ network, clean, points }) => ({ network, change: points[0]!.accuracy - clean }));
    const worst = lost.reduce((a, b) => (b.change < a.change ? b : a));
    const [format, repair] = way.split(' ');
    const within = lost.filter((one) => keepsBound(one.change)).length;
    return `${format!.toUpperCase()} with ${repair === 'none' ? 'no repair' : `repair ${repair}`} stays within one point on ${within} of ${lost.length} networks (worst: ${worst.network}, ${percent(worst.change)})`;
  });
  const rate = atMean[0]?.points[0]?.ber ?? 0;
  return `At the chip's mean bit error rate (${rate.toExponential(2)}, flips anywhere) instead of the rate where SparkXD's mapping puts the weights: ${lines.join('; ')}.`;
}

/** How the figures were made. */
function method(studies: readonly ReproducedStudy[]): string {
  const count = (role: StudyRole): string => {
    const of = studies.filter((study) => study.role === role);
    if (of.length === 0) return 'none';
    const rows = of.flatMap((study) => study.rows);
    const chips = [...new Set(of.map((study) => new Set(study.rows.map(({ chip }) => chip)).size))];
    const trainings = new Set(of.map(({ trainingSeed }) => trainingSeed)).size;
    const images = [...new Set(rows.map((row) => row.images))].join(' or ');
    return `${chips.filter((n) => n > 0).join(' or ')} chips, ${trainings} ${trainings === 1 ? 'training' : 'trainings'} a network, ${images} test images`;
  };
  const first = studies[0]!.rows[0]!;
  return [
    `Device ${first.device}, profile ${first.voltage_profile} unless named otherwise, timing ${first.timing}, energy model ${first.energy_model}, ${first.inferences} inferences in the DRAM.`,
    `The paper's means: ${count('paper')}. Ours: ${count('ours')}. Mechanisms: ${count('ablation')}. Measured modules: ${count('modules')}. Fault-aware training: ${count('training')}.`,
    'Intervals are 95 %, over trainings where there are several (chips and networks are averaged within a training), else over chips. Seed 1 is the shipped network, others are trained by its recipe. They stay within what a quantity can be and are left out where they are narrower than the last digit. Savings have none: nothing that is drawn changes them.',
    'What is chosen (format, pruning share, repair) was chosen on validation images; test images are used for what is reported here alone. Bits flipped are those observed where the weights lie.',
  ].join(' ');
}

const MODULES =
  "Chips are the 30 modules that Voltron measured (profile voltron-population), each at the supplies at which it was tested. A module that saturated there (every cache line that can fail had an error, so that the errors could not be counted) counts as failing; one that was not tested so low is not known and is not counted. The interval is over the modules that are counted (Clopper-Pearson). The errors were measured at tRCD = tRP = 10 ns and 20 degC; the second line of each network gives the modules the latencies that Voltron's circuit asks for at the supply, and the errors that this slack leaves.";

const TRAINING =
  "The paper's way, for no chip in particular: a network goes on from the shipped one at the final rates of its training (20 000 presentations), read anew every 250 presentations with flips of a fresh map at a rate that rises from 1e-5 to 1e-3, through repair zero, no weight above the largest. Its control goes on as long without errors. Seeds differ in image order, input spikes and flips. Both are then held by chips that no training saw; the gain is paired, chip by chip, its interval over trainings.";
