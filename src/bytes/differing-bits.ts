/** Bits in which two arrays of bytes differ from byte `from` to before byte `to`. */
export function differingBits(one: Uint8Array, other: Uint8Array, from: number, to: number): number {
  let count = 0;
  for (let byte = from; byte < to; byte++)
    for (let left = one[byte]! ^ other[byte]!; left !== 0; left &= left - 1) count++;
  return count;
}
