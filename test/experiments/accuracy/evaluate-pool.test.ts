import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createEvaluationPool,
  type EvaluationPool,
} from '../../../src/experiments/accuracy/evaluate-pool.ts';
import { trainNetwork } from '../../../src/snn/train.ts';
import { LEFT_AND_RIGHT, leftAndRight } from '../../snn/small-network.ts';

// Worker threads run the built program (npm test builds it first).
describe('the evaluation pool', () => {
  const images = leftAndRight(610);
  const network = trainNetwork(LEFT_AND_RIGHT, images);
  const broken = network.weights.map((weight, k) => (k % 5 === 0 ? Number.POSITIVE_INFINITY : weight));
  let pools: EvaluationPool[];
  beforeAll(async () => {
    pools = await Promise.all([1, 2, 3].map(createEvaluationPool));
  });
  afterAll(() => Promise.all(pools.map((pool) => pool.close())));

  it('labels and predicts the same on any number of threads', async () => {
    const results = await Promise.all(
      pools.map(async (pool) => {
        const responses = await pool.respond(network, images, 1);
        const settings = { responses, vote: 'likelihood', seed: 1 } as const;
        return {
          responses,
          predictions: await pool.predict(network, [network.weights, broken], images, settings),
        };
      }),
    );
    expect(results[1]).toEqual(results[0]);
    expect(results[2]).toEqual(results[0]);
    expect(results[0]!.predictions[0]).toEqual(images.labels);
    expect([...results[0]!.responses.images]).toEqual([305, 305]);
  });

  it('counts images times variants as it goes', async () => {
    const responses = await pools[0]!.respond(network, images, 1);
    let count = 0;
    const settings = { responses, vote: 'activity', seed: 1 } as const;
    await pools[1]!.predict(network, [network.weights, broken], images, settings, (done) => {
      count += done;
    });
    expect(count).toBe(2 * images.count);
  });

  it('answers for no images with no predictions', async () => {
    const responses = await pools[0]!.respond(network, images, 1);
    const none = { ...images, count: 0, pixels: new Uint8Array(), labels: new Uint8Array() };
    const predictions = await pools[1]!.predict(network, [network.weights], none, {
      responses,
      vote: 'activity',
      seed: 1,
    });
    expect(predictions).toEqual([new Uint8Array()]);
  });
});
