import { incompleteBeta } from './beta.ts';
import { type Interval, requireConfidence } from './interval.ts';
import { invertIncreasing } from './invert.ts';
import { mean, sampleVariance } from './moments.ts';

/** Distribution function of Student's t with `df` degrees of freedom (any positive number). */
export function studentCdf(t: number, df: number): number {
  const tail = 0.5 * incompleteBeta(df / 2, 0.5, df / (df + t * t));
  return t < 0 ? tail : 1 - tail;
}

/** The t below which Student's distribution with `df` degrees of freedom has probability p, 0 < p < 1. */
export function studentQuantile(p: number, df: number): number {
  if (!(p > 0 && p < 1)) throw new RangeError(`probability ${p} is not between 0 and 1`);
  if (!(df > 0)) throw new RangeError(`${df} degrees of freedom`);
  if (p === 0.5) return 0;
  return p > 0.5 ? -studentQuantile(1 - p, df) : invertIncreasing((t) => studentCdf(t, df), p, -1e12, 0);
}

/** Mean of independent values with Student's interval; one value has an infinite one, since it shows no spread. */
export function meanInterval(values: readonly number[], confidence = 0.95): Interval {
  requireConfidence(confidence);
  if (values.length === 0) throw new RangeError('the mean of no values');
  const estimate = mean(values);
  if (values.length === 1)
    return { estimate, low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY, confidence };
  const half =
    studentQuantile((1 + confidence) / 2, values.length - 1) *
    Math.sqrt(sampleVariance(values) / values.length);
  return { estimate, low: estimate - half, high: estimate + half, confidence };
}
