import { describe, expect, it } from 'vitest';
import { type NamedBytes, parseIdxImages } from '../../src/datasets/idx.ts';
import { idxFile } from './idx-files.ts';

const images = idxFile('images', [2, 2, 3], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 255]);
const labels = idxFile('labels', [2], [7, 3]);
const cut = ({ file, bytes }: NamedBytes, length: number): NamedBytes => ({
  file,
  bytes: bytes.subarray(0, length),
});

describe('IDX files', () => {
  it('give images row by row, and their labels', () => {
    expect(parseIdxImages(images, labels)).toEqual({
      count: 2,
      rows: 2,
      columns: 3,
      classes: 10,
      pixels: Uint8Array.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 255),
      labels: Uint8Array.of(7, 3),
    });
  });

  it.each<[string, NamedBytes, NamedBytes, RegExp]>([
    [
      'an empty file',
      cut(images, 0),
      labels,
      /truncated: 0 bytes, an IDX header of images has 16\n {2}at images/,
    ],
    [
      'a header cut short',
      images,
      cut(labels, 6),
      /truncated: 6 bytes, an IDX header of labels has 8\n {2}at labels/,
    ],
    ['pixels cut short', cut(images, 20), labels, /truncated: 2 x 2 x 3 images are 12 bytes, the file has 4/],
    ['bytes too many', idxFile('images', [1, 1, 1], [1, 2]), labels, /too long/],
    [
      'files exchanged',
      idxFile('labels', [9], new Uint8Array(9)),
      images,
      /not an IDX file of images.*0x00000801.*\n.*\n.*changed places/,
    ],
    ['another format', { file: 'x', bytes: new Uint8Array(99).fill(80) }, labels, /begins with 0x50505050/],
    [
      'counts that disagree',
      images,
      idxFile('labels', [3], [1, 2, 3]),
      /3 labels for the 2 images of images/,
    ],
    ['no image at all', idxFile('images', [0, 28, 28], []), idxFile('labels', [0], []), /no images/],
    ['a label that is no class', images, idxFile('labels', [2], [1, 10]), /label 10 of image 1/],
    [
      'a count that no file could hold',
      idxFile('images', [0xffffffff, 0xffffffff, 0xffffffff], [1]),
      labels,
      /truncated/,
    ],
  ])('refuses %s', (_, imageFile, labelFile, message) => {
    expect(() => parseIdxImages(imageFile, labelFile)).toThrow(message);
  });
});
