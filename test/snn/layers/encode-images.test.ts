import { describe, expect, it } from 'vitest';
import { createEncoder } from '../../../src/snn/encoder.ts';
import { createImageEncoder } from '../../../src/snn/layers/encode-images.ts';
import type { LayeredInput, SpikesByStep } from '../../../src/snn/layers/layered-input.ts';
import type { InputCode } from '../../../src/snn/layers/layered-network.ts';

const PIXELS = Uint8Array.of(0, 1, 51, 128, 254, 255);
const STEPS = 11;

const encoderOf = (input: InputCode, seed = 7) =>
  createImageEncoder(
    {
      presentation: { steps: STEPS, input, readout: 'counts' },
      dynamics: {
        timeStepS: 1e-3,
        integration: 'euler',
        reset: 'value',
        resetTime: 'same-step',
        threshold: 'gt',
      },
    },
    PIXELS.length,
    seed,
  );

const spikesIn = (input: LayeredInput): number[][] => {
  const { offsets, inputs } = input as SpikesByStep;
  return Array.from({ length: STEPS }, (_, step) => [...inputs.subarray(offsets[step], offsets[step + 1])]);
};

describe('images as input', () => {
  it('are a constant current of brightness times the gain', () => {
    const { kind, values } = encoderOf({ kind: 'current', gain: 2 })(PIXELS, 0) as {
      kind: string;
      values: Float32Array;
    };
    expect(kind).toBe('current');
    expect([...values]).toEqual([...PIXELS].map((level) => Math.fround((level / 255) * 2)));
  });

  it('are Bernoulli spikes that depend on the seed and the image alone', () => {
    const encode = encoderOf({ kind: 'bernoulli', gain: 1 });
    const fifth = spikesIn(encode(PIXELS, 5));
    const other = spikesIn(encode(PIXELS, 6));
    expect(spikesIn(encode(PIXELS, 5))).toEqual(fifth);
    expect(spikesIn(encoderOf({ kind: 'bernoulli', gain: 1 })(PIXELS, 5))).toEqual(fifth);
    expect(other).not.toEqual(fifth);
    expect(spikesIn(encoderOf({ kind: 'bernoulli', gain: 1 }, 8)(PIXELS, 5))).not.toEqual(fifth);
    for (const step of fifth) {
      expect(step).toContain(5);
      expect(step).not.toContain(0);
    }
  });

  it('are Bernoulli spikes as often as brightness times the gain says', () => {
    const encode = encoderOf({ kind: 'bernoulli', gain: 0.5 });
    const counts = new Array<number>(PIXELS.length).fill(0);
    const images = 2000;
    for (let image = 0; image < images; image++)
      for (const step of spikesIn(encode(PIXELS, image))) for (const input of step) counts[input]!++;
    const trials = images * STEPS;
    PIXELS.forEach((level, k) => {
      const p = (level / 255) * 0.5;
      expect(Math.abs(counts[k]! / trials - p)).toBeLessThanOrEqual(5 * Math.sqrt((p * (1 - p)) / trials));
    });
  });

  it("are the spikes of Diehl & Cook's encoder", () => {
    const encoding = { steps: STEPS, maximumRateHz: 300 };
    const own = createEncoder(encoding, PIXELS.length, 1, 7, 'inference').encode(PIXELS, 0, 3);
    expect(spikesIn(encoderOf({ kind: 'poisson', encoding })(PIXELS, 3))).toEqual(
      spikesIn({ kind: 'spikes', ...own }),
    );
  });

  it('are one spike a pixel, the brighter the earlier, as latency', () => {
    const spikes = spikesIn(encoderOf({ kind: 'latency' })(PIXELS, 0));
    expect(spikes[0]).toEqual([4, 5]);
    expect(spikes[5]).toEqual([3]);
    expect(spikes[8]).toEqual([2]);
    expect(spikes[10]).toEqual([1]);
    expect(spikes.flat()).toHaveLength(5);
  });

  it('are refused where the code is events', () => {
    expect(() => encoderOf({ kind: 'events' })).toThrow(
      /the input code is events, and the data are still images\n.*bernoulli/,
    );
  });
});
