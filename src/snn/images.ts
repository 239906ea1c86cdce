/** What the network is shown: labelled grey images of one size, one byte a pixel, 255 being full ink. */
export interface LabelledImages {
  readonly count: number;
  readonly rows: number;
  readonly columns: number;
  readonly classes: number;
  /** count x rows x columns. */
  readonly pixels: Uint8Array;
  /** One class an image, 0 to classes - 1. */
  readonly labels: Uint8Array;
}

/** The pixels of one image, sharing memory. */
export function pixelsOf({ rows, columns, pixels }: LabelledImages, image: number): Uint8Array {
  const size = rows * columns;
  return pixels.subarray(image * size, (image + 1) * size);
}
