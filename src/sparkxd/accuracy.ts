import type { ImageSet } from '../datasets/dataset.ts';
import { wilson } from '../stats/wilson.ts';

/** Share of images classified as their label says, with its 95 % interval (Wilson). */
export interface Accuracy {
  /** A fraction. */
  readonly accuracy: number;
  readonly low: number;
  readonly high: number;
  readonly images: number;
  readonly correct: number;
}

/** Compares predictions with the labels of the same images. */
export function scorePredictions(predictions: Uint8Array, { labels, count }: ImageSet): Accuracy {
  let correct = 0;
  for (let image = 0; image < count; image++) if (predictions[image] === labels[image]) correct++;
  const { estimate, low, high } = wilson(correct, count);
  return { accuracy: estimate, low, high, images: count, correct };
}
