import type { LabelledImages } from './images.ts';
import { createInference, createInput } from './infer.ts';
import { createKernel } from './kernel/create-kernel.ts';
import type { ClassResponses, Network } from './network.ts';

export function emptyResponses(neurons: number, classes: number): ClassResponses {
  return { spikes: new Uint32Array(neurons * classes), images: new Uint32Array(classes) };
}

/** Shows images `from` to `to` (exclusive) to the network; responses of further images add up, in any order. */
export function collectResponses(
  network: Network,
  images: LabelledImages,
  from: number,
  to: number,
  seed: number,
  kernelFor: typeof createKernel = createKernel,
): ClassResponses {
  const responses = emptyResponses(network.neurons, images.classes);
  const inference = createInference(network, kernelFor);
  const input = createInput(network, images, seed, 'labelling');
  for (let image = from; image < to; image++) {
    const label = images.labels[image]!;
    const counts = inference.respond(input(image));
    responses.images[label]!++;
    for (let neuron = 0; neuron < counts.length; neuron++)
      responses.spikes[neuron * images.classes + label]! += counts[neuron]!;
  }
  return responses;
}

/** Adds `part` to `total`. */
export function addResponses(total: ClassResponses, part: ClassResponses): void {
  for (let k = 0; k < part.spikes.length; k++) total.spikes[k]! += part.spikes[k]!;
  for (let c = 0; c < total.images.length; c++) total.images[c]! += part.images[c]!;
}
