import { counterHash } from '../random/counter-hash.ts';
import { streamKey } from '../random/streams.ts';

/**
 * Flips each bit of `image` in place with probability `ber`, independently of all others: errors without a chip, for
 * tolerance curves. Bit k's fate is a hash of (seed, k), so under one seed the flips at a lower rate are among those
 * at a higher one, and those of some of its bytes (`from` to before `to`) among those of all. `image` may have up to 2^29 bytes.
 * Returns how many bits flipped.
 */
export function flipUniformly(
  image: Uint8Array,
  ber: number,
  seed: number,
  from = 0,
  to = image.length,
): number {
  const key = streamKey(seed, 'faults/uniform flips');
  const key0 = key[0]!;
  const key1 = key[1]!;
  const limit = ber * 2 ** 32;
  let flipped = 0;
  for (let byte = from; byte < to; byte++) {
    let errors = 0;
    for (let bit = 0; bit < 8; bit++)
      if (counterHash(key0, key1, byte * 8 + bit) < limit) {
        errors |= 1 << bit;
        flipped++;
      }
    if (errors !== 0) image[byte]! ^= errors;
  }
  return flipped;
}
