import { MAXIMUM_WEIGHT } from '../snn/stdp.ts';
import { plausibleBits, type WeightFormat } from '../snn/weight-format.ts';

/** Brings each weight into [0, MAXIMUM_WEIGHT]; a NaN, which is neither large nor small, becomes 0. In place. */
export function clampWeights(weights: Float32Array): void {
  for (let i = 0; i < weights.length; i++) {
    const weight = weights[i]!;
    // Written so that NaN, for which every comparison is false, falls through to 0.
    if (!(weight >= 0)) weights[i] = 0;
    else if (weight > MAXIMUM_WEIGHT) weights[i] = MAXIMUM_WEIGHT;
  }
}

/** Sets to 0 whatever lies outside [0, MAXIMUM_WEIGHT], as EDEN (MICRO 2019) does with implausible values. In place. */
export function zeroImplausible(weights: Float32Array): void {
  for (let i = 0; i < weights.length; i++) {
    const weight = weights[i]!;
    if (!(weight >= 0 && weight <= MAXIMUM_WEIGHT)) weights[i] = 0;
  }
}

/** The codes with the bits set to 0 that no weight can have set (`plausibleBits`): a gate a bit on the data path. */
export function forcePlausibleBits(codes: Uint32Array, format: WeightFormat): Uint32Array {
  const mask = plausibleBits(format);
  return codes.map((code) => (code & mask) >>> 0);
}
