/** The code of 4, 8, 16 or 32 bits at a place among packed ones, as an unsigned number; of two 4-bit codes in a byte the first is the low half. */
export function codeAt(bytes: Uint8Array, index: number, bits: number): number {
  if (bits === 4) return (bytes[index >>> 1]! >>> (4 * (index & 1))) & 15;
  let code = 0;
  for (let byte = bits / 8 - 1; byte >= 0; byte--) code = code * 256 + bytes[(index * bits) / 8 + byte]!;
  return code;
}
