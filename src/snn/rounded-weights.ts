import { decodeWeight, encodeWeight, type WeightFormat } from './weight-format.ts';

/**
 * Finite weights as a format without errors gives them back: `decodeWeight` of `encodeWeight`, but for the sign of a zero, and for
 * floating-point formats in a few integer operations, since training does it for every weight and minibatch.
 */
export function roundedWeights(weights: Float32Array, format: WeightFormat, scale: number): Float32Array {
  if (format === 'fp32') return weights.slice();
  if (format === 'fp16') return roundedHalves(weights);
  const rounded = new Float32Array(weights.length);
  for (let k = 0; k < weights.length; k++)
    rounded[k] = decodeWeight(encodeWeight(weights[k]!, format, scale), format, scale);
  return rounded;
}

/** Smallest normal number of binary16, what rounds to its infinity, and a number whose unit in the last place is its smallest one. */
const [NORMAL, OVERFLOW, SHIFT] = [2 ** -14, 65_520, 0.75];

function roundedHalves(weights: Float32Array): Float32Array {
  const rounded = weights.slice();
  const bits = new Uint32Array(rounded.buffer);
  for (let k = 0; k < weights.length; k++) {
    const weight = weights[k]!;
    const size = Math.abs(weight);
    if (size < NORMAL) rounded[k] = Math.fround(weight + SHIFT) - SHIFT;
    else if (size >= OVERFLOW) rounded[k] = Math.sign(weight) * Number.POSITIVE_INFINITY;
    else {
      const word = bits[k]!;
      // To nearest, ties to even, of the 13 bits that binary16 lacks.
      bits[k] = (word + 0xfff + ((word >>> 13) & 1)) & ~0x1fff;
    }
  }
  return rounded;
}
