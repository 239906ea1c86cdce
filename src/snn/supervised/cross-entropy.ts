import { exponential } from './exponential.ts';

/**
 * The derivative of the cross-entropy of softmax(scale x scores) and the class `label` by the scores, written to `slopes`.
 * Double precision, rounded at the end.
 */
export function crossEntropySlopes(
  scores: Float64Array,
  label: number,
  scale: number,
  slopes: Float32Array,
): void {
  const classes = scores.length;
  let most = scores[0]!;
  for (let k = 1; k < classes; k++) if (scores[k]! > most) most = scores[k]!;
  let sum = 0;
  for (let k = 0; k < classes; k++) sum += exponential(scale * (scores[k]! - most));
  for (let k = 0; k < classes; k++)
    slopes[k] = scale * (exponential(scale * (scores[k]! - most)) / sum - (k === label ? 1 : 0));
}

/** The class with the largest score, the lowest of equals. */
export function largestOf(scores: Float64Array): number {
  let best = 0;
  for (let k = 1; k < scores.length; k++) if (scores[k]! > scores[best]!) best = k;
  return best;
}
