import {
  encodeWeights,
  packCodes,
  STORAGE_FORMATS,
  type StorageFormat,
  weightBits,
} from '../snn/weight-format.ts';
import type { ElementType, Tensor } from './tensor.ts';

/** The element type of each format. */
export const STORED_AS: Readonly<Record<StorageFormat, ElementType>> = {
  fp32: 'F32',
  fp16: 'F16',
  bf16: 'BF16',
};

/** Weights as a tensor of a format, rounded to it. */
export const storedTensor = (
  shape: readonly number[],
  weights: Float32Array,
  storage: StorageFormat,
): Tensor => ({
  type: STORED_AS[storage],
  shape,
  bytes: packCodes(encodeWeights(weights, storage), weightBits(storage)),
});

/** The format whose tensors are of that type; undefined for any other type. */
export const storageOfType = (type: ElementType | undefined): StorageFormat | undefined =>
  STORAGE_FORMATS.find((format) => STORED_AS[format] === type);
