import { plausibleBits, type WeightFormat } from '../snn/weight-format.ts';

/** Brings each weight into [0, `most`]; a NaN, which is neither large nor small, becomes 0. In place. */
export function clampWeights(weights: Float32Array, most: number): void {
  for (let i = 0; i < weights.length; i++) {
    const weight = weights[i]!;
    // Written so that NaN, for which every comparison is false, falls through to 0.
    if (!(weight >= 0)) weights[i] = 0;
    else if (weight > most) weights[i] = most;
  }
}

/** Sets to `value` (0 by default) whatever lies outside [0, `most`], as EDEN (MICRO 2019) zeroes implausible values. In place. */
export function replaceImplausible(weights: Float32Array, most: number, value = 0): void {
  for (let i = 0; i < weights.length; i++) {
    const weight = weights[i]!;
    if (!(weight >= 0 && weight <= most)) weights[i] = value;
  }
}

/** The codes with the bits set to 0 that no weight can have set (`plausibleBits`): a gate a bit on the data path. */
export function forcePlausibleBits(codes: Uint32Array, format: WeightFormat, ceiling: number): Uint32Array {
  const mask = plausibleBits(format, ceiling);
  return codes.map((code) => (code & mask) >>> 0);
}
