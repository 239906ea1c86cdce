import { basename, join } from 'node:path';
import type { Dataset } from '../datasets/dataset.ts';
import { InputError } from '../errors/input-error.ts';
import { createEvaluationPool } from '../experiments/accuracy/evaluate-pool.ts';
import type { PhaseMonitor } from '../experiments/monitor.ts';
import { trainAndLabel } from '../experiments/training/train-and-label.ts';
import {
  createTrainingManifest,
  readTrainingManifest,
  recordTraining,
  requireSameImages,
} from '../experiments/training/training-manifest.ts';
import { writeWhole } from '../files/write-file.ts';
import { readNetwork } from '../inputs/read-network.ts';
import { formatNetwork } from '../weights/network-file.ts';

/** Where seeds are trained and with what. */
export interface SeedTraining {
  /** Trained networks are kept here, each with its manifest. */
  readonly folder: string;
  readonly datasetOf: (name: string) => Promise<Dataset>;
  readonly threads: number;
  readonly monitor: PhaseMonitor;
}

/**
 * The file of a shipped network's training under another seed: the recipe in the manifest beside the shipped file, with
 * `seed` instead of its own; of the shipped seed, the shipped file. What lies in the folder is taken when it records the
 * very same recipe and images, and trained otherwise. Throws InputError for a network without a manifest.
 */
export async function networkOfSeed(shipped: string, seed: number, training: SeedTraining): Promise<string> {
  const { folder, datasetOf, threads, monitor } = training;
  const original = await readNetwork(shipped);
  const manifestFile = manifestOf(original.file);
  const { record: made } = await readTrainingManifest(manifestFile);
  if (made.recipe.seed === seed) return original.file;
  const dataset = await datasetOf(made.dataset);
  requireSameImages(made, dataset.train, manifestFile);
  const recipe = { ...made.recipe, seed };
  const record = recordTraining(made.dataset, recipe, dataset.train);

  const file = join(folder, `${basename(original.file, '.safetensors')}-seed${seed}.safetensors`);
  if (await networkHolds(file, JSON.stringify(record))) return file;
  const pool = await createEvaluationPool(threads);
  try {
    monitor.begin(`${shipped}, seed ${seed}: training`, recipe.presentations + recipe.trainingImages);
    const network = await trainAndLabel(recipe, dataset.train, pool, (count) => monitor.advance(count));
    const weights = formatNetwork({ network, training: JSON.stringify(record), storage: recipe.storage });
    const manifest = await createTrainingManifest(record, dataset.train, weights);
    await writeWhole(manifestOf(file), `${JSON.stringify(manifest, null, 2)}\n`);
    await writeWhole(file, weights);
    return file;
  } finally {
    await pool.close();
  }
}

/** Whether the file is there and was made from this record. */
export async function networkHolds(file: string, record: string): Promise<boolean> {
  try {
    return (await readNetwork(file)).training === record;
  } catch (error) {
    if (error instanceof InputError) return false;
    throw error;
  }
}

/** The manifest beside trained weights. */
export const manifestOf = (weights: string): string => weights.replace(/\.safetensors$/, '.manifest.json');
