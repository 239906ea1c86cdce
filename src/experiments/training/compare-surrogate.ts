import type { ImageSet } from '../../datasets/dataset.ts';
import { createFastStream, reseed, streamKey } from '../../random/streams.ts';
import { type Classifier, createClassifier } from '../../snn/supervised/classify.ts';
import type { SupervisedRecipe } from '../../snn/supervised/recipe.ts';
import { readWeights, type SupervisedErrors } from '../../sparkxd/supervised-errors.ts';
import { crossedLoss } from '../../stats/crossed.ts';
import type { Interval } from '../../stats/interval.ts';

/** Masks that neither training has met. */
export const COMPARED_MASKS = 5;

/** A network trained under errors beside its control, on the same images under the same unseen masks; shares of images. */
export interface SurrogateComparison {
  readonly images: number;
  readonly masks: number;
  readonly ber: number;
  readonly accuracy: number;
  readonly control: number;
  /** accuracy - control, with its 95 % interval for other masks and other images (`crossedLoss`). */
  readonly gain: Interval;
  readonly controlWithoutErrors: number;
}

/** Marks (1 right, 0 wrong) of images, a row a mask, of weights that are read through errors at a rate. */
export function marksUnderErrors(
  classifier: Classifier,
  { format, seed }: Pick<SupervisedRecipe, 'format' | 'seed'>,
  { repair, ber }: Pick<SupervisedErrors, 'repair' | 'ber'>,
  weights: readonly Float32Array[],
  images: ImageSet,
  masks: number,
): Uint8Array[] {
  const key = streamKey(seed, 'sparkxd/unseen masks');
  const stream = createFastStream();
  return Array.from({ length: masks }, (_, mask) => {
    reseed(stream, key, mask, 0);
    const read = weights.map((tensor) => readWeights(tensor, format, repair, ber, stream));
    return classifier.classify(read, images, seed).map((given, k) => (given === images.labels[k] ? 1 : 0));
  });
}

export function compareUnderErrors(
  recipe: SupervisedRecipe,
  errors: SupervisedErrors,
  trained: readonly Float32Array[],
  control: readonly Float32Array[],
  images: ImageSet,
): SurrogateComparison {
  const classifier = createClassifier(recipe);
  const marks = (weights: readonly Float32Array[], ber: number, masks: number): Uint8Array[] =>
    marksUnderErrors(classifier, recipe, { ...errors, ber }, weights, images, masks);
  const own = marks(trained, errors.ber, COMPARED_MASKS);
  const other = marks(control, errors.ber, COMPARED_MASKS);
  return {
    images: images.count,
    masks: COMPARED_MASKS,
    ber: errors.ber,
    accuracy: shareOf(own),
    control: shareOf(other),
    gain: pairedGain(own, other),
    controlWithoutErrors: shareOf(marks(control, 0, 1)),
  };
}

/** Share right of `own` less that of `other`, with the interval for other masks and other images. */
export function pairedGain(own: readonly Uint8Array[], other: readonly Uint8Array[]): Interval {
  const lacking = other.map((row, mask) =>
    Float64Array.from(row, (mark, image) => mark - own[mask]![image]!),
  );
  return crossedLoss(new Uint8Array(lacking[0]!.length), lacking).mean;
}

export const shareOf = (marks: readonly Uint8Array[]): number =>
  marks.reduce((sum, row) => sum + row.reduce((right, mark) => right + mark, 0) / row.length, 0) /
  marks.length;
