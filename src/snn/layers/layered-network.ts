import type { Encoding } from '../network.ts';
import type { NeuronConstants } from '../neuron-constants.ts';

/** Extents of an array, C order: a feature map is (channels, rows, columns). */
export type Shape = readonly number[];

/** A network as a list of layers in the order in which a step evaluates them. What it learned, but not how it is driven. */
export interface LayeredNetwork {
  /** The first is the input, the last the output; a layer reads only earlier ones, or later ones through a delayed source. */
  readonly layers: readonly Layer[];
}

/** What a layer adds up to its input. */
export interface Source {
  /** Place in `layers`. */
  readonly layer: number;
  /** The output of the step before (0 before the first), which is what closes a cycle. */
  readonly delayed: boolean;
}

interface LayerBase {
  /** As the file calls it, such as "fc1" or "block.fc1". */
  readonly name: string;
  /** Of its output. */
  readonly shape: Shape;
  /** In the order in which they are added; of one shape. None for the input. */
  readonly sources: readonly Source[];
}

/** One value for all neurons of a layer, or one each in C order. */
export type PerNeuron = Float32Array;

export type Layer =
  | InputLayer
  | DenseLayer
  | Conv2dLayer
  | PoolLayer
  | FlattenLayer
  | ScaleLayer
  | DelayLayer
  | NeuronLayer
  | CompetitionLayer
  | OutputLayer;

export interface InputLayer extends LayerBase {
  readonly kind: 'input';
}
export interface OutputLayer extends LayerBase {
  readonly kind: 'output';
}
export interface FlattenLayer extends LayerBase {
  readonly kind: 'flatten';
}

/** y = x W + b. */
export interface DenseLayer extends LayerBase {
  readonly kind: 'dense';
  readonly inputs: number;
  readonly outputs: number;
  /** inputs x outputs (pre-major): row i is what a spike of input i fetches. */
  readonly weights: Float32Array;
  /** One an output, held on chip. */
  readonly bias?: Float32Array;
}

/** Cross-correlation, as PyTorch's Conv2d. Pairs are (rows, columns). */
export interface Conv2dLayer extends LayerBase {
  readonly kind: 'conv2d';
  /** (channels, rows, columns) of what it reads. */
  readonly inputShape: Shape;
  readonly kernel: readonly [number, number];
  readonly stride: readonly [number, number];
  readonly padding: readonly [number, number];
  readonly dilation: readonly [number, number];
  readonly groups: number;
  /**
   * Input channel x output channel of its group x kernel rows x kernel columns (pre-major): row c is all kernels that read input
   * channel c. Output channel o of group g is number g x (outputs / groups) + o.
   */
  readonly weights: Float32Array;
  /** One an output channel, held on chip. */
  readonly bias?: Float32Array;
}

export interface PoolLayer extends LayerBase {
  readonly kind: 'pool';
  readonly mode: 'sum' | 'average';
  readonly inputShape: Shape;
  readonly kernel: readonly [number, number];
  readonly stride: readonly [number, number];
  readonly padding: readonly [number, number];
}

/** y = x times a factor, one for all or one an element. */
export interface ScaleLayer extends LayerBase {
  readonly kind: 'scale';
  readonly factor: PerNeuron;
}

/** y[t] = x[t - steps]. In seconds as NIR has it; whole steps once the time step is known. */
export interface DelayLayer extends LayerBase {
  readonly kind: 'delay';
  readonly seconds: PerNeuron;
}

/**
 * Neurons, as NIR defines them. `lif`: tau v' = v_leak - v + r i, spike above v_threshold. `if`: v' = r i. `li`: as lif without spike and
 * reset, its output is v. `i`: as if without. `cuba-lif`: tau_syn I' = w_in i - I, then lif with tau and I. `cuba-li`: the same without
 * spike. `threshold`: a spike where the input is above v_threshold, no state.
 */
export interface NeuronLayer extends LayerBase {
  readonly kind: 'neurons';
  readonly model: NeuronModel;
  readonly parameters: Readonly<Partial<Record<NeuronParameter, PerNeuron>>>;
}
export const NEURON_MODELS = ['lif', 'if', 'cuba-lif', 'li', 'i', 'cuba-li', 'threshold'] as const;
export type NeuronModel = (typeof NEURON_MODELS)[number];
/** Time constants in seconds; the rest in the file's own units. */
export const NEURON_PARAMETERS = ['tau', 'r', 'vLeak', 'vThreshold', 'vReset', 'tauSyn', 'wIn'] as const;
export type NeuronParameter = (typeof NEURON_PARAMETERS)[number];

