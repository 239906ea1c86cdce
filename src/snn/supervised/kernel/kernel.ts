import { KERNEL_LAYOUT } from '../../kernel/layout-table.ts';

/** Single-precision numbers in the kernel's memory; a multiple of `LANES` of them. */
export interface Numbers {
  readonly data: Float32Array;
  /** Byte offset in the kernel's memory. */
  readonly at: number;
}

/** Ids of neurons or inputs in the kernel's memory. */
export interface Ids {
  readonly data: Uint16Array;
  readonly at: number;
}

/** LIF neurons of one layer: v += share (r i - v), a spike above the threshold, then the reset, all in one step. */
export interface NeuronStep {
  /** Share of the way to its target that a potential goes in a step: dt / tau with forward Euler. */
  readonly share: number;
  readonly resistance: number;
  /** Above 0. */
  readonly threshold: number;
  /** Whether a spike takes the threshold from the potential; else it becomes 0. */
  readonly subtract: boolean;
}

/** What stands for the derivative of a spike by the potential. */
export interface SurrogateStep {
  /** scale / (1 + (slope x)^2) instead of scale / (1 + slope |x|)^2; x is the potential above the threshold. */
  readonly arctangent: boolean;
  readonly scale: number;
  readonly slope: number;
}

/** One step of Adam. */
export interface AdamStep {
  /** Factor of the gradients: 1 / images of the batch. */
  readonly share: number;
  /** 1 - beta1 and 1 - beta2. */
  readonly rate1: number;
  readonly rate2: number;
  /** Learning rate, both with the correction of their bias. */
  readonly step: number;
  readonly epsilon: number;
  /** Bound of the magnitude of the weights. */
  readonly ceiling: number;
}

/**
 * The inner loops of supervised training behind one interface, so that the SIMD WebAssembly form and its plain TypeScript twin
 * are interchangeable: both do the same single-precision operations in the same order. A matrix has rows of `strideOf` numbers.
 */
export interface LearningKernel {
  /** New arrays of zeros in the kernel's memory. Throws Error beyond what the kernel was made for. */
  numbers(count: number): Numbers;
  ids(count: number): Ids;
  /** out = sum of the rows of the first `count` ids, in that order. */
  sumRows(out: Numbers, rows: Numbers, ids: Ids, count: number): void;
  /** The same, each row times its factor. */
  sumWeightedRows(out: Numbers, rows: Numbers, ids: Ids, count: number, factors: Numbers): void;
  /** Each row of the first `count` ids += values. */
  addToRows(rows: Numbers, ids: Ids, count: number, values: Numbers): void;
  /** Each += its factor x values. */
  addWeightedToRows(rows: Numbers, ids: Ids, count: number, factors: Numbers, values: Numbers): void;
  /** into += values. */
  accumulate(into: Numbers, values: Numbers): void;
  /** One step of neurons: `before` is the potential before the reset. Writes the ids of those that spike; returns how many. */
  stepNeurons(potential: Numbers, current: Numbers, before: Numbers, step: NeuronStep, spikes: Ids): number;
  /**
   * The same step backwards: from the loss's derivatives by the spikes (`error`) and by the potential after the step (`carry`)
   * to those by the current (`delta`) and by the potential before it (`carry`). The reset counts as a constant.
   */
  stepBack(
    delta: Numbers,
    error: Numbers,
    before: Numbers,
    carry: Numbers,
    step: NeuronStep,
    surrogate: SurrogateStep,
  ): void;
  /** Changes weights by their gradients, which become 0; `mean` and `square` are Adam's moments. */
  adam(weights: Numbers, gradient: Numbers, mean: Numbers, square: Numbers, step: AdamStep): void;
}

/** How much memory a kernel is made for. */
export interface KernelRoom {
  /** Numbers in all, each array rounded up to `strideOf`. */
  readonly numbers: number;
  /** Ids in all, each array rounded up to `idRoom`. */
  readonly ids: number;
}

const LANES = KERNEL_LAYOUT.constants.LANES.value;

/** The least multiple of the lanes: elements of an array, or numbers of a row, of at least so many. */
export const strideOf = (count: number): number => Math.ceil(count / LANES) * LANES;
/** Ids that an array of so many takes. */
export const idRoom = strideOf;
