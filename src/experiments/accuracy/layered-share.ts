import { createLayeredInference } from '../../snn/layers/infer-layers.ts';
import type { RunnableNetwork } from '../../snn/layers/layered-network.ts';
import { createSampleInput, type LayeredSamples } from '../../sparkxd/layered-samples.ts';

/** Samples of a layered network for one worker. */
export interface LayeredShare {
  readonly kind: 'layers';
  readonly runnable: RunnableNetwork;
  readonly samples: LayeredSamples;
  /** Weights of all tensors, in the order of `weightTensors`. */
  readonly variants: readonly (readonly Float32Array[])[];
  readonly seed: number;
  readonly from: number;
  readonly to: number;
}

/** The class that each variant gives to each sample. */
export function predictLayers({ runnable, samples, variants, seed, from, to }: LayeredShare): Uint16Array[] {
  const inference = createLayeredInference(runnable);
  const input = createSampleInput(runnable, samples, seed);
  return variants.map((weights) => {
    inference.setWeights(weights);
    return Uint16Array.from({ length: to - from }, (_, k) => inference.present(input(from + k)).class);
  });
}
