import { createEncoder } from '../snn/encoder.ts';
import { type LabelledImages, pixelsOf } from '../snn/images.ts';
import { createKernel } from '../snn/kernel/create-kernel.ts';
import { type ClassResponses, inputCount, type LabelledNetwork } from '../snn/network.ts';
import { createPopulation, loadWeights } from '../snn/population.ts';
import { type Schedule, scheduled } from '../snn/recipe.ts';
import { loadThresholds, lowestTheta } from '../snn/thresholds.ts';

export interface ThresholdAdaptation {
  /** Images shown, taken from the first on, over again if there are fewer. */
  readonly presentations: number;
  /** What a spike too many adds to a threshold, and a spike too few takes from it, mV. */
  readonly rateMv: Schedule;
  readonly seed: number;
}

/** Ends low enough to settle; the result changes little between 0.03 and 0.3 mV at the start (docs/snn.md). */
export const ADAPTATION_RATE: Schedule = { from: 0.1, to: 0.01 };

/**
 * Thresholds for a network whose weights come back damaged: after each presentation a neuron's theta rises by
 * rate x (its spikes - the spikes it gave on average while its weights were sound). Damage makes some neurons fire too
 * readily and others too rarely; this restores each one's share. No labels and no weights are touched, so the stored
 * model stays as it is. Returns theta, mV.
 *
 * @param weights inputs x neurons, as read and repaired
 */
export function adaptThresholds(
  network: LabelledNetwork,
  weights: Float32Array,
  images: LabelledImages,
  { presentations, rateMv, seed }: ThresholdAdaptation,
): Float32Array {
  const { neurons, constants, encoding } = network;
  const inputs = inputCount(network);
  const expected = meanResponses(network.responses);
  const kernel = createKernel({ inputs, neurons, spikes: inputs * encoding.steps });
  const population = createPopulation(kernel, neurons, constants);
  const encoder = createEncoder(encoding, inputs, constants.timeStepMs, seed, 'training');
  loadWeights(kernel, weights, neurons);

  const theta = Float64Array.from(network.theta);
  const lowest = lowestTheta(constants);
  for (let presentation = 0; presentation < presentations; presentation++) {
    loadThresholds(kernel, theta, constants);
    const image = presentation % images.count;
    const epoch = Math.floor(presentation / images.count);
    const counts = population.present(encoder.encode(pixelsOf(images, image), epoch, image));
    const rate = scheduled(rateMv, presentation / presentations);
    for (let neuron = 0; neuron < neurons; neuron++)
      theta[neuron] = Math.max(theta[neuron]! + rate * (counts[neuron]! - expected[neuron]!), lowest);
  }
  return Float32Array.from(theta);
}

/** Spikes a presentation of each neuron, over all classes. */
function meanResponses({ spikes, images }: ClassResponses): Float64Array {
  const classes = images.length;
  const shown = images.reduce((sum, count) => sum + count, 0);
  return Float64Array.from({ length: spikes.length / classes }, (_, neuron) => {
    const own = spikes.subarray(neuron * classes, (neuron + 1) * classes);
    return own.reduce((sum, count) => sum + count, 0) / shown;
  });
}
