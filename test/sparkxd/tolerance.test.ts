import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { flipBitPosition } from '../../src/faults/bit-position-flips.ts';
import { type MarkedImages, searchToleratedRate, tolerate } from '../../src/sparkxd/tolerance.ts';
import { wilson } from '../../src/stats/wilson.ts';
import { randomCases } from '../effort.ts';

const RULE = { fewest: 4, most: 16, precision: 0.001 };

const IMAGES = 1000;

/** Marks of which the first `right` are 1. */
const marks = (right: number): Uint8Array =>
  Uint8Array.from({ length: IMAGES }, (_, image) => (image < right ? 1 : 0));

/** Images of which 930 are right without errors, and by rate and mask as many as a function says. */
const counted = (right: (ber: number, mask: number) => number): MarkedImages => ({
  clean: marks(930),
  tryMasks: async (ber, from, to) =>
    Array.from({ length: to - from }, (_, i) => marks(Math.round(right(ber, from + i)))),
});

/** A network that loses accuracy above a rate, with a little noise from mask to mask. */
const knee = (rate: number, noise: number): MarkedImages =>
  counted((ber, mask) => (ber <= rate ? 930 : 800) + noise * Math.sin(mask));

describe('a trial at one rate', () => {
  it('stops as soon as the masks agree well enough, and asks for each mask once', async () => {
    const asked: number[] = [];
    const images = counted((_ber, mask) => {
      asked.push(mask);
      return 900;
    });
    expect((await tolerate(1e-3, images, RULE)).accuracies.length).toBe(4);
    expect(asked).toEqual([0, 1, 2, 3]);
  });

  it('goes on to the most masks when they disagree', async () => {
    const trial = await tolerate(1e-3, knee(1, 50), RULE);
    expect(trial.accuracies.length).toBe(16);
    expect(trial.interval.low).toBeLessThan(trial.interval.estimate);
  });

  it('has the error of the images where the masks agree', async () => {
    const { interval, lost } = await tolerate(1e-3, knee(1e-9, 0), RULE);
    const alone = wilson(800, IMAGES);
    expect(interval.low).toBeCloseTo(alone.low, 9);
    expect(interval.high).toBeCloseTo(alone.high, 9);
    expect(lost.estimate).toBeCloseTo(0.13, 9);
    expect(lost.high - lost.low).toBeGreaterThan(0.03);
  });
});

describe('the search for the tolerable rate', () => {
  it('brackets the knee to a tenth of a decade', async () => {
    await fc.assert(
      fc.asyncProperty(fc.double({ min: -6.5, max: -1, noNaN: true }), async (logRate) => {
        const found = await searchToleratedRate(1e-7, 0.3, 0.01, knee(10 ** logRate, 1), RULE);
        expect(Math.log10(found.ber)).toBeLessThanOrEqual(logRate);
        expect(Math.log10(found.failing)).toBeGreaterThanOrEqual(logRate);
        expect(Math.log10(found.failing) - Math.log10(found.ber)).toBeLessThanOrEqual(0.1);
      }),
      { seed: 8, numRuns: randomCases(50) },
    );
  });

  it('wants one more mask within the bound, not the mean alone', async () => {
    // On average no image is lost, but every fourth mask loses 15.
    const uneven = counted((_ber, mask) => (mask % 4 === 0 ? 915 : 935));
    const found = await searchToleratedRate(1e-7, 0.3, 0.012, uneven, RULE);
    expect(found.trials[0]!.lost.high).toBeLessThan(0.012);
    expect(found.ber).toBe(0);
  });

  it('is not sure of a loss within the bound from few images', async () => {
    const images: MarkedImages = {
      clean: marks(30).slice(0, 30),
      tryMasks: async (_ber, from, to) => Array.from({ length: to - from }, () => marks(30).slice(0, 30)),
    };
    expect((await searchToleratedRate(1e-7, 0.3, 0.01, images, RULE)).ber).toBe(0);
    expect((await searchToleratedRate(1e-7, 0.3, 0.1, images, RULE)).ber).toBe(0.3);
  });

  it('says so when every rate or no rate is within the bound', async () => {
    expect(await searchToleratedRate(1e-7, 0.3, 0.01, knee(1, 0), RULE)).toMatchObject({
      ber: 0.3,
      failing: Infinity,
    });
    expect(await searchToleratedRate(1e-7, 0.3, 0.01, knee(1e-9, 0), RULE)).toMatchObject({
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
