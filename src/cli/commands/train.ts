import { availableParallelism } from 'node:os';
import { type Command, InvalidArgumentError } from 'commander';
import { InputError } from '../../errors/input-error.ts';
import type { TrainingOutcome } from '../../experiments/training/run-training.ts';
import type { ControlledComparison } from '../../experiments/training/train-fault-aware.ts';
import { STORAGE_FORMATS, type StorageFormat } from '../../snn/weight-format.ts';
import type { Accuracy } from '../../sparkxd/accuracy.ts';
import { addFaultAwareOptions, type FaultAwareOptions, faultAwareSettings } from '../fault-aware-options.ts';
import { oneOf, wholeNumber } from '../option-values.ts';
import { createProgress, type Progress } from '../progress.ts';

interface TrainOptions extends FaultAwareOptions {
  readonly network: number;
  readonly dataset?: string;
  readonly images?: number;
  readonly epochs?: number;
  readonly seed: number;
  readonly store?: StorageFormat;
  readonly manifest?: string;
  readonly out: string;
  readonly curve?: string;
  readonly jobs: number;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** Options that a manifest has already settled. */
const SETTLED = ['--network', '--images', '--epochs', '--seed', '--store', '--fault-aware'];

export function configure(command: Command): void {
  command
    .option('--network <NAME>', 'n and the number of excitatory neurons: n400, n900, ...', networkSize, 400)
    .option(
      '--dataset <NAME|DIR>',
      'mnist, fashion-mnist, or a folder with the four IDX files, plain or .gz (default: mnist)',
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
    .option(
      '--curve <FILE>',
      'write the accuracy after 100, 200, 500, 1000 ... presentations as CSV, for `picture accuracy`',
    )
    .option('--jobs <N>', 'threads for labelling and validation', wholeNumber(1), availableParallelism())
    .option('--json', 'print the result as one JSON object');
  addFaultAwareOptions(command);
  command
    .addHelpText(
      'after',
      '\nExamples:\n' +
        '  sparkxd train --network n400 --dataset mnist --out my-n400.safetensors\n' +
        '  sparkxd train --manifest networks/n400-mnist.manifest.json --out again.safetensors\n' +
        '  sparkxd train --fault-aware --ber 0.03 --repair clamp --out tough.safetensors',
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

async function train(options: TrainOptions, command: Command): Promise<void> {
  const { network, dataset, images, epochs, seed, store, manifest, weights, out, curve, jobs, json, quiet } =
    options;
  const faultAware = faultAwareSettings(options, command);
  if (weights !== undefined && !faultAware && manifest === undefined)
    throw new InputError('only fault-aware training goes on from weights', { remedy: 'add --fault-aware' });
  const { runTraining } = await import('../../experiments/training/run-training.ts');
  let bar: Progress | undefined;
  try {
    const outcome = await runTraining(
      {
        out,
        jobs,
        neurons: network,
        seed,
        ...(dataset === undefined ? {} : { dataset }),
        ...(manifest === undefined ? {} : { manifest }),
        ...(images === undefined ? {} : { images }),
        ...(epochs === undefined ? {} : { epochs }),
        ...(store === undefined ? {} : { storage: store }),
        ...(weights === undefined ? {} : { weights }),
        ...(curve === undefined ? {} : { curve }),
        ...(faultAware ? { faultAware } : {}),
      },
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

function forPrograms(outcome: TrainingOutcome): object {
  const { weightsFile, manifestFile, recipe, unlabelled, validation, comparison } = outcome;
  return {
    weights: weightsFile,
    manifest: manifestFile,
    neurons: recipe.neurons,
    training_images: recipe.trainingImages,
    presentations: recipe.presentations,
    unlabelled_neurons: unlabelled,
    ...(comparison
      ? comparisonForPrograms(comparison)
      : {
          validation_accuracy: validation?.accuracy ?? null,
          validation_low: validation?.low ?? null,
          validation_high: validation?.high ?? null,
          validation_images: validation?.images ?? 0,
        }),
  };
}

function comparisonForPrograms(comparison: ControlledComparison): object {
  const { images, accuracy, control, gain, withoutErrors, controlWithoutErrors } = comparison;
  return {
    validation_images: images,
    accuracy_under_errors: accuracy,
    control_under_errors: control,
    gain: gain.estimate,
    gain_low: gain.low,
    gain_high: gain.high,
    accuracy_without_errors: withoutErrors,
    control_without_errors: controlWithoutErrors,
  };
}

function forPeople(outcome: TrainingOutcome): string {
  const { weightsFile, manifestFile, recipe, unlabelled, validation, comparison } = outcome;
  const lines = [
    `${recipe.neurons} neurons, ${recipe.presentations} presentations of ${recipe.trainingImages} training images`,
    unlabelled === 0 ? 'every neuron has a label' : `${unlabelled} neurons never fired and have no label`,
    ...(comparison ? comparisonForPeople(comparison) : [validationForPeople(validation)]),
    `weights ${weightsFile}`,
    `manifest ${manifestFile}`,
  ];
  return `${lines.join('\n')}\n`;
}

const percent = (share: number): string => (share * 100).toFixed(2);

function validationForPeople(validation: Accuracy | undefined): string {
  if (!validation) return 'no images were left for validation';
  const { accuracy, images, low, high } = validation;
  return (
    `accuracy ${percent(accuracy)} % on ${images} validation images ` +
    `(95 % interval ${percent(low)} to ${percent(high)} %)`
  );
}

function comparisonForPeople(comparison: ControlledComparison): string[] {
  const { images, accuracy, control, gain, withoutErrors, controlWithoutErrors } = comparison;
  return [
    `under the errors ${percent(accuracy)} % of ${images} validation images, control ${percent(control)} %`,
    `gain ${percent(gain.estimate)} points (95 % interval over images ${percent(gain.low)} to ${percent(gain.high)})`,
    `the same weights and labels read without errors ${percent(withoutErrors)} %, control ${percent(controlWithoutErrors)} %`,
  ];
}
