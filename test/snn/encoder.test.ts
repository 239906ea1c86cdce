import fc from 'fast-check';
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

  it('gives every image the same expected number of spikes, whatever its ink', () => {
    const wanted = { steps: 200, maximumRateHz: 900, spikesPerImage: 60 };
    for (const image of [
      Uint8Array.of(0, 64, 128, 255),
      Uint8Array.of(3, 0, 3, 2),
      Uint8Array.of(1, 0, 0, 0),
    ]) {
      const encoder = createEncoder(wanted, 4, 1, 1, 'inference');
      let spikes = 0;
      const images = 500;
      for (let k = 0; k < images; k++) spikes += encoder.encode(image, 0, k).offsets[wanted.steps]!;
      expect(Math.abs(spikes / images - 60)).toBeLessThan(4.5 * Math.sqrt(60 / images));
    }
    expect(createEncoder(wanted, 4, 1, 1, 'inference').encode(new Uint8Array(4), 0, 0).offsets[200]).toBe(0);
  });

  it('spikes, once scaled to an image, as the plain encoding does at that rate, after any other image', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ minLength: 12, maxLength: 12 }), { minLength: 1, maxLength: 4 }),
        fc.double({ min: 1, max: 100, noNaN: true }),
        fc.constantFrom(0.5, 1, 2),
        (images, spikesPerImage, timeStepMs) => {
          const steps = 20;
          const maximumRateHz = 1e9;
          const scaled = createEncoder(
            { steps, maximumRateHz, spikesPerImage },
            12,
            timeStepMs,
            3,
            'training',
          );
          for (const [k, image] of images.entries()) {
            const { offsets, inputs } = scaled.encode(image, 1, k);
            const found = [...offsets, ...inputs.subarray(0, offsets[steps])];
            const ink = image.reduce((sum, level) => sum + level, 0) / 255;
            const rate = ink === 0 ? 1 : spikesPerImage / (ink * steps * timeStepMs * 1e-3);
            const plain = createEncoder({ steps, maximumRateHz: rate }, 12, timeStepMs, 3, 'training');
            const expected = plain.encode(image, 1, k);
            expect(found).toEqual([
              ...expected.offsets,
              ...expected.inputs.subarray(0, expected.offsets[steps]),
            ]);
          }
        },
      ),
      { seed: 8, numRuns: 100 },
    );
  });

  it('lets no pixel exceed the maximum rate when an image has too little ink', () => {
    const steps = 400;
    const bound = { steps, maximumRateHz: 100, spikesPerImage: 10_000 };
    const { offsets, inputs } = createEncoder(bound, 4, 1, 1, 'inference').encode(pixels, 0, 0);
    // Wanted: far more than there are steps, so every pixel with ink is held to the maximum.
    const full = createEncoder({ steps, maximumRateHz: 100 }, 4, 1, 1, 'inference');
    const expected = full.encode(Uint8Array.of(0, 255, 255, 255), 0, 0);
    expect([...offsets]).toEqual([...expected.offsets]);
    expect([...inputs.subarray(0, offsets[steps])]).toEqual([
      ...expected.inputs.subarray(0, expected.offsets[steps]),
    ]);
  });
});
