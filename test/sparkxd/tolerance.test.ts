import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { flipBitPosition } from '../../src/faults/bit-position-flips.ts';
import { searchToleratedRate, type TryMasks, tolerate } from '../../src/sparkxd/tolerance.ts';
import { wilson } from '../../src/stats/wilson.ts';

const RULE = { fewest: 4, most: 16, precision: 0.001 };

const IMAGES = 10_000;
const scored = (accuracy: number) => ({ correct: Math.round(accuracy * IMAGES), images: IMAGES });

/** A network that loses accuracy above a rate, with a little noise from mask to mask. */
const knee =
  (rate: number, noise: number): TryMasks =>
  async (ber, from, to) =>
    Array.from({ length: to - from }, (_, i) =>
      scored((ber <= rate ? 0.93 : 0.8) + noise * Math.sin(from + i)),
    );

describe('a trial at one rate', () => {
  it('stops as soon as the interval is narrow enough, and asks for each mask once', async () => {
    const asked: number[] = [];
    const tryMasks: TryMasks = async (_ber, from, to) => {
      for (let mask = from; mask < to; mask++) asked.push(mask);
      return Array.from({ length: to - from }, () => scored(0.9));
    };
    expect((await tolerate(1e-3, tryMasks, RULE)).accuracies.length).toBe(4);
    expect(asked).toEqual([0, 1, 2, 3]);
  });

  it('goes on to the most masks when they disagree', async () => {
    const trial = await tolerate(1e-3, knee(1, 0.05), RULE);
    expect(trial.accuracies.length).toBe(16);
    expect(trial.overMasks.low).toBeLessThan(trial.overMasks.estimate);
  });

  it('has intervals within 0 and 1 that contain what the images vary, also where all masks agree', async () => {
    for (const share of [1, 0.998, 0.5, 0]) {
      const few: TryMasks = async (_ber, from, to) =>
        Array.from({ length: to - from }, () => ({ correct: Math.round(share * 500), images: 500 }));
      const { interval, overMasks, accuracies } = await tolerate(1e-3, few, RULE);
      const alone = wilson(share * 500, 500);
      expect(accuracies.length).toBe(4);
      expect(interval.low).toBeLessThanOrEqual(alone.low);
      expect(interval.high).toBeGreaterThanOrEqual(alone.high);
      expect(interval.low).toBeGreaterThanOrEqual(0);
      expect(interval.high).toBeLessThanOrEqual(1);
      expect(overMasks.high).toBeGreaterThan(overMasks.low);
      expect(overMasks.high - overMasks.low).toBeLessThan(interval.high - interval.low);
    }
    // Masks that differ by far more than a mean near 1 lets a symmetric interval have.
    const wild: TryMasks = async (_ber, from, to) =>
      Array.from({ length: to - from }, (_, i) => scored((from + i) % 4 === 0 ? 0.8 : 1));
    const { interval, nextMask } = await tolerate(1e-3, wild, { ...RULE, most: 4 });
    expect(interval.high).toBeLessThanOrEqual(1);
    expect(nextMask.high).toBeLessThanOrEqual(1);
    expect(nextMask.low).toBeGreaterThanOrEqual(0);
  });
});

describe('the search for the tolerable rate', () => {
  it('brackets the knee to a tenth of a decade', async () => {
    await fc.assert(
      fc.asyncProperty(fc.double({ min: -6.5, max: -1, noNaN: true }), async (logRate) => {
        const found = await searchToleratedRate(1e-7, 0.3, 0.92, knee(10 ** logRate, 1e-4), RULE);
        expect(Math.log10(found.ber)).toBeLessThanOrEqual(logRate);
        expect(Math.log10(found.failing)).toBeGreaterThanOrEqual(logRate);
        expect(Math.log10(found.failing) - Math.log10(found.ber)).toBeLessThanOrEqual(0.1);
      }),
      { seed: 8, numRuns: 50 },
    );
  });

  it('wants one more mask within the bound, not the mean alone', async () => {
    // Mean 0.93 with its interval well above 0.92, but every fourth mask at 0.915.
    const uneven: TryMasks = async (_ber, from, to) =>
      Array.from({ length: to - from }, (_, i) => scored((from + i) % 4 === 0 ? 0.915 : 0.935));
    const found = await searchToleratedRate(1e-7, 0.3, 0.92, uneven, RULE);
    expect(found.trials[0]!.overMasks.low).toBeGreaterThan(0.92);
    expect(found.ber).toBe(0);
  });

  it('says so when every rate or no rate is within the bound', async () => {
    expect(await searchToleratedRate(1e-7, 0.3, 0.92, knee(1, 0), RULE)).toMatchObject({
      ber: 0.3,
      failing: Infinity,
    });
    expect(await searchToleratedRate(1e-7, 0.3, 0.92, knee(1e-9, 0), RULE)).toMatchObject({
      ber: 0,
      failing: 1e-7,
    });
  });
});

describe('flips of one bit position', () => {
  it('touch that bit alone, at the rate asked for, nested in the rate', () => {
    const flips = (ber: number): Uint32Array => {
      const codes = new Uint32Array(100_000);
      expect(flipBitPosition(codes, 30, ber, 7)).toBe(codes.filter((code) => code !== 0).length);
      return codes;
    };
    const [few, many] = [flips(0.01), flips(0.1)];
    expect(many.filter((code) => code !== 0).length).toBeGreaterThan(9500);
    expect(many.filter((code) => code !== 0).length).toBeLessThan(10_500);
    for (let k = 0; k < few.length; k++) {
      expect(many[k]! & ~(1 << 30)).toBe(0);
      if (few[k] !== 0 && many[k] === 0) expect.unreachable();
    }
    expect(flipBitPosition(new Uint32Array(10), 31, 1, 1)).toBe(10);
  });
});
