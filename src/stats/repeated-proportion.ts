import { type Interval, requireConfidence, requireCounts } from './interval.ts';
import { mean, sampleVariance } from './moments.ts';
import { normalQuantile } from './normal.ts';
import { studentQuantile } from './student.ts';

/*
 * Intervals for a proportion that was counted several times over the same n trials, each time under another draw of
 * something random: the same test images under several masks of bit errors.
 *
 * All of them are Wilson's score interval (Wilson, JASA 1927) with an effective number of trials in place of n, namely
 * p (1 - p) / v for an estimated variance v, and with a quantile of Student's t in place of the normal one. Surveys of
 * clusters use the same form (Korn and Graubard, Survey Methodology 1998; Franco, Little, Louis and Slud, Journal of
 * Survey Statistics and Methodology 2019). Such an interval never leaves [0, 1] and always contains its estimate.
 */

/**
 * The mean proportion over draws and trials: the interval contains what the choice of the trials varies and what the
 * draws vary. The variance is p (1 - p) / n + s^2 / m for m draws with sample variance s^2. The trials are the same in
 * each draw, so more draws do not lessen the first term. Degrees of freedom are Satterthwaite's (Biometrics 1946), of n - 1
 * and m - 1. With equal counts it is Wilson's interval but for t; one draw tells nothing about the others: [0, 1].
 * Throws RangeError for counts that cannot be.
 */
export function meanProportion(successes: readonly number[], n: number, confidence = 0.95): Interval {
  const p = pooled(successes, n, confidence);
  if (successes.length < 2 || n < 2) return { estimate: p, low: 0, high: 1, confidence };
  const trials = smoothedVariance(p, n) / n;
  const draws = drawVariance(successes, n) / successes.length;
  const variance = trials + draws;
  const df = variance ** 2 / (trials ** 2 / (n - 1) + draws ** 2 / (successes.length - 1));
  return score(p, n, variance, studentQuantile((1 + confidence) / 2, df), confidence);
}

/**
 * The mean proportion of these very trials over draws: the interval contains what the draws vary, and nothing of the
 * choice of the trials. For comparisons with another proportion of the same trials, and for deciding whether more draws
 * are needed. Degrees of freedom: m - 1. Throws as `meanProportion`.
 */
export function meanOverDraws(successes: readonly number[], n: number, confidence = 0.95): Interval {
  return overDraws(successes, n, 1 / successes.length, confidence);
}

/**
 * Where the proportion of these very trials falls in one more draw: wider than the interval of the mean, since that draw
 * has a deviation of its own. Degrees of freedom: m - 1. Throws as `meanProportion`.
 */
export function nextDraw(successes: readonly number[], n: number, confidence = 0.95): Interval {
  return overDraws(successes, n, 1 + 1 / successes.length, confidence);
}

function overDraws(successes: readonly number[], n: number, share: number, confidence: number): Interval {
  const p = pooled(successes, n, confidence);
  if (successes.length < 2 || n === 0) return { estimate: p, low: 0, high: 1, confidence };
  // Counts are whole, so equal counts may still differ by less than one: a rounding has the variance 1/12.
  const variance = share * (drawVariance(successes, n) + 1 / (12 * n * n));
  const t = studentQuantile((1 + confidence) / 2, successes.length - 1);
  return score(p, n, variance, t, confidence);
}

function pooled(successes: readonly number[], n: number, confidence: number): number {
  requireConfidence(confidence);
  if (successes.length === 0) throw new RangeError('the mean of no draws');
  for (const count of successes) requireCounts(count, n);
  return n === 0 ? Number.NaN : mean(successes) / n;
}

const drawVariance = (successes: readonly number[], n: number): number => sampleVariance(successes) / n ** 2;

/** p (1 - p), with half a success and half a failure added, so that it is above 0 at 0 and 1. */
const smoothedVariance = (p: number, n: number): number => {
  const smooth = (p * n + 0.5) / (n + 1);
  return smooth * (1 - smooth);
};

function score(p: number, n: number, variance: number, z: number, confidence: number): Interval {
  const effective = smoothedVariance(p, n) / variance;
  const scale = 1 / (1 + (z * z) / effective);
  const centre = scale * (p + (z * z) / (2 * effective));
  const half = scale * z * Math.sqrt((p * (1 - p)) / effective + (z * z) / (4 * effective * effective));
  return {
    estimate: p,
    low: p === 0 ? 0 : Math.min(p, Math.max(0, centre - half)),
    high: p === 1 ? 1 : Math.max(p, Math.min(1, centre + half)),
    confidence,
  };
}

/**
 * The difference of two proportions of the same trials, a's less b's, from how often only a and only b succeeded: Bonett and
 * Price's interval (British Journal of Mathematical and Statistical Psychology 2012), which adds one to either count, so
 * that agreement in all trials is no certainty. It lies in [-1, 1] and contains its estimate. Throws RangeError when the
 * lengths differ.
 */
export function pairedProportions(a: readonly boolean[], b: readonly boolean[], confidence = 0.95): Interval {
  requireConfidence(confidence);
  if (a.length !== b.length) throw new RangeError(`${a.length} trials cannot be paired with ${b.length}`);
  const n = a.length;
  const onlyA = a.filter((success, i) => success && !b[i]).length;
  const onlyB = b.filter((success, i) => success && !a[i]).length;
  const [more, less] = [(onlyA + 1) / (n + 2), (onlyB + 1) / (n + 2)];
  const half = normalQuantile((1 + confidence) / 2) * Math.sqrt((more + less - (more - less) ** 2) / (n + 2));
  const estimate = (onlyA - onlyB) / n;
  return {
    estimate,
    low: Math.max(-1, Math.min(estimate, more - less - half)),
    high: Math.min(1, Math.max(estimate, more - less + half)),
    confidence,
  };
}
