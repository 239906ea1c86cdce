import { type Interval, requireConfidence, requireCounts } from './interval.ts';
import { normalQuantile } from './normal.ts';

/**
 * Wilson's score interval for a proportion (Wilson, JASA 1927): the proportions that `successes` of `n` do not
 * reject. With n = 0 it is [0, 1] around an estimate that is not a number.
 */
export function wilson(successes: number, n: number, confidence = 0.95): Interval {
  requireConfidence(confidence);
  requireCounts(successes, n);
  if (n === 0) return { estimate: Number.NaN, low: 0, high: 1, confidence };
  return { ...scoreInterval(successes / n, n, normalQuantile((1 + confidence) / 2)), confidence };
}

/**
 * The proportions whose distance from `p`, measured in their own standard errors at sample size `n`, is at most `z`:
 * Wilson's interval for any positive n, whole or not. It lies within [0, 1] and has a width even where p is 0 or 1.
 */
export function scoreInterval(p: number, n: number, z: number): Omit<Interval, 'confidence'> {
  const scale = 1 / (1 + (z * z) / n);
  const centre = scale * (p + (z * z) / (2 * n));
  const half = scale * z * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n));
  // Exact ends where the proportion is exact, whatever the rounding says.
  const low = p === 0 ? 0 : Math.max(0, centre - half);
  const high = p === 1 ? 1 : Math.min(1, centre + half);
  return { estimate: p, low, high };
}
