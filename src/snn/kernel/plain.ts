import { type Kernel, type KernelSize, LANES, strideOf } from './kernel.ts';

/** The kernel in TypeScript: for engines without SIMD, and as the twin that the SIMD form is proved against. */
export function createPlainKernel({ inputs, neurons, spikes: capacity }: KernelSize): Kernel {
  const stride = strideOf(neurons);
  const weights = new Float32Array(inputs * stride);
  const potential = new Float32Array(stride);
  const threshold = new Float32Array(stride).fill(Number.POSITIVE_INFINITY);
  const spikes = new Uint16Array(capacity);
  const sums = new Float32Array(LANES);
  const { fround } = Math;

  return { stride, weights, potential, threshold, spikes, integrate };

  function integrate(from: number, to: number, decay: number, inhibition: number): boolean {
    const decay32 = fround(decay);
    const inhibition32 = fround(inhibition);
    let fires = false;
    for (let block = 0; block < stride; block += LANES) {
      sums.fill(0);
      for (let k = from; k < to; k++) {
        const row = spikes[k]! * stride + block;
        // Storing to a Float32Array rounds to single precision, as each SIMD addition does.
        for (let lane = 0; lane < LANES; lane++) sums[lane]! += weights[row + lane]!;
      }
      for (let lane = 0; lane < LANES; lane++) {
        const neuron = block + lane;
        const next = fround(fround(potential[neuron]! * decay32) + fround(sums[lane]! - inhibition32));
        potential[neuron] = next;
        if (next >= threshold[neuron]!) fires = true;
      }
    }
    return fires;
  }
}
