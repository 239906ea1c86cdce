import type { Placement } from '../hardware/placement.ts';
import type { Volts } from '../units/flavours.ts';
import { type InjectionOptions, listFlips } from './inject.ts';
import { bitRole, codeAt, FORMAT_BITS, type NumberFormat, valueOfCode } from './number-format.ts';
import type { Chip } from './weak-cells-at.ts';

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
 * Explains every bit that a read of the image flips (see `injectErrors`), in image order. `scale` is the value of an
 * integer's step. Throws InputError for a supply outside what is known of the chip.
 */
export function explainFlips(
  image: Uint8Array,
  placement: Placement,
  chip: Chip,
  supply: Volts,
  format: NumberFormat,
  options: InjectionOptions & { readonly scale?: number } = {},
): ExplainedFlip[] {
  const flips = listFlips(image, placement, chip, supply, options);
  const bits = FORMAT_BITS[format];
  const { rowsPerSubarray } = chip.organisation;
  const order = Uint32Array.from({ length: flips.size }, (_, i) => i).sort(
    (a, b) => flips.imageBit[a]! - flips.imageBit[b]!,
  );
  return Array.from(order, (i) => {
    const weight = Math.floor(flips.imageBit[i]! / bits);
    const bitOfWeight = flips.imageBit[i]! % bits;
    const code = codeAt(image, weight, format);
    const flipped = Math.floor(code / 2 ** bitOfWeight) % 2 === 1 ? -1 : 1;
    const s = flips.stretch[i]!;
    const row = placement.row[s]!;
    return {
      weight,
      bitOfWeight,
      role: bitRole(format, bitOfWeight),
      channel: placement.channel[s]!,
      rank: placement.rank[s]!,
      bank: placement.bank[s]!,
      subarray: Math.floor(row / rowsPerSubarray),
      row,
      bitOfRow: flips.rowBit[i]!,
      stored: valueOfCode(code, format, options.scale),
      read: valueOfCode(code + flipped * 2 ** bitOfWeight, format, options.scale),
    };
  });
}
