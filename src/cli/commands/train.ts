import type { Command } from 'commander';
import { InputError } from '../../errors/input-error.ts';
import type { TrainingOutcome } from '../../experiments/training/train.ts';
import type { ControlledComparison } from '../../experiments/training/train-fault-aware.ts';
import { percent } from '../../report/percent.ts';
import { FAULT_AWARE, faultAware, faultAwareOf } from '../../settings/fault-aware.ts';
import { TRAIN } from '../../settings/jobs/train.ts';
import { type Rule, rule, SURROGATE_ONLY, TRAIN_SURROGATE } from '../../settings/jobs/train-surrogate.ts';
import { threads } from '../../settings/output-settings.ts';
import { parseJob } from '../../settings/parse-job.ts';
import { described, flagOf, type JobOf } from '../../settings/setting.ts';
import type { TrainingRecipe } from '../../snn/recipe.ts';
import type { Accuracy } from '../../sparkxd/accuracy.ts';
import { configureCommand, type Everywhere, givenSettings } from '../command-settings.ts';
import { createPhaseBar, nothingKept } from '../progress.ts';
import { surrogateForPeople, surrogateForPrograms } from '../surrogate-outcome.ts';
import { print } from '../terminal.ts';

const { faultAware: _faultAware, ...PLAIN } = TRAIN;

const TRAIN_OPTIONS = { ...PLAIN, rule, ...FAULT_AWARE, faultAware, ...SURROGATE_ONLY };
type TrainOptions = JobOf<typeof TRAIN_OPTIONS>;

const OUTPUT = { threads: described(threads, 'threads for labelling and validation') };

/** Flags, as commander names them, that a manifest has settled. */
const SETTLED = ['network', 'images', 'epochs', 'seed', 'store', 'ceiling', 'faultAware'];

export function configure(command: Command): void {
  const help =
    'Examples:\n' +
    '  sparkxd train --network n400 --dataset mnist --out my-n400.safetensors\n' +
    '  sparkxd train --manifest networks/n400-mnist.manifest.json --out again.safetensors\n' +
    '  sparkxd train --fault-aware --ber 0.03 --repair clamp --out tough.safetensors\n' +
    '  sparkxd train --fault-aware --weights n400-fashion-mnist --ber-from 1e-5 --ber 1e-3 --out tough.safetensors\n' +
    '  sparkxd train --rule surrogate --layers 784-256-10 --dataset mnist --format fp16 --out mlp.safetensors\n' +
    '  sparkxd train --rule surrogate --format int8 --fault-aware --ber 0.03 --out tough-mlp.safetensors';
  const spec = {
    job: TRAIN_OPTIONS,
    output: OUTPUT,
    help,
    overInputs: true,
    conflicts: {
      manifest: [...SETTLED, ...Object.keys(FAULT_AWARE), 'rule', ...Object.keys(SURROGATE_ONLY)],
      supply: ['ber', 'berFrom'],
    },
  };
  configureCommand(command, spec, async (options, output, given) => {
    if (await isSurrogate(options)) return trainSurrogate(options, output, given);
    const [stray] = givenSettings(given, SURROGATE_ONLY);
    if (stray !== undefined) throw belongsTo(stray, 'surrogate');
    const errors = errorsOf(options, given);
    if (options.weights !== undefined && !errors && options.manifest === undefined)
      throw new InputError('only fault-aware training goes on from weights', { remedy: 'add --fault-aware' });
    const names = Object.keys(PLAIN);
    const plain = Object.fromEntries(Object.entries(options).filter(([name]) => names.includes(name)));
    const { runTrain } = await import('../../experiments/training/train.ts');
    const bar = createPhaseBar(output.quiet, nothingKept);
    try {
      const job = parseJob(TRAIN, { ...plain, ...(errors ? { faultAware: errors } : {}) });
      const outcome = await runTrain(job, output.threads, bar);
      bar.done();
      print(output.json ? `${JSON.stringify(forPrograms(outcome))}\n` : forPeople(outcome));
    } finally {
      bar.done();
    }
  });
}

/** Whether the rule, or the manifest that is repeated, is that of surrogate gradients. */
async function isSurrogate({ rule: chosen, manifest }: TrainOptions): Promise<boolean> {
  if (chosen === 'surrogate' || manifest === undefined) return chosen === 'surrogate';
  const { isSurrogateManifest } = await import('../../experiments/training/surrogate-manifest.ts');
  return isSurrogateManifest(manifest);
}

