import { type ImageSet, sliceImages } from '../../datasets/dataset.ts';
import { InputError } from '../../errors/input-error.ts';
import type { LabelledNetwork } from '../../snn/network.ts';
import type { TrainingRecipe } from '../../snn/recipe.ts';
import { trainingShare } from '../../snn/recipes.ts';
import { openTraining, type TrainingHooks } from '../../snn/train.ts';
import type { EvaluationPool } from '../accuracy/evaluate-pool.ts';
import { goThrough } from './go-through.ts';

/**
 * Trains by the recipe, then labels the neurons by their responses to the training images. STDP is sequential and
 * runs in this thread; labelling uses the pool. The result does not depend on the pool. `onDone` counts images shown; `onPresentation` is the
 * training's hook.
 */
export async function trainAndLabel(
  recipe: TrainingRecipe,
  images: ImageSet,
  pool: EvaluationPool,
  onDone: (count: number) => void,
  onPresentation: TrainingHooks['onPresentation'] = () => {},
): Promise<LabelledNetwork> {
  requireTrainingImages(recipe, images);
  const training = openTraining(recipe, images, {
    onPresentation(shown, soFar) {
      onDone(1);
      onPresentation(shown, soFar);
    },
  });
  const network = await goThrough(training);
  const labelling = sliceImages(images, 0, recipe.trainingImages);
  const responses = await pool.respond(network, labelling, recipe.seed, onDone);
  return { ...network, responses };
}

/** Throws InputError when the recipe asks for more training images than there are. */
export function requireTrainingImages({ trainingImages }: TrainingRecipe, images: ImageSet): void {
  if (trainingImages > images.count)
    throw new InputError(`${trainingImages} training images are requested, the dataset has ${images.count}`);
}

/** The training images that are kept for validation, however few of the others a recipe takes; fewer if it takes some of them. */
export function validationImages({ trainingImages }: TrainingRecipe, images: ImageSet): ImageSet {
  const first = Math.max(trainingImages, trainingShare(images.count));
  return sliceImages(images, Math.min(first, images.count), images.count);
}
