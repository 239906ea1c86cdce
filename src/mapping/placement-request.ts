import type { Organisation } from '../hardware/device.ts';
import type { Bytes } from '../units/flavours.ts';

/** What a policy may know: the image, the device's shape, and how good each subarray is. */
export interface PlacementRequest {
  readonly imageBytes: Bytes;
  readonly organisation: Organisation;
  /**
   * Expected bit error rate of each subarray at the supply in question, by subarray index (hardware/bank-index.ts).
   * May be empty for a policy that does not need error rates.
   */
  readonly subarrayBer: Float64Array;
  /** Highest bit error rate at which a subarray counts as safe (SparkXD's BER_th). */
  readonly berLimit: number;
  /** Share of the subarrays that other data holds already (`freeSubarrays`); 0 by default. */
  readonly occupied?: number;
  /** The file of the measured map from which the error rates follow, for messages; absent for generated chips. */
  readonly measuredMap?: string;
  /** The tensors that the image holds, in image order, for the policies that look at them; one row of equal bits by default. */
  readonly contents?: readonly TensorContents[];
}

/** A tensor in an image: its weight rows, all of `rowStride` bytes, from `firstByte` on. */
export interface TensorContents {
  /** For messages. */
  readonly name: string;
  readonly firstByte: Bytes;
  readonly rowStride: Bytes;
  /** Bytes at the start of each row that hold the bits an error hurts most (`planeBytes`). */
  readonly fragileBytes: Bytes;
  /** How much an error in each weight row hurts, in any unit. */
  readonly fragility: Float64Array;
  /** Highest bit error rate that the tensor tolerates; that of the request by default. */
  readonly berLimit?: number;
}
