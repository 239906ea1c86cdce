import { evaluateShare } from '../../experiments/accuracy/evaluate-share.ts';
import type { LabelledImages } from '../../snn/images.ts';
import type { Network } from '../../snn/network.ts';
import type { PredictionSettings } from '../../snn/predict.ts';

/** What an image worker is told. */
export type ToImages =
  | {
      /** What all shares of the images have in common, under a key. */
      readonly kind: 'open';
      readonly network: Network;
      readonly images: LabelledImages;
      readonly settings: PredictionSettings;
    }
  | { readonly kind: 'weights'; readonly key: number; readonly weights: Float32Array }
  | { readonly kind: 'forget'; readonly key: number }
  | { readonly kind: 'share'; readonly keys: readonly number[]; readonly from: number; readonly to: number };

/** The classes of a share of the images, one array a variant of the weights. */
export type FromImages = readonly Uint8Array[];

let opened: Extract<ToImages, { kind: 'open' }> | undefined;
const variants = new Map<number, Float32Array>();

addEventListener('message', ({ data }: MessageEvent<ToImages>) => {
  if (data.kind === 'open') {
    opened = data;
    variants.clear();
  } else if (data.kind === 'weights') variants.set(data.key, data.weights);
  else if (data.kind === 'forget') variants.delete(data.key);
  else {
    const { network, images, settings } = opened!;
    const { from, to, keys } = data;
    const weights = keys.map((key) => variants.get(key)!);
    const classes = evaluateShare({
      kind: 'predict',
      network,
      images,
      settings,
      variants: weights,
      from,
      to,
    });
    postMessage(classes satisfies FromImages | ReturnType<typeof evaluateShare>);
  }
});
