import type { SharedLayout } from '../../bytes/shared-layout.ts';

/**
 * All numbers that the SIMD kernel (assembly/) and its host must agree on. The kernel's own file of them,
 * assembly/layout.ts, is generated from this table by `npm run build:kernels`.
 */
export const KERNEL_LAYOUT = {
  constants: {
    LANES: {
      type: 'usize',
      value: 16,
      note: 'Neurons that the kernel takes at once: four vectors of four single-precision lanes.',
    },
    FLOAT_BYTES: { type: 'usize', value: 4, note: 'Bytes of a weight, a potential and a threshold: f32.' },
    SPIKE_BYTES: { type: 'usize', value: 2, note: 'Bytes of the input id of a spike: u16.' },
  },
  codes: {},
  records: {},
} as const satisfies SharedLayout;
