import type { Encoder } from './encoder.ts';
import { type LabelledImages, pixelsOf } from './images.ts';
import type { Inference } from './infer.ts';
import type { ClassResponses } from './network.ts';

export function emptyResponses(neurons: number, classes: number): ClassResponses {
  return { spikes: new Uint32Array(neurons * classes), images: new Uint32Array(classes) };
}

/** Shows images `from` to `to` (exclusive) to the network and adds its spikes to `responses`. */
export function collectResponses(
  responses: ClassResponses,
  inference: Inference,
  encoder: Encoder,
  images: LabelledImages,
  from: number,
  to: number,
): void {
  for (let image = from; image < to; image++) {
    const label = images.labels[image]!;
    const counts = inference.respond(encoder.encode(pixelsOf(images, image), 0, image));
    responses.images[label]!++;
    for (let neuron = 0; neuron < counts.length; neuron++)
      responses.spikes[neuron * images.classes + label]! += counts[neuron]!;
  }
}

/** Adds `part` to `total`: responses are sums, so shares of the images may be collected apart and in any order. */
export function addResponses(total: ClassResponses, part: ClassResponses): void {
  for (let k = 0; k < part.spikes.length; k++) total.spikes[k]! += part.spikes[k]!;
  for (let c = 0; c < total.images.length; c++) total.images[c]! += part.images[c]!;
}
