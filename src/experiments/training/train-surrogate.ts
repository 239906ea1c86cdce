import { dirname } from 'node:path';
import { type Dataset, type ImageSet, sliceImages } from '../../datasets/dataset.ts';
import { InputError } from '../../errors/input-error.ts';
import { sha256 } from '../../files/sha256.ts';
import { createTurn } from '../../files/turn.ts';
import { requireWritableFolder, writeWhole } from '../../files/write-file.ts';
import { readDataset } from '../../inputs/read-dataset.ts';
import {
  type SurrogateInput,
  type SurrogateJob,
  TRAIN_SURROGATE,
} from '../../settings/jobs/train-surrogate.ts';
import { completeJob } from '../../settings/parse-job.ts';
import { trainingShare } from '../../snn/recipes.ts';
import { networkAsLayers } from '../../snn/supervised/as-layers.ts';
import { createClassifier } from '../../snn/supervised/classify.ts';
import type { SupervisedRecipe } from '../../snn/supervised/recipe.ts';
import { openSupervisedTraining, type SeeWeights } from '../../snn/supervised/train.ts';
import { roundWeights } from '../../snn/weight-format.ts';
import { seeRounded, seeThroughErrors } from '../../sparkxd/supervised-errors.ts';
import { formatLayers } from '../../weights/layers-file.ts';
import { type PhaseMonitor, SILENT } from '../monitor.ts';
import { compareUnderErrors, type SurrogateComparison } from './compare-surrogate.ts';
import {
  digestsOf,
  orderedConfiguration,
  readSurrogateManifest,
  requireImagesOf,
  type SurrogateConfiguration,
  surrogateManifest,
} from './surrogate-manifest.ts';

export interface SurrogateOutcome {
  readonly weightsFile: string;
  readonly manifestFile: string;
  readonly recipe: SupervisedRecipe;
  /** Share of the held-back training images, read in the memory's format without errors; absent if none were held back. */
  readonly validation?: { readonly accuracy: number; readonly images: number };
  /** Share of the test images, of which no choice depends. */
  readonly test: { readonly accuracy: number; readonly images: number };
  /** Beside its control under errors, on the held-back images; absent from plain training, and if none were held back. */
  readonly comparison?: SurrogateComparison;
}

/** Minibatches between two looks at the clock: some tens of milliseconds. */
const PORTION = 1;

/**
 * `sparkxd train --rule surrogate`: trains, writes weights and manifest, measures on the validation images, then on the test
 * images. Throws InputError before the work for input and output that cannot serve, and after it if the weights are not those
 * of the manifest.
 */
export async function runTrainSurrogate(
  input: SurrogateInput,
  monitor: PhaseMonitor = SILENT,
): Promise<SurrogateOutcome> {
  const job = completeJob(TRAIN_SURROGATE, input);
  await requireWritableFolder(dirname(job.out));
  const order = job.manifest === undefined ? undefined : await readSurrogateManifest(job.manifest);
  const dataset = await readDataset(job.dataset ?? order?.configuration.dataset ?? 'mnist');
  if (order) requireImagesOf(order, dataset.train, job.manifest!);
  const configuration = orderedConfiguration(order?.configuration ?? configurationOf(job, dataset));
  const { recipe, fault_aware: errors, store } = configuration;
  requireFitting(recipe, dataset);
  const held = heldBack(recipe, dataset.train);

  const shown = recipe.epochs * recipe.trainingImages;
  monitor.begin('training', errors && held.count > 0 ? 2 * shown : shown);
  const train = (see: SeeWeights): Promise<Float32Array[]> =>
    trainThrough(recipe, dataset.train, see, monitor);
  const trained = await train(errors ? seeThroughErrors(recipe.format, errors) : seeRounded(recipe.format));
  const weights = trained.map((tensor) => roundWeights(tensor, store));
  const training = JSON.stringify({ ...configuration, ...digestsOf(dataset.train) });
  const runnable = networkAsLayers(recipe, weights, [1, dataset.train.rows, dataset.train.columns]);
  const bytes = formatLayers({ ...runnable, training, storage: store });
  if (order && sha256(bytes) !== order.weights)
    throw new InputError(`the weights have SHA-256 ${sha256(bytes)}, the manifest says ${order.weights}`, {
      place: { file: job.manifest! },
      remedy: 'it was written by another version of this program; train anew without --manifest',
    });
  const manifestFile = `${job.out.replace(/\.safetensors$/, '')}.manifest.json`;
  const manifest = await surrogateManifest(configuration, dataset.train, bytes);
  await writeWhole(job.out, bytes);
  await writeWhole(manifestFile, manifest);

  const shareRight = (images: ImageSet): { accuracy: number; images: number } => {
    const read = seeRounded(recipe.format)(weights, 0, 1);
    const classes = createClassifier(recipe).classify(read, images, recipe.seed);
    const right = classes.reduce((sum, given, k) => sum + (given === images.labels[k] ? 1 : 0), 0);
    return { accuracy: right / images.count, images: images.count };
  };
  const comparison =
    errors && held.count > 0
      ? compareUnderErrors(
          recipe,
          errors,
          weights,
          (await train(seeRounded(recipe.format))).map((tensor) => roundWeights(tensor, store)),
          held,
        )
      : undefined;
  return {
    weightsFile: job.out,
    ...{ manifestFile, recipe },
    ...(held.count > 0 ? { validation: shareRight(held) } : {}),
    ...(comparison ? { comparison } : {}),
    test: shareRight(dataset.test),
  };
}

