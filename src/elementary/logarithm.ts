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
import { decompose, decomposed, powerOfTwo } from './float-bits.ts';
import { HALVED_FROM, LOGARITHMS } from './logarithm-table.ts';

const PARTS = 128;
/** ln 2, the first part with so few bits that its multiples by an exponent are exact. */
const LN2_HIGH = 0.6931471805601177;
const LN2_LOW = -1.7239444525614835e-13;
const LN2_REST: DoubleDouble = { hi: LN2_LOW, lo: 1.94704509238075e-31 };
// biome-ignore lint/suspicious/noApproximativeNumericConstant: Math.LOG10E is the first part of two
const PER_LN10: DoubleDouble = { hi: 0.4342944819032518, lo: 1.098319650216765e-17 };
/** More than the relative error of the quick way. */
const QUICK_ERROR = 2 ** -63;
/** Up to this size ln(1 + x) rounds to x. */
const TINY = 2 ** -54;

/** ln(1 + z) / z for |z| <= 2^-7: 1 - z / 2 + z^2 / 3 - ..., the next term below 2^-116. */
const SERIES = Array.from({ length: 16 }, (_, n) => divide(exactly(n % 2 === 0 ? 1 : -1), exactly(n + 1)));

const C3 = 1 / 3;
const C5 = 1 / 5;
const C6 = 1 / 6;
const C7 = 1 / 7;
const C9 = 1 / 9;

/**
 * ln x; -Infinity for 0, NaN for less. Rounded correctly but where it is within 2^-97 of itself of halfway between two doubles,
 * which no one of the 80,000 numbers of the long tests is.
 */
export function log(x: number): number {
  if (!(x > 0 && x < Number.POSITIVE_INFINITY)) return outside(x);
  return logarithmOf(x, 0);
}

/** ln(1 + x), as exact for a small x as for a large one. -Infinity for -1, NaN for less. */
export function log1p(x: number): number {
  if (Math.abs(x) <= TINY) return x;
  if (!(x > -1 && x < Number.POSITIVE_INFINITY)) return outside(1 + x);
  const { hi, lo } = exactSum(1, x);
  return logarithmOf(hi, lo);
}

/** The logarithm of x to base 10; whole for 10^k. -Infinity for 0, NaN for less. */
export function log10(x: number): number {
  if (!(x > 0 && x < Number.POSITIVE_INFINITY)) return outside(x);
  findQuickly(x, 0);
  const hi = quick.hi * PER_LN10.hi;
  const lo = lostByProduct(quick.hi, PER_LN10.hi, hi) + (quick.hi * PER_LN10.lo + quick.lo * PER_LN10.hi);
  const error = QUICK_ERROR * hi;
  const rounded = hi + (lo + error);
  return rounded === hi + (lo - error) ? rounded : multiply(logarithmPair(x, 0), PER_LN10).hi;
}

const outside = (x: number): number => (x === 0 ? Number.NEGATIVE_INFINITY : x > 0 ? x : Number.NaN);

/** ln(x + low), of which `low` is at most half a unit in the last place of x; rounded. */
function logarithmOf(x: number, low: number): number {
  findQuickly(x, low);
  const { hi, lo } = quick;
  const error = QUICK_ERROR * hi;
  const rounded = hi + (lo + error);
  return rounded === hi + (lo - error) ? rounded : logarithmPair(x, low).hi;
}

/** What the quick way found: the logarithm is hi + lo. */
const quick = { hi: 0.5, lo: 0.5 };

/** Finds ln(x + low) with an error below `QUICK_ERROR` of itself. */
function findQuickly(x: number, low: number): void {
  decompose(x);
  const { significand, leading } = decomposed;
  const part = Math.floor((significand - 1) * PARTS);
  const exponent = part >= HALVED_FROM ? decomposed.exponent + 1 : decomposed.exponent;
  const c = LOGARITHMS[3 * part]!;
  // z = (m + low) c - 1: the first two terms are exact.
  const first = leading * c - 1;
  const second = (significand - leading) * c;
  const sum = first + second;
  const fromSecond = sum - first;
  let beside = first - (sum - fromSecond) + (second - fromSecond);
  if (low !== 0) beside += besideSignificand(low, decomposed.exponent) * c;
  const z = sum + beside;
  const lost = beside - (z - sum);
  // ln(1 + z) = z - z^2 / 2 + tail.
  const half = -0.5 * z;
  const square = half * z;
  const cube = z * z * z;
  const tail =
    cube * (C3 + z * (-0.25 + z * (C5 + z * (-C6 + z * (C7 + z * (-0.125 + z * (C9 - 0.1 * z)))))));
  const near = z + square;
  const ofNear = square - (near - z) + (lostByProduct(half, z, square) + (lost - z * lost + tail));
  const ofExponent = exponent * LN2_HIGH;
  const ofTable = LOGARITHMS[3 * part + 1]!;
  const base = ofExponent + ofTable;
  const ofBase = ofTable - (base - ofExponent);
  const hi = base + near;
  const fromNear = hi - base;
  quick.hi = hi;
  quick.lo =
    base -
    (hi - fromNear) +
    (near - fromNear) +
    (ofNear + (ofBase + (exponent * LN2_LOW + LOGARITHMS[3 * part + 2]!)));
}

/** `low`, which stands beside m 2^exponent, as it stands beside m. */
const besideSignificand = (low: number, exponent: number): number =>
  exponent < 1023 ? low * powerOfTwo(-exponent) : 0.5 * low * powerOfTwo(-1022);

/** ln(x + low) with a relative error below 2^-97. */
export function logarithmPair(x: number, low: number): DoubleDouble {
  decompose(x);
  const { significand, leading } = decomposed;
  const part = Math.floor((significand - 1) * PARTS);
  const exponent = part >= HALVED_FROM ? decomposed.exponent + 1 : decomposed.exponent;
  const c = LOGARITHMS[3 * part]!;
  const ofLow = low === 0 ? 0 : besideSignificand(low, decomposed.exponent) * c;
  const z = add(exactSum(leading * c - 1, (significand - leading) * c), exactly(ofLow));
  const near = multiply(z, polynomial(z, SERIES));
  const ofTable = { hi: LOGARITHMS[3 * part + 1]!, lo: LOGARITHMS[3 * part + 2]! };
  const ofExponent = add(
    exactly(exponent * LN2_HIGH),
    add(exactProduct(exponent, LN2_REST.hi), exactly(exponent * LN2_REST.lo)),
  );
  return add(add(ofExponent, ofTable), near);
}
