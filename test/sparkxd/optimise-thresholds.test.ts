import { describe, expect, it } from 'vitest';
import { collectResponses } from '../../src/snn/label.ts';
import { predictVariants } from '../../src/snn/predict.ts';
import { trainNetwork } from '../../src/snn/train.ts';
import { searchThresholdShift, shiftedThresholds } from '../../src/sparkxd/optimise-thresholds.ts';
import { LEFT_AND_RIGHT, leftAndRight } from '../snn/small-network.ts';

const images = leftAndRight(60);
const trained = trainNetwork(LEFT_AND_RIGHT, images);
const responses = collectResponses(trained, images, 0, images.count, 1);

/** The search on the small network with thresholds that are `wrong` mV above those it learned. */
function searchFrom(wrong: number, weights = trained.weights) {
  const network = { ...trained, theta: shiftedThresholds(trained, wrong) };
  const accuracyAt = (shift: number): number => {
    const shifted = { ...network, theta: shiftedThresholds(network, shift) };
    const settings = { responses, vote: 'likelihood', seed: 2 } as const;
    const [classes] = predictVariants(shifted, [weights], images, 0, images.count, settings);
    return classes!.reduce((sum, label, k) => sum + Number(label === images.labels[k]), 0) / images.count;
  };
  return searchThresholdShift(async (shifts) => shifts.map(accuracyAt));
}

/** An accuracy that falls off with the distance from `optimum`, mV. */
const peakAt = (optimum: number) => async (shifts: readonly number[]) =>
  shifts.map((shift) => 1 - Math.abs(shift - optimum) / 100);

describe('the search for one shift of all thresholds', () => {
  it.each([-31.6, -7.3, 0, 0.9, 26.2])(
    'comes within half a millivolt of an optimum at %d mV',
    async (optimum) => {
      const { shiftMv, tried } = await searchThresholdShift(peakAt(optimum));
      expect(Math.abs(shiftMv - optimum)).toBeLessThanOrEqual(0.5);
      expect(tried).toBe(23);
    },
  );

  it('leaves the thresholds as they are where no shift is better', async () => {
    const { shiftMv, accuracy, accuracyUnchanged } = await searchThresholdShift(async (shifts) =>
      shifts.map((tried) => (tried > 5 ? 0.2 : 0.7)),
    );
    expect([shiftMv, accuracy, accuracyUnchanged]).toEqual([0, 0.7, 0.7]);
  });

  it('tries no shift twice', async () => {
    const tried: number[] = [];
    await searchThresholdShift(async (shifts) => {
      tried.push(...shifts);
      return shifts.map(() => 0);
    });
    expect(new Set(tried).size).toBe(tried.length);
  });

  it('gains nothing on a sound network, and keeps its thresholds', async () => {
    expect(await searchFrom(0)).toMatchObject({ shiftMv: 0, accuracy: 1, accuracyUnchanged: 1 });
  });

  it('finds the shift that takes back thresholds 32 mV too high', async () => {
    const { shiftMv, accuracy, accuracyUnchanged } = await searchFrom(32);
    expect(accuracyUnchanged).toBeLessThan(0.95);
    // A shift of -32 mV restores the network that was trained, and so does any that the plateau around it allows.
    expect(accuracy).toBe(1);
    expect(shiftMv).toBeLessThan(0);
  });

  it('lowers the thresholds for weights that came back at a third', async () => {
    const third = trained.weights.map((weight) => weight / 3);
    const { shiftMv, accuracy, accuracyUnchanged } = await searchFrom(0, third);
    expect(accuracy).toBeGreaterThan(accuracyUnchanged);
    expect(shiftMv).toBeLessThan(0);
  });
});

describe('shifted thresholds', () => {
  it('are as much higher as the shift', () => {
    const shifted = shiftedThresholds(trained, 1.5);
    for (const [neuron, theta] of trained.theta.entries())
      expect(shifted[neuron]!).toBeCloseTo(theta + 1.5, 4);
    expect(shiftedThresholds(trained, 0)).toBe(trained.theta);
  });

  it('never fall to where a neuron is reset', () => {
    const { resetPotentialMv, thresholdMv } = trained.constants;
    expect(Math.min(...shiftedThresholds(trained, -1000))).toBeGreaterThan(resetPotentialMv - thresholdMv);
  });
});
