import { type EccRegion, type EccScheme, encodedBytes, encodeImage } from '../faults/ecc.ts';
import { layoutTensors, padRows, type WeightLayout } from '../mapping/weight-image.ts';
import type { Bits, Bytes } from '../units/flavours.ts';

/** Rows of one size to be stored, each with check bits of its own. */
export interface RowsToEncode {
  readonly rows: number;
  /** Of one row. */
  readonly region: EccRegion;
  /** The data of a row, without check bits. */
  readonly data: (row: number) => Uint8Array;
}

/** Tensors in memory: where their rows lie, and the bytes. */
export interface EncodedImage {
  readonly layout: WeightLayout;
  readonly image: Uint8Array;
}

/** How `bytes` bytes of codes of `bits` bits are protected; parity guards the top bits of each code. */
export const regionOf = (bytes: Bytes, scheme: EccScheme, bits: Bits, topBits: Bits): EccRegion =>
  scheme === 'parity' ? { bytes, scheme, weightBytes: bits / 8, topBits } : { bytes, scheme };

/** The image of tensors in their order, each row with its check bits and padded to whole bursts. */
export function encodeRows(tensors: readonly RowsToEncode[], burstBytes: Bytes): EncodedImage {
  const layout = layoutTensors(
    tensors.map(({ rows, region }) => ({ rows, rowBytes: encodedBytes(region) })),
    burstBytes,
  );
  const bytes = new Uint8Array(layout.parts.reduce((sum, { rows, rowBytes }) => sum + rows * rowBytes, 0));
  let to = 0;
  for (const { rows, region, data } of tensors)
    for (let row = 0; row < rows; row++) {
      const encoded = encodeImage(data(row), [region]);
      bytes.set(encoded, to);
      to += encoded.length;
    }
  return { layout, image: padRows(bytes, layout) };
}
