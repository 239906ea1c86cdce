import type { DoubleDouble } from './double-double.ts';
import { isEven, powerOfTwo, scaledUp } from './float-bits.ts';

const LEAST_NORMAL = -1022;
/** Bits of the smallest subnormal number below 1. */
const LEAST = -1074;

/**
 * The double nearest to (hi + lo) 2^exponent, 1/2 < hi + lo < 4, of two that are equally near the even one; also where the
 * result is subnormal or too large. What lies nearer to halfway between two doubles than `halfway` of itself is taken for
 * halfway: for powers, some of which are exactly there, more than the error of the pair; for other functions 0.
 */
export function roundedOnce({ hi, lo }: DoubleDouble, exponent: number, halfway: number): number {
  if (exponent > LEAST_NORMAL || (exponent === LEAST_NORMAL && hi >= 2)) {
    const error = halfway * hi;
    const up = hi + (lo + error);
    const down = hi + (lo - error);
    return scaledUp(up === down || isEven(up) ? up : down, exponent);
  }
  const unit = LEAST - exponent;
  // Less than half of the smallest number.
  if (unit > 3) return 0;
  return (
    subnormal(hi * powerOfTwo(-unit), lo * powerOfTwo(-unit), halfway) *
    powerOfTwo(LEAST / 2) *
    powerOfTwo(LEAST / 2)
  );
}

/** The whole number nearest to hi + lo, which is positive, with `halfway` of `roundedOnce`. */
function subnormal(hi: number, lo: number, halfway: number): number {
  const whole = Math.floor(hi);
  const beyondHalf = hi - whole - 0.5 + lo;
  if (Math.abs(beyondHalf) <= halfway * hi) return whole % 2 === 0 ? whole : whole + 1;
  return beyondHalf > 0 ? whole + 1 : whole;
}
