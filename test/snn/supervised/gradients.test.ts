import { describe, expect, it } from 'vitest';
import { uniformStream } from '../../../src/random/streams.ts';
import { setPadded, transpose, unpadded } from '../../../src/snn/supervised/layers.ts';
import { type NetworkRecipe, networkInKernel } from '../../../src/snn/supervised/network-in-kernel.ts';
import { runBackward, runForward, setCurrents } from '../../../src/snn/supervised/presentation.ts';
import { OBJECTIVES, SURROGATES } from '../../../src/snn/supervised/recipe.ts';
import { scoreScale } from '../../../src/snn/supervised/train.ts';
import { type ReferenceNetwork, referenceForward, referenceGradients } from '../../reference/supervised.ts';

const SIZES = [12, 9, 7, 4];
const STEPS = 8;
const LABEL = 2;
const RESETS = ['subtract', 'value'] as const;

const variants = OBJECTIVES.flatMap((objective) =>
  SURROGATES.flatMap((surrogate) => RESETS.map((reset) => ({ objective, surrogate, reset }))),
);

/** The same network in the kernel and in the reference, and one image. */
function networks(variant: (typeof variants)[number], seed: number) {
  const uniform = uniformStream(seed, 'test/gradients');
  const recipe: NetworkRecipe = {
    ...{
      layers: SIZES,
      steps: STEPS,
      timeStepS: 0.001,
      tauS: 0.01,
      threshold: 1,
      input: 'current',
      slope: 2,
    },
    ...variant,
  };
  const way = networkInKernel(recipe, false);
  const pixels = Uint8Array.from({ length: SIZES[0]! }, () => 255 * uniform());
  pixels[3] = 0;
  const plain = way.layers.map(({ inputs, outputs }) =>
    Float32Array.from({ length: inputs * outputs }, () => 0.9 * uniform() - 0.3),
  );
  for (const [k, layer] of way.layers.entries()) {
    setPadded(layer.weights, plain[k]!, layer.inputs, layer.outputs);
    if (k > 0) transpose(layer);
  }
  const tau = Math.fround(0.01);
  const reference: ReferenceNetwork = {
    sizes: SIZES,
    weights: plain.map((matrix, k) => rows(matrix, SIZES[k + 1]!)),
    share: Math.fround(0.001 / tau),
    resistance: Math.fround(tau / 0.001),
    ...{ threshold: 1, subtract: variant.reset === 'subtract', objective: variant.objective, slope: 2 },
    scale: scoreScale(recipe),
    arctangent: variant.surrogate === 'arctangent',
  };
  const inputs = Array.from({ length: STEPS }, () => Array.from(pixels, (pixel) => Math.fround(pixel / 255)));
  return { recipe, way, pixels, reference, inputs };
}

const rows = (matrix: ArrayLike<number>, columns: number): number[][] =>
  Array.from({ length: matrix.length / columns }, (_, i) =>
    Array.from({ length: columns }, (_, j) => matrix[i * columns + j]!),
  );

describe('the gradients', () => {
  it.each(variants)('are those of the reference: $objective, $surrogate, $reset', (variant) => {
    for (const seed of [1, 2, 3]) {
      const { recipe, way, pixels, reference, inputs } = networks(variant, seed);
      setCurrents(way.input, pixels);
      runForward(way);
      const { spikes } = referenceForward(reference, inputs, LABEL);
      for (const [k, layer] of way.layers.entries())
        for (let t = 0; t < STEPS; t++)
          expect(Array.from(layer.spikes[t]!.data.subarray(0, layer.counts[t]))).toEqual(
            spikes[t]![k]!.flatMap((spike, j) => (spike === 1 ? [j] : [])),
          );
      runBackward(way, LABEL, scoreScale(recipe));
      const expected = referenceGradients(reference, inputs, LABEL);
      for (const [k, { gradient, inputs: from, outputs }] of way.layers.entries()) {
        const largest = Math.max(...expected[k]!.flat().map(Math.abs));
        for (const [n, value] of unpadded(gradient, from, outputs).entries())
          expect(Math.abs(value - expected[k]!.flat()[n]!)).toBeLessThan(1e-5 * largest + 1e-9);
      }
    }
  });

  // With spikes as smooth functions whose derivative is the surrogate, and resets held still, the loss has derivatives.
  it.each(variants)('of the reference are the numerical ones: $objective, $surrogate, $reset', (variant) => {
    const { reference, inputs } = networks(variant, 1);
    const point = referenceForward(reference, inputs, LABEL);
    const gradients = referenceGradients(reference, inputs, LABEL);
    const lossWith = (k: number, i: number, j: number, change: number): number => {
      const weights = reference.weights.map((matrix) => matrix.map((row) => [...row]));
      weights[k]![i]![j]! += change;
      return referenceForward({ ...reference, weights }, inputs, LABEL, point).loss;
    };
    const step = 1e-6;
    for (const [k, i, j] of [
      [0, 0, 0],
      [0, 5, 3],
      [1, 2, 4],
      [1, 8, 6],
      [2, 1, 2],
      [2, 6, 0],
    ] as const) {
      const numerical = (lossWith(k, i, j, step) - lossWith(k, i, j, -step)) / (2 * step);
      expect(numerical).toBeCloseTo(gradients[k]![i]![j]!, 6);
    }
  });
});
