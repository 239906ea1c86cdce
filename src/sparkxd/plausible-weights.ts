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

/** Whether a weight is within bounds; a NaN is not. */
export const isPlausible = (weight: number, least: number, most: number): boolean =>
  weight >= least && weight <= most;

/** What a weight that is not plausible is clamped to: the bound that it is beyond; 0 for a NaN, which is neither large nor small. */
export function nearestPlausible(weight: number, least: number, most: number): number {
  if (Number.isNaN(weight)) return 0;
  return weight > most ? most : least;
}

/** Brings each weight within bounds. In place. */
export function clampWeights(weights: Float32Array, { least, most }: Bounds): void {
  for (let i = 0; i < weights.length; i++) {
    const weight = weights[i]!;
    if (!isPlausible(weight, least, most)) weights[i] = nearestPlausible(weight, least, most);
  }
}

/** Sets to `value` (0 by default) whatever lies outside the bounds, as EDEN (MICRO 2019) zeroes implausible values. In place. */
export function replaceImplausible(weights: Float32Array, { least, most }: Bounds, value = 0): void {
  for (let i = 0; i < weights.length; i++) if (!isPlausible(weights[i]!, least, most)) weights[i] = value;
}

/** The codes with the bits set to 0 that no weight can have set (`plausibleBits`): a gate a bit on the data path. */
export function forcePlausibleBits(codes: Uint32Array, format: WeightFormat, ceiling: number): Uint32Array {
  const mask = plausibleBits(format, ceiling);
  return codes.map((code) => (code & mask) >>> 0);
}
