import type { ImageSet } from '../datasets/dataset.ts';
import { sha256 } from '../files/sha256.ts';

/** What a manifest says of images: a hash of their pixels and labels, however their files were packed. */
export const imageSetHash = ({ pixels, labels }: ImageSet): string =>
  sha256(`${sha256(pixels)} ${sha256(labels)}`);
