import { counterHash } from '../../random/counter-hash.ts';
import type { StreamKey } from '../../random/streams.ts';
import { crossEntropySlopes } from './cross-entropy.ts';
import type { Ids, LearningKernel, Numbers, SurrogateStep } from './kernel/kernel.ts';
import type { TrainedLayer } from './layers.ts';
import type { Objective } from './recipe.ts';

/** The input of one presentation, in a kernel's memory. */
export interface ImageInput {
  readonly size: number;
  /** Constant current: the pixels that are not 0, ascending, and their currents. */
  readonly bright: Ids;
  readonly currents: Numbers;
  brightCount: number;
  /** Bernoulli spikes: the inputs that spike, step by step. */
  readonly spikes: readonly Ids[];
  readonly counts: Uint32Array;
}

export function createImageInput(kernel: LearningKernel, size: number, steps: number): ImageInput {
  return {
    size,
    bright: kernel.ids(size),
    currents: kernel.numbers(size),
    brightCount: 0,
    spikes: Array.from({ length: steps }, () => kernel.ids(size)),
    counts: new Uint32Array(steps),
  };
}

/** pixel / 255, in single precision. */
const CURRENT = Float32Array.from({ length: 256 }, (_, pixel) => pixel / 255);

/** The image as a constant current of pixel / 255. */
export function setCurrents(input: ImageInput, pixels: Uint8Array): void {
  let count = 0;
  for (let k = 0; k < pixels.length; k++) {
    const pixel = pixels[k]!;
    if (pixel === 0) continue;
    input.bright.data[count] = k;
    input.currents.data[count++] = CURRENT[pixel]!;
  }
  input.brightCount = count;
}

/** The image as spikes, in each step with the probability pixel / 255; a spike's fate is a hash of the presentation, the step and the pixel. */
export function setSpikes(input: ImageInput, pixels: Uint8Array, key: StreamKey, presentation: number): void {
  const { size, spikes, counts } = input;
  for (let t = 0; t < counts.length; t++) {
    const key0 = counterHash(key[0]!, key[1]!, presentation);
    const key1 = counterHash(key[2]!, key[3]!, t);
    let count = 0;
    for (let k = 0; k < size; k++) {
      const pixel = pixels[k]!;
      if (pixel > 0 && counterHash(key0, key1, k) < (pixel / 255) * 2 ** 32) spikes[t]!.data[count++] = k;
    }
    counts[t] = count;
  }
}

/** How a network is driven and read, beside its layers. */
export interface PresentationWay {
  readonly kernel: LearningKernel;
  readonly layers: readonly TrainedLayer[];
  readonly input: ImageInput;
  readonly inputKind: 'current' | 'bernoulli';
  readonly steps: number;
  readonly objective: Objective;
  readonly surrogate: SurrogateStep;
  /** Output spikes, or sums of output potentials over the steps in double precision; classes. */
  readonly scores: Float64Array;
  /** Derivatives of the loss by the scores. */
  readonly slopes: Numbers;
  /** Derivative of the loss by the constant current of the first layer. */
  readonly total: Numbers;
}

/**
 * Runs the network through all steps; the scores are then in `scores`. Within a step layer follows layer without delay; the sum
 * of a layer's input goes over its inputs in ascending order, from 0.
 */
export function runForward({
  kernel,
  layers,
  input,
  inputKind,
  steps,
  objective,
  scores,
}: PresentationWay): void {
  for (const { potential } of layers) potential.data.fill(0);
  scores.fill(0);
  const first = layers[0]!;
  const last = layers.length - 1;
  if (inputKind === 'current')
    kernel.sumWeightedRows(first.current, first.seen, input.bright, input.brightCount, input.currents);
  for (let t = 0; t < steps; t++)
    for (let k = 0; k <= last; k++) {
      const layer = layers[k]!;
      if (k > 0)
        kernel.sumRows(layer.current, layer.seen, layers[k - 1]!.spikes[t]!, layers[k - 1]!.counts[t]!);
      else if (inputKind === 'bernoulli')
        kernel.sumRows(layer.current, layer.seen, input.spikes[t]!, input.counts[t]!);
      const count = kernel.stepNeurons(
        layer.potential,
        layer.current,
        layer.before[t]!,
        layer.neurons,
        layer.spikes[t]!,
      );
      layer.counts[t] = count;
      if (k < last) continue;
      if (objective === 'counts') for (let n = 0; n < count; n++) scores[layer.spikes[t]!.data[n]!]!++;
      else for (let n = 0; n < scores.length; n++) scores[n]! += layer.before[t]!.data[n]!;
    }
}

/** Adds to the gradients those of the presentation that `runForward` has just run, by backpropagation through time. */
export function runBackward(way: PresentationWay, label: number, scale: number): void {
  const { kernel, layers, input, inputKind, steps, objective, surrogate, scores, slopes, total } = way;
  const last = layers.length - 1;
  crossEntropySlopes(scores, label, scale, slopes.data);
  for (const { carry } of layers) carry.data.fill(0);
  total.data.fill(0);
  for (let t = steps - 1; t >= 0; t--)
    for (let k = last; k >= 0; k--) {
      const { delta, error, before, carry, neurons, gradient, transposed, all, outputs } = layers[k]!;
      if (k === last && objective === 'potential') kernel.accumulate(carry, slopes);
      kernel.stepBack(
        delta,
        k === last && objective === 'counts' ? slopes : error,
        before[t]!,
        carry,
        neurons,
        surrogate,
      );
      if (k > 0) {
        const below = layers[k - 1]!;
        kernel.addToRows(gradient, below.spikes[t]!, below.counts[t]!, delta);
        kernel.sumWeightedRows(below.error, transposed, all, outputs, delta);
      } else if (inputKind === 'current') kernel.accumulate(total, delta);
      else kernel.addToRows(gradient, input.spikes[t]!, input.counts[t]!, delta);
    }
  if (inputKind === 'current')
    kernel.addWeightedToRows(layers[0]!.gradient, input.bright, input.brightCount, input.currents, total);
}
