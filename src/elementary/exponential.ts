import {
  add,
  type DoubleDouble,
  divide,
  exactly,
  exactProduct,
  exactSum,
  lostByProduct,
  multiply,
  polynomial,
} from './double-double.ts';
import { ROOTS_OF_TWO } from './exponential-table.ts';
import { powerOfTwo, scaledUp } from './float-bits.ts';
import { roundedOnce } from './round-once.ts';

/** Beyond these, e^x is infinite or less than half of the smallest number. */
const LARGEST = 709.79;
const SMALLEST = -745.14;
/** ln 2 / 128 in three parts; multiples of the first two are exact (Cody and Waite). */
const STEP_HIGH = 0.005415212347998022;
const STEP_MIDDLE = 1.2655086083012853e-13;
const STEP_LOW = 3.1258479278239995e-24;
const STEPS_PER_UNIT = 184.6649652337873;
const STEPS = 128;
/** More than the errors of the quick ways: of e^x over its power of two, and of e^x - 1 around 0 relative. */
const QUICK_ERROR = 2 ** -64;
const QUICK_ERROR_AROUND_0 = 2 ** -62;
/** Up to this size of x the quick way to e^x - 1 is its series. */
const AROUND_0 = 2 ** -5;
/** Up to this size e^x - 1 rounds to x. */
const TINY = 2 ** -54;
/** From here on e^x - 1 rounds to e^x; from its negative down, to -1. */
const ONE_IS_NOTHING = 80;
/** Above this exponent no quick result is subnormal. */
const NORMAL = -1021;

/** 1 / n! for n from 0 to 24. */
const INVERSE_FACTORIALS: DoubleDouble[] = [exactly(1)];
for (let n = 1; n <= 24; n++) INVERSE_FACTORIALS.push(divide(INVERSE_FACTORIALS[n - 1]!, exactly(n)));
/** e^r for |r| <= ln 2 / 256: the next term is below 2^-113. */
const NEAR_0 = INVERSE_FACTORIALS.slice(0, 12);
/** (e^x - 1) / x for |x| <= 2^-5: the next term is below 2^-108. */
const MINUS_ONE = INVERSE_FACTORIALS.slice(1, 17);

const C3 = 1 / 6;
const C4 = 1 / 24;
const C5 = 1 / 120;
const C6 = 1 / 720;
const C7 = 1 / 5040;
const C8 = 1 / 40_320;
const C9 = 1 / 362_880;
const C10 = 1 / 3_628_800;
const C11 = 1 / 39_916_800;

/** What the quick way found: e^x is (hi + lo) 2^exponent, hi between 1/2 and 4. */
const quick = { hi: 1, lo: 0, exponent: 0 };

/** Finds e^x for `SMALLEST` <= x <= `LARGEST`, with an error below `QUICK_ERROR` 2^exponent. */
function findQuickly(x: number): void {
  const k = Math.floor(x * STEPS_PER_UNIT + 0.5);
  const exponent = Math.floor(k / STEPS);
  const entry = 2 * (k - exponent * STEPS);
  const high = ROOTS_OF_TWO[entry]!;
  const start = x - k * STEP_HIGH;
  const shift = -k * STEP_MIDDLE;
  const r = start + shift;
  const ofShift = r - start;
  const lost = start - (r - ofShift) + (shift - ofShift) - k * STEP_LOW;
  // e^r - 1 = r + rest.
  const rest = lost + r * r * (0.5 + r * (C3 + r * (C4 + r * (C5 + r * C6))));
  const product = high * r;
  const hi = high + product;
  quick.hi = hi;
  quick.lo =
    product -
    (hi - high) +
    (lostByProduct(high, r, product) + (ROOTS_OF_TWO[entry + 1]! * (1 + r) + high * rest));
  quick.exponent = exponent;
}

/** e^x for a pair of `SMALLEST` <= x <= `LARGEST`, with a relative error of 2^-100 or the error of x, rounded with `halfway` of `roundedOnce`. */
export function exponentialOfPair(x: DoubleDouble, halfway: number): number {
  if (x.hi > LARGEST) return Number.POSITIVE_INFINITY;
  if (x.hi < SMALLEST) return 0;
  const k = Math.floor(x.hi * STEPS_PER_UNIT + 0.5);
  const exponent = Math.floor(k / STEPS);
  return roundedOnce(pairOf(x, k, k - exponent * STEPS), exponent, halfway);
}

/** e^x / 2^((k - j) / 128) for k = x / ln 2 * 128, rounded to a whole number, and j = k modulo 128. */
function pairOf(x: DoubleDouble, k: number, j: number): DoubleDouble {
  const start = add(exactSum(x.hi - k * STEP_HIGH, -k * STEP_MIDDLE), exactProduct(-k, STEP_LOW));
  const r = add(start, exactly(x.lo));
  const root = { hi: ROOTS_OF_TWO[2 * j]!, lo: ROOTS_OF_TWO[2 * j + 1]! };
  return multiply(root, polynomial(r, NEAR_0));
}

/**
 * e^x, rounded correctly but perhaps where it is within 2^-100 of itself of halfway between two doubles, which one x in 2^46 is; none of
 * the 80,000 of the long tests was wrong. Quick arithmetic serves unless it cannot tell how to round (Ziv's test).
 */
export function exp(x: number): number {
  if (!(x >= SMALLEST && x <= LARGEST)) return x > 0 ? Number.POSITIVE_INFINITY : x < 0 ? 0 : Number.NaN;
  findQuickly(x);
  const { hi, lo, exponent } = quick;
  const rounded = hi + (lo + QUICK_ERROR);
  if (rounded === hi + (lo - QUICK_ERROR) && exponent > NORMAL) return scaledUp(rounded, exponent);
  return exponentialOfPair(exactly(x), 0);
}

/** e^x - 1, as exact for a small x as for a large one; -0 for -0. Rounded as `exp`. */
export function expm1(x: number): number {
  if (Math.abs(x) <= TINY || Number.isNaN(x)) return x;
  if (x >= ONE_IS_NOTHING) return exp(x);
  if (x <= -ONE_IS_NOTHING) return -1;
  return Math.abs(x) <= AROUND_0 ? minusOneAround0(x) : minusOneBeyond(x);
}

function minusOneAround0(x: number): number {
  const half = 0.5 * x;
  const square = half * x;
  const tail =
    x * x * x * (C3 + x * (C4 + x * (C5 + x * (C6 + x * (C7 + x * (C8 + x * (C9 + x * (C10 + x * C11))))))));
  const hi = x + square;
  const lo = square - (hi - x) + (lostByProduct(half, x, square) + tail);
  const error = QUICK_ERROR_AROUND_0 * hi;
  const rounded = hi + (lo + error);
  if (rounded === hi + (lo - error)) return rounded;
  return multiply(exactly(x), polynomial(exactly(x), MINUS_ONE)).hi;
}

function minusOneBeyond(x: number): number {
  findQuickly(x);
  const scale = powerOfTwo(quick.exponent);
  const big = quick.hi * scale;
  const hi = big - 1;
  const small = quick.lo * scale;
  const lo = (big >= 1 ? big - hi - 1 : big - (hi + 1)) + small;
  const error = QUICK_ERROR * scale;
  const rounded = hi + (lo + error);
  if (rounded === hi + (lo - error)) return rounded;
  const k = Math.floor(x * STEPS_PER_UNIT + 0.5);
  const pair = pairOf(exactly(x), k, k - quick.exponent * STEPS);
  return add({ hi: pair.hi * scale, lo: pair.lo * scale }, exactly(-1)).hi;
}
