/** The array with room for `size` numbers, those behind its own being 0. */
export function grown<A extends Uint8Array | Uint16Array | Int32Array | Float64Array>(
  array: A,
  size: number,
): A {
  const larger = new (array.constructor as new (length: number) => A)(size);
  larger.set(array);
  return larger;
}
