import { describe, expect, it } from 'vitest';
import { createPlainKernel } from '../../src/snn/kernel/plain.ts';
import { collectResponses } from '../../src/snn/label.ts';
import { predictVariants } from '../../src/snn/predict.ts';
import { scheduled } from '../../src/snn/recipe.ts';
import { trainNetwork } from '../../src/snn/train.ts';
import { LEFT_AND_RIGHT, leftAndRight } from './small-network.ts';

const images = leftAndRight(80);

describe('training', () => {
  const network = trainNetwork(LEFT_AND_RIGHT, images);

  it('is the same bit by bit each time, in either kernel', () => {
    expect(trainNetwork(LEFT_AND_RIGHT, images)).toEqual(network);
    expect(trainNetwork(LEFT_AND_RIGHT, images, { createKernel: createPlainKernel })).toEqual(network);
  });

  it('depends on the seed and never looks at labels or at images beyond trainingImages', () => {
    expect(trainNetwork({ ...LEFT_AND_RIGHT, seed: 2 }, images)).not.toEqual(network);
    const others = leftAndRight(80);
    others.pixels.fill(9, 60 * 16);
    expect(trainNetwork(LEFT_AND_RIGHT, { ...others, labels: others.labels.map(() => 0) })).toEqual(network);
  });

  it('keeps weights within 0 and 1 and no neuron above its weight sum', () => {
    expect(network.weights.every((weight) => weight >= 0 && weight <= 1)).toBe(true);
    for (let neuron = 0; neuron < network.neurons; neuron++) {
      let sum = 0;
      for (let input = 0; input < 16; input++) sum += network.weights[input * network.neurons + neuron]!;
      expect(sum).toBeLessThanOrEqual(LEFT_AND_RIGHT.weightSum + 1e-5);
    }
  });

  it('learns to tell the classes apart', () => {
    const responses = collectResponses(network, images, 0, 60, 1);
    expect([...responses.images]).toEqual([30, 30]);
    const settings = { responses, vote: 'likelihood', seed: 1 } as const;
    const [predictions] = predictVariants(network, [network.weights], images, 60, 80, settings);
    expect(predictions).toEqual(images.labels.subarray(60));
  });

  it('counts presentations as it goes', () => {
    let count = 0;
    trainNetwork({ ...LEFT_AND_RIGHT, presentations: 70 }, images, { onPresentation: () => count++ });
    expect(count).toBe(70);
  });
});

describe('prediction', () => {
  it('of an image does not depend on which others are shown, nor on the other variants', () => {
    const network = trainNetwork(LEFT_AND_RIGHT, images);
    const settings = {
      responses: collectResponses(network, images, 0, 60, 1),
      vote: 'activity',
      seed: 5,
    } as const;
    const broken = network.weights.map((weight, k) => (k % 3 === 0 ? Number.NaN : weight));
    const [all, allBroken] = predictVariants(network, [network.weights, broken], images, 0, 80, settings);
    expect(predictVariants(network, [broken], images, 30, 50, settings)[0]).toEqual(
      allBroken!.subarray(30, 50),
    );
    expect(predictVariants(network, [network.weights], images, 79, 80, settings)[0]).toEqual(
      all!.subarray(79),
    );
  });
});

describe('schedules', () => {
  it('go geometrically from the first value to the last', () => {
    const schedule = { from: 0.1, to: 0.001 };
    expect(scheduled(schedule, 0)).toBe(0.1);
    expect(scheduled(schedule, 0.5)).toBeCloseTo(0.01, 12);
    expect(scheduled(schedule, 1)).toBeCloseTo(0.001, 12);
  });
});
