/**
 * A number as the exact sum of two doubles, the second at most half a unit in the last place of the first: some 106 bits
 * (Dekker, Numerische Mathematik 1971). All of it is additions, multiplications and divisions of doubles, whose results
 * IEEE 754 fixes. For numbers far from overflow and underflow.
 */
export interface DoubleDouble {
  readonly hi: number;
  readonly lo: number;
}

/** The sum of two doubles, the first of which is the larger one or 0. */
export function fastSum(a: number, b: number): DoubleDouble {
  const hi = a + b;
  return { hi, lo: b - (hi - a) };
}

/** The sum of two doubles (Knuth). */
export function exactSum(a: number, b: number): DoubleDouble {
  const hi = a + b;
  const ofB = hi - a;
  return { hi, lo: a - (hi - ofB) + (b - ofB) };
}

/** Splits a double into two of half as many bits (Veltkamp). */
const SPLITTER = 2 ** 27 + 1;

/** What the rounded product `product` of two doubles lacks (Dekker). */
export function lostByProduct(a: number, b: number, product: number): number {
  const scaledA = SPLITTER * a;
  const highA = scaledA - (scaledA - a);
  const lowA = a - highA;
  const scaledB = SPLITTER * b;
  const highB = scaledB - (scaledB - b);
  const lowB = b - highB;
  return lowA * lowB - (product - highA * highB - lowA * highB - highA * lowB);
}

/** The product of two doubles. */
export function exactProduct(a: number, b: number): DoubleDouble {
  const hi = a * b;
  return { hi, lo: lostByProduct(a, b, hi) };
}

/** Relative error below 2^-104, also where the terms cancel. */
export function add(a: DoubleDouble, b: DoubleDouble): DoubleDouble {
  const high = exactSum(a.hi, b.hi);
  const low = exactSum(a.lo, b.lo);
  const sum = fastSum(high.hi, high.lo + low.hi);
  return fastSum(sum.hi, sum.lo + low.lo);
}

/** Relative error below 2^-102. */
export function multiply(a: DoubleDouble, b: DoubleDouble): DoubleDouble {
  const hi = a.hi * b.hi;
  return fastSum(hi, lostByProduct(a.hi, b.hi, hi) + (a.hi * b.lo + a.lo * b.hi));
}

/** Relative error below 2^-102. */
export function divide(a: DoubleDouble, b: DoubleDouble): DoubleDouble {
  const first = a.hi / b.hi;
  const left = add(a, multiply({ hi: -first, lo: 0 }, b));
  const second = left.hi / b.hi;
  const rest = add(left, multiply({ hi: -second, lo: 0 }, b));
  return add(fastSum(first, second), { hi: rest.hi / b.hi, lo: 0 });
}

export const exactly = (value: number): DoubleDouble => ({ hi: value, lo: 0 });
export const negated = ({ hi, lo }: DoubleDouble): DoubleDouble => ({ hi: -hi, lo: -lo });

/** c[0] + x c[1] + x^2 c[2] + ... */
export function polynomial(x: DoubleDouble, coefficients: readonly DoubleDouble[]): DoubleDouble {
  let sum = coefficients.at(-1)!;
  for (let n = coefficients.length - 2; n >= 0; n--) sum = add(coefficients[n]!, multiply(x, sum));
  return sum;
}
