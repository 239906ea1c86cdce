import { CLASSES, type ImageSet } from '../datasets/dataset.ts';
import type { Encoder } from './encoder.ts';
import type { Inference } from './infer.ts';
import type { ClassResponses } from './network.ts';

export function emptyResponses(neurons: number): ClassResponses {
  return { spikes: new Uint32Array(neurons * CLASSES), images: new Uint32Array(CLASSES) };
}

/** Shows images `from` to `to` (exclusive) to the network and adds its spikes to `responses`. */
export function collectResponses(
  responses: ClassResponses,
  inference: Inference,
  encoder: Encoder,
  images: ImageSet,
  from: number,
  to: number,
): void {
  const size = images.rows * images.columns;
  for (let image = from; image < to; image++) {
    const label = images.labels[image]!;
    const pixels = images.pixels.subarray(image * size, (image + 1) * size);
    const counts = inference.respond(encoder.encode(pixels, 0, image));
    responses.images[label]!++;
    for (let neuron = 0; neuron < counts.length; neuron++)
      responses.spikes[neuron * CLASSES + label]! += counts[neuron]!;
  }
}

/** Adds `part` to `total`: responses are sums, so shares of the images may be collected apart and in any order. */
export function addResponses(total: ClassResponses, part: ClassResponses): void {
  for (let k = 0; k < part.spikes.length; k++) total.spikes[k]! += part.spikes[k]!;
  for (let c = 0; c < CLASSES; c++) total.images[c]! += part.images[c]!;
}
