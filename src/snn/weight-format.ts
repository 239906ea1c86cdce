import { binaryExponent } from '../elementary/float-bits.ts';
/**
 * How weights are stored. Floating-point formats are IEEE 754 binary32 and binary16 and bfloat16, to nearest, ties to
 * even. Integer formats are scaled by the tensor's ceiling, a magnitude that no weight exceeds: it is the largest code,
 * 2^bits - 1 of the unsigned formats, which hold 0 and more, and 2^(bits-1) - 1 of two's complement. The sign bit of a
 * weight of 0 or more is 0 until an error sets it (with the ceiling 1 the codes of EnforceSNN's signed fixed point).
 */
export const WEIGHT_FORMATS = [
  'fp32',
  'fp16',
  'bf16',
  'int16',
  'int8',
  'int4',
  'uint16',
  'uint8',
  'uint4',
] as const;
export type WeightFormat = (typeof WEIGHT_FORMATS)[number];

/** Formats that a weight file holds as such; their codes do not depend on a ceiling. */
export const STORAGE_FORMATS = ['fp32', 'fp16', 'bf16'] as const satisfies readonly WeightFormat[];
export type StorageFormat = (typeof STORAGE_FORMATS)[number];

interface Codec {
  readonly bits: number;
  /** The code of a weight, an unsigned number of `bits` bits; `ceiling` is the scale of integer codes. */
  encode(weight: number, ceiling: number): number;
  /** The weight that a code stands for, whatever errors made of it. */
  decode(code: number, ceiling: number): number;
}

const CODECS: Readonly<Record<WeightFormat, Codec>> = {
  fp32: { bits: 32, encode: bitsOfFloat, decode: floatOfBits },
  fp16: { bits: 16, encode: halfOfFloat, decode: floatOfHalf },
  bf16: { bits: 16, encode: brainFloat, decode: (code) => floatOfBits(code << 16) },
  int16: signedCodec(16),
  int8: signedCodec(8),
  int4: signedCodec(4),
  uint16: unsignedCodec(16),
  uint8: unsignedCodec(8),
  uint4: unsignedCodec(4),
};

/**
 * The bits of a code that any weight from 0 to the ceiling may have set: codes rise with weights, so none above the top
 * bit of the ceiling's own code. What a loader may force to 0 at the price of an AND gate a bit: the sign, and of
 * floating point with a ceiling below 2 the top exponent bit, since that means 2 or more.
 */
export function plausibleBits(format: WeightFormat, ceiling: number): number {
  return 2 ** (32 - Math.clz32(CODECS[format].encode(ceiling, ceiling))) - 1;
}

/** The largest weight that the format reads back of weights from 0 to the ceiling: the ceiling as rounded, in single precision. */
export function largestWeight(format: WeightFormat, ceiling: number): number {
  const { encode, decode } = CODECS[format];
  return Math.fround(decode(encode(ceiling, ceiling), ceiling));
}

/** Whether the format has no sign: all bits are magnitude. */
export const isUnsigned = (format: WeightFormat): boolean => format.startsWith('uint');

export function weightBits(format: WeightFormat): number {
  return CODECS[format].bits;
}

/** The code of one weight. */
export const encodeWeight = (weight: number, format: WeightFormat, ceiling: number): number =>
  CODECS[format].encode(weight, ceiling);

/** The weight that one code stands for, before it is rounded to single precision. */
export const decodeWeight = (code: number, format: WeightFormat, ceiling: number): number =>
  CODECS[format].decode(code, ceiling);

/** One code a weight. An integer format needs the ceiling that is its scale. */
export function encodeWeights(weights: Float32Array, format: StorageFormat): Uint32Array;
export function encodeWeights(weights: Float32Array, format: WeightFormat, ceiling: number): Uint32Array;
export function encodeWeights(weights: Float32Array, format: WeightFormat, ceiling = 1): Uint32Array {
  const { encode } = CODECS[format];
  const codes = new Uint32Array(weights.length);
  for (let k = 0; k < weights.length; k++) codes[k] = encode(weights[k]!, ceiling);
  return codes;
}

/** One weight a code. FP32 codes keep their bits, NaN payloads included. */
export function decodeWeights(codes: Uint32Array, format: StorageFormat): Float32Array;
export function decodeWeights(codes: Uint32Array, format: WeightFormat, ceiling: number): Float32Array;
export function decodeWeights(codes: Uint32Array, format: WeightFormat, ceiling = 1): Float32Array {
  if (format === 'fp32') return new Float32Array(codes.slice().buffer);
  const { decode } = CODECS[format];
  const weights = new Float32Array(codes.length);
  for (let k = 0; k < codes.length; k++) weights[k] = decode(codes[k]!, ceiling);
  return weights;
}

/** The weights as a file in the format holds them. */
export function roundWeights(weights: Float32Array, format: StorageFormat): Float32Array {
  return decodeWeights(encodeWeights(weights, format), format);
}