const belongsTo = (name: string, owner: Rule): InputError =>
  new InputError(`${flagOf(name, TRAIN_OPTIONS[name as keyof TrainOptions])} belongs to --rule ${owner}`, {
    remedy: owner === 'surrogate' ? 'add --rule surrogate' : 'leave it out',
  });

/** `--rule surrogate`: what of the other rule's settings stands on the command line is refused. */
async function trainSurrogate(
  options: TrainOptions,
  output: JobOf<typeof OUTPUT> & Everywhere,
  command: Command,
): Promise<void> {
  const given = givenSettings(command, { ...TRAIN_OPTIONS, ...OUTPUT });
  const stray = given.find((name) => !(name in TRAIN_SURROGATE) && !['rule', 'faultAware'].includes(name));
  if (stray !== undefined && stray !== 'threads') throw belongsTo(stray, 'stdp');
  const { faultAware: aware, ber, manifest } = options;
  if (aware && ber === undefined && manifest === undefined)
    throw new InputError('fault-aware training needs errors to be aware of', {
      remedy: 'give a bit error rate with --ber',
    });
  const forErrors = given.find((name) => ['ber', 'repair', 'errorSeed', 'curriculum'].includes(name));
  if (!aware && forErrors !== undefined)
    throw new InputError(
      `--${forErrors === 'errorSeed' ? 'error-seed' : forErrors} belongs to fault-aware training`,
      {
        remedy: 'add --fault-aware',
      },
    );
  const chosen = Object.entries(options).filter(([name]) => name in TRAIN_SURROGATE && given.includes(name));
  const { runTrainSurrogate } = await import('../../experiments/training/train-surrogate.ts');
  const bar = createPhaseBar(output.quiet, nothingKept);
  try {
    const outcome = await runTrainSurrogate(parseJob(TRAIN_SURROGATE, Object.fromEntries(chosen)), bar);
    bar.done();
    print(output.json ? `${JSON.stringify(surrogateForPrograms(outcome))}\n` : surrogateForPeople(outcome));
  } finally {
    bar.done();
  }
}

/** The errors to be aware of; none without --fault-aware, whose settings may then not have been given. */
function errorsOf(options: TrainOptions, command: Command) {
  if (!options.faultAware) {
    const [stray] = givenSettings(command, FAULT_AWARE);
    if (stray === undefined) return undefined;
    const flag = flagOf(stray, FAULT_AWARE[stray as keyof typeof FAULT_AWARE]);
    throw new InputError(`${flag} belongs to fault-aware training`, { remedy: 'add --fault-aware' });
  }
  const names = Object.keys(FAULT_AWARE);
  return faultAwareOf(
    parseJob(
      FAULT_AWARE,
      Object.fromEntries(Object.entries(options).filter(([name]) => names.includes(name))),
    ),
    options.weights === undefined ? 'random' : 'trained',
  );
}

function forPrograms(outcome: TrainingOutcome): object {
  const { weightsFile, manifestFile, recipe, unlabelled, validation, comparison } = outcome;
  return {
    weights: weightsFile,
    manifest: manifestFile,
    neurons: recipe.neurons,
    training_images: recipe.trainingImages,
    presentations: recipe.presentations,
    started_from: outcome.start ?? null,
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
    ...(outcome.start === undefined ? [] : [wentOn(outcome.start, recipe)]),
    unlabelled === 0 ? 'every neuron has a label' : `${unlabelled} neurons never fired and have no label`,
    ...(comparison ? comparisonForPeople(comparison) : [validationForPeople(validation)]),
    `weights ${weightsFile}`,
    `manifest ${manifestFile}`,
  ];
  return `${lines.join('\n')}\n`;
}

/** How a training went on from trained weights. */
const wentOn = (start: string, { postRate, thetaPlusMv, ceiling }: TrainingRecipe): string =>
  `went on from ${start} at the final rates of its training: potentiation ${postRate.to}, threshold ${thetaPlusMv.to} mV a spike; no weight above ${ceiling}`;

function validationForPeople(validation: Accuracy | undefined): string {
  if (!validation) return 'no images were left for validation';
  const { accuracy, images, low, high } = validation;
  return (
    `accuracy ${percent(accuracy)} % on ${images} validation images ` +
    `(95 % interval over images ${percent(low)} to ${percent(high)} %)`
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
