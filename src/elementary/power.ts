import { type DoubleDouble, exactly, multiply } from './double-double.ts';
import { exponentialOfPair } from './exponential.ts';
import { logarithmPair } from './logarithm.ts';

// biome-ignore lint/suspicious/noApproximativeNumericConstant: Math.LN10 is the first part of two
const LN10: DoubleDouble = { hi: 2.302585092994046, lo: -2.1707562233822494e-16 };
/** Beyond this, a power is infinite or 0 whatever else it is. */
const BEYOND = 800;
/** Up to this size e^x rounds to 1. */
const TINY = 2 ** -55;
/** More than the relative error of a power before it is rounded. */
const HALFWAY = 2 ** -85;

/** 10^x; for a whole number x the double that is nearest to it, which is what the program text 1eX means. */
export const pow10 = (x: number): number => (Number.isNaN(x) ? x : powerOf(LN10, x));

/**
 * base^x for a base of 0 or more, with the ends of `Math.pow`; NaN for less. Rounded correctly but where the power is within
 * 2^-85 of itself of halfway between two doubles: that is taken for halfway, as powers that are exactly so must be. A few
 * bases within a millionth of a millionth of a power of two fall under it, with errors below 0.500001 units in the last place.
 */
export function pow(base: number, x: number): number {
  if (x === 0) return 1;
  if (Number.isNaN(x) || !(base >= 0)) return Number.NaN;
  if (base === 1) return Math.abs(x) === Number.POSITIVE_INFINITY ? Number.NaN : 1;
  if (base === 0 || base === Number.POSITIVE_INFINITY)
    return base > 0 === x > 0 ? Number.POSITIVE_INFINITY : 0;
  return powerOf(logarithmPair(base, 0), x);
}

/** e^(logarithm x). */
function powerOf(logarithm: DoubleDouble, x: number): number {
  const size = logarithm.hi * x;
  if (size > BEYOND) return Number.POSITIVE_INFINITY;
  if (size < -BEYOND) return 0;
  // Also where the product would be subnormal, it has nothing to add to 1.
  return Math.abs(size) < TINY ? 1 : exponentialOfPair(multiply(logarithm, exactly(x)), HALFWAY);
}
