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
    ID_BYTES: { type: 'usize', value: 4, note: 'Bytes of an element number in layered networks: u32.' },
  },
  codes: {
    Reset: {
      note: 'What a spike does to the membrane: it goes to the reset value; the threshold is taken off; nothing yet.',
      count: 'RESETS',
      names: ['TO_VALUE', 'SUBTRACT', 'LATER'],
    },
  },
  records: {
    ConvGeometry: {
      note: 'How a convolution goes over its input. Strides, paddings and dilations in elements; bytes are those of padded sums.',
      fields: [
        { name: 'rows', type: 'i32' },
        { name: 'columns', type: 'i32' },
        { name: 'outputRows', type: 'i32' },
        { name: 'outputColumns', type: 'i32' },
        { name: 'kernelRows', type: 'i32' },
        { name: 'kernelColumns', type: 'i32' },
        { name: 'strideRows', type: 'i32' },
        { name: 'strideColumns', type: 'i32' },
        { name: 'paddingRows', type: 'i32' },
        { name: 'paddingColumns', type: 'i32' },
        { name: 'dilationRows', type: 'i32' },
        { name: 'dilationColumns', type: 'i32' },
        { name: 'groupInputs', type: 'i32', note: 'Input channels of a group.' },
        { name: 'groups', type: 'i32' },
        { name: 'groupBytes', type: 'i32', note: 'Bytes of the sums of one group at one position.' },
      ],
    },
  },
} as const satisfies SharedLayout;
