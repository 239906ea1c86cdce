import { codeAt } from '../bytes/code-at.ts';
import { subarrayOfRow } from '../hardware/bank-index.ts';
import type { Placement } from '../hardware/placement.ts';
import type { Volts } from '../units/flavours.ts';
import { type InjectionOptions, listFlips } from './inject.ts';
import type { Chip } from './weak-cells-at.ts';

/** How weights lie in an image: codes of `bits` bits (32, 16, 8 or 4), little-endian, the first of two in the low half. */
export interface StoredFormat {
  readonly bits: number;
  /** Bits of the fraction of a floating-point format; absent for integers. */
  readonly fractionBits?: number;
  /** Whether the top bit is a magnitude bit, as in unsigned integers, and not the sign. */
  readonly unsigned: boolean;
  /** The value that a code stands for, whatever errors made of it. */
  decode(code: number): number;
}

/** One flipped bit: which weight it belongs to, which cell holds it, and what it does to the value by itself. */
export interface ExplainedFlip {
  /** Number of the weight in the image: byte * 8 / bits a weight. */
  readonly weight: number;
  readonly bitOfWeight: number;
  /** Sign, exponent or fraction bit, or the place value of an integer's bit. */
  readonly role: string;
  readonly channel: number;
  readonly rank: number;
  readonly bank: number;
  readonly subarray: number;
  readonly row: number;
  readonly bitOfRow: number;
  /** The value as stored, and as read when this bit alone flips. */
  readonly stored: number;
  readonly read: number;
}

/**
 * Explains every bit that a read of the image flips (see `injectErrors`), in image order. Throws InputError for a
 * supply outside what is known of the chip.
 */
export function explainFlips(
  image: Uint8Array,
  placement: Placement,
  chip: Chip,
  supply: Volts,
  format: StoredFormat,
  options: InjectionOptions = {},
): ExplainedFlip[] {
  const flips = listFlips(image, placement, chip, supply, options);
  const { bits } = format;
  const order = Uint32Array.from({ length: flips.size }, (_, i) => i).sort(
    (a, b) => flips.imageBit[a]! - flips.imageBit[b]!,
  );
  return Array.from(order, (i) => {
    const weight = Math.floor(flips.imageBit[i]! / bits);
    const bitOfWeight = flips.imageBit[i]! % bits;
    const code = codeAt(image, weight, bits);
    const s = flips.stretch[i]!;
    const row = placement.row[s]!;
    return {
      weight,
      bitOfWeight,
      role: bitRole(format, bitOfWeight),
      channel: placement.channel[s]!,
      rank: placement.rank[s]!,
      bank: placement.bank[s]!,
      subarray: subarrayOfRow(chip.organisation, row),
      row,
      bitOfRow: flips.rowBit[i]!,
      stored: format.decode(code),
      read: format.decode((code ^ (1 << bitOfWeight)) >>> 0),
    };
  });
}

/** What a bit of a code is for. */
function bitRole({ bits, fractionBits, unsigned }: StoredFormat, bit: number): string {
  if (bit === bits - 1 && !unsigned) return 'sign';
  if (fractionBits === undefined) return `2^${bit}`;
  return bit >= fractionBits ? `exponent bit ${bit - fractionBits}` : `fraction bit ${bit}`;
}
