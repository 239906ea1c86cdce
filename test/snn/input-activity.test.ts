import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createInput } from '../../src/snn/infer.ts';
import { expectedSpikes } from '../../src/snn/input-activity.ts';
import type { Encoding } from '../../src/snn/network.ts';
import { smallNetwork } from './small-network.ts';

/** Many presentations of one image, as one set of images. */
function copies(pixels: readonly number[], count: number) {
  const shape = { rows: 2, columns: 3, classes: 2, count };
  return {
    ...shape,
    pixels: Uint8Array.from({ length: 6 * count }, (_, k) => pixels[k % 6]!),
    labels: new Uint8Array(count),
  };
}

describe('the spikes expected of inputs', () => {
  it.each([{}, { spikesPerImage: 12 }, { spikesPerImage: 200 }])(
    'are those that the encoder draws, %o',
    (more) => {
      const encoding: Encoding = { steps: 20, maximumRateHz: 500, ...more };
      const network = { ...smallNetwork(), encoding };
      fc.assert(
        fc.property(fc.array(fc.nat(255), { minLength: 6, maxLength: 6 }), fc.nat(99), (pixels, seed) => {
          const images = copies(pixels, 400);
          const drawn = new Float64Array(6);
          const input = createInput(network, images, seed);
          for (let image = 0; image < images.count; image++) {
            const { offsets, steps, inputs } = input(image);
            for (const spiking of inputs.subarray(0, offsets[steps]!)) drawn[spiking]!++;
          }
          // Binomial with 8000 trials: a standard deviation of at most 45.
          for (const [k, spikes] of expectedSpikes(network, images).entries())
            expect(Math.abs(drawn[k]! - spikes)).toBeLessThanOrEqual(spikes === 0 ? 0 : 6 * 45);
        }),
        { seed: 3, numRuns: 20 },
      );
    },
  );

  it('are exactly none where no image has ink', () => {
    const images = { ...copies([0, 9, 0, 255, 0, 1], 3) };
    expect([...expectedSpikes(smallNetwork(), images)].map((spikes) => spikes > 0)).toEqual([
      ...[false, true, false, true, false, true],
    ]);
  });
});
