import { counterHash } from '../random/counter-hash.ts';
import { streamKey } from '../random/streams.ts';

/**
 * Flips bit `position` of each code in place with probability `ber`, independently of all others, and no other bit:
 * which bits of a format can be lost. Code k's fate is a hash of (seed, k), nested in the rate as in `flipUniformly`.
 * Returns how many bits flipped.
 */
export function flipBitPosition(codes: Uint32Array, position: number, ber: number, seed: number): number {
  const key = streamKey(seed, `faults/flips of bit ${position}`);
  const limit = ber * 2 ** 32;
  let flipped = 0;
  for (let k = 0; k < codes.length; k++)
    if (counterHash(key[0]!, key[1]!, k) < limit) {
      codes[k] = (codes[k]! ^ (1 << position)) >>> 0;
      flipped++;
    }
  return flipped;
}
