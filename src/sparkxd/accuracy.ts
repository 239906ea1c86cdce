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

/** What classes samples have, one a sample. */
interface Labelled {
  readonly count: number;
  readonly labels: ArrayLike<number>;
}
type Predictions = ArrayLike<number>;

/** Compares predictions with the labels of the same images. */
export const scorePredictions = (predictions: Predictions, images: Labelled): Accuracy =>
  scoreMarks(marksOf(predictions, images));

/** One mark an image: 1 where the prediction is the label, 0 elsewhere. */
export const marksOf = (predictions: Predictions, { labels, count }: Labelled): Uint8Array =>
  Uint8Array.from({ length: count }, (_, image) => (predictions[image] === labels[image] ? 1 : 0));

/** Share of marks that are 1. */
export function scoreMarks(marks: Uint8Array): Accuracy {
  const correct = marks.reduce((sum, mark) => sum + mark, 0);
  const { estimate, low, high } = wilson(correct, marks.length);
  return { accuracy: estimate, low, high, images: marks.length, correct };
}
