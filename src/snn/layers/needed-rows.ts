import type { Conv2dLayer, DenseLayer } from './layered-network.ts';

/** Numbers of each step of an inference: those of step t are entries `offsets[t]` to `offsets[t + 1]`, the latter not among them. */
export interface StepLists {
  readonly offsets: Uint32Array;
  readonly numbers: Uint32Array;
}

/** The weight rows of one tensor that an inference needs, step by step, as the tensor numbers them. */
export type TensorSpikes = StepLists;

/** The rows that an inference needs of each tensor, in the order of `weightTensors`; all of as many steps. */
export type LayerSpikes = readonly TensorSpikes[];

/**
 * The rows of a layer's weights that an inference needs. `active` are the elements of its input that are not 0, in C order, in each
 * step: the neurons that spike, or what pools and scales make of them. A dense layer needs the row of each; a convolution that of
 * each channel with any, once a step, in the order of the first.
 */
export function neededRows(layer: DenseLayer | Conv2dLayer, active: StepLists): TensorSpikes {
  if (layer.kind === 'dense') return active;
  const [channels = 0, height = 0, width = 0] = layer.inputShape;
  const { offsets, numbers } = active;
  const steps = offsets.length - 1;
  const ends = new Uint32Array(steps + 1);
  const rows: number[] = [];
  const seenIn = new Int32Array(channels).fill(-1);
  for (let step = 0; step < steps; step++) {
    for (let i = offsets[step]!; i < offsets[step + 1]!; i++) {
      const channel = Math.floor(numbers[i]! / (height * width));
      if (seenIn[channel] === step) continue;
      seenIn[channel] = step;
      rows.push(channel);
    }
    ends[step + 1] = rows.length;
  }
  return { offsets: ends, numbers: Uint32Array.from(rows) };
}

/**
 * The same of a layer whose input is the same in every step, as that of constant current: its sum is made once, in the first step,
 * and the later steps read no weights. `active` are the elements that are not 0.
 */
export function neededOnce(
  layer: DenseLayer | Conv2dLayer,
  active: ArrayLike<number>,
  steps: number,
): TensorSpikes {
  const offsets = new Uint32Array(steps + 1).fill(active.length, 1);
  return neededRows(layer, { offsets, numbers: Uint32Array.from(active) });
}
