import { bitsToNumber } from '../elementary/float-bits.ts';
import type { BitLayout } from './bit-layout.ts';
import type { RowShape } from './weight-image.ts';

/** Weak cells under an image: the bit of the image as written (byte * 8 + bit in byte), and how probably a read flips it. */
export interface WeakBits {
  readonly imageBit: Float64Array;
  readonly probability: Float64Array;
}

/** The weak cells under the bytes `from` to before `to` of an image, their bits counted from there on. */
export function weakBitsWithin({ imageBit, probability }: WeakBits, from: number, to: number): WeakBits {
  const within = [...imageBit.keys()].filter((i) => imageBit[i]! >= from * 8 && imageBit[i]! < to * 8);
  return {
    imageBit: Float64Array.from(within, (i) => imageBit[i]! - from * 8),
    probability: Float64Array.from(within, (i) => probability[i]!),
  };
}

/**
 * ReSpawn's bit shuffling (Putra, Hanif, Shafique, ICCAD 2021): each word of a weight row is rotated so that its weak cells
 * hold bits that matter little. `damage` has a number for each bit position of a word, the lowest position first: what an
 * error there costs, in any unit; its length, 8, 16 or 32, is the word's. Words that do not fill up at the end of a row, and
 * padding, stay.
 *
 * Under the rotation r bit p of a word is written at its bit (p + r) mod length. The rotation of a word is the smallest of
 * those with the least expected damage: the sum over its weak cells of the probability of a flip times the damage of the
 * position that is written there.
 */
export function rotatedWords(layout: RowShape, damage: Float64Array, weak: WeakBits): BitLayout {
  const bits = damage.length;
  const rowBits = layout.rowStride * 8;
  const inRow = Math.floor((layout.rowBytes * 8) / bits);
  const words = layout.rows * inRow;
  const rotation = new Uint8Array(words);

  /** The word at a bit of the image, by its number over all rows; -1 in the padding. */
  function wordAt(bit: number): number {
    const word = Math.floor((bit % rowBits) / bits);
    return word < inRow ? Math.floor(bit / rowBits) * inRow + word : -1;
  }

  const cells = new Map<number, number[]>();
  for (const [cell, bit] of weak.imageBit.entries()) {
    const word = wordAt(bit);
    if (word < 0) continue;
    const others = cells.get(word);
    if (others) others.push(cell);
    else cells.set(word, [cell]);
  }
  for (const [word, own] of cells) {
    const places = own.map((cell) => (weak.imageBit[cell]! % rowBits) % bits);
    const probabilities = own.map((cell) => weak.probability[cell]!);
    rotation[word] = leastDamage(damage, places, probabilities);
  }

  function rotated(image: Uint8Array, amount: (rotation: number) => number): Uint8Array {
    const out = image.slice();
    for (let word = 0; word < words; word++) {
      const turn = rotation[word]!;
      if (turn === 0) continue;
      const byte = Math.floor(word / inRow) * layout.rowStride + ((word % inRow) * bits) / 8;
      rotateWord(out, byte, bits, amount(turn));
    }
    return out;
  }

  return {
    write: (image) => rotated(image, (turn) => turn),
    read: (written) => rotated(written, (turn) => bits - turn),
    imageBit(writtenBit) {
      const word = wordAt(writtenBit);
      if (word < 0) return writtenBit;
      const place = (writtenBit % rowBits) % bits;
      return writtenBit - place + ((place - rotation[word]! + bits) % bits);
    },
    sideBits: sideBits(rotation, layout.rows, inRow, bits),
  };
}

/** The smallest of the rotations with the least expected damage. */
function leastDamage(
  damage: Float64Array,
  places: readonly number[],
  probabilities: readonly number[],
): number {
  const bits = damage.length;
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let turn = 0; turn < bits; turn++) {
    let sum = 0;
    for (const [i, place] of places.entries())
      sum += probabilities[i]! * damage[(place - turn + bits) % bits]!;
    if (sum < least) {
      least = sum;
      best = turn;
    }
  }
  return best;
}

/** Rotates a little-endian word towards its higher bits, in place; 0 < turn < bits. */
function rotateWord(bytes: Uint8Array, first: number, bits: number, turn: number): void {
  let word = 0;
  for (let byte = 0; byte < bits / 8; byte++) word |= bytes[first + byte]! << (8 * byte);
  const turned = (word << turn) | (word >>> (bits - turn));
  for (let byte = 0; byte < bits / 8; byte++) bytes[first + byte] = turned >>> (8 * byte);
}

/**
 * Bits that tell every word's rotation, the shorter of two codes: a rotation for each word; or, for the words that are
 * rotated, their place in the row and their rotation, with the place in this list at which each row begins.
 */
function sideBits(rotation: Uint8Array, rows: number, inRow: number, bits: number): number {
  const rotated = rotation.reduce((sum, turn) => sum + (turn === 0 ? 0 : 1), 0);
  if (rotated === 0) return 0;
  const list = rotated * (bitsToNumber(inRow) + bitsToNumber(bits)) + (rows + 1) * bitsToNumber(rotated + 1);
  return Math.min(list, rotation.length * bitsToNumber(bits));
}
