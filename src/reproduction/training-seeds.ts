import { basename } from 'node:path';
import { trainAndLabel } from '../experiments/training/train-and-label.ts';
import {
  readTrainingManifest,
  recordTraining,
  requireSameImages,
} from '../experiments/training/training-manifest.ts';
import { readNetwork } from '../inputs/read-network.ts';
import { keptTraining, manifestOf, type SeedTraining } from './kept-training.ts';

/**
 * The file of a shipped network's training under another seed: the recipe in the manifest beside the shipped file, with
 * `seed` instead of its own; of the shipped seed, the shipped file. What lies in the folder is taken when it records the
 * very same recipe and images, and trained otherwise. Throws InputError for a network without a manifest.
 */
export async function networkOfSeed(shipped: string, seed: number, training: SeedTraining): Promise<string> {
  const original = await readNetwork(shipped);
  const manifestFile = manifestOf(original.file);
  const { record: made } = await readTrainingManifest(manifestFile);
  if (made.recipe.seed === seed) return original.file;
  const { train: images } = await training.datasetOf(made.dataset);
  requireSameImages(made, images, manifestFile);
  const recipe = { ...made.recipe, seed };
  return keptTraining(
    {
      name: `${basename(original.file, '.safetensors')}-seed${seed}`,
      title: `${shipped}, seed ${seed}`,
      record: recordTraining(made.dataset, recipe, images),
      images,
      train: (pool, onDone) => trainAndLabel(recipe, images, pool, onDone),
    },
    training,
  );
}
