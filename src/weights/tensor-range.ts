import { elementCount, elementsOf, type Tensor } from './tensor.ts';

/** What the elements of a tensor are like. */
export interface TensorRange {
  /** Of the finite elements; Infinity and -Infinity where there are none. */
  readonly least: number;
  readonly greatest: number;
  /** Elements that are 0, and that are NaN or infinite. */
  readonly zeros: number;
  readonly notFinite: number;
  /** The first of the latter; -1 if there is none. */
  readonly strange: number;
}

export function rangeOf(tensor: Tensor): TensorRange {
  const { get } = elementsOf(tensor.type, tensor.bytes);
  const count = elementCount(tensor);
  let least = Number.POSITIVE_INFINITY;
  let greatest = Number.NEGATIVE_INFINITY;
  let zeros = 0;
  let notFinite = 0;
  let strange = -1;
  for (let k = 0; k < count; k++) {
    const value = get(k);
    if (!Number.isFinite(value)) {
      if (notFinite++ === 0) strange = k;
      continue;
    }
    if (value === 0) zeros++;
    if (value < least) least = value;
    if (value > greatest) greatest = value;
  }
  return { least, greatest, zeros, notFinite, strange };
}
