/**
 * The inner loops of layered networks behind one interface, so that the SIMD WebAssembly form (simd.ts) and its plain TypeScript
 * twin (plain.ts) are interchangeable: both do the same single-precision operations in the same order. All arrays lie in one memory;
 * an address is a byte offset into it, a multiple of 64. Arrays of floats are padded to a multiple of 16 elements.
 */
export interface LayerKernel extends LayerLoops {
  /** The whole memory as floats: element k lies at byte 4k. */
  readonly floats: Float32Array;
  /** The same memory as element numbers. */
  readonly ids: Uint32Array;
}

export interface LayerLoops {
  /** Adds rows `ids[0]` to `ids[count - 1]` of `weights`, in that order, to `sums`. */
  addRows(weights: number, rowBytes: number, ids: number, count: number, sums: number): void;
  /** The same with each row times `values[id]`: the product is rounded, then the sum. */
  addScaledRows(
    weights: number,
    rowBytes: number,
    ids: number,
    count: number,
    values: number,
    sums: number,
  ): void;
  /**
   * Adds what the inputs `ids`, times their `values` (times 1 where this address is 0), reach through a convolution to `sums`. Weights are
   * input channel x kernel rows x kernel columns x outputs of a group, sums are position x group x outputs of a group. `geometry` is
   * the address of a ConvGeometry (../../kernel/layout-table.ts).
   */
  addKernels(
    geometry: number,
    weights: number,
    ids: number,
    count: number,
    values: number,
    sums: number,
  ): void;
  /** Lists the numbers of the `size` values that are not 0 (NaN is not 0), ascending, and returns how many there are. */
  nonZero(values: number, size: number, ids: number): number;
  /** state = state + rate x ((rest - state) + gain x input). */
  leak(state: number, input: number, gain: number, rest: number, rate: number, bytes: number): void;
  /** state = state + gain x input. */
  accumulate(state: number, input: number, gain: number, bytes: number): void;
  /** owed = threshold where the state is above it (or at it, where `orEqual`), else 0. */
  owe(state: number, threshold: number, owed: number, bytes: number, orEqual: boolean): void;
  /**
   * Lists the neurons whose state less `owed` is above their threshold, ascending, resets the states, and returns how many spiked. `reset` is one
   * of `RESET`: TO_VALUE sets the state of a neuron that spiked to `resetTo`; SUBTRACT takes its threshold off; LATER takes off what is owed,
   * from all. NaN never spikes.
   */
  fire(
    state: number,
    threshold: number,
    resetTo: number,
    owed: number,
    ids: number,
    bytes: number,
    reset: number,
    orEqual: boolean,
  ): number;
}

/** Makes a kernel with a memory of so many bytes, all 0. */
export type CreateLayerKernel = (bytes: number) => LayerKernel;
