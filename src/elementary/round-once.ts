import type { DoubleDouble } from './double-double.ts';
import { isEven, powerOfTwo, scaledUp } from './float-bits.ts';

/** Halfway between two doubles is what lies nearer to it than this, relative: no pair is more exact. */
const HALFWAY = 2 ** -85;
const LEAST_NORMAL = -1022;
/** Bits of the smallest subnormal number below 1. */
const LEAST = -1074;

/**
 * The double nearest to (hi + lo) 2^exponent, 1/2 < hi + lo < 4, of two that are equally near the even one; also where the
 * result is subnormal or too large. One that is halfway but for the error of the pair is taken for halfway: it is an exact
 * case of a power, which no other function has.
 */
export function roundedOnce({ hi, lo }: DoubleDouble, exponent: number): number {
  if (exponent > LEAST_NORMAL || (exponent === LEAST_NORMAL && hi >= 2)) {
    const error = HALFWAY * hi;
    const up = hi + (lo + error);
    const down = hi + (lo - error);
    return scaledUp(up === down || isEven(up) ? up : down, exponent);
  }
  const unit = LEAST - exponent;
  // Less than half of the smallest number.
  if (unit > 3) return 0;
  return (
    subnormal(hi * powerOfTwo(-unit), lo * powerOfTwo(-unit)) * powerOfTwo(LEAST / 2) * powerOfTwo(LEAST / 2)
  );
}

/** The whole number nearest to hi + lo, which is positive. */
function subnormal(hi: number, lo: number): number {
  const whole = Math.floor(hi);
  const beyondHalf = hi - whole - 0.5 + lo;
  if (Math.abs(beyondHalf) <= HALFWAY * hi) return whole % 2 === 0 ? whole : whole + 1;
  return beyondHalf > 0 ? whole + 1 : whole;
}
