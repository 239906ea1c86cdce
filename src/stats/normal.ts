import { lowerIncompleteGamma, upperIncompleteGamma } from './gamma.ts';
import { invertIncreasing } from './invert.ts';

/** Distribution function of the standard normal distribution; accurate in both tails. */
export function normalCdf(z: number): number {
  const half = (z * z) / 2;
  if (z < 0) return 0.5 * upperIncompleteGamma(0.5, half);
  return 0.5 + 0.5 * lowerIncompleteGamma(0.5, half);
}

/** The z below which a standard normal variable lies with probability p, 0 < p < 1. */
export function normalQuantile(p: number): number {
  if (!(p > 0 && p < 1)) throw new RangeError(`probability ${p} is not between 0 and 1`);
  // The lower tail keeps its relative precision; the upper one is its mirror image.
  return p > 0.5 ? -normalQuantile(1 - p) : invertIncreasing(normalCdf, p, -39, 0);
}
