import type { Workload } from '../accelerator/workload.ts';
import type { Accelerator } from '../hardware/accelerator.ts';
import type { RunnableNetwork } from '../snn/layers/layered-network.ts';
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
  if (workload === 'stream') return Array.from({ length: inferences }, () => fetches([]));
  const { runnable, samples, seed } = shown;
  const reads = createLayerReads(runnable);
  const input = createSampleInput(runnable, samples, seed);
  return Array.from({ length: inferences }, (_, sample) => fetches(reads(input(sample)).tensors));
}
