import type { RowPlace } from '../hardware/bank-index.ts';
import type { Bytes } from '../units/flavours.ts';
import type { Filling, ImagePiece } from './fill-rows.ts';
import type { PlacementRequest, TensorContents } from './placement-request.ts';

/** The image in one piece, into rows in this order. */
export const wholeImage = (
  { imageBytes }: PlacementRequest,
  rows: Iterable<RowPlace>,
): readonly Filling[] => [{ pieces: [{ imageByte: 0, bytes: imageBytes }], rows }];

/** Bytes `from` to before `to` of every weight row of a tensor, one piece a row. */
export function partOfEachRow(
  { firstByte, rowStride, fragility }: TensorContents,
  from: Bytes,
  to: Bytes,
): ImagePiece[] {
  if (from === to) return [];
  return Array.from(fragility, (_, row) => ({
    imageByte: firstByte + row * rowStride + from,
    bytes: to - from,
  }));
}
