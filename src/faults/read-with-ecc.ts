import { InputError } from '../errors/input-error.ts';
import type { Placement } from '../hardware/placement.ts';
import type { Volts } from '../units/flavours.ts';
import { decodeImage, type EccRegion, type EccReport, encodeImage } from './ecc.ts';
import { type InjectionOptions, injectErrors } from './inject.ts';
import type { Chip } from './weak-cells-at.ts';

/**
 * Stores an image with its check bits, reads it from the chip at a supply, and corrects what can be corrected. The
 * placement is that of the encoded image (`encodedBytes` of the regions together); InputError when it is not.
 */
export function readWithEcc(
  image: Uint8Array,
  regions: readonly EccRegion[],
  placement: Placement,
  chip: Chip,
  supply: Volts,
  options: InjectionOptions = {},
): { image: Uint8Array; flippedBits: number; report: EccReport } {
  const stored = encodeImage(image, regions);
  if (placement.imageBytes < stored.length)
    throw new InputError(
      `the image takes ${stored.length} bytes with its check bits, its placement has ${placement.imageBytes}`,
    );
  // A placement may be padded to whole bursts; what lies behind the image is read and dropped.
  const read = new Uint8Array(placement.imageBytes);
  read.set(stored);
  const { flippedBits } = injectErrors(read, placement, chip, supply, options);
  return { ...decodeImage(read.subarray(0, stored.length), regions), flippedBits };
}
