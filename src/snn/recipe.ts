import { exp } from '../elementary/exponential.ts';
import { log } from '../elementary/logarithm.ts';
import type { Encoding } from './network.ts';
import type { NeuronConstants } from './neuron-constants.ts';
import type { StorageFormat } from './weight-format.ts';

/** A quantity that goes geometrically from its first to its last value over the training run. */
export interface Schedule {
  readonly from: number;
  readonly to: number;
}

/** Its value when the share `progress` (0 to 1) of the run is done. By exp and log that are alike on every engine. */
export function scheduled({ from, to }: Schedule, progress: number): number {
  return from * exp(progress * log(to / from));
}

/** Everything that, with the images, determines a trained network bit by bit. */
export interface TrainingRecipe {
  readonly neurons: number;
  readonly seed: number;
  /** First images of the training part that are shown and label the neurons; the rest is left for validation. */
  readonly trainingImages: number;
  /** Images shown in all; more than `trainingImages` begin another epoch. */
  readonly presentations: number;
  readonly encoding: Encoding;
  readonly constants: NeuronConstants;
  /** What a threshold crossing adds to theta, mV. */
  readonly thetaPlusMv: Schedule;
  /** Potentiation on a postsynaptic spike, per presynaptic trace. */
  readonly postRate: Schedule;
  /** Depression on a presynaptic spike, per postsynaptic trace. */
  readonly preRate: number;
  /** Sum that a neuron's incoming weights are brought back to after each presentation in which it fired. */
  readonly weightSum: number;
  /** Bound of the weights while they learn; 1 by default. */
  readonly ceiling?: number;
  /** Initial weights are uniform from 0 to this before they are normalised. */
  readonly initialWeight: number;
  /** Trained weights are rounded to this format before the neurons are labelled. */
  readonly storage: StorageFormat;
}

/** The recipe of going on from a network that it has trained: the rates stay where its schedules ended. */
export function atFinalRates(recipe: TrainingRecipe): TrainingRecipe {
  const { thetaPlusMv, postRate } = recipe;
  return {
    ...recipe,
    thetaPlusMv: { from: thetaPlusMv.to, to: thetaPlusMv.to },
    postRate: { from: postRate.to, to: postRate.to },
  };
}
