import { largestWeight, plausibleBits, type WeightFormat } from '../snn/weight-format.ts';
import type { WeightRange } from '../snn/weight-range.ts';

/** What weights can be. */
export interface Bounds {
  readonly least: number;
  readonly most: number;
}

/** What sound weights are read back as: from 0 to the largest, or from its negative on. */
export function boundsOf(format: WeightFormat, { ceiling, signed }: WeightRange): Bounds {
  const most = largestWeight(format, ceiling);
  return { least: signed ? -most : 0, most };
}

/** The weight within bounds; a NaN, which is neither large nor small, becomes 0. */
export function clamped(weight: number, { least, most }: Bounds): number {
  if (weight > most) return most;
  if (weight < least) return least;
  return Number.isNaN(weight) ? 0 : weight;
}

/** The weight, or `value` for one outside the bounds or a NaN. */
export const plausibleOr = (weight: number, { least, most }: Bounds, value: number): number =>
  // Written so that NaN, for which every comparison is false, is not plausible.
  weight >= least && weight <= most ? weight : value;

/** Brings each weight within bounds. In place. */
export function clampWeights(weights: Float32Array, bounds: Bounds): void {
  for (let i = 0; i < weights.length; i++) weights[i] = clamped(weights[i]!, bounds);
}

/** Sets to `value` (0 by default) whatever lies outside the bounds, as EDEN (MICRO 2019) zeroes implausible values. In place. */
export function replaceImplausible(weights: Float32Array, bounds: Bounds, value = 0): void {
  for (let i = 0; i < weights.length; i++) weights[i] = plausibleOr(weights[i]!, bounds, value);
}

/** The codes with the bits set to 0 that no weight can have set (`plausibleBits`): a gate a bit on the data path. */
export function forcePlausibleBits(codes: Uint32Array, format: WeightFormat, ceiling: number): Uint32Array {
  const mask = plausibleBits(format, ceiling);
  return codes.map((code) => (code & mask) >>> 0);
}
