import { describe, expect, it } from 'vitest';
import { uniformStream } from '../../../src/random/streams.ts';
import { pixelsOf } from '../../../src/snn/images.ts';
import { createLayeredInference } from '../../../src/snn/layers/infer-layers.ts';
import { networkAsLayers } from '../../../src/snn/supervised/as-layers.ts';
import { largestOf } from '../../../src/snn/supervised/cross-entropy.ts';
import { createPlainLearningKernel } from '../../../src/snn/supervised/kernel/plain.ts';
import { setPadded } from '../../../src/snn/supervised/layers.ts';
import { networkInKernel } from '../../../src/snn/supervised/network-in-kernel.ts';
import { runForward, setCurrents } from '../../../src/snn/supervised/presentation.ts';
import { OBJECTIVES, type SupervisedRecipe } from '../../../src/snn/supervised/recipe.ts';
import { openSupervisedTraining } from '../../../src/snn/supervised/train.ts';

const RECIPE: SupervisedRecipe = {
  ...{
    layers: [16, 20, 12, 3],
    seed: 1,
    trainingImages: 60,
    epochs: 16,
    batch: 7,
    learningRate: 0.01,
    steps: 12,
  },
  ...{ schedule: 'linear', timeStepS: 0.001, tauS: 0.01, threshold: 1, reset: 'subtract', input: 'current' },
  ...{ objective: 'potential', surrogate: 'arctangent', slope: 2, ceilings: [0.5, 0.5, 0.5], format: 'fp32' },
};

/** Images of three classes: a bright row each, and noise. */
function images() {
  const uniform = uniformStream(1, 'test/supervised images');
  const labels = Uint8Array.from({ length: 60 }, (_, k) => k % 3);
  const pixels = Uint8Array.from(
    { length: 60 * 16 },
    (_, k) => (Math.floor(k / 4) % 4 === labels[Math.floor(k / 16)] ? 200 : 60) * uniform(),
  );
  return { count: 60, rows: 4, columns: 4, classes: 3, pixels, labels };
}

describe('supervised training', () => {
  const set = images();
  const variants = OBJECTIVES.flatMap((objective) =>
    (['subtract', 'value'] as const).map((reset) => ({ objective, reset })),
  );

  it.each(variants)(
    'makes the spikes and classes that the executor makes ($objective, $reset)',
    (variant) => {
      const recipe = { ...RECIPE, ...variant };
      const training = openSupervisedTraining(recipe, set);
      training.advance(Number.POSITIVE_INFINITY);
      const weights = training.weights();
      const { right, shown } = training.epoch();
      expect(right / shown).toBeGreaterThan(0.9);
      const runnable = networkAsLayers(recipe, weights, [1, 4, 4]);
      const executor = createLayeredInference(runnable);
      const way = networkInKernel(recipe, false);
      for (const [k, layer] of way.layers.entries())
        setPadded(layer.weights, weights[k]!, layer.inputs, layer.outputs);
      const spiking = runnable.network.layers.flatMap((layer, place) =>
        layer.kind === 'neurons' && layer.model === 'lif' ? [place] : [],
      );
      let spikes = 0;
      for (let image = 0; image < 60; image++) {
        const pixels = pixelsOf(set, image);
        setCurrents(way.input, pixels);
        runForward(way);
        const heard = spiking.map((): number[][] => Array.from({ length: recipe.steps }, () => []));
        const values = Float32Array.from(pixels, (pixel) => pixel / 255);
        const { class: given } = executor.present(
          { kind: 'current', values },
          {
            spikes(place, step, neurons) {
              const k = spiking.indexOf(place);
              if (k >= 0) heard[k]![step] = Array.from(neurons);
            },
          },
        );
        for (const [k, own] of heard.entries())
          for (const [t, neurons] of own.entries()) {
            const { spikes: ids, counts } = way.layers[k]!;
            expect(neurons).toEqual(Array.from(ids[t]!.data.subarray(0, counts[t])));
            spikes += neurons.length;
          }
        expect(given).toBe(largestOf(way.scores));
      }
      expect(spikes).toBeGreaterThan(1000);
    },
  );

  it.each(['current', 'bernoulli'] as const)(
    'gives the same weights in both kernels, bit by bit (%s)',
    (input) => {
      const [simd, plain] = [undefined, createPlainLearningKernel].map((createKernel) => {
        const hooks = createKernel ? { createKernel } : {};
        const training = openSupervisedTraining({ ...RECIPE, input, epochs: 1 }, set, hooks);
        training.advance(Number.POSITIVE_INFINITY);
        return training.weights();
      });
      expect(simd).toEqual(plain);
    },
  );
});
