import { type Kernel, type KernelSize, strideOf } from './kernel.ts';

/** The kernel in TypeScript: for engines without SIMD, and as the twin that the SIMD form is proved against. */
export function createPlainKernel({ inputs, neurons, spikes: capacity }: KernelSize): Kernel {
  const stride = strideOf(neurons);
  const weights = new Float32Array(inputs * stride);
  const potential = new Float32Array(stride);
  const threshold = new Float32Array(stride).fill(Number.POSITIVE_INFINITY);
  const spikes = new Uint16Array(capacity);
  const sums = new Float32Array(stride);
  const { fround } = Math;

  return { stride, weights, potential, threshold, spikes, integrate };

  function integrate(from: number, to: number, decay: number, inhibition: number): boolean {
    const decay32 = fround(decay);
    const inhibition32 = fround(inhibition);
    sums.fill(0);
    for (let k = from; k < to; k++) {
      const row = spikes[k]! * stride;
      // Storing to a Float32Array rounds to single precision, as each SIMD addition does.
      for (let lane = 0; lane < stride; lane++) sums[lane]! += weights[row + lane]!;
    }
    let fires = false;
    for (let lane = 0; lane < stride; lane++) {
      const next = fround(fround(potential[lane]! * decay32) + fround(sums[lane]! - inhibition32));
      potential[lane] = next;
      if (next >= threshold[lane]!) fires = true;
    }
    return fires;
  }
}
