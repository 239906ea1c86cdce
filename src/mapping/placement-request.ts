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
  /** What the image holds, for the policies that look at it; one row of equal bits by default. */
  readonly contents?: ImageContents;
}

/** The image's weight rows, all of `rowStride` bytes. */
export interface ImageContents {
  readonly rowStride: Bytes;
  /** Bytes at the start of each row that hold the bits an error hurts most (`planeBytes`). */
  readonly fragileBytes: Bytes;
  /** How much an error in each weight row hurts, in any unit. */
  readonly fragility: Float64Array;
}
