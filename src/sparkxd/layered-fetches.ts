import type { Workload } from '../accelerator/workload.ts';
import type { Accelerator } from '../hardware/accelerator.ts';
import { createLayeredInference } from '../snn/layers/infer-layers.ts';
import type { RunnableNetwork } from '../snn/layers/layered-network.ts';
import { weightTensors } from '../snn/layers/layered-network.ts';
import type { LayerSpikes } from '../snn/layers/needed-rows.ts';
import { createLayerFetches } from './layer-traffic.ts';
import { createSampleInput, type LayeredSamples } from './layered-samples.ts';
import type { StoredTensors } from './stored-tensors.ts';

/** A layered network, what it is shown, and the seed of its input. */
export interface ShownLayers {
  readonly runnable: RunnableNetwork;
  readonly samples: LayeredSamples;
  readonly seed: number;
}

/** The rows that each sample needs of each tensor, step by step, with the weights as they are in the network. */
export function createRowsNeeded({ runnable, samples, seed }: ShownLayers): (sample: number) => LayerSpikes {
  const tensors = weightTensors(runnable.network).length;
  const inference = createLayeredInference(runnable);
  const input = createSampleInput(runnable, samples, seed);
  return (sample) => {
    const shown = input(sample);
    const steps = shown.kind === 'spikes' ? shown.steps : runnable.presentation.steps;
    const numbers = Array.from({ length: tensors }, (): number[] => []);
    const offsets = Array.from({ length: tensors }, () => new Uint32Array(steps + 1));
    inference.present(shown, {
      beforeAdding(tensor, step, rows) {
        for (const row of rows) numbers[tensor]!.push(row);
        offsets[tensor]![step + 1] = rows.length;
      },
    });
    return offsets.map((ends, tensor) => {
      for (let step = 0; step < steps; step++) ends[step + 1]! += ends[step]!;
      return { offsets: ends, numbers: Uint32Array.from(numbers[tensor]!) };
    });
  };
}

/** Weight rows that the first `inferences` inferences of a layered network fetch, a list an inference (`createLayerFetches`). */
export function layerFetches(
  workload: Workload,
  stored: StoredTensors,
  accelerator: Accelerator,
  shown: ShownLayers,
  inferences: number,
): Uint32Array[] {
  const fetches = createLayerFetches(workload, stored, accelerator);
  // The workload stream reads every row, whatever spikes.
  const needed = workload === 'stream' ? (): LayerSpikes => [] : createRowsNeeded(shown);
  return Array.from({ length: inferences }, (_, sample) => fetches(needed(sample)));
}
