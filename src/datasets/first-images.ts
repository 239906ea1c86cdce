import { InputError } from '../errors/input-error.ts';
import { type ImageSet, sliceImages } from './dataset.ts';

/** Throws InputError unless there are `count` images; `which` names them in the message. */
export function requireImages(images: ImageSet, count: number, which: string): void {
  if (count > images.count)
    throw new InputError(`${count} images are requested, the ${which} are ${images.count}`);
}

/** The first `count` images, all if undefined. Throws InputError if there are fewer. */
export function firstImages(images: ImageSet, count: number | undefined, which: string): ImageSet {
  if (count === undefined) return images;
  requireImages(images, count, which);
  return sliceImages(images, 0, count);
}
