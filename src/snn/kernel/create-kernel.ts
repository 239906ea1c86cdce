import type { Kernel, KernelSize } from './kernel.ts';
import { createPlainKernel } from './plain.ts';
import { createSimdKernel, simdAvailable } from './simd.ts';

/** The fastest kernel the engine can run; the spikes do not depend on which. */
export function createKernel(size: KernelSize): Kernel {
  return simdAvailable() ? createSimdKernel(size) : createPlainKernel(size);
}
