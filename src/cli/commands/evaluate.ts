import { availableParallelism } from 'node:os';
import { type Command, Option } from 'commander';
import { SPLITS, type Split } from '../../datasets/dataset.ts';
import type { EvaluationOutcome } from '../../experiments/run-evaluation.ts';
import { TIMING_MODES, type TimingMode } from '../../hardware/resolved-timing.ts';
import { MAPPING_POLICIES, type MappingPolicy } from '../../mapping/policy.ts';
import { DEFAULT_VOTE, VOTES, type Vote } from '../../snn/vote.ts';
import { WEIGHT_FORMATS, type WeightFormat } from '../../snn/weight-format.ts';
import { LOAD_REPAIRS, type LoadRepair } from '../../sparkxd/repair-on-load.ts';
import { numberBetween, oneOf, wholeNumber } from '../option-values.ts';
import { createProgress, type Progress } from '../progress.ts';

interface EvaluateOptions {
  readonly weights: string;
  readonly dataset: string;
  readonly split: Split;
  readonly images?: number;
  readonly vote: Vote;
  readonly relabel: boolean;
  readonly format: WeightFormat;
  readonly ber: number;
  readonly repair: LoadRepair;
  readonly prior?: string;
  readonly adapt?: number;
  readonly supply?: number;
  readonly device: string;
  readonly profile: string;
  readonly timing: TimingMode;
  readonly mapping: MappingPolicy;
  readonly chip: number;
  readonly berLimit: number;
  readonly weakCells?: string;
  readonly seed: number;
  readonly jobs: number;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

export function configure(command: Command): void {
  command
    .requiredOption(
      '--weights <FILE>',
      'trained network: a safetensors file or a shipped name such as n400-mnist',
    )
    .option('--dataset <NAME|DIR>', 'mnist, fashion-mnist, or a folder with the four IDX files', 'mnist')
    .option(
      '--split <NAME>',
      'test images, or the training images kept for validation',
      oneOf(SPLITS, 'splits'),
      'test',
    )
    .option('--images <N>', 'only the first N images (default: all)', wholeNumber(1))
    .option(
      '--vote <NAME>',
      `how spikes become a class: ${VOTES.join(', ')}`,
      oneOf(VOTES, 'votes'),
      DEFAULT_VOTE,
    )
    .option('--relabel', 'label the neurons anew from the training images, with the weights as loaded', false)
    .option(
      '--format <NAME>',
      `weights in memory: ${WEIGHT_FORMATS.join(', ')}`,
      oneOf(WEIGHT_FORMATS, 'formats'),
      'fp32',
    )
    .option('--ber <X>', 'flip this share of the bits of the weights, at random', numberBetween(0, 1), 0)
    .option(
      '--repair <NAME>',
      `what is done to weights on load: ${LOAD_REPAIRS.join(', ')}`,
      oneOf(LOAD_REPAIRS, 'policies'),
      'none',
    )
    .addOption(
      new Option('--supply <V>', 'read the weights from a chip at this supply, with its errors')
        .argParser(numberBetween(0, 10))
        .conflicts('ber'),
    )
    .option('--device <NAME|FILE>', 'with --supply: DRAM device', 'lpddr3-1600-4gb-sparkxd')
    .option('--profile <NAME|FILE>', 'with --supply: voltage profile', 'sparkxd')
    .option(
      '--timing <NAME>',
      `with --supply: ${TIMING_MODES.join(', ')}`,
      oneOf(TIMING_MODES, 'timings'),
      'paper',
    )
    .option(
      '--mapping <NAME>',
      `with --supply: ${MAPPING_POLICIES.join(', ')}`,
      oneOf(MAPPING_POLICIES, 'mappings'),
      'sparkxd',
    )
    .option('--chip <N>', 'with --supply: number of the chip', wholeNumber(1), 1)
    .option('--ber-limit <X>', 'with --supply: bit error rate of a safe subarray', numberBetween(0, 1), 1e-3)
    .option('--weak-cells <FILE>', 'with --supply: a measured map (CSV or .wcm) instead of a generated chip')
    .option('--prior <FILE>', 'another trained network, for --repair context')
    .option(
      '--adapt <N>',
      'adapt the thresholds to the weights as loaded on N unlabelled training images, then label anew',
      wholeNumber(1),
    )
    .option('--seed <N>', 'seed of the input spikes and of the bit errors', wholeNumber(0), 1)
    .option('--jobs <N>', 'threads', wholeNumber(1), availableParallelism())
    .option('--json', 'print accuracy, low, high (fractions) and images as one JSON object')
    .addHelpText(
      'after',
      '\nExamples:\n  sparkxd evaluate --weights n400-mnist --dataset mnist --json\n' +
        '  sparkxd evaluate --weights n400-mnist --supply 1.025 --mapping baseline --chip 2 --repair clamp',
    )
    .action(evaluate);
}

async function evaluate({ json, quiet, ...options }: EvaluateOptions): Promise<void> {
  const { device, profile, supply, timing, mapping, chip, berLimit, weakCells, ...plain } = options;
  const map = weakCells === undefined ? {} : { map: weakCells };
  const memory = { device, profile, timing, mapping, chip, berLimit, ...map };
  const job = supply === undefined ? plain : { ...plain, memory: { ...memory, supply } };
  const { runEvaluation } = await import('../../experiments/run-evaluation.ts');
  let bar: Progress | undefined;
  try {
    const outcome = await runEvaluation(job, {
      begin: (images) => {
        bar = createProgress('evaluating', images, quiet);
      },
      advance: (images) => bar?.advance(images),
    });
    bar?.done();
    process.stdout.write(json ? `${JSON.stringify(forPrograms(outcome))}\n` : forPeople(outcome));
  } finally {
    bar?.done();
  }
}

function forPrograms({ accuracy, low, high, images, correct, flippedBits }: EvaluationOutcome): object {
  return { accuracy, low, high, images, correct, flipped_bits: flippedBits };
}

function forPeople({ accuracy, low, high, images, correct, flippedBits }: EvaluationOutcome): string {
  const percent = (share: number): string => (share * 100).toFixed(2);
  const errors = flippedBits === 0 ? '' : `, ${flippedBits} bits flipped`;
  return (
    `accuracy ${percent(accuracy)} %, ${correct} of ${images} images ` +
    `(95 % interval ${percent(low)} to ${percent(high)} %)${errors}\n`
  );
}
