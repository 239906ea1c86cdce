import { type LabelledImages, pixelsOf } from './images.ts';
import type { Network } from './network.ts';

/**
 * Spikes expected of each input over one presentation of each image. The encoder's rates, without drawing any spike;
 * an input that is dark in every image has exactly 0.
 */
export function expectedSpikes(
  { encoding, constants }: Pick<Network, 'encoding' | 'constants'>,
  images: LabelledImages,
): Float64Array {
  const { steps, maximumRateHz, spikesPerImage } = encoding;
  const stepSeconds = constants.timeStepMs * 1e-3;
  const spikes = new Float64Array(images.rows * images.columns);
  for (let image = 0; image < images.count; image++) {
    const pixels = pixelsOf(images, image);
    let rate = maximumRateHz;
    if (spikesPerImage !== undefined) {
      let ink = 0;
      for (let input = 0; input < pixels.length; input++)
        if (pixels[input] !== 0) ink += pixels[input]! / 255;
      if (ink > 0) rate = spikesPerImage / (ink * steps * stepSeconds);
    }
    // Most pixels are dark, and add nothing.
    for (let input = 0; input < pixels.length; input++)
      if (pixels[input] !== 0)
        spikes[input]! += steps * Math.min((pixels[input]! / 255) * rate, maximumRateHz) * stepSeconds;
  }
  return spikes;
}
