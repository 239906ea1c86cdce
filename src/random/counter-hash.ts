/**
 * Random numbers without a state: the word of a counter under a key. Whoever asks for (key, counter) gets the same
 * 32 bits, in any order, on any number of workers; that is what fixes the fate of a DRAM cell for ever.
 */

/**
 * A bijection of 32-bit words in which every input bit flips every output bit with probability near one half: two
 * rounds of xor-shift and multiplication, with the shifts and multipliers that C. Wellons' search for the least
 * biased function of this shape found ("hash-prospector", 16-15-15, bias 0.107 of the ideal's unit).
 */
export function mix32(word: number): number {
  let x = word ^ (word >>> 16);
  x = Math.imul(x, 0x21f0aaad);
  x ^= x >>> 15;
  x = Math.imul(x, 0xd35a2d97);
  return (x ^ (x >>> 15)) >>> 0;
}

/**
 * 32 uniform bits for `counter` under the 64-bit key (key0, key1): mixed, keyed again, mixed again. For one key it is
 * a bijection of the counter. The keys themselves must be hashes (neighbouring raw numbers as key0 would give the
 * same words in another order); then two keys' sequences are unrelated, and neither is a shift of the other, as
 * would happen if the key merely offset the counter.
 */
export function counterHash(key0: number, key1: number, counter: number): number {
  // Whole words throughout: a sum beyond 32 bits would be reckoned in floating point, several times as slowly.
  return mix32((mix32(counter ^ key0) + (key1 | 0)) | 0);
}

/** The middle of one of 2^32 equal parts of (0, 1): never 0 and never 1, so that its logarithm is finite. */
export const openUniform = (word: number): number => (word + 0.5) * 2 ** -32;

/**
 * The first word that is not below a probability: `word < wordsBelow(p)` is `openUniform(word) < p`, exactly. 0 to 2^32; NaN
 * for NaN.
 */
export const wordsBelow = (probability: number): number =>
  Math.min(2 ** 32, Math.max(0, Math.ceil(probability * 2 ** 32 - 0.5)));

/** Words of the size of the smallest power of two that holds `size` values: what `permute` works on. */
export function permutationMask(size: number): number {
  return size <= 1 ? 0 : 2 ** (32 - Math.clz32(size - 1)) - 1;
}

/**
 * Where a keyed random permutation of 0 .. size - 1 sends `index`; O(1), nothing stored. Rounds of key addition,
 * multiplication by an odd number and xor-shift are each a bijection of the words under the mask; what lands outside
 * the range is sent through again until it is inside (cycle walking; the idea of a hash-based permutation is
 * A. Kensler's, "Correlated Multi-Jittered Sampling", Pixar 2013; the rounds here are this program's own: odd
 * multipliers taken from the key leave no trace in pairs and triples of neighbouring indices over 4 million keys).
 * `mask` is `permutationMask(size)`, size at most 2^31; `shift` is `permutationShift(mask)`.
 */
export function permute(
  index: number,
  size: number,
  mask: number,
  shift: number,
  key0: number,
  key1: number,
): number {
  let x = index;
  do {
    x = Math.imul((x ^ key0) & mask, key1 | 1) & mask;
    x ^= x >>> shift;
    x = Math.imul((x ^ (key1 >>> 16)) & mask, 0x2c1b3c6d) & mask;
    x ^= x >>> shift;
    x = Math.imul(x + (key0 >>> 16), (key1 >>> 9) | 1) & mask;
    x ^= x >>> shift;
    x = Math.imul(x, 0x297a2d39) & mask;
    x ^= x >>> shift;
  } while (x >= size);
  return x;
}

/** Half the width of the mask, at least 1: the xor-shift that carries high bits to low places fastest. */
export const permutationShift = (mask: number): number => Math.max(1, (32 - Math.clz32(mask)) >> 1);
