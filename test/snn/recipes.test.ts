import { describe, expect, it } from 'vitest';
import { defaultRecipe } from '../../src/snn/recipes.ts';
import { trainingRecipeSchema } from '../../src/snn/schemas.ts';

/** Twelve images of 2 x 2 pixels, every pixel of this brightness. */
const source = (name: string, brightness: number) => ({
  name,
  train: {
    count: 12,
    rows: 2,
    columns: 2,
    classes: 10,
    pixels: new Uint8Array(48).fill(brightness),
    labels: new Uint8Array(12),
  },
});

describe('the default recipe', () => {
  it('is of the next larger size of its dataset; of MNIST for a dataset of another name', () => {
    const presentations = (neurons: number, name: string) =>
      defaultRecipe(neurons, source(name, 33), 1).presentations;
    expect([1, 400, 401, 3600, 9000].map((neurons) => presentations(neurons, 'mnist'))).toEqual([
      120_000, 120_000, 250_000, 450_000, 450_000,
    ]);
    expect([400, 401, 9000].map((neurons) => presentations(neurons, 'fashion-mnist'))).toEqual([
      120_000, 200_000, 200_000,
    ]);
    expect(defaultRecipe(900, source('mine', 33), 3)).toEqual(defaultRecipe(900, source('mnist', 33), 3));
  });

  it('scales each image of Fashion-MNIST to a number of spikes, elsewhere the rate to the mean brightness', () => {
    const encoding = (name: string, brightness: number) =>
      defaultRecipe(400, source(name, brightness), 1).encoding;
    expect(encoding('fashion-mnist', 73)).toEqual({ steps: 100, maximumRateHz: 250, spikesPerImage: 1600 });
    expect(encoding('mnist', 66)).toEqual({ steps: 100, maximumRateHz: 65 });
    expect(encoding('mnist', 0)).toEqual({ steps: 100, maximumRateHz: 512 });
  });

  it('is what a manifest may say, and leaves a sixth of the images for validation', () => {
    const recipe = defaultRecipe(1600, source('fashion-mnist', 73), 2);
    expect(trainingRecipeSchema.parse(recipe)).toEqual(recipe);
    expect(recipe).toMatchObject({ trainingImages: 10, weightSum: 0.25, seed: 2, storage: 'fp16' });
  });
});
