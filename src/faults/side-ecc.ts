import { secdedCheck, syndromeBit } from './ecc.ts';

/** Error correction beside the data of any trace: check bits in cells of their own, which are taken never to fail. */
export const SIDE_ECC = ['none', 'secded'] as const;
export type SideEcc = (typeof SIDE_ECC)[number];

/** Bytes of data of a code word. */
const WORD_BYTES = 8;

/**
 * The wrong bits that are left of a burst when SECDED(72,64) has corrected what it can: bits (ascending, of the burst) in
 * code words of 8 consecutive bytes each, the first word at the burst's first byte. The code is linear, so what it does
 * follows from the wrong bits alone. One wrong bit of a word is put right, two are seen and left, more may add another.
 */
export function leftBySecded(wrong: readonly number[]): number[] {
  const left: number[] = [];
  const word = new Uint8Array(WORD_BYTES);
  for (let from = 0; from < wrong.length; ) {
    const number = Math.floor(wrong[from]! / (8 * WORD_BYTES));
    const first = number * 8 * WORD_BYTES;
    let to = from;
    word.fill(0);
    for (; to < wrong.length && wrong[to]! < first + 8 * WORD_BYTES; to++) {
      const bit = wrong[to]! - first;
      word[bit >>> 3]! ^= 1 << (bit & 7);
    }
    const corrected = syndromeBit(secdedCheck(word));
    if (corrected >= 0) word[corrected >>> 3]! ^= 1 << (corrected & 7);
    for (let bit = 0; bit < 8 * WORD_BYTES; bit++)
      if ((word[bit >>> 3]! >>> (bit & 7)) & 1) left.push(first + bit);
    from = to;
  }
  return left;
}
