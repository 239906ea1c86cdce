import { fromBitPlanes, toBitPlanes, weightBitOfPlanes } from './bit-planes.ts';
import { endByte, type LayoutPart, partOfByte, type RowShape, type WeightLayout } from './weight-image.ts';

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

/** The bits of each of the rows that an image holds sorted by their position in the weight of `bits` bits (`toBitPlanes`): wiring. */
export function inPlanes(shape: RowShape, bits: number): BitLayout {
  const rowBits = shape.rowStride * 8;
  const weights = Math.floor((shape.rowBytes * 8) / bits);
  return {
    write: (image) => toBitPlanes(image, shape, bits),
    read: (written) => fromBitPlanes(written, shape, bits),
    imageBit(writtenBit) {
      const inRow = writtenBit % rowBits;
      return writtenBit - inRow + weightBitOfPlanes(inRow, weights, bits);
    },
    sideBits: 0,
  };
}

/** Each part of an image as a layout of its own has it, which counts bits from the part's first byte on. */
export function byPart(layout: WeightLayout, ofPart: (part: LayoutPart, k: number) => BitLayout): BitLayout {
  const { parts } = layout;
  const own = parts.map(ofPart);
  if (own.length === 1) return own[0]!;
  const joined = (image: Uint8Array, of: (k: number, bytes: Uint8Array) => Uint8Array): Uint8Array => {
    const all = new Uint8Array(image.length);
    for (const [k, part] of parts.entries())
      all.set(of(k, image.subarray(part.firstByte, endByte(part))), part.firstByte);
    return all;
  };
  return {
    write: (image) => joined(image, (k, bytes) => own[k]!.write(bytes)),
    read: (written) => joined(written, (k, bytes) => own[k]!.read(bytes)),
    imageBit(writtenBit) {
      const k = partOfByte(layout, Math.floor(writtenBit / 8));
      const first = parts[k]!.firstByte * 8;
      return first + own[k]!.imageBit(writtenBit - first);
    },
    sideBits: own.reduce((sum, { sideBits }) => sum + sideBits, 0),
  };
}
