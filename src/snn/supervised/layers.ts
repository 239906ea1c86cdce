import type { AdamStep, Ids, LearningKernel, NeuronStep, Numbers } from './kernel/kernel.ts';
import { strideOf } from './kernel/kernel.ts';

/** A dense layer with its neurons, in a kernel's memory. */
export interface TrainedLayer {
  readonly inputs: number;
  readonly outputs: number;
  /** Weights that learn, inputs rows of `strideOf(outputs)`, lanes beyond the outputs 0. */
  readonly weights: Numbers;
  /** Weights that drive the neurons; the same array where nothing lies between. */
  readonly seen: Numbers;
  /** `seen` with outputs and inputs exchanged, outputs rows of `strideOf(inputs)`; of the first layer empty. */
  readonly transposed: Numbers;
  readonly gradient: Numbers;
  readonly mean: Numbers;
  readonly square: Numbers;
  readonly neurons: NeuronStep;
  readonly potential: Numbers;
  readonly current: Numbers;
  /** Potential before the reset, step by step. */
  readonly before: readonly Numbers[];
  /** Ids of the neurons that spiked, step by step. */
  readonly spikes: readonly Ids[];
  readonly counts: Uint32Array;
  readonly error: Numbers;
  readonly carry: Numbers;
  readonly delta: Numbers;
  /** 0, 1, 2, ...: all outputs. */
  readonly all: Ids;
}

/** Numbers and ids that `createLayers` takes of a kernel. */
export function roomOfLayers(
  sizes: readonly number[],
  steps: number,
  apart: boolean,
): { numbers: number; ids: number } {
  let numbers = 0;
  let ids = 0;
  for (let k = 1; k < sizes.length; k++) {
    const inputs = sizes[k - 1]!;
    const outputs = sizes[k]!;
    numbers +=
      (apart ? 5 : 4) * inputs * strideOf(outputs) +
      outputs * strideOf(inputs) +
      (steps + 5) * strideOf(outputs);
    ids += (steps + 1) * strideOf(outputs);
  }
  return { numbers, ids };
}

/** Layers of the given sizes, all weights 0. `apart`: the neurons are driven by other weights than those that learn. */
export function createLayers(
  kernel: LearningKernel,
  sizes: readonly number[],
  steps: number,
  neurons: readonly NeuronStep[],
  apart: boolean,
): TrainedLayer[] {
  return neurons.map((step, k) => {
    const inputs = sizes[k]!;
    const outputs = sizes[k + 1]!;
    const matrix = (): Numbers => kernel.numbers(inputs * strideOf(outputs));
    const lane = (): Numbers => kernel.numbers(outputs);
    const weights = matrix();
    const all = kernel.ids(outputs);
    for (let id = 0; id < outputs; id++) all.data[id] = id;
    return {
      ...{ inputs, outputs, weights, all, neurons: step },
      seen: apart ? matrix() : weights,
      transposed: kernel.numbers(k === 0 ? 0 : outputs * strideOf(inputs)),
      gradient: matrix(),
      mean: matrix(),
      square: matrix(),
      potential: lane(),
      current: lane(),
      before: Array.from({ length: steps }, lane),
      spikes: Array.from({ length: steps }, () => kernel.ids(outputs)),
      counts: new Uint32Array(steps),
      error: lane(),
      carry: lane(),
      delta: lane(),
    };
  });
}

/** Weights without the lanes beyond the outputs. */
export function unpadded({ data }: Numbers, inputs: number, outputs: number): Float32Array {
  const stride = strideOf(outputs);
  const plain = new Float32Array(inputs * outputs);
  for (let i = 0; i < inputs; i++) plain.set(data.subarray(i * stride, i * stride + outputs), i * outputs);
  return plain;
}

/** Puts weights, inputs x outputs, into rows of `strideOf(outputs)`. */
export function setPadded({ data }: Numbers, plain: Float32Array, inputs: number, outputs: number): void {
  const stride = strideOf(outputs);
  for (let i = 0; i < inputs; i++) data.set(plain.subarray(i * outputs, (i + 1) * outputs), i * stride);
}

/** Brings `transposed` up to what `seen` is now. */
export function transpose({ inputs, outputs, seen, transposed }: TrainedLayer): void {
  const stride = strideOf(outputs);
  const across = strideOf(inputs);
  for (let o = 0; o < outputs; o++)
    for (let i = 0; i < inputs; i++) transposed.data[o * across + i] = seen.data[i * stride + o]!;
}

export const learn = (
  kernel: LearningKernel,
  { weights, gradient, mean, square }: TrainedLayer,
  step: AdamStep,
): void => kernel.adam(weights, gradient, mean, square, step);
