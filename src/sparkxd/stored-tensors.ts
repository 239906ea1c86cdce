import { rowBytesOf } from '../accelerator/buffer-rows.ts';
import { decodeImage, type EccRegion } from '../faults/ecc.ts';
import { AS_IT_IS, type BitLayout, byPart, inPlanes } from '../mapping/bit-layout.ts';
import { type MappingPolicy, policyOf } from '../mapping/policy.ts';
import { endByte, type LayoutPart } from '../mapping/weight-image.ts';
import { rotatedWords, type WeakBits, weakBitsWithin } from '../mapping/word-rotation.ts';
import {
  encodeWeights,
  packCodes,
  unpackCodes,
  type WeightFormat,
  weightBits,
} from '../snn/weight-format.ts';
import type { WeightRange } from '../snn/weight-range.ts';
import type { Bytes } from '../units/flavours.ts';
import { type EncodedImage, encodeRows, regionOf } from './encoded-rows.ts';
import { bitDamage, FRAGILE_BITS } from './fragile-bits.ts';
import { requireCoding } from './memory-rules.ts';
import type { WeightCoding } from './weight-coding.ts';

/** A tensor of weights as it lies in memory. */
export interface StoredTensor {
  readonly name: string;
  readonly coding: WeightCoding;
  /** Weights of a row. */
  readonly columns: number;
  /** Where its rows lie. */
  readonly part: LayoutPart;
  /** Data and check bits of one row. */
  readonly region: EccRegion;
  /** Scale of integers, and bound of repairs. */
  readonly range: WeightRange;
  /** How much an error in each row is expected to hurt, in any unit. */
  readonly fragility: () => Float64Array;
}

/** Tensors of weights as they lie in one device, one after the other. */
export interface StoredTensors extends EncodedImage {
  readonly tensors: readonly StoredTensor[];
}

/** A tensor that is to be stored: its rows, each of `columns` weights, which may lie anywhere in `weights`. */
export interface TensorToStore {
  readonly name: string;
  readonly coding: WeightCoding;
  readonly rows: number;
  readonly columns: number;
  readonly weights: Float32Array;
  /** Which row of `weights` a stored row is; the same by default. */
  readonly source?: (row: number) => number;
  readonly range: WeightRange;
  readonly fragility: () => Float64Array;
}

/** Bytes of the weights of a row, without check bits. */
export const weightBytesOfRow = (columns: number, format: WeightFormat): Bytes =>
  rowBytesOf(columns, weightBits(format));

/** The one ECC region of a row of weights. Throws InputError for parity over weights smaller than a byte. */
export function rowRegion(columns: number, coding: WeightCoding): EccRegion {
  requireCoding(coding);
  const { format, ecc, parityBits = FRAGILE_BITS[format] } = coding;
  return regionOf(weightBytesOfRow(columns, format), ecc, weightBits(format), parityBits);
}

/** Encodes tensors row by row; each row carries its own check bits and is padded to whole bursts. */
export function storeTensors(tensors: readonly TensorToStore[], burstBytes: Bytes): StoredTensors {
  const regions = tensors.map(({ columns, coding }) => rowRegion(columns, coding));
  const encoded = encodeRows(
    tensors.map(({ rows, columns, weights, coding, range, source = (row: number) => row }, k) => {
      const codes = encodeWeights(weights, coding.format, range.ceiling);
      const bits = weightBits(coding.format);
      return {
        rows,
        region: regions[k]!,
        data: (row) => packCodes(codes.subarray(source(row) * columns, (source(row) + 1) * columns), bits),
      };
    }),
    burstBytes,
  );
  return {
    ...encoded,
    tensors: tensors.map(({ name, coding, columns, range, fragility }, k) => ({
      ...{ name, coding, columns, range, fragility },
      part: encoded.layout.parts[k]!,
      region: regions[k]!,
    })),
  };
}

/**
 * The codes of a tensor that are left of an image as read when its check bits have corrected what they can, row by row; stored row
 * r goes to row `target(r)` of `codes`.
 */
export function readTensorCodes(
  { part, region, coding, columns }: StoredTensor,
  image: Uint8Array,
  codes = new Uint32Array(part.rows * columns),
  target = (row: number): number => row,
): Uint32Array {
  const bits = weightBits(coding.format);
  const { rows, rowBytes, rowStride, firstByte } = part;
  for (let row = 0; row < rows; row++) {
    const at = firstByte + row * rowStride;
    const stored = image.subarray(at, at + rowBytes);
    const bytes = region.scheme === 'none' ? stored : decodeImage(stored, [region]).image;
    const to = target(row);
    unpackCodes(bytes, bits, columns, codes.subarray(to * columns, (to + 1) * columns));
  }
  return codes;
}

/**
 * How a mapping has the bits of the image written; `weakBits` gives the weak cells under the image, for a mapping that needs
 * them: an Error without.
 */
export function bitLayoutOf(
  { tensors, layout }: StoredTensors,
  mapping: MappingPolicy,
  weakBits?: () => WeakBits,
): BitLayout {
  const { bitLayout } = policyOf(mapping);
  const formatOf = (k: number): WeightFormat => tensors[k]!.coding.format;
  if (bitLayout === 'planes') return byPart(layout, (part, k) => inPlanes(part, weightBits(formatOf(k))));
  if (bitLayout === 'rows') return AS_IT_IS;
  if (!weakBits) throw new Error(`the mapping ${mapping} needs the weak cells of a chip`);
  const weak = weakBits();
  return byPart(layout, (part, k) =>
    rotatedWords(part, bitDamage(formatOf(k)), weakBitsWithin(weak, part.firstByte, endByte(part))),
  );
}
