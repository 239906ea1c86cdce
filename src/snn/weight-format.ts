/**
 * How weights between 0 and 1 are stored. Floating-point formats are IEEE 754 binary32 and binary16 and bfloat16, to
 * nearest, ties to even. Integer formats are two's complement with the scale 1/(2^(bits-1) - 1): weight 1 is the
 * largest code, and the sign bit is 0 until an error sets it (EnforceSNN's signed fixed point has the same codes).
 */
export const WEIGHT_FORMATS = ['fp32', 'fp16', 'bf16', 'int16', 'int8', 'int4'] as const;
export type WeightFormat = (typeof WEIGHT_FORMATS)[number];

/** Formats that a weight file holds as such. */
export const STORAGE_FORMATS = ['fp32', 'fp16', 'bf16'] as const satisfies readonly WeightFormat[];
export type StorageFormat = (typeof STORAGE_FORMATS)[number];

interface Codec {
  readonly bits: number;
  /** The code of a weight, an unsigned number of `bits` bits. */
  encode(weight: number): number;
  /** The weight that a code stands for, whatever errors made of it. */
  decode(code: number): number;
}

const CODECS: Readonly<Record<WeightFormat, Codec>> = {
  fp32: { bits: 32, encode: bitsOfFloat, decode: floatOfBits },
  fp16: { bits: 16, encode: halfOfFloat, decode: floatOfHalf },
  bf16: { bits: 16, encode: brainFloat, decode: (code) => floatOfBits(code << 16) },
  int16: integerCodec(16),
  int8: integerCodec(8),
  int4: integerCodec(4),
};

/**
 * The bits of a code that any weight from 0 to 1 may have set: no sign, and for floating point no top exponent bit,
 * since that means 2 or more. What a loader may force to 0 at the price of an AND gate a bit.
 */
export function plausibleBits(format: WeightFormat): number {
  const { bits } = CODECS[format];
  const floating = format === 'fp32' || format === 'fp16' || format === 'bf16';
  return 2 ** (bits - (floating ? 2 : 1)) - 1;
}

export function weightBits(format: WeightFormat): number {
  return CODECS[format].bits;
}

/** One code a weight. */
export function encodeWeights(weights: Float32Array, format: WeightFormat): Uint32Array {
  const { encode } = CODECS[format];
  const codes = new Uint32Array(weights.length);
  for (let k = 0; k < weights.length; k++) codes[k] = encode(weights[k]!);
  return codes;
}

/** One weight a code. FP32 codes keep their bits, NaN payloads included. */
export function decodeWeights(codes: Uint32Array, format: WeightFormat): Float32Array {
  if (format === 'fp32') return new Float32Array(codes.slice().buffer);
  const { decode } = CODECS[format];
  const weights = new Float32Array(codes.length);
  for (let k = 0; k < codes.length; k++) weights[k] = decode(codes[k]!);
  return weights;
}

/** The weights as the format can hold them. */
export function roundWeights(weights: Float32Array, format: WeightFormat): Float32Array {
  return decodeWeights(encodeWeights(weights, format), format);
}

/** Codes as bytes, little-endian, without padding; of two 4-bit codes in a byte the first is the low half. */
export function packCodes(codes: Uint32Array, bits: number): Uint8Array {
  const bytes = new Uint8Array(Math.ceil((codes.length * bits) / 8));
  if (bits === 4) {
    for (let k = 0; k < codes.length; k++) bytes[k >> 1]! |= codes[k]! << (4 * (k & 1));
    return bytes;
  }
  const each = bits / 8;
  for (let k = 0; k < codes.length; k++)
    for (let byte = 0; byte < each; byte++) bytes[k * each + byte] = codes[k]! >>> (8 * byte);
  return bytes;
}

/** The inverse of `packCodes`. */
export function unpackCodes(bytes: Uint8Array, bits: number, count: number): Uint32Array {
  const codes = new Uint32Array(count);
  if (bits === 4) {
    for (let k = 0; k < count; k++) codes[k] = (bytes[k >> 1]! >>> (4 * (k & 1))) & 15;
    return codes;
  }
  const each = bits / 8;
  for (let k = 0; k < count; k++)
    for (let byte = 0; byte < each; byte++) codes[k]! |= bytes[k * each + byte]! << (8 * byte);
  return codes;
}

function integerCodec(bits: number): Codec {
  const largest = 2 ** (bits - 1) - 1;
  const unused = 32 - bits;
  return {
    bits,
    encode: (weight) => Math.min(Math.max(Math.round(weight * largest), 0), largest),
    decode: (code) => ((code << unused) >> unused) / largest,
  };
}

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

/** The upper half of binary32, rounded; weights are finite, so rounding cannot turn a NaN into an infinity. */
function brainFloat(value: number): number {
  const bits = bitsOfFloat(value);
  return (bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16;
}

/** Exponent range and precision of binary16. */
const HALF = { smallestExponent: -14, fractionBits: 10, bias: 15 } as const;

function halfOfFloat(value: number): number {
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const magnitude = Math.abs(value);
  if (magnitude === 0) return sign;
  const exponent = Math.max(Math.floor(Math.log2(magnitude)), HALF.smallestExponent);
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
