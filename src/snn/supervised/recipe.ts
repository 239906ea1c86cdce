import type { WeightFormat } from '../weight-format.ts';

/** What stands for a spike's derivative. `slope` as snnTorch has it: k of 1 / (1 + k|x|)^2, alpha of (alpha/2) / (1 + (pi/2 alpha x)^2). */
export const SURROGATES = ['fast-sigmoid', 'arctangent'] as const;
export type Surrogate = (typeof SURROGATES)[number];

/** What the cross-entropy is taken of: the spikes of output neurons, or the potentials of output neurons without spikes, summed over the steps. */
export const OBJECTIVES = ['counts', 'potential'] as const;
export type Objective = (typeof OBJECTIVES)[number];

export const LEARNING_SCHEDULES = ['constant', 'linear'] as const;
export type LearningSchedule = (typeof LEARNING_SCHEDULES)[number];

/** Everything that, with the images and the memory, determines a network trained by surrogate gradients bit by bit. */
export interface SupervisedRecipe {
  /** Inputs, hidden neurons layer by layer, classes: 784, 256, 10. */
  readonly layers: readonly number[];
  readonly seed: number;
  /** First images of the training part; the rest is left for validation. */
  readonly trainingImages: number;
  readonly epochs: number;
  /** Images from one change of the weights to the next. */
  readonly batch: number;
  readonly learningRate: number;
  /** `linear`: the learning rate falls to 0 over the run. */
  readonly schedule: LearningSchedule;
  /** Steps of a presentation. */
  readonly steps: number;
  readonly timeStepS: number;
  /** Of the membrane, seconds; current enters with the resistance tau / time step, so a weight is what it adds in a step. */
  readonly tauS: number;
  readonly threshold: number;
  readonly reset: 'subtract' | 'value';
  readonly input: 'current' | 'bernoulli';
  readonly objective: Objective;
  readonly surrogate: Surrogate;
  readonly slope: number;
  /** Bound of the magnitude of the weights, layer by layer. */
  readonly ceilings: readonly number[];
  /** Format the forward pass reads the weights in (quantisation-aware), and that the file holds. */
  readonly format: WeightFormat;
}
