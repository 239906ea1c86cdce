import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { flipBitPosition } from '../../src/faults/bit-position-flips.ts';
import { searchToleratedRate, type TryMasks, tolerate } from '../../src/sparkxd/tolerance.ts';

const RULE = { fewest: 4, most: 16, precision: 0.001 };

/** A network that loses accuracy above a rate, with a little noise from mask to mask. */
const knee =
  (rate: number, noise: number): TryMasks =>
  async (ber, from, to) =>
    Array.from({ length: to - from }, (_, i) => (ber <= rate ? 0.93 : 0.8) + noise * Math.sin(from + i));

describe('a trial at one rate', () => {
  it('stops as soon as the interval is narrow enough, and asks for each mask once', async () => {
    const asked: number[] = [];
    const tryMasks: TryMasks = async (_ber, from, to) => {
      for (let mask = from; mask < to; mask++) asked.push(mask);
      return Array(to - from).fill(0.9) as number[];
    };
    expect((await tolerate(1e-3, tryMasks, RULE)).accuracies.length).toBe(4);
    expect(asked).toEqual([0, 1, 2, 3]);
  });

  it('goes on to the most masks when they disagree', async () => {
    const trial = await tolerate(1e-3, knee(1, 0.05), RULE);
    expect(trial.accuracies.length).toBe(16);
    expect(trial.interval.low).toBeLessThan(trial.interval.estimate);
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
      Array.from({ length: to - from }, (_, i) => ((from + i) % 4 === 0 ? 0.915 : 0.935));
    const found = await searchToleratedRate(1e-7, 0.3, 0.92, uneven, RULE);
    expect(found.trials[0]!.interval.low).toBeGreaterThan(0.92);
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
