import { exp } from '../elementary/exponential.ts';
import { type Interval, requireConfidence } from './interval.ts';
import { mean, sampleVariance } from './moments.ts';
import { studentQuantile } from './student.ts';
import { scoreInterval } from './wilson.ts';

/**
 * Mean of a few independent values that cannot leave a range, with an interval inside the range: the score interval at
 * the sample size that explains the variance, with Student's quantile, as `crossedProportion` has it (effective sample
 * size: Korn and Graubard, Survey Methodology 1998), on the scale where the range is 0 to 1. One value says nothing of
 * others: the whole range. Throws RangeError for no values and for values outside the range.
 */
export function boundedMean(
  values: readonly number[],
  [least, greatest]: readonly [number, number],
  confidence = 0.95,
): Interval {
  requireConfidence(confidence);
  const width = greatest - least;
  const shares = values.map((value) => (value - least) / width);
  if (shares.length === 0) throw new RangeError('the mean of no values');
  if (shares.some((share) => !(share >= 0 && share <= 1)))
    throw new RangeError(`a value outside ${least} to ${greatest}`);
  const estimate = mean(values);
  if (shares.length === 1) return { estimate, low: least, high: greatest, confidence };
  const variance = sampleVariance(shares) / shares.length;
  if (variance === 0) return { estimate, low: estimate, high: estimate, confidence };
  const p = mean(shares);
  const quantile = studentQuantile((1 + confidence) / 2, shares.length - 1);
  const { low, high } = scoreInterval(p, (p * (1 - p)) / variance, quantile);
  return { estimate, low: least + low * width, high: least + high * width, confidence };
}

/**
 * Mean of a few independent positive values, with an interval above 0: Student's on the scale of the logarithm (delta
 * method: the standard error of ln m is that of m over m). One value says nothing of others: 0 to infinity. Throws
 * RangeError for no values and for values that are not positive.
 */
export function positiveMean(values: readonly number[], confidence = 0.95): Interval {
  requireConfidence(confidence);
  if (values.length === 0) throw new RangeError('the mean of no values');
  if (values.some((value) => !(value > 0))) throw new RangeError('a value that is not positive');
  const estimate = mean(values);
  if (values.length === 1) return { estimate, low: 0, high: Number.POSITIVE_INFINITY, confidence };
  const error = Math.sqrt(sampleVariance(values) / values.length) / estimate;
  const factor = exp(studentQuantile((1 + confidence) / 2, values.length - 1) * error);
  return { estimate, low: estimate / factor, high: estimate * factor, confidence };
}
