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

/** Layout of `rows` rows of `neurons` weights of `weightBits` bits in bursts of `burstBytes`. */
export function layoutWeights(
  rows: number,
  neurons: number,
  weightBits: number,
  burstBytes: Bytes,
): WeightLayout {
  const rowBytes = Math.ceil((neurons * weightBits) / 8);
  const rowStride = Math.ceil(rowBytes / burstBytes) * burstBytes;
  return { rows, rowBytes, rowStride, burstBytes, imageBytes: rows * rowStride };
}

/** The byte image of FP32 weights (little-endian, rows x neurons in row-major order); padding is zero. */
export function weightsToImage(weights: Float32Array, layout: WeightLayout): Uint8Array {
  const image = new Uint8Array(layout.imageBytes);
  // Words, not floats: moving a float may change the payload of a NaN.
  const bits = new Uint32Array(weights.buffer, weights.byteOffset, weights.length);
  const view = new DataView(image.buffer);
  const neurons = weights.length / layout.rows;
  for (let row = 0; row < layout.rows; row++)
    for (let neuron = 0; neuron < neurons; neuron++)
      view.setUint32(row * layout.rowStride + 4 * neuron, bits[row * neurons + neuron]!, true);
  return image;
}

/** The FP32 weights of an image, bit by bit as they lie there (NaN payloads included), into `weights`. */
export function imageToWeights(image: Uint8Array, layout: WeightLayout, weights: Float32Array): void {
  const bits = new Uint32Array(weights.buffer, weights.byteOffset, weights.length);
  const view = new DataView(image.buffer, image.byteOffset, image.byteLength);
  const neurons = weights.length / layout.rows;
  for (let row = 0; row < layout.rows; row++)
    for (let neuron = 0; neuron < neurons; neuron++)
      bits[row * neurons + neuron] = view.getUint32(row * layout.rowStride + 4 * neuron, true);
}
