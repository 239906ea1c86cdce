import type { Dataset } from '../../datasets/dataset.ts';
import { InputError } from '../../errors/input-error.ts';
import { sha256 } from '../../files/sha256.ts';
import type { StoredNetwork } from '../../inputs/read-network.ts';
import type { TrainJob } from '../../settings/jobs/train.ts';
import type { Network } from '../../snn/network.ts';
import { atFinalRates, type TrainingRecipe } from '../../snn/recipe.ts';
import { defaultRecipe } from '../../snn/recipes.ts';
import { type TrainingMade, trainingMadeOf } from './training-manifest.ts';

/** How the network was trained, as its file records it; undefined of a file that records no training of this program. */
export const trainingOf = ({ training }: StoredNetwork): TrainingMade | undefined => trainingMadeOf(training);

/**
 * The recipe that goes on from trained weights: their own, at its final rates, no weight above their largest; of weights
 * without a record, that of their size. Throws InputError for a size or a dataset that is not theirs.
 */
export function recipeToGoOn(
  start: StoredNetwork,
  { neurons, seed }: Pick<TrainJob, 'neurons' | 'seed'>,
  dataset: Dataset,
): TrainingRecipe {
  const { network, file } = start;
  const made = trainingOf(start);
  if (neurons !== undefined && neurons !== network.neurons)
    throw new InputError(`the weights to go on from have ${network.neurons} neurons, not ${neurons}`, {
      place: { file },
      remedy: 'leave out --network',
    });
  if (made && sha256(dataset.train.pixels) !== made.training_images)
    throw new InputError(
      `the weights to go on from were trained on other images (dataset "${made.dataset}", not "${dataset.name}")`,
      { place: { file }, remedy: 'name theirs with --dataset' },
    );
  const recipe = made?.recipe ?? defaultRecipe(network.neurons, dataset, seed);
  requireRecipeOf(start, recipe);
  return { ...atFinalRates(recipe), ceiling: network.ceiling };
}

/** Throws InputError for weights of a network that the recipe does not train. */
function requireRecipeOf({ network, file }: StoredNetwork, recipe: TrainingRecipe): void {
  const { neurons, weightSum, constants, encoding } = recipe;
  const same = (of: Pick<Network, 'neurons' | 'weightSum' | 'constants' | 'encoding'>): string =>
    JSON.stringify([of.neurons, of.weightSum, of.constants, of.encoding]);
  if (same(network) !== same({ neurons, weightSum, constants, encoding }))
    throw new InputError('the weights to go on from are of a network that the recipe does not train', {
      place: { file },
      remedy: 'weight sum, neuron constants and encoding must be those of the recipe of its size',
    });
}
