import { streamKey } from '../../random/streams.ts';
import { type LabelledImages, pixelsOf } from '../images.ts';
import { largestOf } from './cross-entropy.ts';
import type { LearningKernel } from './kernel/kernel.ts';
import { setPadded } from './layers.ts';
import { type NetworkRecipe, networkInKernel } from './network-in-kernel.ts';
import { runForward, setCurrents, setSpikes } from './presentation.ts';

/** The classes that networks of one shape give to images. */
export interface Classifier {
  /** One class an image, with these weights (inputs x outputs, layer by layer). `seed` decides the spikes of a Bernoulli input. */
  classify(
    weights: readonly Float32Array[],
    images: LabelledImages & { readonly count: number },
    seed: number,
  ): Uint8Array;
}

export function createClassifier(
  recipe: NetworkRecipe,
  createKernel?: (room: { numbers: number; ids: number }) => LearningKernel,
): Classifier {
  const way = networkInKernel(recipe, false, createKernel);
  const { layers, input, scores } = way;
  return {
    classify(weights, images, seed) {
      for (const [k, layer] of layers.entries())
        setPadded(layer.weights, weights[k]!, layer.inputs, layer.outputs);
      const key = streamKey(seed, 'snn/supervised input');
      const classes = new Uint8Array(images.count);
      for (let image = 0; image < images.count; image++) {
        const pixels = pixelsOf(images, image);
        if (recipe.input === 'current') setCurrents(input, pixels);
        else setSpikes(input, pixels, key, image);
        runForward(way);
        classes[image] = largestOf(scores);
      }
      return classes;
    },
  };
}
