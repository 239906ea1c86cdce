import type { ClassResponses } from './network.ts';

/** A label that no neuron has earned: the answer to silence, and the label of a neuron that never fired. */
export const NO_CLASS = 255;

/** Each neuron's class: the one whose images drew the most spikes on average; NO_CLASS if none drew any. */
export function neuronLabels({ spikes, images }: ClassResponses): Uint8Array {
  const classes = images.length;
  return Uint8Array.from({ length: spikes.length / classes }, (_, neuron) => {
    let label = NO_CLASS;
    let best = 0;
    for (let c = 0; c < classes; c++) {
      const mean = images[c]! === 0 ? 0 : spikes[neuron * classes + c]! / images[c]!;
      if (mean > best) {
        best = mean;
        label = c;
      }
    }
    return label;
  });
}
