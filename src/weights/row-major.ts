/**
 * The elements of a strided view, one after the other, last index fastest. `size` is the bytes of an element; `offset`
 * and `strides` count elements. The caller answers for the view lying within `data`.
 */
export function rowMajor(
  data: Uint8Array,
  size: number,
  shape: readonly number[],
  strides: readonly number[],
  offset = 0,
): Uint8Array {
  const count = shape.includes(0) ? 0 : shape.reduce((product, extent) => product * extent, 1);
  if (isRowMajor(shape, strides)) return data.subarray(offset * size, (offset + count) * size);
  const out = new Uint8Array(count * size);
  const [columns, step] = [shape.at(-1)!, strides.at(-1)! * size];
  const index = new Array<number>(shape.length - 1).fill(0);
  let row = offset * size;
  for (let to = 0; to < out.length; ) {
    for (let column = 0, from = row; column < columns; column++, from += step)
      for (let byte = 0; byte < size; byte++) out[to++] = data[from + byte]!;
    for (let axis = index.length - 1; axis >= 0; axis--) {
      row += strides[axis]! * size;
      if (++index[axis]! < shape[axis]!) break;
      row -= strides[axis]! * shape[axis]! * size;
      index[axis] = 0;
    }
  }
  return out;
}

/** Whether the view has its elements in that order already. Strides of axes of one element say nothing. */
export function isRowMajor(shape: readonly number[], strides: readonly number[]): boolean {
  let expected = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis]! > 1 && strides[axis] !== expected) return false;
    expected *= shape[axis]!;
  }
  return true;
}

/** Strides of elements whose first index varies fastest. */
export function firstFastest(shape: readonly number[]): number[] {
  let stride = 1;
  return shape.map((extent) => {
    const own = stride;
    stride *= extent;
    return own;
  });
}
