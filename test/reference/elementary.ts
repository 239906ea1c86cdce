/**
 * Elementary functions in whole-number arithmetic: fixed-point series of BigInt with hundreds of bits, rounded once to the
 * nearest double. Slow and obvious. They share nothing with src/elementary.
 */

/** Fixed point: a number is value / 2^BITS. Enough for e^x - 1 and ln(1 + x) of the smallest numbers. */
const BITS = 1400n;
const ONE = 1n << BITS;
/** More than the error of any value here, in units of 2^-BITS. */
const SLACK = 1n << 100n;

/** A double as a fixed-point number; what lies below 2^-BITS is cut. */
export function fixed(x: number): bigint {
  const [whole, exponent] = exactly(x);
  const shift = BigInt(exponent) + BITS;
  return shift >= 0n ? whole << shift : whole >> -shift;
}

/** A finite double as a whole number times a power of two. */
function exactly(x: number): [bigint, number] {
  const bytes = new DataView(new ArrayBuffer(8));
  bytes.setFloat64(0, x);
  const bits = bytes.getBigUint64(0);
  const field = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & 0xf_ffff_ffff_ffffn;
  const size = field === 0 ? fraction : fraction | (1n << 52n);
  return [bits >> 63n === 1n ? -size : size, Math.max(field, 1) - 1075];
}

/** The double nearest to value 2^exponent, halves to even. */
function nearest(value: bigint, exponent: number): number {
  if (value < 0n) return -nearest(-value, exponent);
  if (value === 0n) return 0;
  const length = value.toString(2).length;
  const drop = Math.max(length - 53, -1074 - exponent);
  let kept = value;
  if (drop > 0) {
    const by = BigInt(drop);
    kept = value >> by;
    const rest = value - (kept << by);
    const half = 1n << (by - 1n);
    if (rest > half || (rest === half && (kept & 1n) === 1n)) kept += 1n;
  }
  const unit = drop > 0 ? drop + exponent : exponent;
  // Exact, since the product fits: it has 53 bits at most, the lowest of them at 2^-1074 or above.
  const first = Math.trunc(unit / 2);
  return Number(kept) * 2 ** first * 2 ** (unit - first);
}

/** The double nearest to a fixed-point number times 2^exponent; refuses one that its error leaves open. */
function rounded(value: bigint, exponent = 0, slack = SLACK): number {
  const from = Number(-BITS) + exponent;
  const [least, most] = [nearest(value - slack, from), nearest(value + slack, from)];
  if (!Object.is(least, most)) throw new Error('the reference cannot tell how to round');
  return least;
}

const times = (a: bigint, b: bigint): bigint => (a * b) >> BITS;

/** 2 artanh(s) = ln((1 + s) / (1 - s)) for |s| below 1/2. */
function twiceArtanh(s: bigint): bigint {
  const square = times(s, s);
  let power = s;
  let sum = 0n;
  for (let n = 1n; power !== 0n && power !== -1n; n += 2n) {
    sum += power / n;
    power = times(power, square);
  }
  return 2n * sum;
}

const LN2 = twiceArtanh(ONE / 3n);
const LN10 = 3n * LN2 + twiceArtanh(ONE / 9n);
/** Machin's formula. */
const PI = 4n * (4n * arctanOfInverse(5n) - arctanOfInverse(239n));

function arctanOfInverse(n: bigint): bigint {
  let power = ONE / n;
  let sum = 0n;
  for (let k = 1n; power !== 0n; k += 2n) {
    sum += k % 4n === 1n ? power / k : -(power / k);
    power /= n * n;
  }
  return sum;
}

/** ln of value 2^-BITS, value > 0. */
function lnOf(value: bigint): bigint {
  const exponent = BigInt(value.toString(2).length) - 1n - BITS;
  const m = exponent > 0n ? value >> exponent : value << -exponent;
  return exponent * LN2 + twiceArtanh(((m - ONE) << BITS) / (m + ONE));
}

