import { decodeWeights, encodeWeights } from './weight-format.ts';

/** What is known of a trained tensor beside it: two numbers, on the accelerator as safe as the thresholds. */
export interface WeightRange {
  /** No weight is above it: the bound of repairs, and the scale of integer formats. By default the largest weight. */
  readonly ceiling: number;
  /** The most probable weight: that of the most frequent 8-bit code (unsigned where no weight is below 0), the smallest of equals. */
  readonly likeliest: number;
  /** Whether weights go down to the negative ceiling; by default none is below 0. */
  readonly signed?: boolean;
}

/** The range of weights that are all finite and not negative; a tensor of zeros has the ceiling 1. */
export function rangeOf(weights: Float32Array): WeightRange {
  let largest = 0;
  for (let k = 0; k < weights.length; k++) if (weights[k]! > largest) largest = weights[k]!;
  return withLikeliest(weights, largest === 0 ? 1 : largest);
}

/** The same under a ceiling that is given; no weight is above it, nor, of signed ones, below its negative. */
export function withLikeliest(weights: Float32Array, ceiling: number, signed = false): WeightRange {
  const format = signed ? 'int8' : 'uint8';
  const counts = new Uint32Array(256);
  const codes = encodeWeights(weights, format, ceiling);
  for (let k = 0; k < codes.length; k++) counts[codes[k]!]!++;
  let most = 0;
  for (let code = 1; code < counts.length; code++) if (counts[code]! > counts[most]!) most = code;
  const [likeliest] = decodeWeights(Uint32Array.of(most), format, ceiling);
  return { ceiling, likeliest: likeliest!, ...(signed ? { signed } : {}) };
}
