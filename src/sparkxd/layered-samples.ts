import type { ImageSet } from '../datasets/dataset.ts';
import { type EventSet, sliceSamples } from '../datasets/event-set.ts';
import { eventsToSteps } from '../datasets/events-to-steps.ts';
import { firstImages } from '../datasets/first-images.ts';
import { InputError } from '../errors/input-error.ts';
import { pixelsOf } from '../snn/images.ts';
import { createImageEncoder } from '../snn/layers/encode-images.ts';
import type { LayeredInput } from '../snn/layers/layered-input.ts';
import { type LayeredNetwork, type RunnableNetwork, sizeOf } from '../snn/layers/layered-network.ts';

/** What a layered network is shown: still images, or recordings of events. */
export type LayeredSamples =
  | { readonly kind: 'images'; readonly set: ImageSet }
  | { readonly kind: 'events'; readonly set: EventSet };

/** How sample number k drives a network; each call may overwrite the input of the one before. */
export type SampleInput = (sample: number) => LayeredInput;

/** The inputs of samples: those of images follow from (seed, number), events have times of their own. */
export function createSampleInput(
  runnable: RunnableNetwork,
  samples: LayeredSamples,
  seed: number,
): SampleInput {
  if (samples.kind === 'images') {
    const { set } = samples;
    const encode = createImageEncoder(runnable, set.rows * set.columns, seed);
    return (sample) => encode(pixelsOf(set, sample), sample);
  }
  const { set } = samples;
  const step = { timeStepS: runnable.dynamics.timeStepS, steps: runnable.presentation.steps };
  return (sample) => ({ kind: 'spikes', ...eventsToSteps(set, sample, step) });
}

/** Values or spikes that one sample has. */
export const inputsOf = ({ kind, set }: LayeredSamples): number =>
  kind === 'images' ? set.rows * set.columns : sizeOf(set.shape);

/** The first `count` samples, all if undefined. Throws InputError for more than there are. */
export function firstSamples(
  samples: LayeredSamples,
  count: number | undefined,
  which: string,
): LayeredSamples {
  if (count === undefined) return samples;
  if (samples.kind === 'images') return { kind: 'images', set: firstImages(samples.set, count, which) };
  const { set } = samples;
  if (count > set.count)
    throw new InputError(`${count} samples are requested, the ${which} are ${set.count}`, {
      remedy: `give --images at most ${set.count}`,
    });
  return { kind: 'events', set: sliceSamples(set, 0, count) };
}

/** Throws InputError where samples are of another size than the network's input, or have classes that its output does not have. */
export function requireSamplesFit(
  { layers }: LayeredNetwork,
  file: string,
  samples: LayeredSamples,
  name: string,
): void {
  const [first, last] = [layers[0]!, layers.at(-1)!];
  const refuse = (what: string): InputError =>
    new InputError(what, { place: { file }, remedy: 'name the data that it was trained on with --dataset' });
  const inputs = inputsOf(samples);
  const shape = samples.kind === 'images' ? [samples.set.rows, samples.set.columns] : samples.set.shape;
  if (sizeOf(first.shape) !== inputs)
    throw refuse(
      `the network has ${sizeOf(first.shape)} inputs (${first.shape.join(' x ')}), a sample of ${name} ${inputs} (${shape.join(' x ')})`,
    );
  const labels: ArrayLike<number> = samples.set.labels;
  let most = 0;
  for (let sample = 0; sample < samples.set.count; sample++) most = Math.max(most, labels[sample]!);
  const outputs = sizeOf(last.shape);
  if (most >= outputs)
    throw refuse(`the network tells ${outputs} classes apart, but samples of ${name} are of class ${most}`);
}
