import type { Bytes } from '../units/flavours.ts';

/**
 * Where a byte image (the weights) lies in DRAM: stretches in image order, each inside one row, as columns.
 * Bank is the flat bank of the rank (bankGroup * banksPerGroup + bank in group); bytes of a row count over all
 * devices of the rank in lockstep, as the channel sees them.
 */
export interface Placement {
  readonly stretches: number;
  /** Length of the image, padding included. */
  readonly imageBytes: Bytes;
  readonly channel: Uint8Array;
  readonly rank: Uint8Array;
  readonly bank: Uint16Array;
  readonly row: Uint32Array;
  readonly byteInRow: Uint32Array;
  readonly imageByte: Uint32Array;
  readonly bytes: Uint32Array;
}
