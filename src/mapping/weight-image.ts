import type { Bytes } from '../units/flavours.ts';

/**
 * How a weight matrix lies in a byte image: one row of the matrix (one input's weights to all neurons, which is what
 * a spike fetches) after the other, each padded to whole bursts, so that no burst holds two rows.
 */
export interface WeightLayout {
  /** Rows of the matrix, that is inputs. */
  readonly rows: number;
  /** Bytes of a row that hold weights, and with padding. */
  readonly rowBytes: Bytes;
  readonly rowStride: Bytes;
  readonly burstBytes: Bytes;
  readonly imageBytes: Bytes;
}

/** Layout of `rows` rows of `rowBytes` bytes in bursts of `burstBytes`. */
export function layoutRows(rows: number, rowBytes: Bytes, burstBytes: Bytes): WeightLayout {
  const rowStride = Math.ceil(rowBytes / burstBytes) * burstBytes;
  return { rows, rowBytes, rowStride, burstBytes, imageBytes: rows * rowStride };
}

/** The byte image: the rows' own bytes (rows x rowBytes, one after the other) with zeros between them. */
export function padRows(
  bytes: Uint8Array,
  { rows, rowBytes, rowStride, imageBytes }: WeightLayout,
): Uint8Array {
  const image = new Uint8Array(imageBytes);
  for (let row = 0; row < rows; row++)
    image.set(bytes.subarray(row * rowBytes, (row + 1) * rowBytes), row * rowStride);
  return image;
}
