import { log } from '../elementary/logarithm.ts';

/** Segments of [1/2, 1): within one, three terms of the logarithm's series are exact to 3e-10 of themselves. */
const SEGMENT_BITS = 10;
const LOW_BITS = 31 - SEGMENT_BITS;
const LOW_MASK = 2 ** LOW_BITS - 1;
const INDEX_MASK = (2 ** SEGMENT_BITS - 1) << 1;

/** Per segment of normalised words (top bit set): -ln of its right end / 2^32, and 1 / its right end. */
const SEGMENTS = new Float64Array(2 << SEGMENT_BITS);
for (let i = 0; i < 1 << SEGMENT_BITS; i++) {
  const right = 2 ** 31 + (i + 1) * 2 ** LOW_BITS;
  SEGMENTS[2 * i] = -log(right / 2 ** 32);
  SEGMENTS[2 * i + 1] = 1 / right;
}

/**
 * A random word as an exponential deviate of mean 1: -ln of a number inside the word's own 2^-32 wide part of (0, 1),
 * so it never rises with the word and is positive. A third of the time of `log`, which is most of the time that
 * making a weak cell takes, and the same on every engine.
 */
export function exponentialOf(word: number): number {
  const exponent = Math.clz32(word);
  const normalised = word << exponent;
  const segment = (normalised >>> (LOW_BITS - 1)) & INDEX_MASK;
  // -ln(right - d) = -ln(right) + e + e^2 / 2 + e^3 / 3 + ..., e = d / right.
  const e = (LOW_MASK - (normalised & LOW_MASK) + 0.5) * SEGMENTS[segment + 1]!;
  return exponent * Math.LN2 + SEGMENTS[segment]! + e * (1 + e * (0.5 + e / 3));
}
