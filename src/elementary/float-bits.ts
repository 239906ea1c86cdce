const value = new Float64Array(1);
const words = new Uint32Array(value.buffer);
/** Which word of a double holds its sign and exponent: the second one, where the machine puts the low bytes first. */
value[0] = 1;
const HIGH = words[0] === 0 ? 1 : 0;
const LOW = 1 - HIGH;

const BIAS = 1023;
const SMALLEST_NORMAL = 2 ** -1022;
const LARGEST_EXPONENT = 1023;
const SUBNORMAL_SHIFT = 54;
const FRACTION = 0xfffff;

/** Powers of two from 2^-1022 to 2^1023, made by exact doubling. */
const POWERS = new Float64Array(2 * BIAS);
POWERS[0] = SMALLEST_NORMAL;
for (let i = 1; i < POWERS.length; i++) POWERS[i] = 2 * POWERS[i - 1]!;

/** 2^exponent for a whole exponent from -1022 to 1023. */
export const powerOfTwo = (exponent: number): number => POWERS[exponent + BIAS - 1]!;

/** x 2^exponent, exact unless it overflows; for an exponent from -1022 to 1024 and a result that is not subnormal. */
export const scaledUp = (x: number, exponent: number): number =>
  exponent > LARGEST_EXPONENT ? 2 * x * powerOfTwo(exponent - 1) : x * powerOfTwo(exponent);

/** The exponent e of a positive finite number m 2^e, 1 <= m < 2: its logarithm to base 2, rounded down, exactly. */
export function binaryExponent(x: number): number {
  const shift = x < SMALLEST_NORMAL ? SUBNORMAL_SHIFT : 0;
  value[0] = x * powerOfTwo(shift);
  return (words[HIGH]! >>> 20) - BIAS - shift;
}

/** Bits that number `members` things, for a whole number of 1 or more: its logarithm to base 2, rounded up, exactly. */
export const bitsToNumber = (members: number): number => (members > 1 ? binaryExponent(members - 1) + 1 : 0);

/** What `decompose` found. */
export const decomposed = { exponent: 0, significand: 1.5, leading: 1.5 };

/**
 * Finds the exponent e and the significand m of a positive finite number m 2^e, 1 <= m < 2, and m without the lower 32 bits
 * of its fraction.
 */
export function decompose(x: number): void {
  const shift = x < SMALLEST_NORMAL ? SUBNORMAL_SHIFT : 0;
  value[0] = shift === 0 ? x : x * powerOfTwo(shift);
  const high = words[HIGH]!;
  decomposed.exponent = (high >>> 20) - BIAS - shift;
  words[HIGH] = (high & FRACTION) | (BIAS << 20);
  decomposed.significand = value[0];
  words[LOW] = 0;
  decomposed.leading = value[0];
}

/** Whether the last bit of the number's fraction is 0. */
export function isEven(x: number): boolean {
  value[0] = x;
  return (words[LOW]! & 1) === 0;
}
