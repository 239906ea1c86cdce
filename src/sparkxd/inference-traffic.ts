import { createWeightBuffer } from '../accelerator/weight-buffer.ts';
import { eventFetches, streamFetches, type Workload } from '../accelerator/workload.ts';
import type { Accelerator } from '../hardware/accelerator.ts';
import type { LabelledImages } from '../snn/images.ts';
import { createInput } from '../snn/infer.ts';
import { createRowSpikes } from './row-spikes.ts';
import { type StoredWeights, weightBytesOfRow } from './stored-weights.ts';

/**
 * Weight rows that the accelerator fetches in the first `inferences` inferences, one list an inference. `stream`
 * fetches the same rows for every image; `event` follows the image's input spikes and the weight buffer. Inputs whose
 * weights are not stored fetch nothing.
 */
export function fetchesOf(
  workload: Workload,
  stored: Pick<StoredWeights, 'network' | 'coding' | 'inputs' | 'layout'>,
  accelerator: Accelerator,
  images: LabelledImages,
  inferences: number,
  seed: number,
): Uint32Array[] {
  const { network, coding, layout } = stored;
  if (workload === 'stream') {
    const rows = streamFetches(layout.rows);
    return Array.from({ length: inferences }, () => rows);
  }
  // Rows are corrected before they reach the buffer: check bits take no room there.
  const rowBytes = weightBytesOfRow(network.neurons, coding.format);
  const capacity = Math.floor(accelerator.weightBuffer / 8 / rowBytes);
  const buffer = createWeightBuffer(capacity, layout.rows);
  const input = createInput(network, images, seed);
  const rowSpikes = createRowSpikes(stored);
  return Array.from({ length: inferences }, (_, image) => {
    const { steps, offsets, inputs } = rowSpikes(input(image));
    return eventFetches(Int32Array.from(inputs.subarray(0, offsets[steps]!)), buffer);
  });
}
