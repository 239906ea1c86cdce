import { simdAvailable } from '../../kernel/simd.ts';
import type { LayerKernel } from './layer-kernel.ts';
import { createPlainLayerKernel } from './plain.ts';
import { createSimdLayerKernel } from './simd.ts';

/** The fastest kernel the engine can run; the spikes do not depend on which. */
export function createLayerKernel(bytes: number): LayerKernel {
  return simdAvailable() ? createSimdLayerKernel(bytes) : createPlainLayerKernel(bytes);
}
