/** Numbers of each step of an inference: those of step t are entries `offsets[t]` to `offsets[t + 1]`, the latter not among them. */
export interface StepLists {
  readonly offsets: Uint32Array;
  readonly numbers: Uint32Array;
}

/** The weight rows of one tensor that an inference needs, step by step, as the tensor numbers them. */
export type TensorSpikes = StepLists;

/** The rows that an inference needs of each tensor, in the order of `weightTensors`; all of as many steps. */
export type LayerSpikes = readonly TensorSpikes[];