/** The parameters that each model has. */
export const PARAMETERS_OF: Readonly<Record<NeuronModel, readonly NeuronParameter[]>> = {
  lif: ['tau', 'r', 'vLeak', 'vThreshold', 'vReset'],
  if: ['r', 'vThreshold', 'vReset'],
  'cuba-lif': ['tau', 'tauSyn', 'r', 'wIn', 'vLeak', 'vThreshold', 'vReset'],
  li: ['tau', 'r', 'vLeak'],
  i: ['r'],
  'cuba-li': ['tau', 'tauSyn', 'r', 'wIn', 'vLeak'],
  threshold: ['vThreshold'],
};

/** Diehl & Cook's population: adaptive thresholds, at most one spike a step, which inhibits the others (../population.ts). */
export interface CompetitionLayer extends LayerBase {
  readonly kind: 'competition';
  readonly constants: NeuronConstants;
  /** Adaptive part of the threshold, mV. */
  readonly theta: Float32Array;
}

/** What a graph of NIR does not say and a step needs. */
export interface Dynamics {
  readonly timeStepS: number;
  /** `euler`: v + dt/tau (...), as snnTorch, Norse and the NIR paper; `exact`: the exponential decay over the step. */
  readonly integration: 'euler' | 'exact';
  /** `value`: to v_reset; `subtract`: less v_threshold. */
  readonly reset: 'value' | 'subtract';
  /**
   * When a subtracted threshold is taken off (`value` is the same at all times). `same-step`: at once. `next-step`: in the next step, after its
   * decay and input, as snnTorch with `reset_delay`. `snntorch-same-step`: at once, as snnTorch without `reset_delay`, where a membrane that is
   * still above its threshold after that is compared in the next step with the threshold taken off once more.
   */
  readonly resetTime: 'same-step' | 'next-step' | 'snntorch-same-step';
  /** `gt`: a neuron at its threshold does not spike. */
  readonly threshold: 'gt' | 'ge';
}

/** How a sample drives the network, and what of the output names a class. */
export interface Presentation {
  readonly steps: number;
  readonly input: InputCode;
  readonly readout: Readout;
}

/**
 * `current`: pixel / 255 x gain in every step. `bernoulli`: a spike with the probability pixel / 255 x gain in each step. `poisson`: rates as
 * Diehl & Cook's encoder. `latency`: one spike, the brighter the earlier. `events`: the sample's own times.
 */
export type InputCode =
  | { readonly kind: 'current' | 'bernoulli'; readonly gain: number }
  | { readonly kind: 'poisson'; readonly encoding: Encoding }
  | { readonly kind: 'latency' }
  | { readonly kind: 'events' };
export const INPUT_KINDS = ['poisson', 'bernoulli', 'current', 'latency', 'events'] as const;

/** `counts`: most spikes; `potential-sum`, `potential-max`, `potential-last` of the output values; ties to the lowest class. */
export const READOUTS = ['counts', 'potential-sum', 'potential-max', 'potential-last', 'votes'] as const;
export type Readout = (typeof READOUTS)[number];

/** A layered network with all that it takes to run it; what is undefined must be asked for. */
export interface RunnableNetwork {
  readonly network: LayeredNetwork;
  readonly dynamics: Dynamics;
  readonly presentation: Presentation;
}

/** A tensor of weights of a layer, as it lies in memory: `rows` rows of `columns` weights. */
export interface WeightTensor {
  /** `LAYER.weight`. */
  readonly name: string;
  /** Place of the layer. */
  readonly layer: number;
  readonly rows: number;
  readonly columns: number;
  /** rows x columns, sharing the layer's memory. */
  readonly weights: Float32Array;
}

/** The weights that a network keeps in DRAM, layer by layer. */
export function weightTensors({ layers }: LayeredNetwork): WeightTensor[] {
  return layers.flatMap((layer, place): WeightTensor[] => {
    if (layer.kind !== 'dense' && layer.kind !== 'conv2d') return [];
    const { name, weights } = layer;
    const rows = layer.kind === 'dense' ? layer.inputs : layer.inputShape[0]!;
    return [{ name: `${name}.weight`, layer: place, rows, columns: weights.length / rows, weights }];
  });
}

/** The network with other weights, in the order of `weightTensors`. */
export function withWeights(network: LayeredNetwork, weights: readonly Float32Array[]): LayeredNetwork {
  let next = 0;
  return {
    layers: network.layers.map((layer) =>
      layer.kind === 'dense' || layer.kind === 'conv2d' ? { ...layer, weights: weights[next++]! } : layer,
    ),
  };
}

/** Elements of an array of a shape. */
export const sizeOf = (shape: Shape): number => shape.reduce((product, extent) => product * extent, 1);
