import type { EccRegion, EccScheme } from '../faults/ecc.ts';
import type { LayoutPart } from '../mapping/weight-image.ts';
import type { Bytes } from '../units/flavours.ts';
import { type EncodedImage, encodeRows, regionOf } from './encoded-rows.ts';
import type { CodedTensor } from './tensor-coding.ts';

/** Where a tensor lies in an image: all of its data with the check bits as one row, and padding up to a whole burst. */
export interface PlacedTensor {
  readonly coded: CodedTensor;
  readonly region: EccRegion;
  readonly part: LayoutPart;
}

/** Tensors one after the other as a byte image, as a mapping policy places it. */
export interface TensorImage extends EncodedImage {
  readonly tensors: readonly PlacedTensor[];
}

/** The image of the tensors in their order; each carries its own check bits and begins with a burst. */
export function imageOfTensors(
  coded: readonly CodedTensor[],
  scheme: EccScheme,
  burstBytes: Bytes,
): TensorImage {
  const regions = coded.map(({ data, bits, topBits }) => regionOf(data.length, scheme, bits, topBits));
  const encoded = encodeRows(
    coded.map(({ data }, k) => ({ rows: 1, region: regions[k]!, data: () => data })),
    burstBytes,
  );
  return {
    ...encoded,
    tensors: coded.map((each, k) => ({
      coded: each,
      region: regions[k]!,
      part: encoded.layout.parts[k]!,
    })),
  };
}
