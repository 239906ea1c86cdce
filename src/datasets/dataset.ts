/** Labelled grey images of one size. Pixels are bytes, image after image, row after row; 255 is full ink. */
export interface ImageSet {
  readonly count: number;
  readonly rows: number;
  readonly columns: number;
  readonly classes: number;
  /** count x rows x columns. */
  readonly pixels: Uint8Array;
  /** One class an image, 0 to classes - 1. */
  readonly labels: Uint8Array;
}

/** MNIST and Fashion-MNIST have ten classes, and so has every set on which one layer that competes is trained. */
export const CLASSES = 10;
/** Labels of IDX files are bytes. */
export const MOST_IMAGE_CLASSES = 256;

/** One class more than the largest label. */
export const classesOfLabels = (...parts: readonly { readonly labels: Uint8Array }[]): number =>
  1 + parts.reduce((most, { labels }) => labels.reduce((m, label) => Math.max(m, label), most), 0);

/** A training part and a test part that share no image. */
export interface Dataset {
  readonly name: string;
  readonly train: ImageSet;
  readonly test: ImageSet;
}

/** Images to report on: the test part, or the end of the training part that is kept for decisions. */
export const SPLITS = ['test', 'validation'] as const;
export type Split = (typeof SPLITS)[number];

/** Images `from` to `to` (exclusive) of `images`, sharing its memory. */
export function sliceImages(images: ImageSet, from: number, to: number): ImageSet {
  const size = images.rows * images.columns;
  return {
    ...images,
    count: to - from,
    pixels: images.pixels.subarray(from * size, to * size),
    labels: images.labels.subarray(from, to),
  };
}
