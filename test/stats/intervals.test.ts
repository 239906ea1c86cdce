import { describe, expect, it } from 'vitest';
import { binomialCdf, binomialUpperTail, clopperPearson } from '../../src/stats/binomial.ts';
import { lowerIncompleteGamma, upperIncompleteGamma } from '../../src/stats/gamma.ts';
import { normalCdf, normalQuantile } from '../../src/stats/normal.ts';
import { meanInterval, studentQuantile } from '../../src/stats/student.ts';
import { wilson } from '../../src/stats/wilson.ts';

describe('distributions agree with printed tables and closed forms', () => {
  it('normal', () => {
    expect(normalQuantile(0.975)).toBeCloseTo(1.959963984540054, 12);
    expect(normalQuantile(0.995)).toBeCloseTo(2.5758293035489004, 12);
    expect(normalQuantile(0.5)).toBeCloseTo(0, 12);
    expect(normalCdf(-10) / 7.619853024160527e-24).toBeCloseTo(1, 10);
    for (const p of [1e-12, 0.01, 0.3, 0.8]) expect(normalCdf(normalQuantile(p)) / p).toBeCloseTo(1, 10);
  });

  it('gamma: an integer shape is a Poisson sum', () => {
    for (const [a, x] of [
      [1, 0.3],
      [4, 2],
      [4, 11],
      [20, 19],
    ] as const) {
      let sum = 0;
      let term = Math.exp(-x);
      for (let k = 0; k < a; k++) {
        sum += term;
        term *= x / (k + 1);
      }
      expect(upperIncompleteGamma(a, x)).toBeCloseTo(sum, 12);
      expect(lowerIncompleteGamma(a, x)).toBeCloseTo(1 - sum, 12);
    }
  });

  it('binomial: term by term', () => {
    const n = 12;
    for (const p of [0.01, 0.3, 0.9]) {
      let cumulative = 0;
      let choose = 1;
      for (let k = 0; k <= n; k++) {
        expect(binomialUpperTail(k, n, p)).toBeCloseTo(1 - cumulative, 11);
        cumulative += choose * p ** k * (1 - p) ** (n - k);
        choose = (choose * (n - k)) / (k + 1);
        expect(binomialCdf(k, n, p)).toBeCloseTo(cumulative, 11);
      }
    }
  });

  it('Student', () => {
    expect(studentQuantile(0.975, 1)).toBeCloseTo(12.706204736174694, 8);
    expect(studentQuantile(0.975, 4)).toBeCloseTo(2.7764451051977934, 10);
    expect(studentQuantile(0.995, 30)).toBeCloseTo(2.749995653567231, 9);
    expect(studentQuantile(0.025, 9)).toBeCloseTo(-2.2621571627982, 9);
  });
});

describe('wilson', () => {
  it('gives the textbook interval', () => {
    const { estimate, low, high } = wilson(15, 100);
    expect(estimate).toBe(0.15);
    expect(low).toBeCloseTo(0.0931, 4);
    expect(high).toBeCloseTo(0.2328, 4);
  });

  it('ends exactly at 0 and 1 where nothing or everything succeeded', () => {
    expect(wilson(0, 50).low).toBe(0);
    expect(wilson(50, 50).high).toBe(1);
    expect(wilson(0, 0)).toMatchObject({ low: 0, high: 1 });
  });

  it('refuses what is not a count', () => {
    expect(() => wilson(3, 2)).toThrow(RangeError);
    expect(() => wilson(1, 2, 1)).toThrow(RangeError);
  });
});

describe('clopperPearson', () => {
  it('gives the closed forms at the ends', () => {
    expect(clopperPearson(0, 30).high).toBeCloseTo(1 - 0.025 ** (1 / 30), 12);
    expect(clopperPearson(30, 30).low).toBeCloseTo(0.025 ** (1 / 30), 12);
  });

  it('covers with at least its confidence at any proportion', () => {
    const n = 20;
    const intervals = Array.from({ length: n + 1 }, (_, k) => clopperPearson(k, n, 0.9));
    for (let p = 0.02; p < 1; p += 0.07) {
      let covered = 0;
      for (let k = 0; k <= n; k++)
        if (intervals[k]!.low <= p && p <= intervals[k]!.high)
          covered += binomialCdf(k, n, p) - binomialCdf(k - 1, n, p);
      expect(covered).toBeGreaterThanOrEqual(0.9);
    }
  });

  it('keeps its precision where weak cells are rare', () => {
    const { low, high } = clopperPearson(3, 2 ** 32, 0.95);
    // Poisson limits of three events: 0.6187 and 8.7673.
    expect(low * 2 ** 32).toBeCloseTo(0.6187, 3);
    expect(high * 2 ** 32).toBeCloseTo(8.7673, 3);
  });
});

describe('means', () => {
  it('widens by Student, and is infinite for one value', () => {
    const { estimate, low, high } = meanInterval([1, 2, 3, 4, 5]);
    expect(estimate).toBe(3);
    expect(high - estimate).toBeCloseTo(2.7764451051977934 * Math.sqrt(2.5 / 5), 10);
    expect(estimate - low).toBeCloseTo(high - estimate, 12);
    expect(meanInterval([7])).toMatchObject({ estimate: 7, high: Number.POSITIVE_INFINITY });
  });
});
