import { InputError } from '../../errors/input-error.ts';
import { counterHash, mix32, wordsBelow } from '../../random/counter-hash.ts';
import { streamKey } from '../../random/streams.ts';
import { createEncoder } from '../encoder.ts';
import type { LayeredInput } from './layered-input.ts';
import type { InputCode, RunnableNetwork } from './layered-network.ts';

/** How image number `image`, one byte an input, drives a network; each call overwrites the input of the one before. */
export type EncodeImage = (pixels: Uint8Array, image: number) => LayeredInput;

/**
 * The input code of a network. What is random is a function of (seed, image). Throws InputError for `events`, whose samples have
 * times of their own and are no images.
 */
export function createImageEncoder(
  { presentation, dynamics }: Pick<RunnableNetwork, 'presentation' | 'dynamics'>,
  inputs: number,
  seed: number,
): EncodeImage {
  const { steps, input: code } = presentation;
  switch (code.kind) {
    case 'current':
      return constantCurrent(code.gain, inputs);
    case 'bernoulli':
      return bernoulli(code.gain, inputs, steps, seed);
    case 'poisson': {
      const encoder = createEncoder(code.encoding, inputs, dynamics.timeStepS * 1000, seed, 'inference');
      return (pixels, image) => ({ kind: 'spikes', ...encoder.encode(pixels, 0, image) });
    }
    case 'latency':
      return latency(inputs, steps);
    case 'events':
      throw new InputError('the input code is events, and the data are still images', {
        remedy: `show it events, or choose another input code: ${STILL.join(', ')}`,
      });
  }
}

/** Codes that images can have. */
const STILL: readonly InputCode['kind'][] = ['poisson', 'bernoulli', 'current', 'latency'];

/** Full ink. */
const WHITE = 255;

function constantCurrent(gain: number, inputs: number): EncodeImage {
  const levels = Float32Array.from({ length: WHITE + 1 }, (_, level) => (level / WHITE) * gain);
  const values = new Float32Array(inputs);
  return (pixels) => {
    for (let k = 0; k < inputs; k++) values[k] = levels[pixels[k]!]!;
    return { kind: 'current', values };
  };
}

/** One draw an input and step, which depends on (seed, image, step, input) alone. */
function bernoulli(gain: number, inputs: number, steps: number, seed: number): EncodeImage {
  const [key0, key1] = streamKey(seed, 'snn/layers/bernoulli') as unknown as [number, number];
  const below = Float64Array.from({ length: WHITE + 1 }, (_, level) => wordsBelow((level / WHITE) * gain));
  const offsets = new Uint32Array(steps + 1);
  const spikes = new Uint32Array(steps * inputs);
  return (pixels, image) => {
    const imageKey = mix32(key0 ^ image);
    let count = 0;
    for (let step = 0; step < steps; step++) {
      for (let k = 0; k < inputs; k++) {
        const level = pixels[k]!;
        if (level > 0 && counterHash(imageKey, key1, step * inputs + k) < below[level]!) spikes[count++] = k;
      }
      offsets[step + 1] = count;
    }
    return { kind: 'spikes', steps, offsets, inputs: spikes };
  };
}

/** Full ink spikes in the first step, the faintest in the last, brightness between in proportion; black never. */
function latency(inputs: number, steps: number): EncodeImage {
  const stepOf = Uint32Array.from({ length: WHITE + 1 }, (_, level) =>
    Math.round(((WHITE - level) / (WHITE - 1)) * (steps - 1)),
  );
  const offsets = new Uint32Array(steps + 1);
  const spikes = new Uint32Array(inputs);
  return (pixels) => {
    let count = 0;
    for (let step = 0; step < steps; step++) {
      for (let k = 0; k < inputs; k++) if (pixels[k]! > 0 && stepOf[pixels[k]!] === step) spikes[count++] = k;
      offsets[step + 1] = count;
    }
    return { kind: 'spikes', steps, offsets, inputs: spikes };
  };
}
