import type { LabelledImages } from '../../snn/images.ts';
import { keepKernel } from '../../snn/kernel/keep-kernel.ts';
import { collectResponses } from '../../snn/label.ts';
import type { ClassResponses, Network } from '../../snn/network.ts';
import { type PredictionSettings, predictVariants } from '../../snn/predict.ts';
import { type LayeredShare, predictLayers } from './layered-share.ts';

/** A share of the images or samples for one worker; the large arrays lie in shared memory. */
export type Share = ImageShare | LayeredShare;

/** Images of a Diehl & Cook network. */
export type ImageShare = {
  readonly network: Network;
  readonly images: LabelledImages;
  readonly from: number;
  readonly to: number;
} & (
  | {
      readonly kind: 'predict';
      readonly variants: readonly Float32Array[];
      readonly settings: PredictionSettings;
    }
  | { readonly kind: 'respond'; readonly seed: number }
);

/** Predictions of each variant, or responses for labelling. */
export type ShareResult = readonly Uint8Array[] | readonly Uint16Array[] | ClassResponses;

/** The shares that a thread works off are often of networks of one size, and kernels are as large as their weights. */
const kernelFor = keepKernel();

/** What a worker does; also called directly where there is one worker only. */
export function evaluateShare(share: Share): ShareResult {
  if (share.kind === 'layers') return predictLayers(share);
  const { network, images, from, to } = share;
  return share.kind === 'predict'
    ? predictVariants(network, share.variants, images, from, to, share.settings, kernelFor)
    : collectResponses(network, images, from, to, share.seed, kernelFor);
}
