import type { InputSpikes } from './encoder.ts';
import { createKernel } from './kernel/create-kernel.ts';
import { inputCount, type Network } from './network.ts';
import { createPopulation, loadWeights } from './population.ts';
import { loadThresholds } from './thresholds.ts';

/** A network that no longer learns: thresholds stay, weights may be exchanged for a damaged or repaired copy. */
export interface Inference {
  /** Replaces the weights, inputs x neurons. Any bit pattern is allowed: NaN never fires, infinity always does. */
  setWeights(weights: Float32Array): void;
  /** Spikes of each neuron; the next call overwrites them. */
  respond(input: InputSpikes): Uint16Array;
}

export function createInference(network: Network, kernelFor: typeof createKernel = createKernel): Inference {
  const { neurons, constants, encoding } = network;
  const inputs = inputCount(network);
  const kernel = kernelFor({ inputs, neurons, spikes: inputs * encoding.steps });
  const population = createPopulation(kernel, neurons, constants);
  loadThresholds(kernel, network.theta, constants);
  loadWeights(kernel, network.weights, neurons);
  return {
    setWeights: (weights) => loadWeights(kernel, weights, neurons),
    respond: (input) => population.present(input),
  };
}
