import { bufferRows } from '../accelerator/buffer-rows.ts';
import { createWeightBuffer } from '../accelerator/weight-buffer.ts';
import { eventFetches, streamFetches, type Workload } from '../accelerator/workload.ts';
import type { Accelerator } from '../hardware/accelerator.ts';
import type { LabelledImages } from '../snn/images.ts';
import { createInput } from '../snn/infer.ts';
import { weightBits } from '../snn/weight-format.ts';
import { createRowSpikes } from './row-spikes.ts';
import type { StoredWeights } from './stored-weights.ts';

/**
 * Weight rows that the accelerator fetches in the first `inferences` inferences, one list an inference. `stream`
 * fetches the same rows for every image; `event` follows the image's input spikes and the weight buffer. Inputs whose
 * weights are not stored fetch nothing.
 */
export function fetchesOf(
  workload: Workload,
  stored: FetchedWeights & Pick<StoredWeights, 'coding'>,
  accelerator: Accelerator,
  images: LabelledImages,
  inferences: number,
  seed: number,
): Uint32Array[] {
  // Rows are corrected before they reach the buffer: check bits take no room there.
  const held = bufferRows(accelerator, stored.network.neurons, weightBits(stored.coding.format));
  return fetchesThrough(workload, stored, held, images, inferences, seed);
}

type FetchedWeights = Pick<StoredWeights, 'network' | 'inputs' | 'layout'>;

/** The same for a buffer of `held` weight rows. */
export function fetchesThrough(
  workload: Workload,
  stored: FetchedWeights,
  held: number,
  images: LabelledImages,
  inferences: number,
  seed: number,
): Uint32Array[] {
  const { network, layout } = stored;
  if (workload === 'stream') {
    const rows = streamFetches(layout.rows);
    return Array.from({ length: inferences }, () => rows);
  }
  const buffer = createWeightBuffer(held, layout.rows);
  const input = createInput(network, images, seed);
  const rowSpikes = createRowSpikes(stored);
  return Array.from({ length: inferences }, (_, image) => {
    const { steps, offsets, inputs } = rowSpikes(input(image));
    return eventFetches(Int32Array.from(inputs.subarray(0, offsets[steps]!)), buffer);
  });
}