/** Codes as bytes, little-endian, without padding; of two 4-bit codes in a byte the first is the low half. */
export function packCodes(codes: Uint32Array, bits: number): Uint8Array {
  const bytes = new Uint8Array(Math.ceil((codes.length * bits) / 8));
  if (bits === 4) {
    for (let k = 0; k < codes.length; k++) bytes[k >> 1]! |= codes[k]! << (4 * (k & 1));
    return bytes;
  }
  if (bits === 8) bytes.set(codes);
  else if (bits === 16)
    for (let k = 0, at = 0; k < codes.length; k++, at += 2) {
      const code = codes[k]!;
      bytes[at] = code;
      bytes[at + 1] = code >>> 8;
    }
  else
    for (let k = 0, at = 0; k < codes.length; k++, at += 4) {
      const code = codes[k]!;
      bytes[at] = code;
      bytes[at + 1] = code >>> 8;
      bytes[at + 2] = code >>> 16;
      bytes[at + 3] = code >>> 24;
    }
  return bytes;
}

/** The inverse of `packCodes`; `codes` may be where they go. */
export function unpackCodes(
  bytes: Uint8Array,
  bits: number,
  count: number,
  codes = new Uint32Array(count),
): Uint32Array {
  if (bits === 4) for (let k = 0; k < count; k++) codes[k] = (bytes[k >> 1]! >>> (4 * (k & 1))) & 15;
  else if (bits === 8) codes.set(bytes.subarray(0, count));
  else if (bits === 16)
    for (let k = 0, at = 0; k < count; k++, at += 2) codes[k] = bytes[at]! | (bytes[at + 1]! << 8);
  else
    for (let k = 0, at = 0; k < count; k++, at += 4)
      codes[k] = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
  return codes;
}

function signedCodec(bits: number): Codec {
  const largest = 2 ** (bits - 1) - 1;
  const unused = 32 - bits;
  return {
    bits,
    encode: (weight, ceiling) =>
      weight < 0
        ? (-integerCode(-weight, ceiling, largest) & (2 ** bits - 1)) >>> 0
        : integerCode(weight, ceiling, largest),
    decode: (code, ceiling) => (((code << unused) >> unused) / largest) * ceiling,
  };
}

function unsignedCodec(bits: number): Codec {
  const largest = 2 ** bits - 1;
  return {
    bits,
    encode: (weight, ceiling) => integerCode(weight, ceiling, largest),
    decode: (code, ceiling) => (code / largest) * ceiling,
  };
}

const integerCode = (weight: number, ceiling: number, largest: number): number =>
  Math.min(Math.max(Math.round((weight / ceiling) * largest), 0), largest);

const float = new Float32Array(1);
const word = new Uint32Array(float.buffer);

function bitsOfFloat(value: number): number {
  float[0] = value;
  return word[0]!;
}

function floatOfBits(bits: number): number {
  word[0] = bits;
  return float[0]!;
}

/** The upper half of binary32, rounded; a NaN stays one. */
function brainFloat(value: number): number {
  const bits = bitsOfFloat(value);
  if (Number.isNaN(value)) return (bits >>> 16) | QUIET_BRAIN_FLOAT;
  return (bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16;
}

/** The bit of a bfloat16 that is set in the NaNs that arithmetic makes. */
const QUIET_BRAIN_FLOAT = 0x40;

/** Exponent range and precision of binary16; its infinity, what rounds to it, and a NaN. */
const HALF = {
  smallestExponent: -14,
  fractionBits: 10,
  bias: 15,
  infinity: 0x7c00,
  overflow: 65_520,
  nan: 0x7e00,
} as const;

function halfOfFloat(value: number): number {
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const magnitude = Math.abs(value);
  if (magnitude === 0) return sign;
  if (!(magnitude < HALF.overflow)) return Number.isNaN(value) ? HALF.nan : sign | HALF.infinity;
  const exponent = Math.max(binaryExponent(magnitude), HALF.smallestExponent);
  const steps = roundHalfEven(magnitude * 2 ** (HALF.fractionBits - exponent));
  // A step count of 2^10 or more carries its leading bit into the exponent field by itself.
  return sign | (steps + ((exponent - HALF.smallestExponent) << HALF.fractionBits));
}

function floatOfHalf(code: number): number {
  const sign = code & 0x8000 ? -1 : 1;
  const exponent = (code >>> HALF.fractionBits) & 0x1f;
  const fraction = code & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  if (exponent === 0) return sign * fraction * 2 ** (HALF.smallestExponent - HALF.fractionBits);
  return sign * (1024 + fraction) * 2 ** (exponent - HALF.bias - HALF.fractionBits);
}

function roundHalfEven(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  return rest > 0.5 || (rest === 0.5 && below % 2 === 1) ? below + 1 : below;
}
