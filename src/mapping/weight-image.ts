import type { Bytes } from '../units/flavours.ts';

/** Rows of one size, one after the other. */
export interface RowShape {
  readonly rows: number;
  /** Bytes of a row that hold weights and their check bits, and with padding. */
  readonly rowBytes: Bytes;
  readonly rowStride: Bytes;
}

/** Rows of one size among those of a layout: what a tensor takes. */
export interface LayoutPart extends RowShape {
  /** Number of its first row among all rows of the layout. */
  readonly firstRow: number;
  readonly firstByte: Bytes;
}

/**
 * How tensors of weights lie in a byte image: one after the other, of each one row (what the spike of one presynaptic neuron
 * fetches) after the other, each padded to whole bursts, so that no burst holds two rows. Rows are numbered through all tensors.
 */
export interface WeightLayout {
  readonly parts: readonly LayoutPart[];
  /** Rows of all parts. */
  readonly rows: number;
  readonly burstBytes: Bytes;
  readonly imageBytes: Bytes;
}

/** A layout of one part, all of whose rows are alike. */
export interface UniformLayout extends WeightLayout, RowShape {}

/** Layout of one tensor of `rows` rows of `rowBytes` bytes in bursts of `burstBytes`. */
export function layoutRows(rows: number, rowBytes: Bytes, burstBytes: Bytes): UniformLayout {
  const layout = layoutTensors([{ rows, rowBytes }], burstBytes);
  return { ...layout, rowBytes, rowStride: layout.parts[0]!.rowStride };
}

/** Layout of tensors, each of so many rows of so many bytes, in bursts of `burstBytes`. */
export function layoutTensors(
  tensors: readonly Pick<RowShape, 'rows' | 'rowBytes'>[],
  burstBytes: Bytes,
): WeightLayout {
  let firstRow = 0;
  let firstByte = 0;
  const parts = tensors.map(({ rows, rowBytes }): LayoutPart => {
    const rowStride = Math.ceil(rowBytes / burstBytes) * burstBytes;
    const part = { rows, rowBytes, rowStride, firstRow, firstByte };
    firstRow += rows;
    firstByte += rows * rowStride;
    return part;
  });
  return { parts, rows: firstRow, burstBytes, imageBytes: firstByte };
}

/** The byte after the last one of a part. */
export const endByte = ({ firstByte, rows, rowStride }: LayoutPart): Bytes => firstByte + rows * rowStride;

/** Where each row of all begins; the entry after the last is where the image ends. */
export function rowStarts({ parts, rows, imageBytes }: WeightLayout): Float64Array {
  const starts = new Float64Array(rows + 1);
  for (const { firstRow, firstByte, rows: own, rowStride } of parts)
    for (let row = 0; row < own; row++) starts[firstRow + row] = firstByte + row * rowStride;
  starts[rows] = imageBytes;
  return starts;
}

/** The number of the part in which a byte of the image lies. */
export function partOfByte({ parts }: WeightLayout, byte: Bytes): number {
  let low = 0;
  let high = parts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (parts[middle]!.firstByte <= byte) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The row, of all rows, in which a byte of the image lies. */
export function rowOfByte(layout: WeightLayout, byte: Bytes): number {
  const { firstRow, firstByte, rowStride } = layout.parts[partOfByte(layout, byte)]!;
  return firstRow + Math.floor((byte - firstByte) / rowStride);
}

/** The byte image: the rows' own bytes, one after the other, with zeros between them. */
export function padRows(bytes: Uint8Array, { parts, imageBytes }: WeightLayout): Uint8Array {
  const image = new Uint8Array(imageBytes);
  let from = 0;
  for (const { rows, rowBytes, rowStride, firstByte } of parts)
    for (let row = 0; row < rows; row++, from += rowBytes)
      image.set(bytes.subarray(from, from + rowBytes), firstByte + row * rowStride);
  return image;
}
