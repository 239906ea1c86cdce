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
import { binaryExponent, leadingPart, powerOfTwo, significandOf } from './float-bits.ts';
import { HALVED_FROM, LOGARITHMS } from './logarithm-table.ts';

const PARTS = 128;
/** ln 2, the first part with so few bits that its multiples by an exponent are exact. */
const LN2_HIGH = 0.6931471805601177;
const LN2_LOW = -1.7239444525614835e-13;
const LN2_REST: DoubleDouble = { hi: LN2_LOW, lo: 1.94704509238075e-31 };
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

/** ln x. -Infinity for 0, NaN for less. */
export function log(x: number): number {
  if (!(x > 0 && x < Number.POSITIVE_INFINITY)) return outside(x);
  return logarithmOf(x, 0);
}

/** ln(1 + x), exact near 0. -Infinity for -1, NaN for less. */
export function log1p(x: number): number {
  if (Math.abs(x) <= TINY) return x;
  if (!(x > -1 && x < Number.POSITIVE_INFINITY)) return outside(1 + x);
  const { hi, lo } = exactSum(1, x);
  return logarithmOf(hi, lo);
}

/** The logarithm of x to base 10; whole for 10^k. -Infinity for 0, NaN for less. */
export function log10(x: number): number {
  if (!(x > 0 && x < Number.POSITIVE_INFINITY)) return outside(x);
  return multiply(logarithmPair(x, 0), PER_LN10).hi;
}

const outside = (x: number): number => (x === 0 ? Number.NEGATIVE_INFINITY : x > 0 ? x : Number.NaN);

/** ln(x + low), of which `low` is at most half a unit in the last place of x; rounded. */
function logarithmOf(x: number, low: number): number {
  const m = significandOf(x);
  const part = Math.floor((m - 1) * PARTS);
  const exponent = binaryExponent(x) + (part >= HALVED_FROM ? 1 : 0);
  const c = LOGARITHMS[3 * part]!;
  // z = (m + low) c - 1: the first two terms are exact.
  const leading = leadingPart(m);
  const first = leading * c - 1;
  const second = (m - leading) * c;
  const sum = first + second;
  const fromSecond = sum - first;
  const beside = first - (sum - fromSecond) + (second - fromSecond) + (low === 0 ? 0 : lowPart(low, x) * c);
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
  // Both are multiples of the table's parts: the sum of the three large ones is followed exactly.
  const ofExponent = exponent * LN2_HIGH;
  const ofTable = LOGARITHMS[3 * part + 1]!;
  const base = ofExponent + ofTable;
  const ofBase = ofTable - (base - ofExponent);
  const hi = base + near;
  const fromNear = hi - base;
  const ofHi = base - (hi - fromNear) + (near - fromNear);
  const lo = ofHi + (ofNear + (ofBase + (exponent * LN2_LOW + LOGARITHMS[3 * part + 2]!)));
  const error = QUICK_ERROR * hi;
  const rounded = hi + (lo + error);
  return rounded === hi + (lo - error) ? rounded : logarithmPair(x, low).hi;
}

/** `low`, which stands beside x, beside the significand of x. */
function lowPart(low: number, x: number): number {
  const exponent = binaryExponent(x);
  return exponent < 1023 ? low * powerOfTwo(-exponent) : low * powerOfTwo(-1022) * 0.5;
}

/** ln(x + low) with a relative error below 2^-97. */
export function logarithmPair(x: number, low: number): DoubleDouble {
  const m = significandOf(x);
  const part = Math.floor((m - 1) * PARTS);
  const exponent = binaryExponent(x) + (part >= HALVED_FROM ? 1 : 0);
  const c = LOGARITHMS[3 * part]!;
  const leading = leadingPart(m);
  const ofLow = low === 0 ? 0 : lowPart(low, x) * c;
  const z = add(exactSum(leading * c - 1, (m - leading) * c), exactly(ofLow));
  const near = multiply(z, polynomial(z, SERIES));
  const ofTable = { hi: LOGARITHMS[3 * part + 1]!, lo: LOGARITHMS[3 * part + 2]! };
  const ofExponent = add(
    exactly(exponent * LN2_HIGH),
    add(exactProduct(exponent, LN2_REST.hi), exactly(exponent * LN2_REST.lo)),
  );
  return add(add(ofExponent, ofTable), near);
}
