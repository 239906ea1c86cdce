import { describe, expect, it } from 'vitest';
import { createEncoder } from '../../src/snn/encoder.ts';

const encoding = { steps: 200, maximumRateHz: 128 };
const pixels = Uint8Array.of(0, 64, 128, 255);

describe('Poisson encoding', () => {
  it('gives each pixel its rate, gaps that are geometric, and silence for no ink', () => {
    const encoder = createEncoder(encoding, 4, 1, 1, 'inference');
    const counts = [0, 0, 0, 0];
    const gaps: number[] = [];
    const images = 1_000;
    for (let image = 0; image < images; image++) {
      const { offsets, inputs, steps } = encoder.encode(pixels, 0, image);
      let last = -1;
      for (let step = 0; step < steps; step++)
        for (let k = offsets[step]!; k < offsets[step + 1]!; k++) {
          counts[inputs[k]!]!++;
          if (inputs[k] !== 3) continue;
          gaps.push(step - last);
          last = step;
        }
    }
    for (const [input, level] of pixels.entries()) {
      const p = (level / 255) * 0.128;
      const expected = images * encoding.steps * p;
      expect(Math.abs(counts[input]! - expected)).toBeLessThanOrEqual(4.5 * Math.sqrt(expected * (1 - p)));
    }
    // P(gap > 5) = (1 - p)^5 with p = 0.128; the end of the presentation cuts long gaps only.
    const long = gaps.filter((gap) => gap > 5).length / gaps.length;
    expect(long).toBeCloseTo(0.872 ** 5, 1);
  });

  it('orders inputs within a step, each at most once', () => {
    const encoder = createEncoder(encoding, 300, 1, 1, 'inference');
    const { offsets, inputs, steps } = encoder.encode(new Uint8Array(300).fill(255), 0, 0);
    for (let step = 0; step < steps; step++)
      for (let k = offsets[step]! + 1; k < offsets[step + 1]!; k++)
        expect(inputs[k]).toBeGreaterThan(inputs[k - 1]!);
  });

  it('depends on seed, purpose, epoch and image, and on nothing encoded before', () => {
    const spikes = (
      seed: number,
      purpose: 'training' | 'inference',
      epoch: number,
      image: number,
      before = 0,
    ) => {
      const encoder = createEncoder(encoding, 4, 1, seed, purpose);
      for (let k = 0; k < before; k++) encoder.encode(pixels, 9, k);
      const { offsets, inputs } = encoder.encode(pixels, epoch, image);
      return [...offsets, ...inputs.subarray(0, offsets[encoding.steps])].join();
    };
    const base = spikes(1, 'training', 0, 0);
    expect(spikes(1, 'training', 0, 0, 3)).toBe(base);
    for (const other of [
      spikes(2, 'training', 0, 0),
      spikes(1, 'inference', 0, 0),
      spikes(1, 'training', 1, 0),
      spikes(1, 'training', 0, 1),
    ])
      expect(other).not.toBe(base);
  });

  it('spikes in every step where the rate asks for more than one spike a step', () => {
    const encoder = createEncoder({ steps: 50, maximumRateHz: 5_000 }, 1, 1, 1, 'inference');
    expect(encoder.encode(Uint8Array.of(255), 0, 0).offsets[50]).toBe(50);
  });
});
