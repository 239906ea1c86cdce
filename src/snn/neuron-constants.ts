/**
 * The leaky integrate-and-fire neuron with an adaptive threshold of Diehl & Cook (Front. Comput. Neurosci. 2015), in
 * milliseconds and millivolts. Times must be multiples of `timeStep`, except the decay constants.
 */
export interface NeuronConstants {
  readonly timeStep: number;
  readonly restPotential: number;
  readonly resetPotential: number;
  /** A neuron fires at `threshold` plus its own theta. */
  readonly threshold: number;
  readonly refractoryPeriod: number;
  readonly membraneDecay: number;
  /** Decay of the pre- and postsynaptic STDP traces. */
  readonly traceDecay: number;
  readonly thetaDecay: number;
  /** What a spike takes from every other excitatory neuron one step later. */
  readonly inhibition: number;
}

/** The constants of BindsNET's DiehlAndCook2015v2. */
export const DIEHL_COOK_NEURON: NeuronConstants = {
  timeStep: 1,
  restPotential: -65,
  resetPotential: -60,
  threshold: -52,
  refractoryPeriod: 5,
  membraneDecay: 100,
  traceDecay: 20,
  thetaDecay: 1e7,
  inhibition: 120,
};

/** Steps in which a neuron that fired takes no input; at least one, so that a winner never inhibits itself. */
export function refractorySteps({ refractoryPeriod, timeStep }: NeuronConstants): number {
  return Math.max(1, Math.round(refractoryPeriod / timeStep));
}

/** What is left after one step of an exponential decay with the given time constant; single precision. */
export function decayPerStep(timeConstant: number, { timeStep }: NeuronConstants): number {
  return Math.fround(Math.exp(-timeStep / timeConstant));
}
