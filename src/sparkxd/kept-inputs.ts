import { type Dataset, sliceImages } from '../datasets/dataset.ts';
import { expectedSpikes } from '../snn/input-activity.ts';
import type { Network } from '../snn/network.ts';
import { trainingShare } from '../snn/recipes.ts';
import { keptInputs } from './prune-inputs.ts';

/** The images that decide which inputs are kept: those that train. Validation images must not decide what is stored. */
export const decidingImages = ({ train }: Dataset) => sliceImages(train, 0, trainingShare(train.count));

/** Inputs whose weights are stored when those with `share` of the training spikes are left out; undefined: all. */
export function keptInputsOf(
  network: Network,
  dataset: Dataset,
  share: number | undefined,
): Uint32Array | undefined {
  return share === undefined
    ? undefined
    : keptInputs(expectedSpikes(network, decidingImages(dataset)), share);
}
