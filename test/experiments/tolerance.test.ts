import { describe, expect, it } from 'vitest';
import { runTolerance } from '../../src/experiments/tolerance.ts';
import type { ToleranceInput } from '../../src/settings/jobs/tolerance.ts';

const job: ToleranceInput = {
  weights: 'n400-mnist',
  dataset: 'mnist',
  bers: [0.1],
  format: 'int8',
  repair: 'none',
  errorModel: 0,
  device: 'lpddr3-1600-4gb-sparkxd',
  bound: 0.05,
  trials: 2,
  precision: 0,
  images: 30,
  byBit: false,
  byInputs: 4,
  seed: 1,
};
const silent = { begin() {}, advance() {} };

describe('tolerance by groups of inputs', () => {
  it('is higher for the inputs of small weights than for those of large ones', async () => {
    const { byInputs, byBitBer, byBit, rows } = await runTolerance(job, 1, silent);
    const accuracies = byInputs!.map(({ interval }) => interval.estimate);
    expect(accuracies).toHaveLength(4);
    expect(accuracies[0]).toBeGreaterThan(accuracies[3]!);
    expect([byBitBer, byBit]).toEqual([0.1, undefined]);
    for (const { accuracy, accuracy_low, accuracy_high, accuracy_lost_low, accuracy_lost_high } of rows) {
      expect(accuracy_low).toBeGreaterThanOrEqual(0);
      expect(accuracy_high).toBeLessThanOrEqual(1);
      // 30 images leave more than five points open, however much the masks agree.
      expect(accuracy_high - accuracy_low).toBeGreaterThan(0.05);
      expect(accuracy).toBeGreaterThanOrEqual(accuracy_low);
      expect(accuracy_lost_high).toBeGreaterThan(accuracy_lost_low);
    }
  });
  it('says when there are more groups than inputs', async () => {
    await expect(runTolerance({ ...job, byInputs: 785 }, 1, silent)).rejects.toThrow(
      /785 groups of inputs are requested, the network has 784/,
    );
  });
});
