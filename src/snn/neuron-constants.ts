import { exp } from '../elementary/exponential.ts';
/**
 * The leaky integrate-and-fire neuron with an adaptive threshold of Diehl & Cook (Front. Comput. Neurosci. 2015), in
 * milliseconds and millivolts. Times must be multiples of `timeStepMs`, except the decay constants.
 */
export interface NeuronConstants {
  readonly timeStepMs: number;
  readonly restPotentialMv: number;
  readonly resetPotentialMv: number;
  /** A neuron fires at `thresholdMv` plus its own theta. */
  readonly thresholdMv: number;
  readonly refractoryMs: number;
  readonly membraneDecayMs: number;
  /** Decay of the pre- and postsynaptic STDP traces. */
  readonly traceDecayMs: number;
  readonly thetaDecayMs: number;
  /** What a spike takes from every other excitatory neuron one step later. */
  readonly inhibitionMv: number;
}

/** The constants of BindsNET's DiehlAndCook2015v2. */
export const DIEHL_COOK_NEURON: NeuronConstants = {
  timeStepMs: 1,
  restPotentialMv: -65,
  resetPotentialMv: -60,
  thresholdMv: -52,
  refractoryMs: 5,
  membraneDecayMs: 100,
  traceDecayMs: 20,
  thetaDecayMs: 1e7,
  inhibitionMv: 120,
};

/** Steps in which a neuron that fired takes no input; at least one, so that a winner never inhibits itself. */
export function refractorySteps({ refractoryMs, timeStepMs }: NeuronConstants): number {
  return Math.max(1, Math.round(refractoryMs / timeStepMs));
}

/** What is left after one step of an exponential decay with the given time constant; single precision. */
export function decayPerStep(timeConstant: number, { timeStepMs }: NeuronConstants): number {
  return Math.fround(exp(-timeStepMs / timeConstant));
}
