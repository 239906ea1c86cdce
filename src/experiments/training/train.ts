import { dirname } from 'node:path';
import type { Dataset } from '../../datasets/dataset.ts';
import { InputError } from '../../errors/input-error.ts';
import { sha256 } from '../../files/sha256.ts';
import { requireWritableFolder, writeWhole } from '../../files/write-file.ts';
import { readDataset } from '../../inputs/read-dataset.ts';
import { readNetwork, type StoredNetwork } from '../../inputs/read-network.ts';
import type { FaultAwareSettings } from '../../settings/fault-aware.ts';
import { TRAIN, type TrainInput, type TrainJob } from '../../settings/jobs/train.ts';
import { completeJob } from '../../settings/parse-job.ts';
import type { Network } from '../../snn/network.ts';
import { NO_CLASS, neuronLabels } from '../../snn/neuron-labels.ts';
import type { TrainingRecipe } from '../../snn/recipe.ts';
import { defaultRecipe } from '../../snn/recipes.ts';
import { DEFAULT_VOTE } from '../../snn/vote.ts';
import type { Accuracy } from '../../sparkxd/accuracy.ts';
import { formatNetwork } from '../../weights/network-file.ts';
import { createEvaluationPool } from '../accuracy/evaluate-pool.ts';
import { evaluateVariants } from '../accuracy/evaluate-variants.ts';
import { type PhaseMonitor, SILENT } from '../monitor.ts';
import { recipeToGoOn, trainingOf } from './go-on.ts';
import { trainAndLabel, validationImages } from './train-and-label.ts';
import {
  type ControlledComparison,
  compareWithControl,
  trainControl,
  trainFaultAwareAndLabel,
} from './train-fault-aware.ts';
import { curveCsv, curveImages, curvePresentations, measureCurve } from './training-curve.ts';
import {
  createTrainingManifest,
  readTrainingManifest,
  recordTraining,
  requireSameImages,
} from './training-manifest.ts';

export interface TrainingOutcome {
  readonly weightsFile: string;
  readonly manifestFile: string;
  readonly recipe: TrainingRecipe;
  /** The weights that it went on from; absent where it began with random ones. */
  readonly start?: string;
  /** Neurons that never fired on the training images. */
  readonly unlabelled: number;
  /** On the training images that were held back; absent if there were none. */
  readonly validation?: Accuracy;
  /** Fault-aware training beside its control; absent from plain training, and if no images were held back. */
  readonly comparison?: ControlledComparison;
}

/**
 * `sparkxd train`: trains, labels, writes weights and manifest, measures on the validation images. Throws InputError
 * before the work for input and output that cannot serve, and after it if the weights are not those of the manifest.
 */
