import type { LabelledImages } from './images.ts';
import { DIEHL_COOK_NEURON } from './neuron-constants.ts';
import type { TrainingRecipe } from './recipe.ts';
import { type DatasetTuning, FASHION_MNIST_TUNING, MNIST_TUNING } from './tunings.ts';

/** Share of the training images that is left for validation: the last 10 000 of MNIST's 60 000. */
const VALIDATION_SHARE = 1 / 6;

/** How many of a dataset's training images, the first ones, train and label; the rest is for validation. */
export function trainingShare(images: number): number {
  return images - Math.floor(images * VALIDATION_SHARE);
}

/** By the dataset's name; of any other, MNIST's serve. */
const TUNING_BY_DATASET: ReadonlyMap<string, DatasetTuning> = new Map([
  ['mnist', MNIST_TUNING],
  ['fashion-mnist', FASHION_MNIST_TUNING],
]);

/**
 * Rate of a pixel of full ink times the mean brightness of all pixels (0-255): 128 Hz at MNIST's mean. Brighter images
 * spike at a lower rate, so that a presentation has about as many input spikes on any dataset.
 */
const RATE_TIMES_BRIGHTNESS = 128 * 33.318;
const RATE_LIMITS_HZ = [16, 512] as const;

/** A dataset by its name, with the whole of its training part. */
export interface TrainingSource {
  readonly name: string;
  readonly train: LabelledImages;
}

/** The recipe for a network of `neurons` neurons on a dataset. */
export function defaultRecipe(
  neurons: number,
  { name, train }: TrainingSource,
  seed: number,
): TrainingRecipe {
  const { inputsPerUnitWeight, rates, sizes } = TUNING_BY_DATASET.get(name) ?? MNIST_TUNING;
  const { upTo: _, inhibitionMv, thetaDecayMs, ...tuning } = sizes.find(({ upTo }) => neurons <= upTo)!;
  return {
    neurons,
    seed,
    trainingImages: trainingShare(train.count),
    ...tuning,
    encoding: { steps: 100, ...(rates ?? { maximumRateHz: rateFor(train) }) },
    constants: { ...DIEHL_COOK_NEURON, inhibitionMv, thetaDecayMs },
    weightSum: (train.rows * train.columns) / inputsPerUnitWeight,
    initialWeight: 0.3,
  };
}

function rateFor({ pixels }: LabelledImages): number {
  let sum = 0;
  for (let k = 0; k < pixels.length; k++) sum += pixels[k]!;
  const [least, most] = RATE_LIMITS_HZ;
  const rate = sum === 0 ? most : Math.round((RATE_TIMES_BRIGHTNESS * pixels.length) / sum);
  return Math.min(Math.max(rate, least), most);
}
