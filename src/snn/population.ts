import type { InputSpikes } from './encoder.ts';
import type { Kernel } from './kernel/kernel.ts';
import { decayPerStep, type NeuronConstants, refractorySteps } from './neuron-constants.ts';

/** What learns while the population runs. It is called at every threshold crossing and at every step. */
export interface Plasticity {
  beginPresentation(): void;
  /** The neuron reached its threshold in this step, whether or not it won. */
  crossed(neuron: number): void;
  /** After step `step`: the neuron that fired (-1 for none), and the input spikes of all steps. */
  step(step: number, winner: number, input: InputSpikes): void;
  endPresentation(): void;
}

/** The excitatory neurons, living in a kernel. */
export interface Population {
  /**
   * Shows one presentation from rest and returns the spikes of each neuron; the next call overwrites them.
   * An input spike reaches the neurons one step later, and so does inhibition, as in BindsNET.
   */
  present(input: InputSpikes, plasticity?: Plasticity, beforeAdding?: BeforeAdding): Uint16Array;
}

/** Told which input spikes (entries `from` up to `to`, exclusive, of the presentation's) add their rows next. */
export type BeforeAdding = (from: number, to: number) => void;

/**
 * Of the neurons at or above threshold the one that exceeds it most fires (the lowest number if several do equally);
 * all of them are reset and refractory. The one that fires takes `inhibitionMv` from every neuron that is not refractory.
 */
export function createPopulation(kernel: Kernel, neurons: number, constants: NeuronConstants): Population {
  const { potential, threshold, spikes } = kernel;
  const { fround } = Math;
  const decay = decayPerStep(constants.membraneDecayMs, constants);
  const reset = fround(constants.resetPotentialMv - constants.restPotentialMv);
  const refractory = refractorySteps(constants);
  const inhibition = fround(constants.inhibitionMv);

  const counts = new Uint16Array(neurons);
  // Refractory neurons take no input. They are few, so the kernel treats all alike and these are put right afterwards.
  const resting = new Int32Array(neurons);
  const restingUntil = new Int32Array(neurons);
  const kept = new Float32Array(neurons);
  let restingCount = 0;

  return { present };

  function present(input: InputSpikes, plasticity?: Plasticity, beforeAdding?: BeforeAdding): Uint16Array {
    const { steps, offsets, inputs } = input;
    spikes.set(inputs.subarray(0, offsets[steps]!));
    potential.fill(0);
    counts.fill(0);
    restingCount = 0;
    plasticity?.beginPresentation();

    let winner = -1;
    for (let step = 0; step < steps; step++) {
      const from = step === 0 ? 0 : offsets[step - 1]!;
      const to = step === 0 ? 0 : offsets[step]!;
      if (from < to) beforeAdding?.(from, to);
      for (let k = 0; k < restingCount; k++) kept[k] = potential[resting[k]!]!;
      const crossed = kernel.integrate(from, to, decay, winner < 0 ? 0 : inhibition);
      restoreResting(step);
      winner = crossed ? fire(step, plasticity) : -1;
      plasticity?.step(step, winner, input);
    }
    plasticity?.endPresentation();
    return counts;
  }

  function restoreResting(step: number): void {
    let still = 0;
    for (let k = 0; k < restingCount; k++) {
      const neuron = resting[k]!;
      potential[neuron] = kept[k]! * decay;
      if (restingUntil[neuron]! > step) resting[still++] = neuron;
    }
    restingCount = still;
  }

  function fire(step: number, plasticity: Plasticity | undefined): number {
    let winner = -1;
    let most = Number.NEGATIVE_INFINITY;
    for (let neuron = 0; neuron < neurons; neuron++) {
      const excess = potential[neuron]! - threshold[neuron]!;
      if (!(excess >= 0)) continue;
      if (excess > most) {
        most = excess;
        winner = neuron;
      }
      potential[neuron] = reset;
      restingUntil[neuron] = step + refractory;
      resting[restingCount++] = neuron;
      plasticity?.crossed(neuron);
    }
    if (winner >= 0) counts[winner]!++;
    return winner;
  }
}

/** Puts inputs x neurons weights into a kernel's padded rows. */
export function loadWeights(kernel: PaddedRows, weights: Float32Array, neurons: number): void {
  const { stride } = kernel;
  if (stride === neurons) kernel.weights.set(weights);
  else
    for (let from = 0, to = 0; from < weights.length; from += neurons, to += stride)
      kernel.weights.set(weights.subarray(from, from + neurons), to);
}

/** The weights as inputs x neurons, without padding. */
export function unloadWeights(kernel: PaddedRows, inputs: number, neurons: number): Float32Array {
  const weights = new Float32Array(inputs * neurons);
  for (let input = 0; input < inputs; input++) {
    const row = input * kernel.stride;
    weights.set(kernel.weights.subarray(row, row + neurons), input * neurons);
  }
  return weights;
}

/** Rows of `stride` weights, as a kernel has them. */
export type PaddedRows = Pick<Kernel, 'weights' | 'stride'>;
