import type { NeuronConstants } from './neuron-constants.ts';
import type { WeightRange } from './weight-range.ts';

/**
 * Diehl & Cook's network with direct lateral inhibition (BindsNET's DiehlAndCook2015v2): Poisson inputs, all-to-all
 * plastic weights, and excitatory neurons of which at most one fires a step and then inhibits the others.
 */
export interface Network extends WeightRange {
  /** Rows x columns of the images it sees; one input a pixel. */
  readonly imageRows: number;
  readonly imageColumns: number;
  readonly neurons: number;
  readonly constants: NeuronConstants;
  readonly encoding: Encoding;
  /** Sum that training brought each neuron's incoming weights to; a little less where weights met their bound. */
  readonly weightSum: number;
  /** inputs x neurons, one input's weights contiguous (pre-major): the row that one of its spikes fetches from DRAM. */
  readonly weights: Float32Array;
  /** Adaptive part of each neuron's threshold, mV. */
  readonly theta: Float32Array;
  /** What each neuron answered to labelled images; absent until the network has been labelled. */
  readonly responses?: ClassResponses;
}

/** A network whose spikes name a class. */
export type LabelledNetwork = Network & { readonly responses: ClassResponses };

/** How an image becomes spikes. */
export interface Encoding {
  /** Presentation time in steps. */
  readonly steps: number;
  /** Spike rate of a pixel of full ink, Hz; with `spikesPerImage` the most that any pixel gets. */
  readonly maximumRateHz: number;
  /**
   * Input spikes expected of a presentation: each image's rates are scaled to it, so that a sandal drives the neurons
   * as hard as a coat. Images whose pixels would have to exceed the maximum rate fall short. By default rates follow
   * brightness alone.
   */
  readonly spikesPerImage?: number;
}

/** Spikes of each neuron by class of the image shown; labels and votes follow from these alone. */
export interface ClassResponses {
  /** neurons x classes. */
  readonly spikes: Uint32Array;
  /** How many images of each class were shown. */
  readonly images: Uint32Array;
}

/** Inputs of a network: one a pixel. */
export function inputCount({ imageRows, imageColumns }: Pick<Network, 'imageRows' | 'imageColumns'>): number {
  return imageRows * imageColumns;
}
