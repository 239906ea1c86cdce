import { describe, expect, it } from 'vitest';
import { collectResponses } from '../../src/snn/label.ts';
import { predictVariants } from '../../src/snn/predict.ts';
import { trainNetwork } from '../../src/snn/train.ts';
import { scaledThresholds, searchThresholdFactor } from '../../src/sparkxd/optimise-thresholds.ts';
import { LEFT_AND_RIGHT, leftAndRight } from '../snn/small-network.ts';

const images = leftAndRight(60);
const trained = trainNetwork(LEFT_AND_RIGHT, images);
const responses = collectResponses(trained, images, 0, images.count, 1);

/** The search on the small network with thresholds (above rest) that are `wrong` times those it learned. */
function searchFrom(wrong: number, weights = trained.weights) {
  const network = { ...trained, theta: scaledThresholds(trained, wrong) };
  const accuracyAt = (factor: number): number => {
    const scaled = { ...network, theta: scaledThresholds(network, factor) };
    const settings = { responses, vote: 'likelihood', seed: 2 } as const;
    const [classes] = predictVariants(scaled, [weights], images, 0, images.count, settings);
    return classes!.reduce((sum, label, k) => sum + Number(label === images.labels[k]), 0) / images.count;
  };
  return searchThresholdFactor(async (factors) => factors.map(accuracyAt));
}

/** An accuracy that falls off with the distance of the factor's logarithm from that of `optimum`. */
const peakAt = (optimum: number) => async (factors: readonly number[]) =>
  factors.map((factor) => 1 - Math.abs(Math.log2(factor / optimum)));

describe('the search for one factor of all thresholds', () => {
  it.each([0.3, 0.77, 1, 1.1, 3.6])(
    'comes within a sixteenth of an octave of an optimum at %d',
    async (optimum) => {
      const { factor, tried } = await searchThresholdFactor(peakAt(optimum));
      expect(Math.abs(Math.log2(factor / optimum))).toBeLessThanOrEqual(1 / 16);
      expect(tried).toBe(23);
    },
  );

  it('leaves the thresholds as they are where no factor is better', async () => {
    const { factor, accuracy, accuracyUnchanged } = await searchThresholdFactor(async (factors) =>
      factors.map((tried) => (tried > 1.5 ? 0.2 : 0.7)),
    );
    expect([factor, accuracy, accuracyUnchanged]).toEqual([1, 0.7, 0.7]);
  });

  it('tries no factor twice', async () => {
    const tried: number[] = [];
    await searchThresholdFactor(async (factors) => {
      tried.push(...factors);
      return factors.map(() => 0);
    });
    expect(new Set(tried).size).toBe(tried.length);
  });

  it('gains nothing on a sound network, and keeps its thresholds', async () => {
    expect(await searchFrom(1)).toMatchObject({ factor: 1, accuracy: 1, accuracyUnchanged: 1 });
  });

  it('finds the factor that takes back thresholds four times too high', async () => {
    const sound = await searchFrom(1);
    const { factor, accuracy, accuracyUnchanged } = await searchFrom(4);
    expect(accuracyUnchanged).toBeLessThan(0.6);
    // A factor of 1/4 restores the network that was trained.
    expect(accuracy).toBeGreaterThanOrEqual(sound.accuracyUnchanged);
    expect(factor).toBeLessThan(1);
  });

  it('lowers the thresholds for weights that came back at a third', async () => {
    const third = trained.weights.map((weight) => weight / 3);
    const { factor, accuracy, accuracyUnchanged } = await searchFrom(1, third);
    expect(accuracy).toBeGreaterThan(accuracyUnchanged);
    expect(factor).toBeLessThan(1);
  });
});

describe('scaled thresholds', () => {
  const base = trained.constants.thresholdMv - trained.constants.restPotentialMv;

  it('are multiples of the height above rest', () => {
    const scaled = scaledThresholds(trained, 1.5);
    for (const [neuron, theta] of trained.theta.entries())
      expect(base + scaled[neuron]!).toBeCloseTo(1.5 * (base + theta), 3);
    expect(scaledThresholds(trained, 1)).toBe(trained.theta);
  });

  it('never fall to where a neuron is reset', () => {
    const { resetPotentialMv, thresholdMv } = trained.constants;
    expect(Math.min(...scaledThresholds(trained, 1e-6))).toBeGreaterThan(resetPotentialMv - thresholdMv);
  });
});
