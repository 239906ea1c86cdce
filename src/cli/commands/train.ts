import { availableParallelism } from 'node:os';
import { type Command, InvalidArgumentError } from 'commander';
import type { TrainingOutcome } from '../../experiments/run-training.ts';
import { STORAGE_FORMATS, type StorageFormat } from '../../snn/weight-format.ts';
import { oneOf, wholeNumber } from '../option-values.ts';
import { createProgress, type Progress } from '../progress.ts';

interface TrainOptions {
  readonly network: number;
  readonly dataset?: string;
  readonly images?: number;
  readonly epochs?: number;
  readonly seed: number;
  readonly store?: StorageFormat;
  readonly manifest?: string;
  readonly out: string;
  readonly jobs: number;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** Options that a manifest has already settled. */
const SETTLED = ['--network', '--images', '--epochs', '--seed', '--store'];

export function configure(command: Command): void {
  command
    .option('--network <NAME>', 'n and the number of excitatory neurons: n400, n900, ...', networkSize, 400)
    .option(
      '--dataset <NAME|DIR>',
      'mnist, or a folder with the four IDX files, plain or .gz (default: mnist)',
    )
    .option(
      '--images <N>',
      'train on the first N training images (default: all but a sixth, left for validation)',
      wholeNumber(1),
    )
    .option(
      '--epochs <N>',
      'show these images N times (default: as the recipe of the size says)',
      wholeNumber(1),
    )
    .option('--seed <N>', 'seed of initial weights, image order and input spikes', wholeNumber(0), 1)
    .option(
      '--store <FORMAT>',
      `weights in the file: ${STORAGE_FORMATS.join(', ')} (default: as the recipe of the size says)`,
      oneOf(STORAGE_FORMATS, 'formats'),
    )
    .option('--manifest <FILE>', 'repeat this training and check that the weights are the same bytes')
    .requiredOption('--out <FILE>', 'where the weights go (safetensors); a manifest is written beside them')
    .option('--jobs <N>', 'threads for labelling and validation', wholeNumber(1), availableParallelism())
    .option('--json', 'print the result as one JSON object')
    .addHelpText(
      'after',
      '\nExamples:\n' +
        '  sparkxd train --network n400 --dataset mnist --out my-n400.safetensors\n' +
        '  sparkxd train --manifest networks/n400-mnist.manifest.json --out again.safetensors',
    )
    .action(train);
  for (const option of command.options) if (SETTLED.includes(option.long ?? '')) option.conflicts('manifest');
}

/** "n400" as 400. */
function networkSize(text: string): number {
  const size = /^n([1-9]\d{0,4})$/i.exec(text)?.[1];
  if (size === undefined) throw new InvalidArgumentError('expected n and a number of neurons, such as n400.');
  return Number(size);
}

async function train({ network, store, quiet, json, ...job }: TrainOptions): Promise<void> {
  const { runTraining } = await import('../../experiments/run-training.ts');
  let bar: Progress | undefined;
  try {
    const outcome = await runTraining(
      { ...job, neurons: network, ...(store ? { storage: store } : {}) },
      {
        begin: (steps) => {
          bar = createProgress('training', steps, quiet);
        },
        advance: (steps) => bar?.advance(steps),
      },
    );
    bar?.done();
    process.stdout.write(json ? `${JSON.stringify(forPrograms(outcome))}\n` : forPeople(outcome));
  } finally {
    bar?.done();
  }
}

function forPrograms({ weightsFile, manifestFile, recipe, unlabelled, validation }: TrainingOutcome): object {
  return {
    weights: weightsFile,
    manifest: manifestFile,
    neurons: recipe.neurons,
    training_images: recipe.trainingImages,
    presentations: recipe.presentations,
    unlabelled_neurons: unlabelled,
    validation_accuracy: validation?.accuracy ?? null,
    validation_low: validation?.low ?? null,
    validation_high: validation?.high ?? null,
    validation_images: validation?.images ?? 0,
  };
}

function forPeople({ weightsFile, manifestFile, recipe, unlabelled, validation }: TrainingOutcome): string {
  const percent = (share: number): string => (share * 100).toFixed(2);
  const lines = [
    `${recipe.neurons} neurons, ${recipe.presentations} presentations of ${recipe.trainingImages} training images`,
    unlabelled === 0 ? 'every neuron has a label' : `${unlabelled} neurons never fired and have no label`,
    validation
      ? `accuracy ${percent(validation.accuracy)} % on ${validation.images} validation images ` +
        `(95 % interval ${percent(validation.low)} to ${percent(validation.high)} %)`
      : 'no images were left for validation',
    `weights ${weightsFile}`,
    `manifest ${manifestFile}`,
  ];
  return `${lines.join('\n')}\n`;
}
