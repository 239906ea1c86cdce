import type { Bytes } from '../units/flavours.ts';
import type { RowShape } from './weight-image.ts';

/**
 * The rows with the bits of each sorted by their position in the weight, highest position first: bit p of
 * weight w of a row becomes bit (bits - 1 - p) * weights + w of the row, least significant bit of a byte first. Bits
 * of a row beyond bits * weights stay 0; padding stays. A row keeps its length, so that the layout holds for both.
 */
export function toBitPlanes(image: Uint8Array, shape: RowShape, bits: number): Uint8Array {
  return permuteRows(image, shape, bits, true);
}

/** The inverse of `toBitPlanes`. */
export function fromBitPlanes(image: Uint8Array, shape: RowShape, bits: number): Uint8Array {
  return permuteRows(image, shape, bits, false);
}

/** The bit of a weight row (of `weights` weights of `bits` bits) that lies at a bit of the row in bit planes. */
export function weightBitOfPlanes(planeBit: number, weights: number, bits: number): number {
  if (planeBit >= weights * bits) return planeBit;
  const position = bits - 1 - Math.floor(planeBit / weights);
  return (planeBit % weights) * bits + position;
}

/** Bytes at the start of a row in bit planes that hold the `planes` highest bits of its weights, in whole bursts. */
export function planeBytes(
  { rowBytes, rowStride }: RowShape,
  burstBytes: Bytes,
  bits: number,
  planes: number,
): Bytes {
  const weights = Math.floor((rowBytes * 8) / bits);
  return Math.min(rowStride, Math.ceil((weights * planes) / 8 / burstBytes) * burstBytes);
}

function permuteRows(
  image: Uint8Array,
  { rows, rowBytes, rowStride }: RowShape,
  bits: number,
  toPlanes: boolean,
): Uint8Array {
  const weights = Math.floor((rowBytes * 8) / bits);
  const permuted = new Uint8Array(image.length);
  for (let row = 0; row < rows; row++) {
    const base = row * rowStride * 8;
    for (let weight = 0; weight < weights; weight++)
      for (let position = 0; position < bits; position++) {
        const inWeight = base + weight * bits + position;
        const inPlane = base + (bits - 1 - position) * weights + weight;
        const from = toPlanes ? inWeight : inPlane;
        const to = toPlanes ? inPlane : inWeight;
        permuted[Math.floor(to / 8)]! |= ((image[Math.floor(from / 8)]! >>> (from % 8)) & 1) << (to % 8);
      }
  }
  return permuted;
}