export async function runTrain(
  input: TrainInput,
  threads = 1,
  monitor: PhaseMonitor = SILENT,
): Promise<TrainingOutcome> {
  const job = completeJob(TRAIN, input);
  await requireWritableFolder(dirname(job.out));
  const order = job.manifest === undefined ? undefined : await readTrainingManifest(job.manifest);
  const start = await readStart(job, order?.record.fault_aware);
  const made = start && trainingOf(start);
  const dataset = await readDataset(job.dataset ?? order?.record.dataset ?? made?.dataset ?? 'mnist');
  if (order) requireSameImages(order.record, dataset.train, job.manifest!);
  const record =
    order?.record ??
    recordTraining(dataset.name, recipeFor(job, dataset, start), dataset.train, settingsFor(job, start));
  const { recipe, fault_aware: settings } = record;
  const held = validationImages(recipe, dataset.train);
  if (job.curve !== undefined) await requireCurve(job.curve, settings !== undefined, held.count);

  const pool = await createEvaluationPool(threads);
  try {
    const onDone = (count: number): void => monitor.advance(count);
    const { remark } = monitor;
    const means = { images: dataset.train, pool, onDone, ...(remark ? { remark } : {}) };
    const training = settings && { recipe, settings, ...(start ? { start } : {}) };
    const shown = recipe.presentations + recipe.trainingImages + held.count;
    const onCurve = job.curve === undefined ? 0 : curveImages(recipe, dataset.train);
    monitor.begin('training', training ? 2 * (shown + held.count) : shown + onCurve);
    const snapshots: { presentations: number; network: Network }[] = [];
    const wanted = new Set(job.curve === undefined ? [] : curvePresentations(recipe.presentations));
    const trained = training && (await trainFaultAwareAndLabel(training, means));
    const network =
      trained?.network ??
      (await trainAndLabel(recipe, dataset.train, pool, onDone, (presentations, soFar) => {
        if (wanted.has(presentations)) snapshots.push({ presentations, network: soFar() });
      }));
    const weights = formatNetwork({ network, training: JSON.stringify(record), storage: recipe.storage });
    if (order && sha256(weights) !== order.weights)
      throw new InputError(
        `the weights have SHA-256 ${sha256(weights)}, the manifest says ${order.weights}`,
        {
          place: { file: job.manifest! },
          remedy: 'it was written by another version of this program; train with --network for a new one',
        },
      );
    const manifest = await createTrainingManifest(record, dataset.train, weights);
    const manifestFile = `${job.out.replace(/\.safetensors$/, '')}.manifest.json`;
    await writeWhole(job.out, weights);
    await writeWhole(manifestFile, `${JSON.stringify(manifest, undefined, 2)}\n`);

    if (job.curve !== undefined) {
      const points = await measureCurve(recipe, dataset, snapshots, pool, onDone);
      await writeWhole(job.curve, await curveCsv(points));
    }

    const outcome = {
      weightsFile: job.out,
      manifestFile,
      recipe,
      ...(start ? { start: start.file } : {}),
      unlabelled: neuronLabels(network.responses).filter((label) => label === NO_CLASS).length,
    };
    if (held.count === 0) return outcome;
    if (trained) {
      const control = await trainControl(training!, means);
      const onHeld = { ...means, images: held };
      return { ...outcome, comparison: await compareWithControl(trained, control, recipe.seed, onHeld) };
    }
    const vote = { responses: network.responses, vote: DEFAULT_VOTE, seed: recipe.seed };
    const [validation] = await evaluateVariants(pool, network, [network.weights], held, vote, onDone);
    return { ...outcome, validation: validation! };
  } finally {
    await pool.close();
  }
}

/** Throws InputError where a curve cannot be written or measured, before the work. */
async function requireCurve(file: string, faultAware: boolean, held: number): Promise<void> {
  await requireWritableFolder(dirname(file));
  if (faultAware)
    throw new InputError('a curve is of plain training; fault-aware training is measured beside its control');
  if (held === 0)
    throw new InputError('a curve is of validation images, and none are held back', {
      remedy: 'train on fewer images with --images',
    });
}

/** The weights that fault-aware training goes on from; InputError if they are not those of the manifest. */
async function readStart(
  { weights, manifest }: TrainJob,
  repeated: FaultAwareSettings | undefined,
): Promise<StoredNetwork | undefined> {
  const start = weights === undefined ? undefined : await readNetwork(weights);
  if (manifest === undefined) return start;
  const found = start && sha256(start.bytes);
  if (found !== repeated?.start)
    throw new InputError(
      repeated?.start
        ? `this training went on from weights with SHA-256 ${repeated.start}`
        : 'this training began with random weights',
      {
        place: { file: manifest },
        remedy: repeated?.start ? 'name them with --weights' : 'leave out --weights',
      },
    );
  return start;
}

function settingsFor(
  { faultAware }: TrainJob,
  start: StoredNetwork | undefined,
): FaultAwareSettings | undefined {
  return faultAware && (start ? { ...faultAware, start: sha256(start.bytes) } : faultAware);
}

/** Neurons of a network of which neither --network nor --weights says the size. */
const DEFAULT_NEURONS = 400;

function recipeFor(job: TrainJob, dataset: Dataset, start: StoredNetwork | undefined): TrainingRecipe {
  const { seed, images, epochs, store, ceiling } = job;
  const own = start && recipeToGoOn(start, job, dataset);
  const recipe = own ?? defaultRecipe(job.neurons ?? DEFAULT_NEURONS, dataset, seed);
  const trainingImages = images ?? recipe.trainingImages;
  const shown = epochs ?? (own ? 1 : undefined);
  return {
    ...recipe,
    seed,
    trainingImages,
    presentations: shown === undefined ? recipe.presentations : shown * trainingImages,
    storage: store ?? recipe.storage,
    ...(ceiling === undefined ? {} : { ceiling }),
  };
}
