import type { LabelledImages } from './images.ts';
import { createInference, createInput } from './infer.ts';
import { createKernel } from './kernel/create-kernel.ts';
import type { ClassResponses, Network } from './network.ts';
import { createClassifier, type Vote } from './vote.ts';

export interface PredictionSettings {
  readonly responses: ClassResponses;
  readonly vote: Vote;
  readonly seed: number;
}

/**
 * The classes that each of `variants` (weights, inputs x neurons, instead of the network's own) gives to images `from`
 * to `to` (exclusive); NO_CLASS for silence. All variants see the same input spikes, which are made once.
 */
export function predictVariants(
  network: Network,
  variants: readonly Float32Array[],
  images: LabelledImages,
  from: number,
  to: number,
  { responses, vote, seed }: PredictionSettings,
  kernelFor: typeof createKernel = createKernel,
): Uint8Array[] {
  const [first = network.weights] = variants;
  const inference = createInference({ ...network, weights: first }, kernelFor);
  const input = createInput(network, images, seed);
  const classify = createClassifier(responses, vote);
  const presentations = Array.from({ length: to - from }, (_, k) => {
    const { steps, offsets, inputs } = input(from + k);
    return { steps, offsets: offsets.slice(), inputs: inputs.slice(0, offsets[steps]!) };
  });
  return variants.map((weights, k) => {
    if (k > 0) inference.setWeights(weights);
    return Uint8Array.from(presentations, (presentation) => classify(inference.respond(presentation)));
  });
}
