import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPlainKernel } from '../../src/snn/kernel/plain.ts';
import { createSimdKernel, simdAvailable } from '../../src/snn/kernel/simd.ts';

const bits = (values: Float32Array): Uint32Array => {
  // The sign and payload of a NaN are the engine's choice, in either kernel.
  const plain = values.map((value) => (Number.isNaN(value) ? Number.NaN : value));
  return new Uint32Array(plain.buffer);
};

describe('the SIMD kernel', () => {
  it('runs here', () => {
    expect(simdAvailable()).toBe(true);
  });

  it('leaves the same bits as its plain twin, whatever the weights are: infinite, denormal, not numbers', () => {
    const float = fc.oneof(
      fc.float(),
      fc.float({ min: 0, max: 1 }),
      fc.constantFrom(Number.NaN, 3e38, -3e38, 1e-45),
    );
    const inputs = 6;
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 50 }),
        fc.infiniteStream(float),
        fc.array(fc.nat(inputs - 1), { maxLength: 12 }),
        fc.float({ min: 0, max: 1, noNaN: true }),
        fc.constantFrom(0, 120),
        (neurons, values, spikes, decay, inhibition) => {
          const kernels = [createPlainKernel, createSimdKernel].map((create) =>
            create({ inputs, neurons, spikes: 12 }),
          );
          const [plain, simd] = kernels as [(typeof kernels)[0], (typeof kernels)[0]];
          for (const name of ['weights', 'potential'] as const)
            plain[name].forEach((_, k) => {
              plain[name][k] = values.next().value!;
            });
          for (let neuron = 0; neuron < neurons; neuron++) plain.threshold[neuron] = values.next().value!;
          plain.spikes.set(spikes);
          for (const name of ['weights', 'potential', 'threshold', 'spikes'] as const)
            simd[name].set(plain[name]);

          for (const from of [0, 1]) {
            const to = Math.max(from, spikes.length);
            expect(simd.integrate(from, to, decay, inhibition)).toBe(
              plain.integrate(from, to, decay, inhibition),
            );
            expect(bits(simd.potential)).toEqual(bits(plain.potential));
          }
        },
      ),
      { seed: 3, numRuns: 300 },
    );
  });
});
