import type { LabelledImages } from '../../src/snn/images.ts';
import type { LabelledNetwork } from '../../src/snn/network.ts';
import { DIEHL_COOK_NEURON } from '../../src/snn/neuron-constants.ts';
import type { TrainingRecipe } from '../../src/snn/recipe.ts';

/** A network of 6 inputs (2 x 3) and 4 neurons over 2 classes. */
export function smallNetwork(): LabelledNetwork {
  return {
    imageRows: 2,
    imageColumns: 3,
    neurons: 4,
    weightSum: 3,
    ceiling: Math.fround(23 / 24),
    likeliest: 0,
    constants: DIEHL_COOK_NEURON,
    encoding: { steps: 20, maximumRateHz: 500 },
    weights: Float32Array.from({ length: 24 }, (_, k) => ((k * 7) % 24) / 24),
    theta: Float32Array.of(0, 0.5, 1, 1.5),
    responses: { spikes: Uint32Array.of(5, 1, 0, 3, 2, 2, 0, 0), images: Uint32Array.of(4, 4) },
  };
}

/** Square images in two classes: ink on the left, ink on the right. */
export function leftAndRight(count: number, side = 4): LabelledImages {
  const labels = Uint8Array.from({ length: count }, (_, image) => image % 2);
  const pixels = Uint8Array.from({ length: count * side * side }, (_, k) => {
    const right = k % side >= side / 2 ? 1 : 0;
    return right === labels[Math.floor(k / (side * side))] ? 255 : 0;
  });
  return { count, rows: side, columns: side, classes: 2, pixels, labels };
}

/** A recipe that tells left from right. */
export const LEFT_AND_RIGHT: TrainingRecipe = {
  neurons: 6,
  seed: 1,
  trainingImages: 60,
  presentations: 150,
  encoding: { steps: 60, maximumRateHz: 300 },
  constants: DIEHL_COOK_NEURON,
  thetaPlusMv: { from: 0.5, to: 0.05 },
  postRate: { from: 0.1, to: 0.01 },
  preRate: 1e-3,
  weightSum: 5,
  initialWeight: 0.3,
  storage: 'fp32',
};
