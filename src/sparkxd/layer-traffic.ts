import { bufferedRowBytes } from '../accelerator/buffer-rows.ts';
import { createWeightBuffer } from '../accelerator/weight-buffer.ts';
import { eventFetches, streamFetches, type Workload } from '../accelerator/workload.ts';
import type { Accelerator } from '../hardware/accelerator.ts';
import type { WeightLayout } from '../mapping/weight-image.ts';
import type { LayerSpikes } from '../snn/layers/needed-rows.ts';
import { weightBits } from '../snn/weight-format.ts';
import type { Bytes } from '../units/flavours.ts';
import type { StoredTensors } from './stored-tensors.ts';

/**
 * Weight rows that the inferences of a layered network fetch, one list for each inference that it is called with, in order; rows are
 * numbered through all tensors, as `weightReads` takes them. `stream`: every row of every tensor once an inference, whatever spikes.
 * `event`: in each step, tensor after tensor, the rows that spikes need (`LayerSpikes`), less those in the weight buffer.
 *
 * The buffer holds whole rows, by bytes: a row counts with the bytes of its weights, without check bits and padding, since it is
 * corrected before it arrives; the rows unused longest leave until a new one has room, whatever tensor they are of; a row that is
 * larger than the buffer is fetched for every spike. Where each core has a buffer of its own, its part of the row counts, the
 * largest part standing for all. Rows stay for the next inference.
 */
export function createLayerFetches(
  workload: Workload,
  stored: Pick<StoredTensors, 'tensors' | 'layout'>,
  accelerator: Pick<Accelerator, 'weightBuffer' | 'system'>,
): (spikes: LayerSpikes) => Uint32Array {
  const { layout } = stored;
  if (workload === 'stream') {
    const rows = streamFetches(layout.rows);
    return () => rows;
  }
  const buffer = createWeightBuffer(
    Math.floor(accelerator.weightBuffer / 8),
    layout.rows,
    bufferedBytes(stored, accelerator),
  );
  return (spikes) => eventFetches(rowsInOrder(layout, spikes), buffer);
}

/** Bytes that each row, of all rows, takes in a weight buffer. */
export function bufferedBytes(
  { tensors, layout }: Pick<StoredTensors, 'tensors' | 'layout'>,
  accelerator: Pick<Accelerator, 'system'>,
): Uint32Array {
  const bytes = new Uint32Array(layout.rows);
  for (const { part, columns, coding } of tensors) {
    const own: Bytes = bufferedRowBytes(accelerator, columns, weightBits(coding.format));
    bytes.fill(own, part.firstRow, part.firstRow + part.rows);
  }
  return bytes;
}

/** The rows that an inference needs, of all rows, in order of steps, within a step of tensors. */
export function rowsInOrder({ parts }: Pick<WeightLayout, 'parts'>, spikes: LayerSpikes): Uint32Array {
  const all = new Uint32Array(spikes.reduce((sum, { offsets }) => sum + (offsets.at(-1) ?? 0), 0));
  const steps = (spikes[0]?.offsets.length ?? 1) - 1;
  let to = 0;
  for (let step = 0; step < steps; step++)
    for (const [k, { offsets, numbers }] of spikes.entries()) {
      const { firstRow } = parts[k]!;
      for (let i = offsets[step]!; i < offsets[step + 1]!; i++) all[to++] = firstRow + numbers[i]!;
    }
  return all;
}
