// Generated from src/snn/kernel/layout-table.ts by `npm run build:kernels`: do not edit.

/** Neurons that the kernel takes at once: four vectors of four single-precision lanes. */
export const LANES: usize = 16;

/** Bytes of a weight, a potential and a threshold: f32. */
export const FLOAT_BYTES: usize = 4;

/** Bytes of the input id of a spike: u16. */
export const SPIKE_BYTES: usize = 2;

/** Bytes of an element number in layered networks: u32. */
export const ID_BYTES: usize = 4;

/** What a spike does to the membrane: it goes to the reset value; the threshold is taken off; nothing yet. */
export const TO_VALUE: i32 = 0;
export const SUBTRACT: i32 = 1;
export const LATER: i32 = 2;
export const RESETS: i32 = 3;

/**
 * How a convolution goes over its input. Strides, paddings and dilations in elements; bytes are those of padded sums.
 */
@unmanaged
export class ConvGeometry {
  rows: i32;
  columns: i32;
  outputRows: i32;
  outputColumns: i32;
  kernelRows: i32;
  kernelColumns: i32;
  strideRows: i32;
  strideColumns: i32;
  paddingRows: i32;
  paddingColumns: i32;
  dilationRows: i32;
  dilationColumns: i32;
  /** Input channels of a group. */
  groupInputs: i32;
  groups: i32;
  /** Bytes of the sums of one group at one position. */
  groupBytes: i32;
}
