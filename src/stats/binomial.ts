import { incompleteBeta } from './beta.ts';
import { type Interval, requireConfidence, requireCounts } from './interval.ts';
import { invertIncreasing } from './invert.ts';

/** Probability of at most k successes in n trials of probability p. */
export function binomialCdf(k: number, n: number, p: number): number {
  if (k < 0) return 0;
  if (k >= n) return 1;
  return 1 - incompleteBeta(k + 1, n - k, p);
}

/** Probability of at least k successes in n trials of probability p; accurate where it is small. */
export function binomialUpperTail(k: number, n: number, p: number): number {
  if (k <= 0) return 1;
  if (k > n) return 0;
  return incompleteBeta(k, n - k + 1, p);
}

/**
 * The exact interval for a proportion (Clopper and Pearson, Biometrika 1934): it covers with at least the stated
 * confidence at any n, which matters for the handful of weak cells that a good subarray has.
 */
export function clopperPearson(successes: number, n: number, confidence = 0.95): Interval {
  requireConfidence(confidence);
  requireCounts(successes, n);
  if (n === 0) return { estimate: Number.NaN, low: 0, high: 1, confidence };
  const tail = (1 - confidence) / 2;
  const low = successes === 0 ? 0 : invertIncreasing((p) => binomialUpperTail(successes, n, p), tail, 0, 1);
  const high = successes === n ? 1 : invertIncreasing((p) => -binomialCdf(successes, n, p), -tail, 0, 1);
  return { estimate: successes / n, low, high, confidence };
}
