import { describe, expect, it } from 'vitest';
import { withHeadroom } from '../../src/snn/headroom.ts';
import { MAXIMUM_WEIGHT } from '../../src/snn/stdp.ts';
import { trainNetwork } from '../../src/snn/train.ts';
import { pruneDamaged, trainFaultAware } from '../../src/sparkxd/fault-aware-training.ts';
import { type FaultyMemory, uniformMemory } from '../../src/sparkxd/faulty-memory.ts';
import { LEFT_AND_RIGHT, leftAndRight } from '../snn/small-network.ts';

const images = leftAndRight(80);
const { neurons, weightSum } = LEFT_AND_RIGHT;
const fields = { imageRows: 4, imageColumns: 4, neurons, weightSum, ceiling: 1, likeliest: 0 };
const inputs = 16;
const ber = (rate: number) => ({ from: rate, to: rate });
const own = { errorMaps: 'fixed', readEvery: 10 } as const;

describe('fault-aware training', () => {
  it.each(['fp32', 'int8', 'int4'] as const)('without errors is training, bit by bit (%s)', (format) => {
    const memory = uniformMemory(fields, { format, repair: 'clamp' }, ber(0), 1);
    expect(trainFaultAware(LEFT_AND_RIGHT, images, memory, own)).toEqual(
      trainNetwork(LEFT_AND_RIGHT, images),
    );
  });

  it('is the same each time, and not what training without errors gives', () => {
    const memory = () => uniformMemory(fields, { format: 'int8', repair: 'clamp' }, ber(0.05), 1);
    const network = trainFaultAware(LEFT_AND_RIGHT, images, memory(), own);
    expect(trainFaultAware(LEFT_AND_RIGHT, images, memory(), own)).toEqual(network);
    expect(network).not.toEqual(trainNetwork(LEFT_AND_RIGHT, images));
    const fresh = trainFaultAware(LEFT_AND_RIGHT, images, memory(), { ...own, errorMaps: 'fresh' });
    expect(fresh).not.toEqual(network);
  });

  it('drives the neurons by what is read and lets STDP change what is stored', () => {
    // Every synapse of neuron 0 is read as 0 whatever is stored: it never fires, so it never learns.
    const dead: FaultyMemory = {
      read: (weights) => weights.map((weight, k) => (k % neurons === 0 ? 0 : weight)),
      readSound: (weights) => weights,
    };
    const network = trainFaultAware(LEFT_AND_RIGHT, images, dead, own);
    expect(network.theta[0]).toBe(0);
    const untouched = trainNetwork({ ...LEFT_AND_RIGHT, presentations: 0 }, images);
    for (let input = 0; input < inputs; input++)
      expect(network.weights[input * neurons]).toBe(untouched.weights[input * neurons]);
    expect(network.theta.some((theta) => theta > 0)).toBe(true);
  });

  it('stores 0 where the loader could make nothing plausible of a weight', () => {
    const memory: FaultyMemory = {
      read: (weights) => weights.map((weight, k) => (k === 3 ? 1e30 : k === 4 ? Number.NaN : weight)),
      readSound: (weights) => weights,
    };
    const weights = new Float32Array(inputs * neurons).fill(MAXIMUM_WEIGHT / 2);
    const stored = pruneDamaged(weights, memory, 1);
    expect([...stored.subarray(2, 6)]).toEqual([0.5, 0, 0, 0.5]);
  });
});

describe('a faulty memory', () => {
  it('flips nested bits at rising rates, other bits in other maps, and none when sound', () => {
    const memory = uniformMemory(fields, { format: 'int8', repair: 'none' }, { from: 1e-3, to: 0.2 }, 4);
    const weights = Float32Array.from({ length: inputs * neurons }, (_, k) => (k % 10) / 10);
    const sound = memory.readSound(weights);
    const damaged = (map: number, progress: number): number[] => {
      const read = memory.read(weights, map, progress);
      return [...read.keys()].filter((k) => read[k] !== sound[k]);
    };
    const few = damaged(0, 0.5);
    const many = damaged(0, 1);
    expect(few.length).toBeLessThan(many.length);
    expect(few.every((k) => many.includes(k))).toBe(true);
    expect(damaged(1, 1)).not.toEqual(many);
    expect(memory.read(weights, 0, 1)).toEqual(memory.read(weights, 0, 1));
  });
});

describe('headroom', () => {
  it('scales every weight and voltage together: 1 is the recipe, and spikes do not change while no weight reaches 1', () => {
    expect(withHeadroom(LEFT_AND_RIGHT, 1)).toBe(LEFT_AND_RIGHT);
    // A power of two is exact in binary; sums so small that no weight comes near the largest.
    const small = {
      ...LEFT_AND_RIGHT,
      weightSum: 1,
      initialWeight: 0.1,
      postRate: { from: 0.01, to: 0.001 },
    };
    const plain = trainNetwork(small, images);
    const roomy = trainNetwork(withHeadroom(small, 2), images);
    expect(Math.max(...roomy.weights)).toBeLessThan(MAXIMUM_WEIGHT);
    expect(roomy.weights).toEqual(plain.weights.map((weight) => 2 * weight));
    expect(roomy.theta).toEqual(plain.theta.map((theta) => 2 * theta));
  });
});
