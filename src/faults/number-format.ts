/** Formats in which a weight may lie in memory: little-endian; two INT4 share a byte, the first in its low half. */
export const NUMBER_FORMATS = ['fp32', 'fp16', 'bf16', 'int16', 'int8', 'int4'] as const;
export type NumberFormat = (typeof NUMBER_FORMATS)[number];

export const FORMAT_BITS: Readonly<Record<NumberFormat, number>> = {
  fp32: 32,
  fp16: 16,
  bf16: 16,
  int16: 16,
  int8: 8,
  int4: 4,
};

/** The stored code of weight `index` of a byte image, as an unsigned number. */
export function codeAt(image: Uint8Array, index: number, format: NumberFormat): number {
  const bits = FORMAT_BITS[format];
  if (bits === 4) return (image[index >>> 1]! >>> (4 * (index & 1))) & 15;
  let code = 0;
  for (let byte = bits / 8 - 1; byte >= 0; byte--) code = code * 256 + image[(index * bits) / 8 + byte]!;
  return code;
}

/**
 * The value of a code. Integers are signed (two's complement) and stand for code x `scale`, the weight of one step;
 * the floating formats (IEEE 754 binary32, binary16, and binary32 cut to its upper half) take no scale.
 */
export function valueOfCode(code: number, format: NumberFormat, scale = 1): number {
  switch (format) {
    case 'fp32':
      return float32(code);
    case 'bf16':
      return float32(code * 65_536);
    case 'fp16':
      return float16(code);
    default: {
      const range = 2 ** FORMAT_BITS[format];
      return (code >= range / 2 ? code - range : code) * scale;
    }
  }
}

const word = new DataView(new ArrayBuffer(4));

function float32(code: number): number {
  word.setUint32(0, code);
  return word.getFloat32(0);
}

function float16(code: number): number {
  const sign = code & 0x8000 ? -1 : 1;
  const exponent = (code >>> 10) & 31;
  const fraction = code & 1023;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** What a bit of a code is for: sign, exponent or fraction of a number, or the place value of an integer's bit. */
export function bitRole(format: NumberFormat, bit: number): string {
  const top = FORMAT_BITS[format] - 1;
  if (bit === top) return 'sign';
  if (format.startsWith('int')) return `2^${bit}`;
  const fractionBits = { fp32: 23, fp16: 10, bf16: 7 }[format as 'fp32' | 'fp16' | 'bf16'];
  return bit >= fractionBits ? `exponent bit ${bit - fractionBits}` : `fraction bit ${bit}`;
}
