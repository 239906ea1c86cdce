import type { LayerKernel } from './kernel/layer-kernel.ts';
import type { Dynamics, Layer } from './layered-network.ts';
import type { Reserve, Signal } from './signal.ts';

/** One kind of layer: what it needs of a network, and how it steps. */
export interface LayerKind<Kind extends Layer = Layer> {
  readonly kind: Kind['kind'];
  /** Elements that it reads; undefined where any number will do. */
  inputSize(layer: Kind): number | undefined;
  /** Elements that it puts out, given those that it reads; undefined where `shape` alone says it. */
  outputSize(layer: Kind, inputs: number): number | undefined;
  /** Whether its output is spikes, given whether its input is. */
  spikes(layer: Kind, input: boolean): boolean;
  /** Whether its output is a function of its input in the same step. */
  readonly stateless: boolean;
  /** What is wrong with its own fields, in words that follow its name: "has a tau of 0". Dynamics where they are known. */
  obstacles(layer: Kind, dynamics: Dynamics | undefined): string[];
  /** Sets aside its memory. */
  plan(layer: Kind, input: Signal, dynamics: Dynamics, reserve: Reserve): PlannedLayer;
}

export interface PlannedLayer {
  readonly output: Signal;
  /** Puts weights and constants into the kernel's memory. */
  start(kernel: LayerKernel): RunningLayer;
}

/** A layer in a kernel. What it does not have is nothing to do. */
export interface RunningLayer {
  /** Forgets what earlier presentations left. */
  rest?(): void;
  /** One step: from its input signal to its output signal. */
  step?(beforeAdding: RowsRead | undefined): void;
  /** Replaces a row of the weight tensor. */
  setRow?(row: number, weights: Float32Array): void;
}

/**
 * Called with the rows of the weight tensor that a step needs, ascending, before it adds them; it may replace them. `inputs` are how many
 * inputs of each row are not 0, where that may be more than one.
 */
export type RowsRead = (rows: Uint32Array, inputs?: Uint32Array) => void;

/** For kinds that look alike from outside: as many elements out as in, none of them spikes. */
export const ELEMENTWISE = {
  inputSize: () => undefined,
  outputSize: (_: Layer, inputs: number) => inputs,
  spikes: () => false,
} as const;

/** "has 3 weights, not 4" where the numbers differ. */
export const wrongCount = (what: string, found: number, expected: number): string[] =>
  found === expected ? [] : [`has ${found} ${what}, not ${expected}`];

/** "has 2 values of tau: one for all or 10 are needed" where it is neither. */
export const wrongPerNeuron = (name: string, found: number, size: number): string[] =>
  found === 1 || found === size
    ? []
    : [
        `has ${found} values of ${name}: ${size === 1 ? 'one is needed' : `one for all or ${size} are needed`}`,
      ];
