import { KERNEL_LAYOUT } from './layout-table.ts';

/**
 * The inner loop of the network behind one small interface, so that the SIMD WebAssembly form and its plain TypeScript
 * twin are interchangeable. Both do the same single-precision operations in the same order: the same spikes, bit by bit.
 */
export interface Kernel {
  /** Neurons rounded up to a multiple of `LANES`; rows of `weights` are that long. */
  readonly stride: number;
  /** inputs x stride. */
  readonly weights: Float32Array;
  /** Membrane potential above rest, mV, one a lane. Lanes beyond the last neuron never fire. */
  readonly potential: Float32Array;
  /** Firing threshold above rest, mV, one a lane. */
  readonly threshold: Float32Array;
  /** Input ids of the current presentation. */
  readonly spikes: Uint16Array;
  /**
   * One step of all neurons: potential = potential x decay + (sum of the rows of `spikes[from]` to `spikes[to - 1]`, in
   * that order, - inhibition). True if any lane then stands at or above its threshold.
   */
  integrate(from: number, to: number, decay: number, inhibition: number): boolean;
}

/** Neurons that the kernel takes at once. */
const LANES = KERNEL_LAYOUT.constants.LANES.value;

export interface KernelSize {
  readonly inputs: number;
  readonly neurons: number;
  /** Most input spikes a presentation can have. */
  readonly spikes: number;
}

export function strideOf(neurons: number): number {
  return Math.ceil(neurons / LANES) * LANES;
}
