import { bankLevels, rowIndex } from '../hardware/bank-index.ts';
import type { Placement } from '../hardware/placement.ts';
import { counterHash, mix32, openUniform } from '../random/counter-hash.ts';
import type { Volts } from '../units/flavours.ts';
import { derivedKey } from './chip.ts';
import type { RetentionConditions } from './retention-conditions.ts';
import { type Chip, weakCellsAt } from './weak-cells-at.ts';

export interface InjectionOptions {
  /** Number of the read: cells with a flip probability below 1 draw anew for each (default: 0). */
  readonly read?: number;
  readonly conditions?: RetentionConditions;
}

/**
 * Reads an image from the chip: flips, in place, every bit whose cell fails. A weak cell gives back the inverse of what
 * was stored (error model 0 as EDEN and SparkXD inject it: with F = 1 the same bits are wrong at every read while the
 * supply stays); the image must hold the data as stored, since model 3 depends on it. Throws InputError for a supply
 * outside what is known of the chip.
 */
export function injectErrors(
  image: Uint8Array,
  placement: Placement,
  chip: Chip,
  supply: Volts,
  options: InjectionOptions = {},
): { flippedBits: number } {
  let flippedBits = 0;
  forEachFlip(image, placement, chip, supply, options, (_stretch, imageBit) => {
    image[imageBit >>> 3]! ^= 1 << (imageBit & 7);
    flippedBits++;
  });
  return { flippedBits };
}

/** The bits that a read would flip: image bit by image bit with the stretch and the bit of the row it lies in. */
export interface FlipList {
  readonly size: number;
  readonly stretch: Uint32Array;
  /** Bit of the image: byte * 8 + bit in byte, least significant first. */
  readonly imageBit: Float64Array;
  readonly rowBit: Uint32Array;
}

/** What `injectErrors` would flip, without touching the image. */
export function listFlips(
  image: Uint8Array,
  placement: Placement,
  chip: Chip,
  supply: Volts,
  options: InjectionOptions = {},
): FlipList {
  const stretch: number[] = [];
  const imageBits: number[] = [];
  const rowBits: number[] = [];
  forEachFlip(image, placement, chip, supply, options, (s, imageBit, rowBit) => {
    stretch.push(s);
    imageBits.push(imageBit);
    rowBits.push(rowBit);
  });
  return {
    size: stretch.length,
    stretch: Uint32Array.from(stretch),
    imageBit: Float64Array.from(imageBits),
    rowBit: Uint32Array.from(rowBits),
  };
}

/** The cells of an image that may flip, in image order of their stretches. */
export interface FlippingCells {
  readonly size: number;
  /** Bit of the image, as in `FlipList`. */
  readonly imageBit: Float64Array;
  /** Stretch of the placement in which the cell lies, and its bit of the DRAM row. */
  readonly stretch: Uint32Array;
  readonly rowBit: Uint32Array;
  /** Probability that a read flips the bit that the image has there. */
  readonly probability: Float64Array;
  /** The n-th read (from 0) flips cell i: the draw of `injectErrors` with `read` n. */
  flips(i: number, n: number): boolean;
}

/** All cells that any read of the image may flip: those that `injectErrors` draws for. */
export function listFlippingCells(
  image: Uint8Array,
  placement: Placement,
  chip: Chip,
  supply: Volts,
): FlippingCells {
  const imageBits: number[] = [];
  const stretches: number[] = [];
  const rowBits: number[] = [];
  const probabilities: number[] = [];
  const keys: number[] = [];
  forEachWeakCell(
    image,
    placement,
    chip,
    supply,
    undefined,
    (stretch, imageBit, rowBit, probability, key) => {
      if (probability === 0) return;
      imageBits.push(imageBit);
      stretches.push(stretch);
      rowBits.push(rowBit);
      probabilities.push(probability);
      keys.push(key);
    },
  );
  const key = Uint32Array.from(keys);
  const probability = Float64Array.from(probabilities);
  const [, key1] = derivedKey(chip.key, 'flip');
  return {
    size: key.length,
    imageBit: Float64Array.from(imageBits),
    stretch: Uint32Array.from(stretches),
    rowBit: Uint32Array.from(rowBits),
    probability,
    flips: (i, n) => probability[i]! >= 1 || drawOfCell(key[i]!, key1, n) < probability[i]!,
  };
}

