import { createWeightBuffer } from '../accelerator/weight-buffer.ts';
import { eventFetches, streamFetches, type Workload } from '../accelerator/workload.ts';
import type { Accelerator } from '../hardware/accelerator.ts';
import type { WeightLayout } from '../mapping/weight-image.ts';
import type { LabelledImages } from '../snn/images.ts';
import { createInput } from '../snn/infer.ts';
import type { Network } from '../snn/network.ts';

/**
 * Weight rows that the accelerator fetches in the first `inferences` inferences, one list an inference. `stream`
 * fetches the same rows for every image; `event` follows the image's input spikes and the weight buffer.
 */
export function fetchesOf(
  workload: Workload,
  network: Network,
  layout: WeightLayout,
  accelerator: Accelerator,
  images: LabelledImages,
  inferences: number,
  seed: number,
): Uint32Array[] {
  if (workload === 'stream') {
    const rows = streamFetches(layout.rows);
    return Array.from({ length: inferences }, () => rows);
  }
  const capacity = Math.floor(accelerator.weightBuffer / 8 / layout.rowBytes);
  const buffer = createWeightBuffer(capacity, layout.rows);
  const input = createInput(network, images, seed);
  return Array.from({ length: inferences }, (_, image) => {
    const { steps, offsets, inputs } = input(image);
    return eventFetches(inputs.subarray(0, offsets[steps]!), buffer);
  });
}
