import { createEncoder, type EncodingPurpose, type InputSpikes } from './encoder.ts';
import { type LabelledImages, pixelsOf } from './images.ts';
import { createKernel } from './kernel/create-kernel.ts';
import { inputCount, type Network } from './network.ts';
import { type BeforeAdding, createPopulation, loadWeights } from './population.ts';
import { loadThresholds } from './thresholds.ts';

/** A network that no longer learns: thresholds stay, weights may be exchanged for a damaged or repaired copy. */
export interface Inference {
  /** Replaces the weights, inputs x neurons. Any bit pattern is allowed: NaN never fires, infinity always does. */
  setWeights(weights: Float32Array): void;
  /** Replaces the weights of one input. */
  setRow(input: number, weights: Float32Array): void;
  /**
   * Spikes of each neuron; the next call overwrites them. `beforeAdding` hears of the input spikes (from, up to) whose rows
   * are added next, and may replace those rows.
   */
  respond(input: InputSpikes, beforeAdding?: BeforeAdding): Uint16Array;
}

/** A network ready to answer, on its own kernel. */
export function createInference(network: Network, kernelFor: typeof createKernel = createKernel): Inference {
  const { neurons, constants, encoding } = network;
  const inputs = inputCount(network);
  const kernel = kernelFor({ inputs, neurons, spikes: inputs * encoding.steps });
  const population = createPopulation(kernel, neurons, constants);
  loadThresholds(kernel, network.theta, constants);
  loadWeights(kernel, network.weights, neurons);
  return {
    setWeights: (weights) => loadWeights(kernel, weights, neurons),
    setRow: (input, weights) => kernel.weights.set(weights, input * kernel.stride),
    respond: (input, beforeAdding) => population.present(input, undefined, beforeAdding),
  };
}

/**
 * The input spikes of image k of `images`, as inference (or labelling) under `seed` sees them: a function of k, each
 * call overwriting the spikes of the one before.
 */
export function createInput(
  { encoding, constants }: Network,
  images: LabelledImages,
  seed: number,
  purpose: Exclude<EncodingPurpose, 'training'> = 'inference',
): (image: number) => InputSpikes {
  const inputs = images.rows * images.columns;
  const encoder = createEncoder(encoding, inputs, constants.timeStepMs, seed, purpose);
  return (image) => encoder.encode(pixelsOf(images, image), 0, image);
}
