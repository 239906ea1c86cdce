import type { Workload } from '../accelerator/workload.ts';
import type { Accelerator } from '../hardware/accelerator.ts';
import type { RunnableNetwork } from '../snn/layers/layered-network.ts';
import type { LayerSpikes } from '../snn/layers/needed-rows.ts';
import { createLayerReads } from './layer-reads.ts';
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
  const reads = createLayerReads(runnable);
  const input = createSampleInput(runnable, samples, seed);
  return (sample) => reads(input(sample)).tensors;
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
