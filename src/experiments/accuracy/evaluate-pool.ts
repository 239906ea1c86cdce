import type { LabelledImages } from '../../snn/images.ts';
import { addResponses, emptyResponses } from '../../snn/label.ts';
import {
  type LayeredNetwork,
  type RunnableNetwork,
  weightTensors,
  withWeights,
} from '../../snn/layers/layered-network.ts';
import type { ClassResponses, Network } from '../../snn/network.ts';
import type { PredictionSettings } from '../../snn/predict.ts';
import type { LayeredSamples } from '../../sparkxd/layered-samples.ts';
import { createPool, inThisThread, type Pool } from '../../threads/pool.ts';
import { evaluateShare, type Share, type ShareResult } from './evaluate-share.ts';

/** Shows images to networks on threads. Results do not depend on how many. */
export interface EvaluationPool {
  /**
   * Classes that each variant of the weights gives to all `images`, or to those of `window` alone (the others get 0);
   * `onImages` counts images x variants done.
   */
  predict(
    network: Network,
    variants: readonly Float32Array[],
    images: LabelledImages,
    settings: PredictionSettings,
    onImages?: (count: number) => void,
    window?: ImageWindow,
  ): Promise<Uint8Array[]>;
  /** The network's responses to all `images`, from which labels follow. */
  respond(
    network: Network,
    images: LabelledImages,
    seed: number,
    onImages?: (count: number) => void,
  ): Promise<ClassResponses>;
  /** The same of a layered network; each variant has the weights of all its tensors, in the order of `weightTensors`. */
  predictLayers(
    runnable: RunnableNetwork,
    variants: readonly (readonly Float32Array[])[],
    samples: LayeredSamples,
    seed: number,
    onSamples?: (count: number) => void,
  ): Promise<Uint16Array[]>;
  close(): Promise<void>;
}

/** Images `from` to `to` (exclusive) of a set; each sees the spikes that it would see among all of them. */
export interface ImageWindow {
  readonly from: number;
  readonly to: number;
}

/** Images a worker takes at a time: enough to outweigh the message, few enough for an even end and a smooth bar. */
const SHARE_IMAGES = 250;

export async function createEvaluationPool(threads: number): Promise<EvaluationPool> {
  const { run, close } = await openPool(threads);

  async function inShares<Result extends ShareResult>(
    { from: first, to: end }: ImageWindow,
    share: (from: number, to: number) => Share,
    take: (from: number, result: Result) => void,
    onDone: (images: number) => void,
  ): Promise<void> {
    const shares = Math.ceil((end - first) / SHARE_IMAGES);
    const starts = Array.from({ length: shares }, (_, k) => first + k * SHARE_IMAGES);
    await Promise.all(
      starts.map(async (from) => {
        const to = Math.min(from + SHARE_IMAGES, end);
        take(from, (await run(share(from, to))) as Result);
        onDone(to - from);
      }),
    );
  }

  return {
    async predict(network, variants, images, settings, onImages = () => {}, window = all(images)) {
      const common = {
        kind: 'predict',
        settings,
        network: shareNetwork(network),
        images: shareImages(images),
      } as const;
      const shared = variants.map(shareFloats);
      const predictions = variants.map(() => new Uint8Array(images.count));
      await inShares<readonly Uint8Array[]>(
        window,
        (from, to) => ({ ...common, variants: shared, from, to }),
        (from, parts) => {
          for (const [variant, part] of parts.entries()) predictions[variant]!.set(part, from);
        },
        (count) => onImages(count * variants.length),
      );
      return predictions;
    },

    async respond(network, images, seed, onImages = () => {}) {
      const common = {
        kind: 'respond',
        seed,
        network: shareNetwork(network),
        images: shareImages(images),
      } as const;
      const responses = emptyResponses(network.neurons, images.classes);
      await inShares<ClassResponses>(
        all(images),
        (from, to) => ({ ...common, from, to }),
        (_, part) => addResponses(responses, part),
        onImages,
      );
      return responses;
    },

    async predictLayers(runnable, variants, samples, seed, onSamples = () => {}) {
      const { count } = samples.set;
      const common = {
        kind: 'layers',
        seed,
        runnable: { ...runnable, network: shareLayers(runnable.network) },
        samples: shareSamples(samples),
        variants: variants.map((weights) => weights.map(shareFloats)),
      } as const;
      const predictions = variants.map(() => new Uint16Array(count));
      await inShares<readonly Uint16Array[]>(
        all(samples.set),
        (from, to) => ({ ...common, from, to }),
        (from, parts) => {
          for (const [variant, part] of parts.entries()) predictions[variant]!.set(part, from);
        },
        (done) => onSamples(done * variants.length),
      );
      return predictions;
    },

    close,
  };
}

const openPool = async (threads: number): Promise<Pool<Share, ShareResult>> =>
  threads === 1
    ? inThisThread(evaluateShare)
    : createPool(threads, 'experiments/accuracy/evaluate-worker.cjs');

const all = ({ count }: { readonly count: number }): ImageWindow => ({ from: 0, to: count });

/** Threads see shared memory where it is; anything else would be copied for every share of the images. */
function shareNetwork(network: Network): Network {
  return { ...network, weights: shareFloats(network.weights) };
}

function shareImages(images: LabelledImages): LabelledImages {
  return { ...images, pixels: shareBytes(images.pixels), labels: shareBytes(images.labels) };
}

/** The network with its weights where threads see them. */
const shareLayers = (network: LayeredNetwork): LayeredNetwork =>
  withWeights(
    network,
    weightTensors(network).map(({ weights }) => shareFloats(weights)),
  );

/** Event sets are read into shared memory. */
const shareSamples = (samples: LayeredSamples): LayeredSamples =>
  samples.kind === 'events' ? samples : { kind: 'images', set: shareImages(samples.set) };

function shareFloats(values: Float32Array): Float32Array {
  if (values.buffer instanceof SharedArrayBuffer) return values;
  const shared = new Float32Array(new SharedArrayBuffer(values.byteLength));
  shared.set(values);
  return shared;
}

function shareBytes(values: Uint8Array): Uint8Array {
  if (values.buffer instanceof SharedArrayBuffer) return values;
  const shared = new Uint8Array(new SharedArrayBuffer(values.byteLength));
  shared.set(values);
  return shared;
}
