import { describe, expect, it } from 'vitest';
import { createChip } from '../../src/faults/chip.ts';
import { explainFlips } from '../../src/faults/explain.ts';
import { injectErrors } from '../../src/faults/inject.ts';
import type { Placement } from '../../src/hardware/placement.ts';
import { denseProfile, siteOf, smallOrganisation } from './fixtures.ts';

const placement: Placement = {
  stretches: 2,
  imageBytes: 48,
  channel: Uint8Array.of(0, 0),
  rank: Uint8Array.of(0, 0),
  bank: Uint16Array.of(1, 2),
  row: Uint32Array.of(17, 40),
  byteInRow: Uint32Array.of(0, 8),
  imageByte: Uint32Array.of(0, 32),
  bytes: Uint32Array.of(32, 16),
};

/** Formats whose value is the code itself, so that the test sees every bit. */
const formats = [
  { bits: 32, fractionBits: 23, unsigned: false, decode: (code: number) => code },
  { bits: 16, fractionBits: 10, unsigned: false, decode: (code: number) => code },
  { bits: 8, unsigned: false, decode: (code: number) => code },
  { bits: 4, unsigned: false, decode: (code: number) => code },
];

describe('explainFlips', () => {
  it.each(formats)('accounts for every flipped bit of $bits-bit weights, one by one', (format) => {
    const { bits } = format;
    const chip = createChip(denseProfile, siteOf(smallOrganisation), { seed: 3 });
    const image = Uint8Array.from({ length: 48 }, (_, i) => (i * 59 + 7) & 255);
    const read = image.slice();
    const { flippedBits } = injectErrors(read, placement, chip, 1.05);
    const flips = explainFlips(image, placement, chip, 1.05, format);
    expect(flips.length).toBe(flippedBits);
    expect(flippedBits).toBeGreaterThan(20);
    const bitOf = (bytes: Uint8Array, bit: number): number => (bytes[bit >> 3]! >> (bit & 7)) & 1;
    const rebuilt = image.slice();
    for (const flip of flips) {
      const bit = flip.weight * bits + flip.bitOfWeight;
      rebuilt[bit >> 3]! ^= 1 << (bit & 7);
      const inSecond = bit >= 8 * 32;
      let code = 0;
      for (let b = bits - 1; b >= 0; b--) code = 2 * code + bitOf(image, flip.weight * bits + b);
      const change = bitOf(image, bit) === 1 ? -(2 ** flip.bitOfWeight) : 2 ** flip.bitOfWeight;
      expect(flip).toMatchObject({
        bank: inSecond ? 2 : 1,
        row: inSecond ? 40 : 17,
        subarray: inSecond ? 2 : 1,
        bitOfRow: inSecond ? bit - 8 * 32 + 64 : bit,
        stored: code,
        read: code + change,
      });
    }
    expect(rebuilt).toEqual(read);
  });

  it('names what each bit is for', () => {
    const chip = createChip(denseProfile, siteOf(smallOrganisation), { seed: 3 });
    const roles = (format: (typeof formats)[number]) =>
      new Map(
        explainFlips(new Uint8Array(48), placement, chip, 1.02, format).map((flip) => [
          flip.bitOfWeight,
          flip.role,
        ]),
      );
    const half = roles(formats[1]!);
    expect([half.get(15), half.get(14), half.get(10), half.get(9)]).toEqual([
      'sign',
      'exponent bit 4',
      'exponent bit 0',
      'fraction bit 9',
    ]);
    const integer = roles(formats[3]!);
    expect([integer.get(3), integer.get(2), integer.get(0)]).toEqual(['sign', '2^2', '2^0']);
    expect(roles({ ...formats[3]!, unsigned: true }).get(3)).toBe('2^3');
  });
});
