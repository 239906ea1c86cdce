import { log, log1p } from '../elementary/logarithm.ts';
import { createFastStream, nextOpenUniform, reseed, streamKey } from '../random/streams.ts';
import type { Encoding } from './network.ts';

/** The input spikes of one presentation, step by step, inputs ascending within a step. */
export interface InputSpikes {
  readonly steps: number;
  /** Step t holds entries `offsets[t]` to `offsets[t + 1]` (exclusive) of `inputs`. */
  readonly offsets: Uint32Array;
  /** Valid up to `offsets[steps]`; the rest is left over from earlier presentations. */
  readonly inputs: Uint16Array;
}

/** The same spikes in memory of their own. */
export const copyOfSpikes = ({ steps, offsets, inputs }: InputSpikes): InputSpikes => ({
  steps,
  offsets: offsets.slice(),
  inputs: inputs.slice(0, offsets[steps]),
});

/** Turns images into spikes; each call overwrites the result of the one before. */
export interface Encoder {
  /** `epoch` and `image` select the random stream: the same pair gives the same spikes, whoever asks and when. */
  encode(pixels: Uint8Array, epoch: number, image: number): InputSpikes;
}

/** Training, labelling and testing never share random numbers, even on the same images. */
export type EncodingPurpose = 'training' | 'labelling' | 'inference';

/** Input ids are 16-bit. */
export const MAXIMUM_INPUTS = 65_536;

/** Just below certainty, whose gap would have no logarithm. */
const MAXIMUM_PROBABILITY = 1 - 2 ** -32;

/**
 * Poisson encoding: in every step a pixel of brightness b spikes with probability b/255 x rate x timeStepMs. The rate is
 * maximumRateHz, or, given spikesPerImage, the image's own that makes so many spikes the expected number of its
 * presentation, no pixel above maximumRateHz.
 * Instead of asking every pixel in every step, the gap to its next spike is drawn from the geometric distribution,
 * 1 + floor(ln U / ln(1 - p)), so the work is proportional to the spikes.
 */
export function createEncoder(
  { steps, maximumRateHz, spikesPerImage }: Encoding,
  inputs: number,
  timeStepMs: number,
  seed: number,
  purpose: EncodingPurpose,
): Encoder {
  const key = streamKey(seed, `snn/encoder/${purpose}`);
  const stream = createFastStream();
  const most = Math.min(maximumRateHz * timeStepMs * 1e-3, MAXIMUM_PROBABILITY);
  const inverseLogSilence = new Float64Array(256);
  setRate(maximumRateHz);
  const offsets = new Uint32Array(steps + 1);
  const byStep = new Uint16Array(inputs * steps);
  const spikeInputs = new Uint16Array(inputs * steps);
  const spikeSteps = new Uint16Array(inputs * steps);
  const spikes: InputSpikes = { steps, offsets, inputs: byStep };

  return {
    encode(pixels, epoch, image) {
      reseed(stream, key, epoch, image);
      offsets.fill(0);
      let count = 0;
      if (spikesPerImage !== undefined) setRate(rateFor(pixels, spikesPerImage));
      for (let input = 0; input < inputs; input++) {
        const level = pixels[input]!;
        if (level === 0) continue;
        const scale = inverseLogSilence[level]!;
        for (let step = geometricSkip(scale); step < steps; step += 1 + geometricSkip(scale)) {
          spikeInputs[count] = input;
          spikeSteps[count++] = step;
          offsets[step + 1]!++;
        }
      }
      for (let step = 0; step < steps; step++) offsets[step + 1]! += offsets[step]!;
      // Scattering moves each step's offset to its end, which is where the next step begins: shift back afterwards.
      for (let k = 0; k < count; k++) byStep[offsets[spikeSteps[k]!]!++] = spikeInputs[k]!;
      offsets.copyWithin(1, 0, steps);
      offsets[0] = 0;
      return spikes;
    },
  };

  /** Gives a pixel of full ink the rate `rateHz`, none above the maximum. */
  function setRate(rateHz: number): void {
    for (let level = 1; level < inverseLogSilence.length; level++)
      inverseLogSilence[level] = 1 / log1p(-Math.min((level / 255) * rateHz * timeStepMs * 1e-3, most));
  }

  /** Rate of full ink at which `pixels` are expected to spike `wanted` times; any rate serves an empty image. */
  function rateFor(pixels: Uint8Array, wanted: number): number {
    let brightness = 0;
    for (let input = 0; input < inputs; input++) brightness += pixels[input]!;
    if (brightness === 0) return maximumRateHz;
    return wanted / ((brightness / 255) * steps * timeStepMs * 1e-3);
  }

  /** Silent steps before the next spike. */
  function geometricSkip(scale: number): number {
    return Math.floor(log(nextOpenUniform(stream)) * scale);
  }
}