/** ln of a whole number times 2^exponent. */
function lnOfExact(whole: bigint, exponent: number): bigint {
  const length = whole.toString(2).length;
  // Cut nowhere: 1/2 <= whole / 2^length < 1.
  return (BigInt(exponent) + BigInt(length)) * LN2 + lnOf((whole << BITS) >> BigInt(length));
}

/** e^value as [fixed-point number in [1/2, 2], exponent]. */
function expOf(value: bigint): [bigint, number] {
  const k = value / LN2;
  const r = value - k * LN2;
  let term = ONE;
  let sum = ONE;
  for (let n = 1n; term !== 0n && term !== -1n; n++) {
    term = times(term, r) / n;
    sum += term;
  }
  return [sum, Number(k)];
}

export function referenceExp(x: number): number {
  if (x === 0) return 1;
  const [value, exponent] = expOf(fixed(x));
  return rounded(value + BigInt(Math.sign(x)), exponent);
}

export function referenceExpm1(x: number): number {
  if (Math.abs(x) < 2 ** -60) return x;
  const [value, exponent] = expOf(fixed(x));
  if (exponent > 200) return rounded(value, exponent);
  const scaled = exponent >= 0 ? value << BigInt(exponent) : value >> BigInt(-exponent);
  return rounded(scaled - ONE, 0, SLACK << BigInt(Math.max(exponent, 0)));
}

export const referenceLog = (x: number): number => (x === 1 ? 0 : rounded(lnOfExact(...exactly(x))));

export function referenceLog1p(x: number): number {
  if (Math.abs(x) < 2 ** -60) return x;
  return rounded(lnOf(ONE + fixed(x)));
}

export function referenceLog10(x: number): number {
  const whole = Math.round(Math.log10(x));
  if (whole >= 0 && whole <= 22 && Number.isInteger(x) && BigInt(x) === 10n ** BigInt(whole)) return whole;
  return rounded((lnOfExact(...exactly(x)) << BITS) / LN10);
}

/** base^x for a positive base; exact cases, which are whole powers, by themselves. */
export function referencePow(base: number, x: number): number {
  const [whole, exponent] = exactly(base);
  if (Number.isInteger(x) && x > 0 && x <= 64) return nearest(whole ** BigInt(x), exponent * x);
  if (base === 1 || x === 0) return 1;
  return rounded(...expOf(times(lnOfExact(whole, exponent), fixed(x))));
}

/** Whether base^x is nearer to halfway between two doubles than 2^-80 of itself, without being a whole power. */
export function isAlmostHalfway(base: number, x: number): boolean {
  if (base === 1 || x === 0) return false;
  const [value, exponent] = expOf(times(lnOfExact(...exactly(base)), fixed(x)));
  const from = Number(-BITS) + exponent;
  return nearest(value - (value >> 80n), from) !== nearest(value + (value >> 80n), from);
}

export function referencePow10(x: number): number {
  if (Number.isInteger(x)) return Number(`1e${x}`);
  return rounded(...expOf(times(LN10, fixed(x))));
}

/** cos(2 pi (turns + quarters / 4)). */
function turned(turns: number, quarters: bigint): number {
  const angle = times(2n * PI, fixed(turns) + (quarters * ONE) / 4n);
  let term = ONE;
  let sum = ONE;
  const square = times(angle, angle);
  for (let n = 1n; term !== 0n && term !== -1n; n += 2n) {
    term = -times(term, square) / (n * (n + 1n));
    sum += term;
  }
  return rounded(sum);
}

/** For turns between -1 and 1 that are no whole quarters. */
export const referenceCosOfTurns = (turns: number): number => turned(turns, 0n);
export const referenceSinOfTurns = (turns: number): number => turned(turns, 3n);

/** The parts of the room's tables: 2^(j / 128) and -ln(c), as the nearest pairs of doubles. */
export function referencePair(what: 'root' | 'logarithm', of: number): [number, number] {
  if (what === 'root' ? of === 0 : of === 1) return [what === 'root' ? 1 : 0, 0];
  const value = what === 'root' ? expOf((BigInt(of) * LN2) / 128n)[0] : -lnOf(fixed(of));
  const hi = rounded(value);
  return [hi, rounded(value - fixed(hi))];
}
