/** Bits in which two arrays differ from place `from` to before place `to`; both of whole numbers of up to 32 bits. */
export function differingBits<T extends Uint8Array | Uint32Array>(
  one: T,
  other: T,
  from = 0,
  to = one.length,
): number {
  let count = 0;
  for (let k = from; k < to; k++)
    for (let left = (one[k]! ^ other[k]!) >>> 0; left !== 0; left &= left - 1) count++;
  return count;
}
