import type { LabelledImages } from './images.ts';
import { DIEHL_COOK_NEURON } from './neuron-constants.ts';
import type { TrainingRecipe } from './recipe.ts';

/** Share of the training images that is left for validation: the last 10 000 of MNIST's 60 000. */
const VALIDATION_SHARE = 1 / 6;

/** How many of a dataset's training images, the first ones, train and label; the rest is for validation. */
export function trainingShare(images: number): number {
  return images - Math.floor(images * VALIDATION_SHARE);
}

/** What differs between network sizes; found on the validation images (docs/snn.md has the search). */
type Tuning = Pick<TrainingRecipe, 'presentations' | 'thetaPlusMv' | 'postRate' | 'preRate' | 'storage'> & {
  readonly inhibitionMv: number;
  readonly thetaDecayMs: number;
};

/** By size: a network takes the first entry that it does not exceed. */
const TUNING: readonly (Tuning & { readonly upTo: number })[] = [
  {
    upTo: 400,
    presentations: 120_000,
    thetaPlusMv: { from: 0.1, to: 0.01 },
    postRate: { from: 0.05, to: 0.002 },
    preRate: 5e-4,
    inhibitionMv: 120,
    thetaDecayMs: 1e7,
    storage: 'fp32',
  },
  {
    upTo: 900,
    presentations: 250_000,
    thetaPlusMv: { from: 0.2, to: 0.03 },
    postRate: { from: 0.1, to: 0.002 },
    preRate: 5e-4,
    inhibitionMv: 120,
    thetaDecayMs: 1e7,
    storage: 'fp16',
  },
  {
    upTo: 1600,
    presentations: 320_000,
    thetaPlusMv: { from: 0.3, to: 0.12 },
    postRate: { from: 0.1, to: 0.005 },
    preRate: 1e-3,
    inhibitionMv: 500,
    thetaDecayMs: 1.8e7,
    storage: 'fp16',
  },
  {
    upTo: 2500,
    presentations: 400_000,
    thetaPlusMv: { from: 0.47, to: 0.19 },
    postRate: { from: 0.125, to: 0.006 },
    preRate: 1.2e-3,
    inhibitionMv: 500,
    thetaDecayMs: 1.8e7,
    storage: 'fp16',
  },
  {
    upTo: Number.POSITIVE_INFINITY,
    presentations: 450_000,
    thetaPlusMv: { from: 0.7, to: 0.28 },
    postRate: { from: 0.15, to: 0.008 },
    preRate: 1.5e-3,
    inhibitionMv: 500,
    thetaDecayMs: 1.8e7,
    storage: 'fp16',
  },
];

/** Sum of a neuron's incoming weights per input: BindsNET's 78.4 for 784. */
const INPUTS_PER_UNIT_WEIGHT = 10;

/**
 * Rate of a pixel of full ink times the mean brightness of all pixels (0-255): 128 Hz at MNIST's mean. Brighter images
 * spike at a lower rate, so that a presentation has about as many input spikes on any dataset.
 */
const RATE_TIMES_BRIGHTNESS = 128 * 33.318;
const RATE_LIMITS_HZ = [16, 512] as const;

/** The recipe for a network of `neurons` neurons when `images` is the whole training part of the dataset. */
export function defaultRecipe(neurons: number, images: LabelledImages, seed: number): TrainingRecipe {
  const { upTo: _, inhibitionMv, thetaDecayMs, ...tuning } = TUNING.find(({ upTo }) => neurons <= upTo)!;
  return {
    neurons,
    seed,
    trainingImages: trainingShare(images.count),
    ...tuning,
    encoding: { steps: 100, maximumRateHz: rateFor(images) },
    constants: { ...DIEHL_COOK_NEURON, inhibitionMv, thetaDecayMs },
    weightSum: (images.rows * images.columns) / INPUTS_PER_UNIT_WEIGHT,
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
