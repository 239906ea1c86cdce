import { streamKey, uniformStream } from '../../random/streams.ts';
import { type LabelledImages, pixelsOf } from '../images.ts';
import { largestOf } from './cross-entropy.ts';
import type { AdamStep, LearningKernel } from './kernel/kernel.ts';
import { learn, setPadded, transpose, unpadded } from './layers.ts';
import { networkInKernel } from './network-in-kernel.ts';
import { runBackward, runForward, setCurrents, setSpikes } from './presentation.ts';
import type { SupervisedRecipe } from './recipe.ts';
import { shuffledImages } from './shuffled.ts';

/**
 * Weights as the neurons get them, for those that learn (inputs x outputs, layer by layer), before the minibatch of that number,
 * at the share `progress` (0 to 1) of the run.
 */
export type SeeWeights = (
  weights: readonly Float32Array[],
  batch: number,
  progress: number,
) => readonly Float32Array[];

export interface SupervisedHooks {
  /** The memory between the weights that learn and the neurons; by default they are the same. */
  readonly see?: SeeWeights;
  /** Called after each minibatch with the images shown so far. */
  readonly onBatch?: (shown: number) => void;
  /** The kernel to train in; by default the fastest one. */
  readonly createKernel?: (room: { numbers: number; ids: number }) => LearningKernel;
}

/** A training by surrogate gradients that is done in portions. */
export interface OpenSupervisedTraining {
  /** The next minibatches, at most so many; false when there are no more. */
  advance(batches: number): boolean;
  /** Weights that learn as they are now: inputs x outputs, layer by layer. */
  weights(): Float32Array[];
  /** Images shown in the epoch that is under way or has just ended, and how many of them were classified as labelled. */
  epoch(): { readonly shown: number; readonly right: number };
}

/** Adam's rates and epsilon (Kingma and Ba, 2015). */
const BETA1 = 0.9;
const BETA2 = 0.999;
const EPSILON = 1e-8;

/**
 * Trains by backpropagation through time with a surrogate of the spikes' derivative. The result depends on the recipe, these images
 * and what `see` makes of the weights alone, bit by bit. Gradients pass `see` unchanged (straight through).
 */
export function openSupervisedTraining(
  recipe: SupervisedRecipe,
  images: LabelledImages,
  hooks: SupervisedHooks = {},
): OpenSupervisedTraining {
  const { seed, trainingImages, epochs, batch: batchImages } = recipe;
  const way = networkInKernel(recipe, hooks.see !== undefined, hooks.createKernel);
  const { kernel, layers, input } = way;
  const inputKey = streamKey(seed, 'snn/supervised input');
  for (const [k, layer] of layers.entries())
    setPadded(layer.weights, initialWeights(recipe, k), layer.inputs, layer.outputs);

  const batchesPerEpoch = Math.ceil(trainingImages / batchImages);
  const batches = epochs * batchesPerEpoch;
  let order = new Uint32Array();
  let [batch, right, shown] = [0, 0, 0];
  let [power1, power2] = [1, 1];
  return { advance, weights, epoch: () => ({ shown, right }) };

  function weights(): Float32Array[] {
    return layers.map(({ weights: own, inputs, outputs }) => unpadded(own, inputs, outputs));
  }

  function advance(count: number): boolean {
    for (const end = Math.min(batches, batch + count); batch < end; batch++) runBatch();
    return batch < batches;
  }

  function runBatch(): void {
    const epoch = Math.floor(batch / batchesPerEpoch);
    const first = (batch % batchesPerEpoch) * batchImages;
    if (first === 0) {
      order = shuffledImages(trainingImages, seed, epoch) as Uint32Array<ArrayBuffer>;
      right = 0;
      shown = 0;
    }
    const progress = batch / batches;
    if (hooks.see)
      for (const [k, seen] of hooks.see(weights(), batch, progress).entries())
        setPadded(layers[k]!.seen, seen, layers[k]!.inputs, layers[k]!.outputs);
    for (const layer of layers.slice(1)) transpose(layer);

    const end = Math.min(trainingImages, first + batchImages);
    for (let place = first; place < end; place++) {
      const image = order[place]!;
      const pixels = pixelsOf(images, image);
      const label = images.labels[image]!;
      if (recipe.input === 'current') setCurrents(input, pixels);
      else setSpikes(input, pixels, inputKey, epoch * trainingImages + place);
      runForward(way);
      if (largestOf(way.scores) === label) right++;
      runBackward(way, label, scoreScale(recipe));
    }
    shown = end;
    power1 *= BETA1;
    power2 *= BETA2;
    const correction = Math.sqrt(1 - power2);
    const rate = recipe.learningRate * (recipe.schedule === 'linear' ? 1 - progress : 1);
    for (const [k, layer] of layers.entries()) {
      const step: AdamStep = {
        share: 1 / (end - first),
        rate1: 1 - BETA1,
        rate2: 1 - BETA2,
        step: (rate * correction) / (1 - power1),
        epsilon: EPSILON * correction,
        ceiling: recipe.ceilings[k]!,
      };
      learn(kernel, layer, step);
    }
    hooks.onBatch?.(epoch * trainingImages + end);
  }
}

/** Factor of the scores in the softmax: spikes count as they are, potentials by their mean over the steps. */
export const scoreScale = ({ objective, steps }: Pick<SupervisedRecipe, 'objective' | 'steps'>): number =>
  objective === 'counts' ? 1 : 1 / steps;

/** Uniform within 1 / sqrt(inputs) of 0, no further than the ceiling. */
function initialWeights({ seed, layers, ceilings }: SupervisedRecipe, k: number): Float32Array {
  const inputs = layers[k]!;
  const uniform = uniformStream(seed, `snn/initial weights/${k}`);
  const bound = Math.min(ceilings[k]!, Math.sqrt(1 / inputs));
  return Float32Array.from({ length: inputs * layers[k + 1]! }, () => bound * (2 * uniform() - 1));
}
