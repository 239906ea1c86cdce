import { fromBitPlanes, toBitPlanes, weightBitOfPlanes } from './bit-planes.ts';
import type { WeightLayout } from './weight-image.ts';

/** How the bits of an image lie in memory. A bit never leaves its weight row. */
export interface BitLayout {
  /** A copy of the image with its bits where they are written. */
  write(image: Uint8Array): Uint8Array;
  /** The image out of what was read back: the inverse of `write`. */
  read(written: Uint8Array): Uint8Array;
  /** The bit of the image (byte * 8 + bit in byte, least significant first) that is written at a bit of the written image. */
  imageBit(writtenBit: number): number;
  /** Bits that the loader must know beside the data, to read it. */
  readonly sideBits: number;
}

/** Every bit where the image has it. */
export const AS_IT_IS: BitLayout = {
  write: (image) => image.slice(),
  read: (written) => written,
  imageBit: (bit) => bit,
  sideBits: 0,
};

/** The bits of each weight row sorted by their position in the weight of `bits` bits (`toBitPlanes`): wiring. */
export function inPlanes(layout: WeightLayout, bits: number): BitLayout {
  const rowBits = layout.rowStride * 8;
  const weights = Math.floor((layout.rowBytes * 8) / bits);
  return {
    write: (image) => toBitPlanes(image, layout, bits),
    read: (written) => fromBitPlanes(written, layout, bits),
    imageBit(writtenBit) {
      const inRow = writtenBit % rowBits;
      return writtenBit - inRow + weightBitOfPlanes(inRow, weights, bits);
    },
    sideBits: 0,
  };
}