/** The weights of a training that is gone through to its end; signals and timers have their turn meanwhile. */
async function trainThrough(
  recipe: SupervisedRecipe,
  images: ImageSet,
  see: SeeWeights,
  monitor: PhaseMonitor,
): Promise<Float32Array[]> {
  const turn = createTurn();
  let before = 0;
  const onBatch = (shown: number): void => {
    monitor.advance(shown - before);
    before = shown;
  };
  const training = openSupervisedTraining(recipe, images, { see, onBatch });
  while (training.advance(PORTION)) await turn();
  return training.weights();
}

/** Time constants of the neurons: those of most published examples, a decay of 0.9 a step. */
const NEURONS = { timeStepS: 0.001, tauS: 0.01, threshold: 1 } as const;

/** Hidden neurons where --layers says nothing. */
const HIDDEN = 256;

function configurationOf(job: SurrogateJob, { name, train }: Dataset): SurrogateConfiguration {
  const { seed, images, epochs, batch, learningRate, steps, input, objective, surrogate, slope, reset } = job;
  const { format, store, ceiling, ber, curriculum, repair, errorSeed } = job;
  const layers = job.layers ?? [train.rows * train.columns, HIDDEN, train.classes];
  const trainingImages = images ?? trainingShare(train.count);
  if (trainingImages > train.count)
    throw new InputError(`${trainingImages} training images are requested, the dataset has ${train.count}`, {
      remedy: `give --images at most ${train.count}`,
    });
  return {
    rule: 'surrogate',
    dataset: name,
    recipe: {
      ...{ layers, seed, trainingImages, epochs, batch, learningRate, schedule: 'linear', steps, ...NEURONS },
      ...{ reset, input, objective, surrogate, slope, format },
      ceilings: layers.slice(1).map(() => ceiling),
    },
    store,
    ...(ber === undefined ? {} : { fault_aware: { curriculum, ber, repair, errorSeed } }),
  };
}

/** Throws InputError for layers that do not fit the images, and for formats without a sign. */
function requireFitting({ layers, format }: SupervisedRecipe, { name, train }: Dataset): void {
  const pixels = train.rows * train.columns;
  if (layers[0] !== pixels)
    throw new InputError(
      `the first layer has ${layers[0]} inputs, the images of ${name} have ${pixels} pixels`,
      {
        remedy: `begin --layers with ${pixels}`,
      },
    );
  if (layers.at(-1) !== train.classes)
    throw new InputError(
      `the last layer has ${layers.at(-1)} neurons, ${name} has ${train.classes} classes`,
      {
        remedy: `end --layers with ${train.classes}`,
      },
    );
  if (format.startsWith('uint'))
    throw new InputError(`the format ${format} has no sign, and weights that learn by gradients have`, {
      remedy: `choose --format ${format.slice(1)}`,
    });
}

/** The end of the training part that is kept for choices. */
function heldBack({ trainingImages }: SupervisedRecipe, images: ImageSet): ImageSet {
  const first = Math.min(Math.max(trainingImages, trainingShare(images.count)), images.count);
  return sliceImages(images, first, images.count);
}
