import { createKernel } from './create-kernel.ts';
import type { Kernel, KernelSize } from './kernel.ts';

/**
 * Makes kernels, and gives the last one again while the size stays the same: for work in shares, each of which is done with
 * its kernel before the next begins. What an inference does not set anew (lanes beyond the neurons) no inference touches.
 */
export function keepKernel(make: (size: KernelSize) => Kernel = createKernel): (size: KernelSize) => Kernel {
  let kept: { readonly key: string; readonly kernel: Kernel } | undefined;
  return (size) => {
    const key = JSON.stringify(size);
    if (kept?.key !== key) kept = { key, kernel: make(size) };
    return kept.kernel;
  };
}