/**
 * The weak cells under an image, in image order of its stretches, whatever it will store: the bit of the image, and the
 * probability that a read flips it, the mean of those of a 0 and of a 1.
 */
export function listWeakBits(
  placement: Placement,
  chip: Chip,
  supply: Volts,
): { readonly imageBit: Float64Array; readonly probability: Float64Array } {
  const imageBits: number[] = [];
  const probabilities: number[] = [];
  const zeros = new Uint8Array(placement.imageBytes);
  forEachWeakCell(zeros, placement, chip, supply, undefined, (_stretch, imageBit, _rowBit, probability) => {
    imageBits.push(imageBit);
    probabilities.push(probability);
  });
  const ones = zeros.fill(0xff);
  let cell = 0;
  forEachWeakCell(ones, placement, chip, supply, undefined, (_stretch, _imageBit, _rowBit, probability) => {
    probabilities[cell] = (probabilities[cell]! + probability) / 2;
    cell++;
  });
  return { imageBit: Float64Array.from(imageBits), probability: Float64Array.from(probabilities) };
}

/** A cell's draw of a number, between 0 and 1. `key1` is the second word of the chip's key for flips. */
export const drawOfCell = (cellKey: number, key1: number, number: number): number =>
  openUniform(counterHash(cellKey, key1, number));

/** The key of a cell's draws; `row` is the row's hash under the chip's key for flips, `bit` the cell's bit of the row. */
export const keyOfCell = (row: number, bit: number): number => row ^ mix32(bit + 1);

function forEachFlip(
  image: Uint8Array,
  placement: Placement,
  chip: Chip,
  supply: Volts,
  { read = 0, conditions }: InjectionOptions,
  visit: (stretch: number, imageBit: number, rowBit: number) => void,
): void {
  const [, key1] = derivedKey(chip.key, 'flip');
  forEachWeakCell(
    image,
    placement,
    chip,
    supply,
    conditions,
    (stretch, imageBit, rowBit, probability, key) => {
      if (probability >= 1 || drawOfCell(key, key1, read) < probability) visit(stretch, imageBit, rowBit);
    },
  );
}

/** Visits every weak cell of an image with the probability that a read flips what it stores, and the key of its draws. */
function forEachWeakCell(
  image: Uint8Array,
  placement: Placement,
  chip: Chip,
  supply: Volts,
  conditions: RetentionConditions | undefined,
  visit: (stretch: number, imageBit: number, rowBit: number, probability: number, key: number) => void,
): void {
  const weak = weakCellsAt(chip, supply, conditions);
  const bits = new Uint32Array(weak.rowBits);
  const flips = weak.alwaysFlips ? undefined : new Float64Array(2 * weak.rowBits);
  const [key0, key1] = derivedKey(chip.key, 'flip');
  const levels = bankLevels(chip.organisation);
  let previous = -1;
  let count = 0;
  for (let s = 0; s < placement.stretches; s++) {
    const channel = placement.channel[s]!;
    const rank = placement.rank[s]!;
    const bank = placement.bank[s]!;
    const row = placement.row[s]!;
    const rowNumber = rowIndex(levels, channel, rank, bank, row);
    if (rowNumber !== previous) count = weak.ofRow(channel, rank, bank, row, bits, flips);
    previous = rowNumber;
    const first = placement.byteInRow[s]! * 8;
    const end = first + placement.bytes[s]! * 8;
    const shift = placement.imageByte[s]! * 8 - first;
    for (let i = 0; i < count; i++) {
      const bit = bits[i]!;
      if (bit < first || bit >= end) continue;
      const imageBit = bit + shift;
      let probability = 1;
      let key = 0;
      if (flips) {
        const stored = (image[Math.floor(imageBit / 8)]! >>> (imageBit % 8)) & 1;
        probability = flips[2 * i + stored]!;
        if (probability < 1) key = keyOfCell(counterHash(key0, key1, rowNumber), bit);
      }
      visit(s, imageBit, bit, probability, key);
    }
  }
}
