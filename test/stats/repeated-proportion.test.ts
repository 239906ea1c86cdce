import fc from 'fast-check';
import seedrandom from 'seedrandom';
import { describe, expect, it } from 'vitest';
import {
  meanOverDraws,
  meanProportion,
  nextDraw,
  pairedProportions,
} from '../../src/stats/repeated-proportion.ts';
import { wilson } from '../../src/stats/wilson.ts';

const ROUNDS = 2000;

/** A Beta(a, b) variable of whole parameters: an order statistic of uniform ones. */
function beta(a: number, b: number, random: () => number): number {
  const uniform = Array.from({ length: a + b - 1 }, random).sort((x, y) => x - y);
  return uniform[a - 1]!;
}

/** The trials' thresholds, shared by all draws: a trial succeeds in a draw whose probability is above its threshold. */
const sharedTrials = (n: number, random: () => number): Float64Array =>
  Float64Array.from({ length: n }, random).sort();

/** How many thresholds lie below p. */
function below(thresholds: Float64Array, p: number): number {
  let [low, high] = [0, thresholds.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (thresholds[middle]! < p) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** How often the interval of beta-binomial draws over shared trials covers the mean of the beta distribution. */
function coverage(a: number, b: number, draws: number, n: number): number {
  const random = seedrandom(`${a} ${b} ${draws} ${n}`);
  let covered = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const trials = sharedTrials(n, random);
    const counts = Array.from({ length: draws }, () => below(trials, beta(a, b, random)));
    const { low, high } = meanProportion(counts, n);
    if (low <= a / (a + b) && a / (a + b) <= high) covered++;
  }
  return covered / ROUNDS;
}

describe('the interval of the mean of repeated proportions', () => {
  it.each([
    [90, 10, 8, 200],
    [45, 5, 16, 500],
    [12, 12, 8, 100],
    [190, 10, 4, 300],
  ])(
    'covers the mean of Beta(%i, %i) over %i draws of %i trials in 93 to 97 of 100 cases',
    (a, b, draws, n) => {
      const share = coverage(a, b, draws, n);
      expect(share).toBeGreaterThan(0.93);
      expect(share).toBeLessThan(0.97);
    },
  );

  it('covers more, not less, where draws differ so much that they hardly share what the trials vary', () => {
    expect(coverage(9, 1, 16, 100)).toBeGreaterThan(0.95);
  });

  it('stays in [0, 1], contains its estimate and has a width', () => {
    const cases = fc.integer({ min: 1, max: 500 }).chain((n) =>
      fc.record({
        n: fc.constant(n),
        counts: fc.array(fc.integer({ min: 0, max: n }), { minLength: 1, maxLength: 12 }),
      }),
    );
    fc.assert(
      fc.property(cases, ({ n, counts }) => {
        for (const of of [meanProportion, meanOverDraws, nextDraw]) {
          const { estimate, low, high } = of(counts, n);
          expect(low).toBeGreaterThanOrEqual(0);
          expect(high).toBeLessThanOrEqual(1);
          expect(low).toBeLessThanOrEqual(estimate);
          expect(high).toBeGreaterThanOrEqual(estimate);
          expect(high).toBeGreaterThan(low);
        }
      }),
      { seed: 3, numRuns: 500 },
    );
  });

  it('is not narrower than the trials allow when all draws agree', () => {
    for (const count of [0, 930, 1000]) {
      const { low, high } = meanProportion([count, count, count, count], 1000);
      const alone = wilson(count, 1000);
      expect(low).toBeLessThanOrEqual(alone.low);
      expect(high).toBeGreaterThanOrEqual(alone.high);
      expect(high - low).toBeLessThan(1.01 * (alone.high - alone.low));
    }
  });

  it('of the very trials narrows with the draws, where that of all trials does not', () => {
    const some = [930, 931, 929, 930];
    const many = Array.from({ length: 64 }, (_, i) => some[i % 4]!);
    const width = ({ low, high }: { low: number; high: number }): number => high - low;
    expect(width(meanOverDraws(many, 1000))).toBeLessThan(0.3 * width(meanOverDraws(some, 1000)));
    expect(width(meanProportion(many, 1000))).toBeGreaterThan(0.95 * width(wilson(930, 1000)));
    expect(width(nextDraw(some, 1000))).toBeGreaterThan(2 * width(meanOverDraws(some, 1000)));
  });

  it('is everything for one draw, and refuses counts that cannot be', () => {
    expect(meanProportion([5], 10)).toMatchObject({ estimate: 0.5, low: 0, high: 1 });
    expect(() => meanProportion([11], 10)).toThrow(RangeError);
    expect(() => meanProportion([], 10)).toThrow(RangeError);
  });

  it('of one more draw covers 93 to 97 % of them', () => {
    const random = seedrandom('one more');
    let covered = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const trials = sharedTrials(1000, random);
      const [next, ...counts] = Array.from({ length: 9 }, () => below(trials, beta(90, 10, random)));
      const { low, high } = nextDraw(counts, 1000);
      if (low <= next! / 1000 && next! / 1000 <= high) covered++;
    }
    expect(covered / ROUNDS).toBeGreaterThan(0.93);
    expect(covered / ROUNDS).toBeLessThan(0.97);
  });
});

describe('the interval of a difference of paired proportions', () => {
  it('covers 93 to 97 % where two treatments of the same trials differ by 2 points', () => {
    const random = seedrandom('pairs');
    let covered = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const fates = Array.from({ length: 500 }, random);
      // Both succeed below 0.9, only a in the next 4 %, only b in the next 2 %.
      const a = fates.map((fate) => fate < 0.94);
      const b = fates.map((fate) => fate < 0.9 || (fate >= 0.94 && fate < 0.96));
      const { low, high } = pairedProportions(a, b);
      if (low <= 0.02 && 0.02 <= high) covered++;
    }
    expect(covered / ROUNDS).toBeGreaterThan(0.93);
    expect(covered / ROUNDS).toBeLessThan(0.97);
  });

  it('has a width where all agree, stays in [-1, 1], and refuses lengths that differ', () => {
    const same = Array(100).fill(true) as boolean[];
    const { estimate, low, high } = pairedProportions(same, same);
    expect(estimate).toBe(0);
    expect(low).toBeCloseTo(-0.0272, 4);
    expect(high).toBeCloseTo(0.0272, 4);
    expect(pairedProportions([true], [false])).toMatchObject({ estimate: 1, high: 1 });
    expect(() => pairedProportions([true], [])).toThrow(RangeError);
  });
});
