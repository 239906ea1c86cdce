import { type WeightFormat, weightBits } from '../snn/weight-format.ts';

/**
 * Top bits of each format whose errors move a weight far: sign and exponent, or (sign and) the highest magnitudes. They lie
 * in the strongest subarrays under the mapping `bit-plane`, and under the parity bit of a weight. Of integers, the number
 * with which parity keeps most accuracy on validation images (docs/faults.md).
 */
export const FRAGILE_BITS: Readonly<Record<WeightFormat, number>> = {
  fp32: 9,
  bf16: 9,
  fp16: 6,
  int16: 3,
  int8: 3,
  int4: 2,
  uint16: 2,
  uint8: 2,
  uint4: 1,
};

/** Bits of the fraction in the floating-point formats (IEEE 754 binary32 and binary16, bfloat16). */
export const FRACTION_BITS: Readonly<Partial<Record<WeightFormat, number>>> = { fp32: 23, fp16: 10, bf16: 7 };

/**
 * What an error costs in each bit position of a stored word, the lowest first, in any unit; a word is one weight, or the
 * two 4-bit weights of a byte. Of integers the value of the bit. Of floating point 2^k for the k-th least harmful
 * position: fraction, the two lowest exponent bits (a factor of 2 and of 4 or less), the sign, which takes twice the weight
 * off it, the other exponent bits.
 */
export function bitDamage(format: WeightFormat): Float64Array {
  const bits = weightBits(format);
  if (bits === 4) return Float64Array.from({ length: 8 }, (_, position) => 2 ** (position % 4));
  const fraction = FRACTION_BITS[format];
  if (fraction === undefined) return Float64Array.from({ length: bits }, (_, position) => 2 ** position);
  const sign = bits - 1;
  const rankOfSign = fraction + 2;
  return Float64Array.from({ length: bits }, (_, position) => {
    if (position === sign) return 2 ** rankOfSign;
    return 2 ** (position < rankOfSign ? position : position + 1);
  });
}
