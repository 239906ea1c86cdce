// Generated from src/snn/kernel/layout-table.ts by `npm run build:kernels`: do not edit.

/** Neurons that the kernel takes at once: four vectors of four single-precision lanes. */
export const LANES: usize = 16;

/** Bytes of a weight, a potential and a threshold: f32. */
export const FLOAT_BYTES: usize = 4;

/** Bytes of the input id of a spike: u16. */
export const SPIKE_BYTES: usize = 2;
