import { describe, expect, it } from 'vitest';
import { createInference, createInput } from '../../src/snn/infer.ts';
import { collectResponses } from '../../src/snn/label.ts';
import type { LabelledNetwork } from '../../src/snn/network.ts';
import { trainNetwork } from '../../src/snn/train.ts';
import { ADAPTATION_RATE, adaptThresholds } from '../../src/sparkxd/adapt-thresholds.ts';
import { LEFT_AND_RIGHT, leftAndRight } from '../snn/small-network.ts';

const images = leftAndRight(60);
const trained = trainNetwork(LEFT_AND_RIGHT, images);
const network: LabelledNetwork = { ...trained, responses: collectResponses(trained, images, 0, 60, 1) };
const settings = { presentations: 2_000, rateMv: ADAPTATION_RATE, seed: 1 };

/** Spikes of each neuron on all images. */
function spikesOf(theta: Float32Array, weights: Float32Array): number[] {
  const inference = createInference({ ...network, theta, weights });
  const input = createInput(network, images, 2);
  const total = new Array<number>(network.neurons).fill(0);
  for (let image = 0; image < images.count; image++)
    inference.respond(input(image)).forEach((count, neuron) => {
      total[neuron]! += count;
    });
  return total;
}

describe('thresholds adapted to damage', () => {
  const damaged = network.weights.map((weight, k) => (k % network.neurons === 2 ? 0.9 : weight));
  const sound = spikesOf(network.theta, network.weights);
  const distance = (spikes: readonly number[]) =>
    spikes.reduce((sum, count, neuron) => sum + Math.abs(count - sound[neuron]!), 0);

  it('bring the neurons back towards the spikes they gave while sound', () => {
    const before = distance(spikesOf(network.theta, damaged));
    const after = distance(spikesOf(adaptThresholds(network, damaged, images, settings), damaged));
    expect(after).toBeLessThan(0.3 * before);
  });

  it('rise for a neuron that damage made too ready to fire', () => {
    expect(adaptThresholds(network, damaged, images, settings)[2]).toBeGreaterThan(network.theta[2]!);
  });

  it('are the same each time, and never below where a neuron would fire by itself', () => {
    const silent = new Float32Array(damaged.length);
    const theta = adaptThresholds(network, silent, images, settings);
    expect(adaptThresholds(network, silent, images, settings)).toEqual(theta);
    const { resetPotentialMv, thresholdMv } = network.constants;
    expect(Math.min(...theta)).toBeGreaterThan(resetPotentialMv - thresholdMv);
  });
});
