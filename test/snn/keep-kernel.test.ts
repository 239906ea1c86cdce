import { describe, expect, it } from 'vitest';
import { keepKernel } from '../../src/snn/kernel/keep-kernel.ts';
import { createPlainKernel } from '../../src/snn/kernel/plain.ts';
import { createSimdKernel } from '../../src/snn/kernel/simd.ts';
import { collectResponses } from '../../src/snn/label.ts';
import { predictVariants } from '../../src/snn/predict.ts';
import { trainNetwork } from '../../src/snn/train.ts';
import { LEFT_AND_RIGHT, leftAndRight } from './small-network.ts';

const images = leftAndRight(80);
/** Networks of two sizes, and of one size with other weights and thresholds. */
const networks = [
  trainNetwork(LEFT_AND_RIGHT, images),
  trainNetwork({ ...LEFT_AND_RIGHT, seed: 2 }, images),
  trainNetwork({ ...LEFT_AND_RIGHT, neurons: LEFT_AND_RIGHT.neurons + 1 }, images),
];

describe.each([
  ['SIMD', createSimdKernel],
  ['plain', createPlainKernel],
])('a %s kernel that is kept', (_, make) => {
  it('is the last one, while the size stays', () => {
    const kernelFor = keepKernel(make);
    const small = kernelFor({ inputs: 4, neurons: 3, spikes: 8 });
    expect(kernelFor({ inputs: 4, neurons: 3, spikes: 8 })).toBe(small);
    const other = kernelFor({ inputs: 4, neurons: 4, spikes: 8 });
    expect(other).not.toBe(small);
    expect(kernelFor({ inputs: 4, neurons: 3, spikes: 8 })).not.toBe(small);
  });

  it('gives what a fresh one gives, whatever it was used for before', () => {
    const kernelFor = keepKernel(make);
    const shares = networks.flatMap((network) => [
      { network, variants: [network.weights.map(() => Number.NaN), network.weights] },
      { network, variants: [network.weights.map(() => Number.POSITIVE_INFINITY)] },
      { network, variants: [network.weights] },
    ]);
    // In this order and back: every share follows several others.
    for (const { network, variants } of [...shares, ...shares.toReversed()]) {
      const responses = collectResponses(network, images, 0, 60, 1, make);
      expect(collectResponses(network, images, 0, 60, 1, kernelFor)).toEqual(responses);
      const settings = { responses, vote: 'likelihood', seed: 3 } as const;
      expect(predictVariants(network, variants, images, 60, 80, settings, kernelFor)).toEqual(
        predictVariants(network, variants, images, 60, 80, settings, make),
      );
    }
  });
});
