import { InputError } from '../errors/input-error.ts';
import { type ImageSet, sliceImages } from './dataset.ts';

/** Throws InputError unless there are `count` images; `which` names them in the message, `flag` the option that gives their number. */
export function requireImages(images: ImageSet, count: number, which: string, flag = '--images'): void {
  if (count > images.count)
    throw new InputError(`${count} images are requested, the ${which} are ${images.count}`, {
      remedy: `give ${flag} at most ${images.count}`,
    });
}

/** The first `count` images, all if undefined. Throws InputError, as `requireImages`, if there are fewer. */
export function firstImages(
  images: ImageSet,
  count: number | undefined,
  which: string,
  flag?: string,
): ImageSet {
  if (count === undefined) return images;
  requireImages(images, count, which, flag);
  return sliceImages(images, 0, count);
}
